//! The browser's way into every page but the builder: takes over what the server rendered.

fn main() {
    #[cfg(target_arch = "wasm32")]
    patchbay_app::entry::pages();
}
