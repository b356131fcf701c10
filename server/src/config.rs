//! Every setting with its default, in one struct; `patchbay config` prints it.

mod limits;

use clap::{Args, ValueEnum};
use patchbay_store::runs::Retention;
use std::{
    net::SocketAddr,
    path::{Path, PathBuf},
};

pub use limits::LimitArgs;

/// Where the data is. Every command takes these.
#[derive(Debug, Clone, Args)]
pub struct DataArgs {
    /// The data folder: databases, key file, large outputs. Made when it is missing.
    #[arg(long, global = true, env = "PATCHBAY_DATA", value_name = "DIR")]
    pub data: Option<PathBuf>,

    /// Another database than SQLite in the data folder: `postgres://user@host/name`.
    #[arg(
        long,
        global = true,
        env = "PATCHBAY_DATABASE_URL",
        value_name = "URL",
        hide_env_values = true
    )]
    pub database_url: Option<String>,
}

impl DataArgs {
    /// The data folder, with the platform's default filled in.
    pub fn folder(&self) -> PathBuf {
        self.data.clone().unwrap_or_else(default_folder)
    }
}

/// `$XDG_DATA_HOME/patchbay`, `~/.local/share/patchbay`, or `patchbay-data` here when there is no home.
fn default_folder() -> PathBuf {
    let from = |name: &str| {
        std::env::var_os(name)
            .filter(|value| !value.is_empty())
            .map(PathBuf::from)
    };
    from("XDG_DATA_HOME")
        .or_else(|| from("HOME").map(|home| home.join(".local/share")))
        .map_or_else(
            || Path::new("patchbay-data").to_owned(),
            |base| base.join("patchbay"),
        )
}

/// How much a commit survives.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
pub enum Durability {
    /// A power cut: every group of commits is flushed to the disk.
    #[default]
    Power,
    /// The end of the process, however sudden.
    Process,
}

/// How the server runs.
#[derive(Debug, Clone, Args)]
pub struct ServeArgs {
    /// The address to listen on.
    #[arg(long, env = "PATCHBAY_ADDR", default_value = "127.0.0.1:4600")]
    pub addr: SocketAddr,

    /// Where people reach this server, if not at its own address; OAuth comes back to `{PUBLIC_URL}/oauth/callback`.
    #[arg(long, env = "PATCHBAY_PUBLIC_URL", value_name = "URL")]
    pub public_url: Option<String>,

    /// What a finished step survives.
    #[arg(long, env = "PATCHBAY_DURABILITY", value_enum, default_value_t = Durability::Power)]
    pub durability: Durability,

    /// Also start a stand-in for RingCentral and Google to try everything with, and offer a template that uses it.
    #[arg(long)]
    pub demo: bool,

    /// Where the stand-in listens.
    #[arg(long, env = "PATCHBAY_SANDBOX_ADDR", default_value = "127.0.0.1:4610")]
    pub sandbox_addr: SocketAddr,

    /// Let workflows call addresses in private networks and plain http.
    #[arg(long)]
    pub allow_private_network: bool,

    /// Runs that work at the same time; the others wait in a queue.
    #[arg(long, env = "PATCHBAY_MAX_CONCURRENT_RUNS", default_value_t = 256)]
    pub max_concurrent_runs: usize,

    #[command(flatten)]
    pub limits: LimitArgs,

    #[command(flatten)]
    pub keep: KeepArgs,
}

/// Which runs are kept; what has ended and is not kept is deleted within the hour. 0 means no such bound.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Args)]
pub struct KeepArgs {
    /// Days after their end.
    #[arg(long, env = "PATCHBAY_KEEP_DAYS", default_value_t = 90)]
    pub keep_days: u64,

    /// Runs of each workflow.
    #[arg(long, env = "PATCHBAY_KEEP_RUNS", default_value_t = 1_000)]
    pub keep_runs: u64,

    /// Megabytes that runs take in all; beyond, the oldest are deleted.
    #[arg(long, env = "PATCHBAY_KEEP_MEGABYTES", default_value_t = 10_240)]
    pub keep_megabytes: u64,

    /// Megabytes that each SQLite file may take; beyond, nothing new is accepted until there is room.
    #[arg(long, env = "PATCHBAY_MAX_DATABASE_MEGABYTES", default_value_t = 0)]
    pub max_database_megabytes: u64,
}

impl KeepArgs {
    /// Days after their end; none: for ever.
    pub fn days(&self) -> Option<u64> {
        bound(self.keep_days)
    }

    /// Runs of each workflow; none: all.
    pub fn runs(&self) -> Option<u64> {
        bound(self.keep_runs)
    }

    /// Bytes that runs take in all; none: no limit.
    pub fn bytes(&self) -> Option<u64> {
        bound(self.keep_megabytes.saturating_mul(1_024 * 1_024))
    }

    /// Bytes that each SQLite file may take; none: as many as the disk has.
    pub fn largest_file(&self) -> Option<u64> {
        bound(self.max_database_megabytes.saturating_mul(1_024 * 1_024))
    }

    /// The same as the store wants it.
    pub fn retention(&self) -> Retention {
        const DAY: i64 = 24 * 60 * 60 * 1_000;
        let days = self.days().and_then(|days| i64::try_from(days).ok());
        Retention {
            age: days.map(|days| days.saturating_mul(DAY)),
            per_workflow: self.runs(),
            bytes: self.bytes(),
        }
    }
}

fn bound(number: u64) -> Option<u64> {
    (number > 0).then_some(number)
}

impl ServeArgs {
    /// The public address without a trailing slash.
    pub fn public_url(&self, bound: SocketAddr) -> String {
        match &self.public_url {
            Some(url) => url.trim_end_matches('/').to_owned(),
            None if bound.ip().is_unspecified() => format!("http://127.0.0.1:{}", bound.port()),
            None => format!("http://{bound}"),
        }
    }
}

/// The settings as `patchbay config` prints them: name, value in force, default, meaning.
pub fn describe(data: &DataArgs, serve: &ServeArgs) -> Vec<[String; 4]> {
    let row = |name: &str, value: String, default: &str, meaning: &str| {
        [
            name.to_owned(),
            value,
            default.to_owned(),
            meaning.to_owned(),
        ]
    };
    let rows = vec![
        row(
            "PATCHBAY_ADDR",
            serve.addr.to_string(),
            "127.0.0.1:4600",
            "the address to listen on",
        ),
        row(
            "PATCHBAY_DATA",
            data.folder().display().to_string(),
            "~/.local/share/patchbay",
            "the data folder",
        ),
        row(
            "PATCHBAY_DATABASE_URL",
            data.database_url
                .as_deref()
                .map_or_else(|| "SQLite in the data folder".to_owned(), without_password),
            "SQLite in the data folder",
            "the database",
        ),
        row(
            "PATCHBAY_KEY",
            if std::env::var_os("PATCHBAY_KEY").is_some() {
                "(set)"
            } else {
                "key file in the data folder"
            }
            .to_owned(),
            "key file in the data folder",
            "the key that seals credentials",
        ),
        row(
            "PATCHBAY_PUBLIC_URL",
            serve
                .public_url
                .clone()
                .unwrap_or_else(|| format!("http://{}", serve.addr)),
            "http://{PATCHBAY_ADDR}",
            "where people and services reach this server",
        ),
        row(
            "PATCHBAY_DURABILITY",
            match serve.durability {
                Durability::Power => "power",
                Durability::Process => "process",
            }
            .to_owned(),
            "power",
            "what a finished step survives: a power cut, or the end of the process",
        ),
        row(
            "PATCHBAY_SANDBOX_ADDR",
            serve.sandbox_addr.to_string(),
            "127.0.0.1:4610",
            "where --demo's stand-in listens",
        ),
        row(
            "PATCHBAY_MAX_CONCURRENT_RUNS",
            serve.max_concurrent_runs.to_string(),
            "256",
            "runs that work at the same time",
        ),
        row(
            "PATCHBAY_KEEP_DAYS",
            serve.keep.keep_days.to_string(),
            "90",
            "days after which runs that have ended are deleted; 0: never",
        ),
        row(
            "PATCHBAY_KEEP_RUNS",
            serve.keep.keep_runs.to_string(),
            "1000",
            "runs kept of each workflow; 0: all",
        ),
        row(
            "PATCHBAY_KEEP_MEGABYTES",
            serve.keep.keep_megabytes.to_string(),
            "10240",
            "room that runs may take before the oldest are deleted; 0: no limit",
        ),
        row(
            "PATCHBAY_MAX_DATABASE_MEGABYTES",
            serve.keep.max_database_megabytes.to_string(),
            "0",
            "size of each SQLite file at which nothing new is accepted; 0: as much as the disk has",
        ),
    ];
    rows.into_iter().chain(serve.limits.describe()).collect()
}

/// A database address that may be shown.
fn without_password(url: &str) -> String {
    url::Url::parse(url).map_or_else(
        |_| "(not an address)".to_owned(),
        |mut url| {
            if url.password().is_some() {
                // Only fails for addresses that cannot have a password.
                let _ = url.set_password(Some("…"));
            }
            url.to_string()
        },
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_database_password_is_never_shown() {
        let shown = without_password("postgres://me:hunter2@db.example/patchbay");
        assert!(!shown.contains("hunter2"), "{shown}");
        assert!(shown.contains("db.example"), "{shown}");
    }
}
