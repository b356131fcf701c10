//! Inviting people by a link, and the links that are still good.

use super::people::{ROLES, explained, role_of, word_of};
use super::shown_once::shown_once;
use crate::{
    job::Job,
    load::{load, resource},
    ui::{
        Button, ButtonKind, FailureLine, For, Glyph, Modal, ModalBody, ModalFooter, OptionCard,
        Pill, PillKind, RelativeTime, Section, TextField, use_toasts,
    },
    use_client,
};
use leptos::{either::Either, prelude::*};
use patchbay_api::people::{Invitation, NewInvitation, Role};

/// Pending invitations and the button for a new one.
#[component]
pub(super) fn Invitations() -> impl IntoView {
    let client = use_client();
    let pending = resource(
        || (),
        move |()| {
            let client = client.clone();
            async move { client.invitations().await }
        },
    );
    view! {
        <Section title="Invitations" summary="A link that you send yourself. Whoever opens it makes an account and joins.">
            {load(pending, |pending| view! { <Pending pending/> })}
        </Section>
    }
    .into_any()
}

#[component]
fn Pending(pending: Vec<Invitation>) -> impl IntoView {
    let pending = RwSignal::new(pending);
    let inviting = RwSignal::new(false);
    view! {
        <ul class="rows rows-flat" aria-label="Invitations">
            <For each=move || pending.get() key=|one| one.id.clone() let:one>
                <Row one pending/>
            </For>
        </ul>
        {move || pending.with(Vec::is_empty).then(|| view! { <p class="muted section-none">"No invitation is on its way."</p> })}
        <Button glyph=Glyph::Plus on_click=move |_| inviting.set(true)>
            "Invite somebody"
        </Button>
        <Show when=move || inviting.get()>
            <Invite pending on_close=move || inviting.set(false)/>
        </Show>
    }
    .into_any()
}

#[component]
fn Row(one: Invitation, pending: RwSignal<Vec<Invitation>>) -> impl IntoView {
    let client = use_client();
    let toasts = use_toasts();
    let job = Job::new();
    let id = one.id.clone();
    Effect::new(move |_| {
        if let Some(failure) = job.failure.get() {
            toasts.failure(&failure);
        }
    });
    let withdraw = move |_| {
        let (client, id) = (client.clone(), id.clone());
        let gone = id.clone();
        job.run(
            async move { client.withdraw_invitation(&id).await },
            move |()| {
                pending.update(|pending| pending.retain(|one| one.id != gone));
            },
        );
    };
    view! {
        <li class="row">
            <div class="row-main">
                <b class="row-title">{one.email.unwrap_or_else(|| "Somebody".to_owned())}</b>
                <small class="row-sub">"Works until " <RelativeTime at=one.expires_at/></small>
            </div>
            <Pill kind=PillKind::Neutral>{one.role.title()}</Pill>
            <Button small=true busy=job.busy on_click=withdraw>
                "Withdraw"
            </Button>
        </li>
    }
    .into_any()
}

#[component]
fn Invite(
    pending: RwSignal<Vec<Invitation>>,
    #[prop(into)] on_close: Callback<()>,
) -> impl IntoView {
    let client = use_client();
    let job = Job::new();
    let email = RwSignal::new(String::new());
    let role = RwSignal::new(word_of(Role::Builder).to_owned());
    let link = RwSignal::new(None::<String>);
    let submit = move || {
        let client = client.clone();
        let email = Some(email.get_untracked().trim().to_owned()).filter(|email| !email.is_empty());
        let invitation = NewInvitation {
            role: role_of(&role.get_untracked()),
            email,
        };
        job.run(
            async move { client.invite(&invitation).await },
            move |made| {
                link.set(made.link.clone());
                pending.update(|pending| pending.insert(0, Invitation { link: None, ..made }));
            },
        );
    };
    let submit = StoredValue::new(submit);
    let cards = move || {
        ROLES
            .into_iter()
            .map(|one| {
                let word = word_of(one);
                view! {
                    <OptionCard
                        name="invitation-role"
                        title=one.title()
                        checked=Signal::derive(move || role.with(|role| role == word))
                        on_choose=move || role.set(word.to_owned())
                    >
                        {explained(one)}
                    </OptionCard>
                }
            })
            .collect_view()
    };
    let form = move || {
        view! {
            <form
                on:submit=move |event| {
                    event.prevent_default();
                    submit.with_value(|submit| submit());
                }
            >
                <ModalBody>
                    <TextField
                        name="invitation-email"
                        label="For whom"
                        value=email
                        placeholder="E-mail or name"
                        help="Only a remark for this list; nothing is sent."
                        autocomplete="off"
                        focus=true
                    />
                    <fieldset>
                        <legend class="field-label">"Role"</legend>
                        <div class="option-cards option-cards-one">{cards()}</div>
                    </fieldset>
                    <FailureLine failure=job.failure/>
                </ModalBody>
                <ModalFooter>
                    <Button kind=ButtonKind::Ghost on_click=move |_| on_close.run(())>
                        "Cancel"
                    </Button>
                    <Button kind=ButtonKind::Primary submit=true busy=job.busy>
                        "Make the link"
                    </Button>
                </ModalFooter>
            </form>
        }
    };
    let made = move |link| {
        let advice = "Send this link to the person. It works once, and it is shown only now.";
        shown_once(advice, "Invitation link", link, on_close)
    };
    view! {
        <Modal title="Invite somebody" on_close busy=job.busy>
            {move || match link.get() {
                Some(link) => Either::Left(made(link)),
                None => Either::Right(form()),
            }}
        </Modal>
    }
    .into_any()
}
