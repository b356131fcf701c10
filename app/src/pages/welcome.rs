//! `/welcome`: the first account of a new server.

use super::entrance::{Entrance, EntranceField, EntranceForm};
use crate::{browser, job::Job, load::load, session::session_resource, use_client};
use leptos::{either::Either, ev::SubmitEvent, prelude::*};
use leptos_router::components::Redirect;
use patchbay_api::people::Setup;

/// The page.
#[component]
pub fn WelcomePage() -> impl IntoView {
    load(session_resource(), |session| {
        if session.setup_needed {
            Either::Left(view! { <FirstAccount code_needed=session.setup_code_needed/> })
        } else {
            Either::Right(view! { <Redirect path="/"/> })
        }
    })
}

#[component]
fn FirstAccount(code_needed: bool) -> impl IntoView {
    let client = use_client();
    let job = Job::new();
    let submit = move |event: SubmitEvent| {
        let client = client.clone();
        let value = |name: &str| browser::form_value(&event, name).trim().to_owned();
        let setup = Setup {
            organisation: value("organisation"),
            name: value("name"),
            email: value("email"),
            password: browser::form_value(&event, "password"),
            setup_code: code_needed.then(|| value("setup_code")),
        };
        job.run(async move { client.set_up(&setup).await }, |_| {
            browser::go_to("/")
        });
    };
    view! {
        <Entrance
            title="Welcome to Patchbay"
            summary="This server is new. Make the first account; it owns the organisation and can invite others."
        >
            <EntranceForm job button="Create the account" on_submit=submit>
                {code_needed
                    .then(|| {
                        view! {
                            <EntranceField
                                name="setup_code"
                                label="Setup code"
                                help="The server printed it when it started. It keeps strangers from being first."
                                autocomplete="off"
                                focus=true
                                failure=job.failure
                            />
                        }
                    })}
                <EntranceField
                    name="organisation"
                    label="Organisation"
                    placeholder="Acme"
                    help="Your company, team, or just your own name."
                    autocomplete="organization"
                    focus=!code_needed
                    failure=job.failure
                />
                <EntranceField name="name" label="Your name" autocomplete="name" failure=job.failure/>
                <EntranceField name="email" label="E-mail" kind="email" autocomplete="username" failure=job.failure/>
                <EntranceField
                    name="password"
                    label="Password"
                    kind="password"
                    help="At least 10 characters; a few words in a row are easy to remember."
                    autocomplete="new-password"
                    min_length=10
                    failure=job.failure
                />
            </EntranceForm>
        </Entrance>
    }
    .into_any()
}
