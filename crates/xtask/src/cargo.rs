//! Calls of cargo, so that every part of the front door calls it alike.

use std::ffi::OsString;
use std::process::Command;

use crate::workspace::Workspace;

/// The cargo that started us, or the one on the path.
pub(crate) fn program() -> OsString {
    std::env::var_os("CARGO").unwrap_or_else(|| OsString::from("cargo"))
}

/// A call of cargo in the repository, without the variables that `cargo run` gave us:
/// with them, build scripts that watch `CARGO_*` would run again.
pub(crate) fn command(workspace: &Workspace, args: &[&str]) -> Command {
    let mut command = Command::new(program());
    command.args(args).current_dir(&workspace.root);
    for (name, _) in std::env::vars_os() {
        let text = name.to_string_lossy();
        if text.starts_with("CARGO_PKG_")
            || text.starts_with("CARGO_MANIFEST_")
            || text.starts_with("CARGO_BIN_")
            || text == "CARGO_CRATE_NAME"
            || text == "CARGO_PRIMARY_PACKAGE"
        {
            command.env_remove(&name);
        }
    }
    command
}
