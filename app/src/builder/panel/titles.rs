//! Titles of ids that services have told, so that a stored id is shown by its title at once.

use leptos::prelude::*;
use patchbay_api::connectors::Choice;
use patchbay_model::Json;
use std::collections::HashMap;

/// By kind of id and id.
#[derive(Clone, Copy, Default)]
pub struct Titles(RwSignal<HashMap<(String, String), String>>);

impl Titles {
    /// The title of an id, if it is known. Tracked.
    pub fn of(&self, kind: &str, id: &Json) -> Option<String> {
        self.0
            .with(|titles| titles.get(&(kind.to_owned(), id.to_string())).cloned())
    }

    /// Keeps the titles of entries.
    pub fn remember(&self, kind: &str, choices: &[Choice]) {
        self.0.update(|titles| {
            for choice in choices {
                titles.insert(
                    (kind.to_owned(), choice.value.to_string()),
                    choice.title.clone(),
                );
            }
        });
    }
}
