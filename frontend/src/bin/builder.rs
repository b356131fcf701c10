//! The browser's way into the builder: puts it in the place of the skeleton that the server rendered.

fn main() {
    #[cfg(target_arch = "wasm32")]
    patchbay_app::entry::builder();
}
