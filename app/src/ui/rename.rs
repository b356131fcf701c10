//! Asks for another name.

use super::{Button, ButtonKind, FailureLine, Modal, ModalBody, ModalFooter, TextField};
use crate::job::Job;
use leptos::prelude::*;

/// The dialog; `on_rename` gets the new name, never an empty one.
#[component]
pub fn RenameDialog(
    #[prop(into)] old: String,
    #[prop(optional)] help: &'static str,
    job: Job,
    #[prop(into)] on_rename: Callback<String>,
    #[prop(into)] on_close: Callback<()>,
) -> impl IntoView {
    let name = RwSignal::new(old);
    let submit = move || {
        let name = name.with_untracked(|name| name.trim().to_owned());
        if !name.is_empty() {
            on_rename.run(name);
        }
    };
    view! {
        <Modal title="Rename" on_close busy=job.busy>
            <form
                on:submit=move |event| {
                    event.prevent_default();
                    submit();
                }
            >
                <ModalBody>
                    <TextField name="new-name" label="Name" value=name help autocomplete="off" required=true focus=true/>
                    <FailureLine failure=job.failure/>
                </ModalBody>
                <ModalFooter>
                    <Button kind=ButtonKind::Ghost on_click=move |_| on_close.run(())>
                        "Cancel"
                    </Button>
                    <Button kind=ButtonKind::Primary submit=true busy=job.busy>
                        "Rename"
                    </Button>
                </ModalFooter>
            </form>
        </Modal>
    }
    .into_any()
}
