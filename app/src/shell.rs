//! The whole document around the screen: head, fonts, style sheet, and the one script that starts it.

use crate::{App, theme};
use leptos::{nonce::use_nonce, prelude::*};
use leptos_meta::MetaTags;

/// Addresses of what a page loads.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Assets {
    /// The style sheet.
    pub css: String,
    /// The script that wasm-bindgen wrote for the page's program; see [`crate::Entry`].
    pub js: String,
    /// The program itself.
    pub wasm: String,
    /// What the browser may fetch when it has nothing else to do, since it is likely to be wanted next.
    pub prefetch: Vec<String>,
    /// Fonts that every page needs at once.
    pub preload_fonts: Vec<String>,
}

/// The document.
pub fn shell(assets: Assets) -> impl IntoView + 'static {
    let Assets {
        css,
        js,
        wasm,
        prefetch,
        preload_fonts,
    } = assets;
    let start = start(&js, &wasm);
    let prefetch = prefetch
        .into_iter()
        .map(|href| view! { <link rel="prefetch" href=href crossorigin="anonymous"/> })
        .collect_view();
    let fonts = preload_fonts
        .into_iter()
        .map(|href| view! { <link rel="preload" href=href r#as="font" r#type="font/woff2" crossorigin="anonymous"/> })
        .collect_view();
    view! {
        <!DOCTYPE html>
        <html lang="en" data-theme=theme::from_cookie()>
            <head>
                <meta charset="utf-8"/>
                <meta name="viewport" content="width=device-width, initial-scale=1"/>
                <meta name="color-scheme" content="light dark"/>
                <link rel="icon" href="/assets/favicon.svg" r#type="image/svg+xml"/>
                {fonts}
                <link rel="stylesheet" href=css/>
                <link rel="modulepreload" href=js/>
                <link rel="preload" href=wasm r#as="fetch" r#type="application/wasm" crossorigin="anonymous"/>
                <script type="module" nonce=use_nonce() inner_html=start></script>
                {prefetch}
                <MetaTags/>
            </head>
            <body>
                <App/>
            </body>
        </html>
    }
}

/// Starts the page's program. A button that was pressed before the program was there is pressed again by it: nothing
/// that looks alive may be dead.
fn start(js: &str, wasm: &str) -> String {
    format!(
        "let held;\n\
         const hold = event => {{\n\
         \x20 const button = event.target.closest?.('button');\n\
         \x20 if (!button) return;\n\
         \x20 event.preventDefault();\n\
         \x20 event.stopImmediatePropagation();\n\
         \x20 held = button;\n\
         }};\n\
         addEventListener('click', hold, true);\n\
         const {{ default: start }} = await import({js:?});\n\
         await start({{ module_or_path: {wasm:?} }});\n\
         removeEventListener('click', hold, true);\n\
         document.documentElement.dataset.alive = '';\n\
         if (held?.isConnected) held.click();"
    )
}
