//! A short memory of what drop-downs, forms and header rows were filled with.

use patchbay_model::Json;
use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
};
use tokio::time::{Duration, Instant};

const LIFE: Duration = Duration::from_secs(60);
const MOST: usize = 1000;

/// Values that are believed for a minute.
#[derive(Default)]
pub(super) struct Cache {
    entries: Mutex<HashMap<String, (Instant, Json)>>,
}

impl Cache {
    pub(super) fn get(&self, key: &str) -> Option<Json> {
        let entries = self.entries.lock().unwrap_or_else(PoisonError::into_inner);
        entries
            .get(key)
            .filter(|(since, _)| since.elapsed() < LIFE)
            .map(|(_, value)| value.clone())
    }

    pub(super) fn put(&self, key: String, value: Json) {
        let mut entries = self.entries.lock().unwrap_or_else(PoisonError::into_inner);
        if entries.len() >= MOST {
            entries.retain(|_, (since, _)| since.elapsed() < LIFE);
        }
        if entries.len() >= MOST {
            entries.clear();
        }
        entries.insert(key, (Instant::now(), value));
    }

    pub(super) fn forget(&self, key: &str) {
        self.entries
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .remove(key);
    }
}
