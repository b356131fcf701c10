//! A sentence that stands out.

use super::{Glyph, Icon};
use leptos::prelude::*;

/// What kind of sentence.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum NoteKind {
    #[default]
    Info,
    Warning,
    Bad,
    Ok,
}

/// A note in a page or a dialog.
#[component]
pub fn Note(#[prop(optional)] kind: NoteKind, children: Children) -> impl IntoView {
    let (class, glyph, role) = match kind {
        NoteKind::Info => ("note", Glyph::Info, None),
        NoteKind::Warning => ("note note-warning", Glyph::Warning, None),
        NoteKind::Bad => ("note note-bad", Glyph::Warning, Some("alert")),
        NoteKind::Ok => ("note note-ok", Glyph::Check, Some("status")),
    };
    view! {
        <div class=class role=role>
            <Icon glyph/>
            <div class="note-text">{children()}</div>
        </div>
    }
    .into_any()
}
