//! A secret that is shown right after it was made, and never again.

use crate::ui::{Button, ButtonKind, CopyField, ModalBody, ModalFooter};
use leptos::prelude::*;

/// The last page of a dialog that made one: what to do with it, the secret to copy, and *Done*.
pub(super) fn shown_once(
    advice: &'static str,
    label: &'static str,
    secret: String,
    on_close: Callback<()>,
) -> AnyView {
    view! {
        <ModalBody>
            <p>{advice}</p>
            <CopyField text=secret label/>
        </ModalBody>
        <ModalFooter>
            <Button kind=ButtonKind::Primary on_click=move |_| on_close.run(())>
                "Done"
            </Button>
        </ModalFooter>
    }
    .into_any()
}
