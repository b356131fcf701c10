//! `cargo xtask serve`: from a fresh clone to a running Patchbay.

use std::path::Path;
use std::process::{Command, Stdio};

use anyhow::{Result, bail};

use crate::process::Running;
use crate::progress::step;
use crate::site::{self, Quality, Site};
use crate::workspace::Workspace;
use crate::{cargo, process};

#[derive(clap::Args)]
pub(crate) struct Args {
    /// Also start the sandbox, a stand-in for RingCentral and Google, and offer its template
    #[arg(long)]
    demo: bool,
    /// Build small and fast instead of quickly
    #[arg(long)]
    release: bool,
    /// More arguments for `patchbay serve`, such as --addr 127.0.0.1:4700 or --data FOLDER
    #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
    rest: Vec<String>,
}

pub(crate) fn run(workspace: &Workspace, args: &Args) -> Result<()> {
    let site = build(workspace, args)?;
    let status = start(workspace, args, &site)?.wait()?;
    if status.success() || process::stopping() {
        return Ok(());
    }
    bail!("the server ended with {status}");
}

/// Screen and server, both up to date.
pub(crate) fn build(workspace: &Workspace, args: &Args) -> Result<Site> {
    let quality = if args.release() {
        Quality::Release
    } else {
        Quality::Work
    };
    let site = site::build(workspace, quality)?;
    server(workspace, args.release())?;
    Ok(site)
}

/// Builds the server's binary.
pub(crate) fn server(workspace: &Workspace, release: bool) -> Result<()> {
    step("server: compile", || {
        let mut words = vec!["build", "--package", "patchbay-server", "--bin", "patchbay"];
        if release {
            words.push("--release");
        }
        process::run(&mut cargo::command(workspace, &words))
    })
}

/// Starts the built server.
pub(crate) fn start(workspace: &Workspace, args: &Args, site: &Site) -> Result<Running> {
    let words = server_arguments(args, &workspace.root, |name| {
        std::env::var_os(name).is_some()
    });
    let mut command = Command::new(workspace.server_binary(args.release()));
    command
        .args(&words)
        .env("PATCHBAY_SITE_DIR", &site.folder)
        .stdin(Stdio::null());
    eprintln!("▸ patchbay {}", words.join(" "));
    Running::start(&mut command)
}

/// What `patchbay` is called with: the person's own words, and a data folder in the repository
/// unless they named one.
fn server_arguments(args: &Args, root: &Path, is_set: impl Fn(&str) -> bool) -> Vec<String> {
    let mut words = vec!["serve".to_owned()];
    let named = args
        .rest
        .iter()
        .any(|word| word == "--data" || word.starts_with("--data="));
    if !named && !is_set("PATCHBAY_DATA") {
        words.push("--data".to_owned());
        words.push(root.join("data").display().to_string());
    }
    if args.demo {
        words.push("--demo".to_owned());
    }
    words.extend(
        args.rest
            .iter()
            .filter(|word| *word != "--release")
            .cloned(),
    );
    words
}

impl Args {
    /// Also after the first word that is meant for the server.
    fn release(&self) -> bool {
        self.release || self.rest.iter().any(|word| word == "--release")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(args: &[&str], variables: &[&str]) -> String {
        #[derive(clap::Parser)]
        struct Cli {
            #[command(flatten)]
            args: Args,
        }
        let line = std::iter::once(&"serve").chain(args);
        let cli: Cli = clap::Parser::try_parse_from(line).unwrap();
        server_arguments(&cli.args, Path::new("/repo"), |name| {
            variables.contains(&name)
        })
        .join(" ")
    }

    #[test]
    fn the_data_folder_is_in_the_repository_unless_one_is_named() {
        assert_eq!(words(&[], &[]), "serve --data /repo/data");
        assert_eq!(words(&["--data", "x"], &[]), "serve --data x");
        assert_eq!(words(&["--data=x"], &[]), "serve --data=x");
        assert_eq!(words(&[], &["PATCHBAY_DATA"]), "serve");
    }

    #[test]
    fn options_of_the_server_pass_with_and_without_two_dashes() {
        let expected = "serve --data /repo/data --demo --addr 127.0.0.1:1";
        assert_eq!(words(&["--demo", "--addr", "127.0.0.1:1"], &[]), expected);
        assert_eq!(
            words(&["--demo", "--", "--addr", "127.0.0.1:1"], &[]),
            expected
        );
    }

    #[test]
    fn the_demo_may_be_asked_for_after_an_option_of_the_server() {
        assert!(words(&["--addr", "127.0.0.1:1", "--demo"], &[]).ends_with("--demo"));
    }
}
