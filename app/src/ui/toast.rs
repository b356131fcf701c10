//! Short notices that go by themselves.

use super::{For, Glyph, Icon, IconButton};
use crate::failure::Failure;
use leptos::prelude::*;
use std::time::Duration;

/// Where notices are said.
#[derive(Debug, Clone, Copy)]
pub struct Toasts {
    list: RwSignal<Vec<Toast>>,
    next: StoredValue<u32>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct Toast {
    id: u32,
    text: String,
    bad: bool,
}

/// Makes [`use_toasts`] work below.
pub fn provide_toasts() {
    provide_context(Toasts {
        list: RwSignal::default(),
        next: StoredValue::new(0),
    });
}

/// Where to say a notice.
pub fn use_toasts() -> Toasts {
    expect_context()
}

impl Toasts {
    /// Says that something is done: `Saved`.
    pub fn say(self, text: impl Into<String>) {
        self.show(text.into(), false, Duration::from_secs(4));
    }

    /// Says what went wrong, for longer.
    pub fn failure(self, failure: &Failure) {
        self.show(failure.sentence(), true, Duration::from_secs(12));
    }

    fn show(self, text: String, bad: bool, stay: Duration) {
        let Some(id) = self.next.try_update_value(|next| {
            *next += 1;
            *next
        }) else {
            return;
        };
        self.list.update(|list| list.push(Toast { id, text, bad }));
        set_timeout(move || self.dismiss(id), stay);
    }

    fn dismiss(self, id: u32) {
        self.list.update(|list| list.retain(|toast| toast.id != id));
    }
}

/// Shows the notices; once per page.
#[component]
pub fn ToastHost() -> impl IntoView {
    let toasts = use_toasts();
    view! {
        <div class="toasts" role="status" aria-live="polite">
            <For each=move || toasts.list.get() key=|toast| toast.id let:toast>
                <div class="toast" class:toast-bad=toast.bad>
                    <Icon glyph=if toast.bad { Glyph::Warning } else { Glyph::Check }/>
                    <span>{toast.text.clone()}</span>
                    <IconButton glyph=Glyph::Close label="Dismiss" small=true on_click=move |_| toasts.dismiss(toast.id)/>
                </div>
            </For>
        </div>
    }
    .into_any()
}
