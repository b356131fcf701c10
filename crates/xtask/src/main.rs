//! The one front door for people who work on Patchbay: build it, start it, test it, check it, ship it.
#![expect(
    clippy::print_stderr,
    clippy::print_stdout,
    reason = "a tool for people speaks on the terminal"
)]

mod bench;
mod cargo;
mod check;
mod dev;
mod dist;
mod import;
mod install;
mod licences;
mod new;
mod process;
mod progress;
mod serve;
mod site;
mod test;
mod tidy;
mod workspace;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

use crate::workspace::Workspace;

#[derive(Parser)]
#[command(
    name = "cargo xtask",
    about = "Build, start, test, check and ship Patchbay"
)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Build the screen and the server, then start it (http://127.0.0.1:4600)
    Serve(serve::Args),
    /// Like serve, and again after every change of a source file
    Dev(serve::Args),
    /// Install what is missing, then run every test: crates first, then the stories in a real browser
    Test(test::Args),
    /// Format, lints, tidy, licences: everything that needs no running server
    Check(check::Args),
    /// Make target/dist/patchbay: one release binary with the screen inside
    Dist,
    /// Measure start-up time and first-load bytes of the release binary
    Bench(bench::Args),
    /// Make a connector's folder from the OpenAPI description of its service
    ImportOpenapi(import::Args),
    /// Write the operations reference in docs/operations anew
    Reference,
    /// Write the first files of something new
    #[command(subcommand)]
    New(New),
}

#[derive(Subcommand)]
enum New {
    /// A connector folder with one example operation, its recorded exchange and an icon
    Connector {
        /// Folder name: lower-case letters, digits and hyphens
        name: String,
    },
}

fn main() -> ExitCode {
    let cli = Cli::parse();
    match run(cli.command) {
        Ok(()) => ExitCode::SUCCESS,
        Err(_) if process::stopping() => ExitCode::from(130),
        Err(error) => {
            eprintln!("\nerror: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run(command: Command) -> anyhow::Result<()> {
    process::watch_signals()?;
    let workspace = Workspace::find()?;
    match command {
        Command::Serve(args) => serve::run(&workspace, &args),
        Command::Dev(args) => dev::run(&workspace, &args),
        Command::Test(args) => test::run(&workspace, &args),
        Command::Check(args) => check::run(&workspace, &args),
        Command::Dist => dist::run(&workspace).map(|_| ()),
        Command::Bench(args) => bench::run(&workspace, &args),
        Command::ImportOpenapi(args) => import::run(&workspace, &args),
        Command::Reference => import::reference(&workspace),
        Command::New(New::Connector { name }) => new::connector(&workspace, &name),
    }
}
