//! The few things that the screen asks of the browser beyond events. None of them is called while rendering.

use leptos::prelude::*;
use std::time::Duration;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{Element, HtmlElement, HtmlInputElement, js_sys};

/// Unix milliseconds.
#[expect(
    clippy::cast_possible_truncation,
    reason = "the browser's clock counts whole milliseconds far below 2^53"
)]
pub fn now() -> i64 {
    js_sys::Date::now() as i64
}

/// The document's own element.
pub fn root() -> Element {
    document()
        .document_element()
        .unwrap_or_else(|| document().body().unwrap_or_else(unreachable_body).into())
}

fn unreachable_body() -> HtmlElement {
    // A document that runs this code has a body; an empty object keeps the promise of the type.
    JsValue::from(js_sys::Object::new()).unchecked_into()
}

/// Sets one cookie.
pub fn set_cookie(cookie: &str) {
    // Forbidden cookies only cost the memory of a preference.
    let _ = js_sys::Reflect::set(
        &document(),
        &JsValue::from_str("cookie"),
        &JsValue::from_str(cookie),
    );
}

/// Loads another page, with everything made anew.
pub fn go_to(path: &str) {
    // Only a malformed address fails, and ours are paths.
    let _ = window().location().set_href(path);
}

/// Path and query of the page.
pub fn here() -> String {
    let location = window().location();
    format!(
        "{}{}",
        location.pathname().unwrap_or_default(),
        location.search().unwrap_or_default()
    )
}

/// A parameter of the page's address, which is taken out of it: a reload does not bring it back.
pub fn take_parameter(name: &str) -> Option<String> {
    let location = window().location();
    let url = web_sys::Url::new(&location.href().ok()?).ok()?;
    let value = url.search_params().get(name)?;
    url.search_params().delete(name);
    if let Ok(history) = window().history() {
        // The address only; without it the parameter stays for one more reload.
        let _ = history.replace_state_with_url(&JsValue::NULL, "", Some(&url.href()));
    }
    Some(value)
}

/// `https://patchbay.example`.
pub fn origin() -> String {
    window().location().origin().unwrap_or_default()
}

/// What has the focus.
pub fn focused() -> Option<HtmlElement> {
    document().active_element()?.dyn_into().ok()
}

/// Gives the focus to the element of this id, once it is in the page. For parts that appear in an open dialog, where
/// the browser does not look at `autofocus`.
pub fn focus_when_shown(id: String) {
    Effect::new(move |_| {
        let id = id.clone();
        request_animation_frame(move || {
            let element = document()
                .get_element_by_id(&id)
                .and_then(|found| found.dyn_into::<HtmlElement>().ok());
            if let Some(element) = element {
                // What cannot have the focus leaves it where it is.
                let _ = element.focus();
            }
        });
    });
}

/// Waits so many milliseconds.
pub async fn pause(milliseconds: i32) {
    let promise = js_sys::Promise::new(&mut |resolve, _| {
        // Without a timer the wait is over at once.
        let _ =
            window().set_timeout_with_callback_and_timeout_and_arguments_0(&resolve, milliseconds);
    });
    let _ = JsFuture::from(promise).await;
}

/// Puts text on the clipboard; false when the browser does not allow it.
pub async fn copy(text: &str) -> bool {
    JsFuture::from(window().navigator().clipboard().write_text(text))
        .await
        .is_ok()
}

/// Calls back every so many milliseconds until the owner is disposed; does nothing on the server.
pub fn every(milliseconds: u64, callback: impl Fn() + Send + Sync + Clone + 'static) {
    Effect::new(move |_| {
        let callback = callback.clone();
        let handle = set_interval_with_handle(callback, Duration::from_millis(milliseconds)).ok();
        on_cleanup(move || {
            if let Some(handle) = handle {
                handle.clear();
            }
        });
    });
}

/// What a field of a form holds, by the field's name; for forms that may be filled in before the page is taken over.
pub fn form_value(event: &web_sys::Event, name: &str) -> String {
    let form = event
        .current_target()
        .and_then(|target| target.dyn_into::<Element>().ok());
    let field = form.and_then(|form| {
        form.query_selector(&format!("[name=\"{name}\"]"))
            .ok()
            .flatten()
    });
    field
        .and_then(|field| field.dyn_into::<HtmlInputElement>().ok())
        .map(|field| field.value())
        .unwrap_or_default()
}

/// Whether the page has been taken over: false while rendering and hydrating, then true.
pub fn taken_over() -> ReadSignal<bool> {
    let (taken_over, set_taken_over) = signal(false);
    Effect::new(move |_| set_taken_over.set(true));
    taken_over
}

/// Writes panics to the console.
#[cfg(any(feature = "csr", feature = "hydrate"))]
pub(crate) fn report_panics() {
    std::panic::set_hook(Box::new(|info| {
        web_sys::console::error_1(&JsValue::from_str(&info.to_string()))
    }));
}
