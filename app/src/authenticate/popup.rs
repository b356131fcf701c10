//! The sign-in window: opened inside the click, so that no browser takes it for an advertisement.

use leptos::prelude::*;
use send_wrapper::SendWrapper;
use wasm_bindgen::{JsCast, JsValue, closure::Closure};
use web_sys::{BroadcastChannel, MessageEvent, Window, js_sys};

const NAME: &str = "patchbay-sign-in";
const STARTING: &str = "/oauth/starting";
const CHANNEL: &str = "patchbay-oauth";

/// The window, while there is one.
#[derive(Clone, Copy)]
pub(super) struct Popup {
    window: StoredValue<Option<SendWrapper<Window>>>,
}

impl Popup {
    pub(super) fn new() -> Self {
        Self {
            window: StoredValue::new(None),
        }
    }

    /// Opens the window on a page of ours; false when the browser blocks it. Call it inside a click.
    pub(super) fn open(self, url: Option<&str>) -> bool {
        let (width, height) = (560, 740);
        let screen = |name: &str| {
            js_sys::Reflect::get(&window(), &JsValue::from_str(name))
                .ok()
                .and_then(|value| value.as_f64())
                .unwrap_or(0.0)
        };
        let left = screen("screenX") + (screen("outerWidth") - f64::from(width)).max(0.0) / 2.0;
        let top = screen("screenY") + (screen("outerHeight") - f64::from(height)).max(0.0) / 3.0;
        let features = format!("popup,width={width},height={height},left={left},top={top}");
        let opened = window()
            .open_with_url_and_target_and_features(url.unwrap_or(STARTING), NAME, &features)
            .ok()
            .flatten()
            .filter(|opened| !opened.closed().unwrap_or(true));
        let open = opened.is_some();
        self.window.set_value(opened.map(SendWrapper::new));
        open
    }

    /// Sends the window to the service's page.
    pub(super) fn go(self, url: &str) {
        self.with(|window| {
            // A window that was closed meanwhile is noticed by `is_closed`.
            let _ = window.location().set_href(url);
            let _ = window.focus();
        });
    }

    /// Brings the window to the front; false when there is none any more.
    pub(super) fn show(self) -> bool {
        if self.is_closed() {
            return false;
        }
        self.with(|window| {
            let _ = window.focus();
        });
        true
    }

    /// Whether there is no window, as far as the browser tells.
    pub(super) fn is_closed(self) -> bool {
        self.window
            .try_with_value(|window| {
                window
                    .as_ref()
                    .is_none_or(|window| window.closed().unwrap_or(true))
            })
            .unwrap_or(true)
    }

    /// Closes it.
    pub(super) fn close(self) {
        self.with(|window| {
            // Closing a window that is closed does nothing.
            let _ = window.close();
        });
    }

    fn with(self, act: impl FnOnce(&Window)) {
        self.window.try_with_value(|window| {
            if let Some(window) = window {
                act(window);
            }
        });
    }
}

/// Calls back with the attempt whenever a sign-in window says that one has an outcome; until the owner is disposed.
pub(super) fn listen(on_outcome: impl Fn(String) + 'static) {
    let Ok(channel) = BroadcastChannel::new(CHANNEL) else {
        return;
    };
    let on_message = Closure::<dyn Fn(MessageEvent)>::new(move |event: MessageEvent| {
        let attempt = js_sys::Reflect::get(&event.data(), &JsValue::from_str("attempt")).ok();
        if let Some(attempt) = attempt.and_then(|attempt| attempt.as_string()) {
            on_outcome(attempt);
        }
    });
    channel.set_onmessage(Some(on_message.as_ref().unchecked_ref()));
    let kept = SendWrapper::new((channel, on_message));
    on_cleanup(move || {
        let (channel, _on_message) = kept.take();
        channel.set_onmessage(None);
        channel.close();
    });
}
