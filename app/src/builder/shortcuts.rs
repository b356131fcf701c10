//! The list of keyboard shortcuts.

use crate::ui::{Modal, ModalBody};
use leptos::prelude::*;

/// Keys and what they do.
const SHORTCUTS: [(&str, &str); 18] = [
    ("↑ ↓ ← →", "Go from step to step"),
    ("Alt + ↑ ↓", "Move the step up or down"),
    ("Alt + →", "Move the step into the loop next to it"),
    ("Alt + ←", "Move the step out of its loop"),
    ("Enter", "Go to the step's properties"),
    ("A or +", "Add a step after the selected one"),
    ("/", "Search the palette; in a field: search values"),
    ("Delete", "Delete the step"),
    ("Ctrl + Z", "Undo"),
    ("Ctrl + Shift + Z", "Redo"),
    ("Ctrl + C", "Copy the step"),
    ("Ctrl + V", "Paste after the selected step"),
    ("Ctrl + D", "Duplicate the step"),
    ("Ctrl + S", "Save now"),
    ("Ctrl + wheel", "Zoom"),
    ("Space + drag", "Pan"),
    ("Escape", "Cancel a drag, close what is open"),
    ("?", "This list"),
];

/// The list, while it is open.
#[component]
pub fn Shortcuts(open: RwSignal<bool>) -> impl IntoView {
    move || {
        open.get().then(|| {
            view! {
                <Modal title="Keyboard shortcuts" on_close=move |()| open.set(false)>
                    <ModalBody>
                        <dl class="shortcuts">
                            {SHORTCUTS
                                .into_iter()
                                .map(|(keys, what)| view! {
                                    <dt><kbd>{keys}</kbd></dt>
                                    <dd>{what}</dd>
                                })
                                .collect_view()}
                        </dl>
                    </ModalBody>
                </Modal>
            }
        })
    }
}
