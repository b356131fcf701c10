//! What the browser keeps for the builder across a reload.

use leptos::prelude::*;
use serde::{Serialize, de::DeserializeOwned};

/// Reads what was stored under a key; none when there is nothing or it cannot be read.
pub fn stored<T: DeserializeOwned>(key: &str) -> Option<T> {
    let text = window().local_storage().ok()??.get_item(key).ok()??;
    patchbay_api::decode(&text).ok()
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

/// The keys that begin like this.
pub fn keys(prefix: &str) -> Vec<String> {
    let Ok(Some(storage)) = window().local_storage() else {
        return Vec::new();
    };
    let count = storage.length().unwrap_or(0);
    (0..count)
        .filter_map(|at| storage.key(at).ok()?)
        .filter(|key| key.starts_with(prefix))
        .collect()
}
