//! `/sign-in`: e-mail and password, then back to where the person came from.

use super::entrance::{Entrance, EntranceField, EntranceForm};
use crate::{
    browser,
    job::Job,
    session::{safe_return, session_resource},
    use_client,
};
use leptos::{ev::SubmitEvent, prelude::*};
use leptos_router::{components::Redirect, hooks::use_query_map};
use patchbay_api::people::SignIn;

/// The page.
#[component]
pub fn SignInPage() -> impl IntoView {
    let client = use_client();
    let query = use_query_map();
    let job = Job::new();
    let session = session_resource();
    let submit = move |event: SubmitEvent| {
        let client = client.clone();
        let sign_in = SignIn {
            email: browser::form_value(&event, "email").trim().to_owned(),
            password: browser::form_value(&event, "password"),
        };
        let back = safe_return(query.with_untracked(|query| query.get("return_to")));
        job.run(async move { client.sign_in(&sign_in).await }, move |_| {
            browser::go_to(&back)
        });
    };
    view! {
        <Suspense>
            {move || Suspend::new(async move {
                let session = session.await.ok()?;
                session.setup_needed.then(|| view! { <Redirect path="/welcome"/> })
            })}
        </Suspense>
        <Entrance title="Sign in" summary="Good to see you again.">
            <EntranceForm job button="Sign in" on_submit=submit>
                <EntranceField
                    name="email"
                    label="E-mail"
                    kind="email"
                    autocomplete="username"
                    focus=true
                    failure=job.failure
                />
                <EntranceField
                    name="password"
                    label="Password"
                    kind="password"
                    autocomplete="current-password"
                    failure=job.failure
                />
            </EntranceForm>
            <p class="entrance-foot">
                "No account yet? Whoever runs this Patchbay can invite you with a link."
            </p>
        </Entrance>
    }
    .into_any()
}
