//! What the browser keeps for the builder across a reload.

use leptos::prelude::*;
use serde::{Serialize, de::DeserializeOwned};

/// Reads what was stored under a key; none when there is nothing or it cannot be read.
pub fn stored<T: DeserializeOwned>(key: &str) -> Option<T> {
    let text = window().local_storage().ok()??.get_item(key).ok()??;
    serde_json::from_str(&text).ok()
}

/// Stores a value under a key, or removes it. A full or forbidden storage changes nothing else.
pub fn store<T: Serialize>(key: &str, value: Option<&T>) {
    let Ok(Some(storage)) = window().local_storage() else {
        return;
    };
    let text = value.and_then(|value| serde_json::to_string(value).ok());
    // What is kept here is a second copy; without it only the comfort after a reload is lost.
    let _ = match text {
        Some(text) => storage.set_item(key, &text),
        None => storage.remove_item(key),
    };
}
