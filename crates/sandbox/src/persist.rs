//! What outlives the process when a state file is set: accounts, spreadsheets, sent messages,
//! added calls and subscriptions. The made-up week of calls is not kept; it is made anew so that it stays recent.

use std::fs;
use std::io;
use std::path::Path;

use indexmap::IndexMap;
use serde::{Deserialize, Serialize};

use crate::google::spreadsheet::Spreadsheet;
use crate::oauth::grants::Grants;
use crate::ringcentral::messages::Message;
use crate::ringcentral::record::CallRecord;
use crate::ringcentral::subscriptions::Subscription;
use crate::state::State;

/// The first member of the file.
const FORMAT: &str = "patchbay.sandbox/1";

#[derive(Serialize)]
struct Saving<'a> {
    format: &'a str,
    grants: &'a Grants,
    files: &'a IndexMap<String, Spreadsheet>,
    messages: Vec<&'a Message>,
    calls: Vec<&'a CallRecord>,
    subscriptions: &'a [Subscription],
}

#[derive(Deserialize)]
struct Saved {
    format: String,
    grants: Grants,
    files: IndexMap<String, Spreadsheet>,
    messages: Vec<Message>,
    calls: Vec<CallRecord>,
    #[serde(default)]
    subscriptions: Vec<Subscription>,
}

/// The state as the text of a state file.
pub(crate) fn text(state: &State) -> io::Result<Vec<u8>> {
    let saving = Saving {
        format: FORMAT,
        grants: &state.grants,
        files: &state.files,
        messages: state
            .messages
            .iter()
            .filter(|message| message.was_sent_here())
            .collect(),
        calls: state.calls.iter().filter(|call| call.added).collect(),
        subscriptions: &state.subscriptions,
    };
    serde_json::to_vec(&saving).map_err(io::Error::other)
}

/// Writes the text whole or not at all.
pub(crate) fn write(path: &Path, text: &[u8]) -> io::Result<()> {
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder)?;
    }
    let beside = path.with_extension("new");
    fs::write(&beside, text)?;
    fs::rename(&beside, path)
}

/// Takes over what a state file holds; no file is a fresh start.
pub(crate) fn load(state: &mut State, path: &Path) -> io::Result<()> {
    let text = match fs::read(path) {
        Ok(text) => text,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
        Err(error) => return Err(error),
    };
    let saved: Saved = serde_json::from_slice(&text).map_err(io::Error::other)?;
    if saved.format != FORMAT {
        return Err(io::Error::other(format!(
            "its format is {}, not {FORMAT}",
            saved.format
        )));
    }
    state.grants = saved.grants;
    state.files = saved.files;
    state.messages.extend(saved.messages);
    state.calls.extend(saved.calls);
    state.subscriptions = saved.subscriptions;
    Ok(())
}
