//! The few things the builder asks of the browser: storage that survives a reload, the time, a pause.

use leptos::{prelude::*, web_sys};
use serde::{Serialize, de::DeserializeOwned};
use std::{
    future::Future,
    pin::Pin,
    sync::{Arc, Mutex, PoisonError},
    task::{Context, Poll, Waker},
    time::Duration,
};

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

/// Unix milliseconds.
#[expect(
    clippy::cast_possible_truncation,
    reason = "the browser's clock counts whole milliseconds far below 2^53"
)]
pub fn now() -> i64 {
    web_sys::js_sys::Date::now() as i64
}

/// Waits so many milliseconds.
pub fn pause(milliseconds: u32) -> impl Future<Output = ()> {
    let bell = Arc::new(Mutex::new(Bell::default()));
    let ringer = Arc::clone(&bell);
    set_timeout(
        move || {
            let waker = {
                let mut bell = ringer.lock().unwrap_or_else(PoisonError::into_inner);
                bell.rung = true;
                bell.waker.take()
            };
            if let Some(waker) = waker {
                waker.wake();
            }
        },
        Duration::from_millis(u64::from(milliseconds)),
    );
    Pause { bell }
}

#[derive(Default)]
struct Bell {
    rung: bool,
    waker: Option<Waker>,
}

struct Pause {
    bell: Arc<Mutex<Bell>>,
}

impl Future for Pause {
    type Output = ();

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<()> {
        let mut bell = self.bell.lock().unwrap_or_else(PoisonError::into_inner);
        if bell.rung {
            return Poll::Ready(());
        }
        bell.waker = Some(context.waker().clone());
        Poll::Pending
    }
}
