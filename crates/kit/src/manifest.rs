//! What a connector author writes: the TOML of a connector's folder, read strictly.
//!
//! A folder holds `connector.toml`, `operations/*.toml`, `triggers/*.toml`, `shapes/*.toml` (fields that
//! several operations share), `exchanges/*.json` and `icon.svg`. The sets of kinds are closed and an unknown key
//! is refused with file, line, column and the keys that exist. There are no conditions, loops or expressions:
//! what needs one goes to `hooks.rs`.

pub mod connector;
pub mod example;
pub mod field;
pub mod operation;
pub mod options;
pub mod paging;
pub mod problem;
pub mod send;
pub mod trigger;

use problem::ManifestError;
use serde::de::DeserializeOwned;

/// Reads one TOML file of a connector's folder.
///
/// `file` is the name that an error shows: `ringcentral/operations/send_sms.toml`.
pub fn read<T: DeserializeOwned>(file: &str, text: &str) -> Result<T, ManifestError> {
    toml::from_str(text).map_err(|error| ManifestError::from_toml(file, text, &error))
}

#[cfg(test)]
mod tests;
