//! A dialog over the page: the browser's own `<dialog>`, which keeps the focus inside and closes on Escape.

use super::{ConnectorIcon, Glyph, IconButton};
use crate::browser;
use leptos::{html, prelude::*};
use send_wrapper::SendWrapper;
use web_sys::HtmlElement;

/// A dialog. Show it with `<Show when=…>`; it opens itself when it appears, and gives the focus back when it goes.
#[component]
pub fn Modal(
    #[prop(into)] title: Signal<String>,
    /// Escape, the cross, or whatever else means *no*.
    #[prop(into)]
    on_close: Callback<()>,
    /// A connector's icon left of the title.
    #[prop(optional, into)]
    icon: Signal<String>,
    /// 720 px in place of 520.
    #[prop(optional)]
    wide: bool,
    /// While set, it cannot be closed.
    #[prop(optional, into)]
    busy: Signal<bool>,
    children: Children,
) -> impl IntoView {
    let dialog = NodeRef::<html::Dialog>::new();
    let before = StoredValue::new(None::<SendWrapper<HtmlElement>>);
    Effect::new(move |_| {
        let Some(dialog) = dialog.get() else { return };
        before.set_value(browser::focused().map(SendWrapper::new));
        let connected = dialog.is_connected();
        let show = move || {
            if !dialog.open() {
                // It fails only for a dialog that is not in the page any more.
                let _ = dialog.show_modal();
            }
        };
        if connected {
            show();
        } else {
            request_animation_frame(show);
        }
    });
    on_cleanup(move || {
        let element = before.try_update_value(Option::take).flatten();
        if let Some(element) = element {
            // As long as the dialog is open nothing outside of it can have the focus.
            request_animation_frame(move || {
                // What had the focus may have gone with the page; then the focus stays where it is.
                let _ = element.focus();
            });
        }
    });
    let close = move || {
        if !busy.get_untracked() {
            on_close.run(());
        }
    };
    view! {
        <dialog
            class="modal"
            class:modal-wide=wide
            node_ref=dialog
            aria-label=title
            on:cancel=move |event: web_sys::Event| {
                event.prevent_default();
                event.stop_propagation();
                close();
            }
            on:keydown=move |event| {
                // Keys pressed in a dialog are not for the page below it.
                event.stop_propagation();
                if event.key() == "Escape" && !event.default_prevented() {
                    event.prevent_default();
                    close();
                }
            }
        >
            <header class="modal-header">
                {move || (!icon.with(String::is_empty)).then(|| view! { <ConnectorIcon svg=icon/> })}
                <h2>{title}</h2>
                <IconButton glyph=Glyph::Close label="Close" disabled=busy on_click=move |_| close()/>
            </header>
            {children()}
        </dialog>
    }
    .into_any()
}

/// What is between header and footer; scrolls.
#[component]
pub fn ModalBody(children: Children) -> impl IntoView {
    view! { <div class="modal-body">{children()}</div> }
}

/// The buttons; the primary one last.
#[component]
pub fn ModalFooter(children: Children) -> impl IntoView {
    view! { <footer class="modal-footer">{children()}</footer> }
}
