//! The whole document around the screen: head, fonts, style sheet, and the one script that starts it.

use crate::{App, theme};
use leptos::{nonce::use_nonce, prelude::*};
use leptos_meta::MetaTags;

/// Addresses of what a page loads.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Assets {
    /// The style sheet.
    pub css: String,
    /// The script that wasm-bindgen wrote.
    pub js: String,
    /// The screen itself.
    pub wasm: String,
    /// Fonts that every page needs at once.
    pub preload_fonts: Vec<String>,
}

/// The document.
pub fn shell(assets: Assets) -> impl IntoView + 'static {
    let Assets {
        css,
        js,
        wasm,
        preload_fonts,
    } = assets;
    let start = format!(
        "import init, {{ hydrate }} from {js:?};\nawait init({{ module_or_path: {wasm:?} }});\nhydrate();"
    );
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
                <MetaTags/>
            </head>
            <body>
                <App/>
            </body>
        </html>
    }
}
