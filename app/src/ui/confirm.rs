//! A question before something that cannot be undone.

use super::{Button, ButtonKind, FailureLine, Modal, ModalBody, ModalFooter};
use crate::failure::Failure;
use leptos::prelude::*;

/// Asks; the safe answer has the focus.
#[component]
pub fn ConfirmDialog(
    #[prop(into)] title: Signal<String>,
    /// The verb on the button: `Delete`.
    #[prop(into)]
    confirm: String,
    #[prop(optional)] danger: bool,
    #[prop(optional, into)] busy: Signal<bool>,
    #[prop(optional, into)] failure: Signal<Option<Failure>>,
    #[prop(into)] on_confirm: Callback<()>,
    #[prop(into)] on_close: Callback<()>,
    children: Children,
) -> impl IntoView {
    let kind = if danger {
        ButtonKind::Danger
    } else {
        ButtonKind::Primary
    };
    view! {
        <Modal title on_close busy>
            <ModalBody>
                {children()}
                <FailureLine failure/>
            </ModalBody>
            <ModalFooter>
                <Button kind=ButtonKind::Ghost focus=true disabled=busy on_click=move |_| on_close.run(())>
                    "Cancel"
                </Button>
                <Button kind busy on_click=move |_| on_confirm.run(())>
                    {confirm}
                </Button>
            </ModalFooter>
        </Modal>
    }
    .into_any()
}
