//! Which tab this is: what a tab keeps for itself across a reload must not be taken for another tab's.
//!
//! A tab's name is kept in its session storage, which a duplicated tab inherits; so each holds a lock of that name as
//! long as it lives. Whoever gets the lock of another name knows that nobody works under it any more.

use leptos::prelude::*;
use wasm_bindgen::{JsCast, JsValue, closure::Closure};
use wasm_bindgen_futures::JsFuture;
use web_sys::js_sys::{self, Function, Promise, Reflect};

const KEY: &str = "patchbay.tab";

/// This tab's name: the one it had before the reload, unless a living tab has it.
pub async fn name() -> String {
    let storage = window().session_storage().ok().flatten();
    let known = storage
        .as_ref()
        .and_then(|storage| storage.get_item(KEY).ok()?);
    let name = match known {
        Some(known) if take(&known).await => return known,
        _ => fresh(),
    };
    take(&name).await;
    if let Some(storage) = storage {
        // Without it a reload looks like another tab, which brings the same edits back.
        let _ = storage.set_item(KEY, &name);
    }
    name
}

/// Whether nobody works under a name any more. From then on this tab holds it.
pub async fn is_gone(name: &str) -> bool {
    take(name).await
}

fn fresh() -> String {
    // One more than a person can have open at once is enough.
    format!(
        "{:x}",
        (js_sys::Math::random() * 9_007_199_254_740_991.0) as u64
    )
}

/// Takes the lock of a name for as long as the page lives; true where the browser has no locks.
async fn take(name: &str) -> bool {
    let Some((locks, request)) = manager() else {
        return true;
    };
    let taken = Promise::new(&mut |resolve, _| {
        let for_ever = Closure::once_into_js(move |lock: JsValue| -> JsValue {
            let held = lock.is_truthy();
            // Calling a promise's own function does not fail.
            let _ = resolve.call1(&JsValue::NULL, &JsValue::from_bool(held));
            if held {
                Promise::new(&mut |_, _| {}).into()
            } else {
                JsValue::UNDEFINED
            }
        });
        let options = js_sys::Object::new();
        // A plain object takes any key.
        let _ = Reflect::set(&options, &"ifAvailable".into(), &JsValue::TRUE);
        let name = JsValue::from_str(&format!("{KEY}.{name}"));
        let _ = request.call3(&locks, &name, &options, &for_ever);
    });
    JsFuture::from(taken)
        .await
        .is_ok_and(|taken| taken.is_truthy())
}

/// `navigator.locks` and its `request`: only where the page came over a secure connection or from this machine.
fn manager() -> Option<(JsValue, Function)> {
    let locks = Reflect::get(&window().navigator(), &"locks".into()).ok()?;
    let request = Reflect::get(&locks, &"request".into())
        .ok()?
        .dyn_into()
        .ok()?;
    Some((locks, request))
}
