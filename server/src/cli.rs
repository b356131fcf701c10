//! The command line.

mod backup;
mod check;
mod config;
mod key;
mod run;
mod sandbox;
mod serve;
mod token;

use clap::{Parser, Subcommand};
use std::{future::Future, path::PathBuf, process::ExitCode};

use crate::config::{DataArgs, ServeArgs};

/// Patchbay: a visual workflow builder and runner in one binary.
#[derive(Debug, Parser)]
#[command(name = "patchbay", version, about, max_term_width = 100)]
pub struct Cli {
    #[command(flatten)]
    data: DataArgs,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Starts the server.
    Serve(ServeArgs),
    /// Manages API tokens.
    #[command(subcommand)]
    Token(TokenCommand),
    /// Runs a workflow file once, without a server, and prints what came out as JSON.
    Run {
        /// The workflow document (JSON).
        file: PathBuf,
        /// The trigger's output.
        #[arg(long, value_name = "JSON", default_value = "null")]
        input: String,
        /// Let it call addresses in private networks and plain http.
        #[arg(long)]
        allow_private_network: bool,
    },
    /// Checks a workflow file and prints its problems.
    Check {
        /// The workflow document (JSON).
        file: PathBuf,
        /// Print the problems as JSON.
        #[arg(long)]
        json: bool,
    },
    /// Starts the stand-in for RingCentral and Google alone.
    Sandbox {
        /// The address to listen on.
        #[arg(long, default_value = "127.0.0.1:4610")]
        addr: std::net::SocketAddr,
    },
    /// Copies everything into one archive, also while the server runs.
    Backup {
        /// The file to write; default: `patchbay-<time>.tar` here.
        #[arg(long, value_name = "FILE")]
        to: Option<PathBuf>,
        /// Put the key file into it too. Whoever has the archive can then read all credentials.
        #[arg(long)]
        with_key: bool,
    },
    /// Manages the key that seals credentials.
    #[command(subcommand)]
    Key(KeyCommand),
    /// Prints every setting, the value in force and its default.
    Config(ServeArgs),
}

#[derive(Debug, Subcommand)]
enum TokenCommand {
    /// Makes an API token and prints it once, alone on standard output.
    Create {
        /// What it is for.
        #[arg(long)]
        name: String,
    },
}

#[derive(Debug, Subcommand)]
enum KeyCommand {
    /// Makes a new key and seals every stored secret under it; the server must not run.
    Rotate,
}

/// Carries the command out; an error is printed in one line and becomes exit code 1.
pub fn main(cli: Cli) -> ExitCode {
    let outcome = match cli.command {
        Command::Serve(args) => in_runtime(serve::serve(cli.data, args)),
        Command::Token(TokenCommand::Create { name }) => in_runtime(token::create(cli.data, name)),
        Command::Run {
            file,
            input,
            allow_private_network,
        } => in_runtime(run::run(file, input, allow_private_network)),
        Command::Check { file, json } => check::check(&file, json),
        Command::Sandbox { addr } => in_runtime(sandbox::serve(addr)),
        Command::Backup { to, with_key } => in_runtime(backup::run(cli.data, to, with_key)),
        Command::Key(KeyCommand::Rotate) => in_runtime(key::rotate(cli.data)),
        Command::Config(args) => config::print(&cli.data, &args),
    };
    outcome.unwrap_or_else(|error| {
        complain(&format!("patchbay: {error:#}"));
        ExitCode::FAILURE
    })
}

fn in_runtime(work: impl Future<Output = anyhow::Result<ExitCode>>) -> anyhow::Result<ExitCode> {
    tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()?
        .block_on(work)
}

/// Prints a line for people and pipes.
#[expect(
    clippy::print_stdout,
    reason = "a command line speaks through standard output"
)]
fn say(line: &str) {
    println!("{line}");
}

/// Prints a line beside the output proper.
#[expect(
    clippy::print_stderr,
    reason = "a command line complains through standard error"
)]
fn complain(line: &str) {
    eprintln!("{line}");
}
