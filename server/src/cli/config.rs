//! `patchbay config`

use std::process::ExitCode;

use super::say;
use crate::config::{DataArgs, ServeArgs, describe};

/// Prints a table of all settings.
pub(super) fn print(data: &DataArgs, serve: &ServeArgs) -> anyhow::Result<ExitCode> {
    let rows = describe(data, serve);
    let width = |column: usize| {
        rows.iter()
            .map(|row| row[column].chars().count())
            .max()
            .unwrap_or_default()
    };
    let (name, value) = (width(0), width(1));
    for [setting, in_force, default, meaning] in &rows {
        say(&format!(
            "{setting:name$}  {in_force:value$}  {meaning} (default: {default})"
        ));
    }
    Ok(ExitCode::SUCCESS)
}
