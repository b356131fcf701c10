//! Text as a program sees it.

use super::CopyButton;
use leptos::prelude::*;

/// Monospaced text with a button to copy it.
#[component]
pub fn CodeView(#[prop(into)] text: Signal<String>) -> impl IntoView {
    view! {
        <div class="code-view">
            <pre tabindex="0"><code>{text}</code></pre>
            <CopyButton text label="Copy" bare=true/>
        </div>
    }
    .into_any()
}
