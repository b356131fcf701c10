//! `/invitations/{token}`: joining an organisation by the link that somebody sent.

use super::entrance::{Entrance, EntranceField, EntranceForm};
use crate::{
    browser,
    job::Job,
    load::{load, resource},
    ui::RelativeTime,
    use_client,
};
use leptos::{ev::SubmitEvent, prelude::*};
use leptos_router::hooks::use_params_map;
use patchbay_api::people::{AcceptInvitation, Invitation};

/// The page.
#[component]
pub fn InvitationPage() -> impl IntoView {
    let client = use_client();
    let params = use_params_map();
    let token = move || params.with(|params| params.get("token").unwrap_or_default());
    let invitation = resource(token, move |token| {
        let client = client.clone();
        async move { client.invitation(&token).await }
    });
    load(
        invitation,
        move |invitation| view! { <Join invitation token=untrack(token)/> },
    )
}

#[component]
fn Join(invitation: Invitation, token: String) -> impl IntoView {
    let client = use_client();
    let job = Job::new();
    let submit = move |event: SubmitEvent| {
        let (client, token) = (client.clone(), token.clone());
        let accept = AcceptInvitation {
            name: browser::form_value(&event, "name").trim().to_owned(),
            email: browser::form_value(&event, "email").trim().to_owned(),
            password: browser::form_value(&event, "password"),
        };
        job.run(
            async move { client.accept_invitation(&token, &accept).await },
            |_| browser::go_to("/"),
        );
    };
    let title = format!("Join {}", invitation.organisation);
    let summary = format!(
        "You are invited to build workflows there. Your role: {}.",
        invitation.role.title()
    );
    view! {
        <Entrance title summary>
            <EntranceForm job button="Join" on_submit=submit>
                <EntranceField name="name" label="Your name" autocomplete="name" focus=true failure=job.failure/>
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
            <p class="entrance-foot">"The link works until " <RelativeTime at=invitation.expires_at/> "."</p>
        </Entrance>
    }
    .into_any()
}
