//! Page 2 of the ways that need no sign-in page: the credential itself.

use super::{
    blank::Blank,
    flow::{Flow, Page},
};
use crate::ui::{Button, ButtonKind, FailureLine, Glyph, Icon, ModalBody, ModalFooter, TextField};
use leptos::prelude::*;
use patchbay_api::authentications::Credential;
use patchbay_model::spec::MethodKind;

/// The page.
#[component]
pub(super) fn CredentialPage(flow: Flow) -> impl IntoView {
    let kind = flow.method.get_untracked();
    let help = flow
        .blank
        .with_value(|blank| blank.method(kind).map(|method| method.help.clone()))
        .filter(|help| !help.is_empty());
    let service = flow.blank.with_value(Blank::service_title);
    let renewing = flow.blank.with_value(|blank| blank.reconnect.is_some());
    let first = RwSignal::new(String::new());
    let second = RwSignal::new(String::new());
    let ready = Signal::derive(move || {
        let given = |value: RwSignal<String>| value.with(|value| !value.trim().is_empty());
        given(first) && (kind != MethodKind::Basic || given(second))
    });
    let send = move || {
        let given = first.get_untracked();
        flow.send_credential(match kind {
            MethodKind::Basic => Credential::Basic {
                username: given.trim().to_owned(),
                password: second.get_untracked(),
            },
            MethodKind::Jwt => Credential::Jwt {
                assertion: given.trim().to_owned(),
            },
            MethodKind::Token | MethodKind::Oauth2 => Credential::Token {
                access_token: given.trim().to_owned(),
            },
        });
    };
    let fields = match kind {
        MethodKind::Basic => view! {
            <TextField name="credential-user" label="User name" value=first autocomplete="off" required=true focus=true/>
            <TextField
                name="credential-password"
                label="Password"
                value=second
                kind="password"
                autocomplete="off"
                required=true
            />
        }
        .into_any(),
        MethodKind::Jwt => view! {
            <TextField
                name="credential-jwt"
                label="JWT credential"
                value=first
                rows=5
                mono=true
                required=true
                focus=true
                help="The long text that begins with eyJ."
            />
        }
        .into_any(),
        MethodKind::Token | MethodKind::Oauth2 => view! {
            <TextField
                name="credential-token"
                label="Token"
                value=first
                kind="password"
                autocomplete="off"
                mono=true
                required=true
                focus=true
            />
        }
        .into_any(),
    };
    view! {
        <form
            on:submit=move |event| {
                event.prevent_default();
                if ready.get_untracked() {
                    send();
                }
            }
        >
            <ModalBody>
                {help.map(|help| view! { <p class="muted">{help}</p> })}
                {fields}
                <p class="line muted">
                    <Icon glyph=Glyph::Lock/>
                    {format!("It is sealed on this server, sent to {service} only, and never shown again.")}
                </p>
                <FailureLine failure=flow.sending.failure/>
            </ModalBody>
            <ModalFooter>
                {(!renewing).then(|| view! {
                    <Button kind=ButtonKind::Ghost disabled=flow.sending.busy on_click=move |_| flow.page.set(Page::Name)>
                        "Back"
                    </Button>
                })}
                <Button
                    kind=ButtonKind::Primary
                    submit=true
                    busy=flow.sending.busy
                    disabled=Signal::derive(move || !ready.get())
                >
                    {flow.blank.with_value(Blank::verb)}
                </Button>
            </ModalFooter>
        </form>
    }
    .into_any()
}
