//! Page 1: what it is called, whose it is, where it belongs.

use super::{
    blank::{Blank, needs_app},
    flow::{CUSTOM, Flow},
};
use crate::{
    session::{redirect_uri, use_session},
    ui::{
        Button, ButtonKind, CopyField, FailureNote, Glyph, ModalBody, ModalFooter, Note, NoteKind,
        OptionCard, SelectField, SelectOption, TextField,
    },
};
use leptos::prelude::*;
use patchbay_api::authentications::Ownership;
use patchbay_model::spec::MethodKind;

/// The page.
#[component]
pub(super) fn NamePage(flow: Flow, on_close: Callback<()>) -> impl IntoView {
    let renewing = flow.blank.with_value(|blank| blank.reconnect.is_some());
    let next = move || {
        if flow.has_permissions() || flow.method.get() != MethodKind::Oauth2 {
            "Next".to_owned()
        } else {
            format!("{} ↗", flow.blank.with_value(Blank::verb))
        }
    };
    let ready = Signal::derive(move || flow.is_named() && !flow.lacks_app());
    view! {
        <form
            on:submit=move |event| {
                event.prevent_default();
                if ready.get_untracked() {
                    flow.leave_name_page();
                }
            }
        >
            <ModalBody>
                {(!renewing).then(|| view! { <Methods flow/> })}
                <TextField
                    name="authentication-name"
                    label="Name"
                    value=flow.name
                    help="Something you will recognise in a long list."
                    autocomplete="off"
                    required=true
                    focus=true
                    disabled=renewing
                />
                {(!renewing).then(|| view! { <Owners flow/> })}
                <Environments flow/>
            </ModalBody>
            <ModalFooter>
                <Button kind=ButtonKind::Ghost on_click=move |_| on_close.run(())>
                    "Cancel"
                </Button>
                <Button kind=ButtonKind::Primary submit=true disabled=Signal::derive(move || !ready.get())>
                    {next}
                </Button>
            </ModalFooter>
        </form>
    }
    .into_any()
}

/// The ways to sign in, where a service has several.
#[component]
fn Methods(flow: Flow) -> impl IntoView {
    let methods = flow.blank.with_value(|blank| blank.service.methods.clone());
    (methods.len() > 1).then(|| {
        let cards = methods
            .into_iter()
            .map(|method| {
                let kind = method.kind;
                let choose = move || {
                    flow.method.set(kind);
                    flow.choose_first_environment();
                };
                view! {
                    <OptionCard
                        name="authentication-method"
                        title=method.title
                        checked=Signal::derive(move || flow.method.get() == kind)
                        on_choose=choose
                    >
                        {method.help}
                    </OptionCard>
                }
            })
            .collect_view();
        view! {
            <fieldset>
                <legend class="field-label">"How"</legend>
                <div class="option-cards">{cards}</div>
            </fieldset>
        }
    })
}

#[component]
fn Owners(flow: Flow) -> impl IntoView {
    let session = use_session();
    let everyone = move || {
        let organisation = session
            .with(|session| {
                session
                    .as_ref()
                    .and_then(|session| Some(session.organisation.as_ref()?.name.clone()))
            })
            .unwrap_or_else(|| "your organisation".to_owned());
        format!("Everyone in {organisation} with the builder role can use it. Nobody can read it.")
    };
    let card = move |owner: Ownership| Signal::derive(move || flow.owner.get() == owner);
    view! {
        <fieldset>
            <legend class="field-label">"Whose"</legend>
            <div class="option-cards">
                <OptionCard
                    name="authentication-owner"
                    title="Personal"
                    checked=card(Ownership::Personal)
                    on_choose=move || flow.owner.set(Ownership::Personal)
                >
                    "Only you can see and use it."
                </OptionCard>
                <OptionCard
                    name="authentication-owner"
                    title="Organisational"
                    checked=card(Ownership::Organisational)
                    on_choose=move || flow.owner.set(Ownership::Organisational)
                >
                    {everyone}
                </OptionCard>
            </div>
        </fieldset>
    }
    .into_any()
}

/// Which deployment of the service; or what to do when there is none.
#[component]
fn Environments(flow: Flow) -> impl IntoView {
    let renewing = flow.blank.with_value(|blank| blank.reconnect.is_some());
    let options = Signal::derive(move || {
        flow.environment_choices()
            .into_iter()
            .map(|(value, title)| SelectOption::new(value, title))
            .collect()
    });
    let custom = move || {
        (flow.environment.get() == CUSTOM).then(|| {
            view! {
                <TextField
                    name="authentication-base-url"
                    label="Address"
                    value=flow.base_url
                    kind="url"
                    placeholder="https://"
                    help="Your credential is sent to this address and nowhere else."
                    required=true
                />
            }
        })
    };
    let body = move || {
        let failed = flow.environments.with(|known| match known {
            Some(Err(failure)) => Some(failure.clone()),
            _ => None,
        });
        if let Some(failure) = failed {
            return view! { <FailureNote failure on_retry=move || flow.look_for_environments()/> }
                .into_any();
        }
        if flow.lacks_app() {
            return view! { <NoApp flow/> }.into_any();
        }
        let unknown = flow.environments.with(Option::is_none);
        view! {
            <SelectField
                name="authentication-environment"
                label="Environment"
                value=flow.environment
                options
                disabled=renewing || unknown
            />
            {custom}
        }
        .into_any()
    };
    view! { <div class="environment-choice">{body}</div> }
}

/// What to do when the service is not set up yet.
#[component]
fn NoApp(flow: Flow) -> impl IntoView {
    let session = use_session();
    let redirect = Signal::derive(move || session.with(redirect_uri));
    let service = flow.blank.with_value(Blank::service_title);
    let name = flow.blank.with_value(|blank| blank.service.name.clone());
    let how = if needs_app(flow.method.get_untracked())
        && flow.method.get_untracked() == MethodKind::Jwt
    {
        "so that the credential can be exchanged for access"
    } else {
        "so that people can sign in there"
    };
    view! {
        <Note kind=NoteKind::Warning>
            <p>
                <b>{format!("{service} does not know Patchbay yet. ")}</b>
                {format!(
                    "An administrator registers an OAuth app at {service} once, {how}, and enters its client ID and secret \
                     in the settings. {service} asks for this redirect URI:",
                )}
            </p>
        </Note>
        <CopyField text=redirect label="Redirect URI"/>
        <div class="line">
            <a class="button button-small" href=format!("/settings/environments?service={name}") target="_blank">
                "Add an OAuth app ↗"
            </a>
            <Button
                kind=ButtonKind::Ghost
                small=true
                glyph=Glyph::Refresh
                on_click=move |_| flow.look_for_environments()
            >
                "Look again"
            </Button>
        </div>
    }
    .into_any()
}
