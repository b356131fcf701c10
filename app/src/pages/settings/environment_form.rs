//! The form for an OAuth app.

use super::environments::Shelf;
use crate::{
    job::Job,
    ui::{
        Button, ButtonKind, FailureLine, Modal, ModalBody, ModalFooter, SelectField, SelectOption,
        TextField, use_toasts,
    },
    use_client,
};
use leptos::prelude::*;
use patchbay_api::authentications::{Environment, NewEnvironment};

#[component]
pub(super) fn EnvironmentForm(
    shelf: Shelf,
    service: String,
    #[prop(optional_no_strip)] old: Option<Environment>,
) -> impl IntoView {
    let client = use_client();
    let toasts = use_toasts();
    let job = Job::new();
    let changing = old.is_some();
    let services = shelf.services();
    let first = if service.is_empty() {
        services
            .first()
            .map(|(name, _)| name.clone())
            .unwrap_or_default()
    } else {
        service
    };
    let field =
        |of: fn(&Environment) -> String| RwSignal::new(old.as_ref().map(of).unwrap_or_default());
    let service = RwSignal::new(first);
    let title = field(|old| old.title.clone());
    if !changing {
        title.set("Production".to_owned());
    }
    let base_url = field(|old| old.base_url.clone().unwrap_or_default());
    let client_id = field(|old| old.client_id.clone());
    let client_secret = RwSignal::new(String::new());
    let had_secret = old.as_ref().is_some_and(|old| old.has_client_secret);
    let at = move |pointer: &'static str| {
        Signal::derive(move || {
            job.failure.with(|failure| {
                failure
                    .as_ref()
                    .map(|failure| failure.at(pointer))
                    .unwrap_or_default()
            })
        })
    };
    let id = old.map(|old| old.id);
    let submit = move || {
        let client = client.clone();
        let id = id.clone();
        let text = |signal: RwSignal<String>| signal.get_untracked().trim().to_owned();
        let given = |signal: RwSignal<String>| Some(text(signal)).filter(|text| !text.is_empty());
        let new = NewEnvironment {
            service: text(service),
            title: text(title),
            base_url: given(base_url),
            client_id: text(client_id),
            client_secret: given(client_secret),
        };
        let call = async move {
            match id {
                Some(id) => client.change_environment(id.as_str(), &new).await,
                None => client.create_environment(&new).await,
            }
        };
        job.run(call, move |saved| {
            toasts.say(format!("Saved {}", saved.title));
            shelf
                .all
                .update(|all| match all.iter_mut().find(|one| one.id == saved.id) {
                    Some(old) => *old = saved,
                    None => all.push(saved),
                });
            shelf.doing.set(None);
        });
    };
    let options: Vec<SelectOption> = services
        .into_iter()
        .map(|(name, title)| SelectOption::new(name, title))
        .collect();
    let modal_title = if changing {
        "Change the OAuth app"
    } else {
        "Add an OAuth app"
    };
    view! {
        <Modal title=modal_title on_close=move || shelf.doing.set(None) busy=job.busy>
            <form
                on:submit=move |event| {
                    event.prevent_default();
                    submit();
                }
            >
                <ModalBody>
                    <SelectField name="environment-service" label="Service" value=service options disabled=changing/>
                    <TextField
                        name="environment-title"
                        label="Name"
                        value=title
                        help="What people choose by: Production, Sandbox."
                        error=at("/title")
                        autocomplete="off"
                        required=true
                    />
                    <TextField
                        name="environment-client-id"
                        label="Client ID"
                        value=client_id
                        error=at("/client_id")
                        autocomplete="off"
                        mono=true
                        required=true
                    />
                    <TextField
                        name="environment-client-secret"
                        label="Client secret"
                        value=client_secret
                        error=at("/client_secret")
                        kind="password"
                        autocomplete="off"
                        help=if had_secret {
                            "Leave it empty to keep the one that is stored."
                        } else {
                            "Sealed on this server and never shown again. Leave it empty for an app without one."
                        }
                    />
                    <TextField
                        name="environment-base-url"
                        label="Address"
                        value=base_url
                        error=at("/base_url")
                        kind="url"
                        placeholder="The service's own"
                        help="Only for another deployment of the service, such as a developer sandbox."
                        autocomplete="off"
                    />
                    <FailureLine failure=job.failure/>
                </ModalBody>
                <ModalFooter>
                    <Button kind=ButtonKind::Ghost on_click=move |_| shelf.doing.set(None)>
                        "Cancel"
                    </Button>
                    <Button kind=ButtonKind::Primary submit=true busy=job.busy>
                        "Save"
                    </Button>
                </ModalFooter>
            </form>
        </Modal>
    }
    .into_any()
}
