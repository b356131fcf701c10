//! The browser's entry point: takes over the page that the server rendered.

#![cfg(target_arch = "wasm32")]

use wasm_bindgen::prelude::wasm_bindgen;

/// Called by the page's one script once the module is there.
#[wasm_bindgen]
pub fn hydrate() {
    patchbay_app::hydrate();
}
