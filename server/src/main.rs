//! The binary `patchbay`.

use clap::Parser;
use std::process::ExitCode;

fn main() -> ExitCode {
    patchbay_server::cli::main(patchbay_server::cli::Cli::parse())
}
