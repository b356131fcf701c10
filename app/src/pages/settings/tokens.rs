//! API tokens: made, shown once, revoked.

use super::shown_once::shown_once;
use crate::{
    job::Job,
    load::{load, resource},
    ui::{
        Button, ButtonKind, ConfirmDialog, EmptyState, FailureLine, For, Glyph, Modal, ModalBody,
        ModalFooter, RelativeTime, Section, TextField,
    },
    use_client,
};
use leptos::{either::Either, prelude::*};
use patchbay_api::people::{ApiToken, NewApiToken};

#[component]
pub(super) fn Tokens() -> impl IntoView {
    let client = use_client();
    let tokens = resource(
        || (),
        move |()| {
            let client = client.clone();
            async move { client.tokens().await }
        },
    );
    view! {
        <Section
            title="API tokens"
            summary="With a token a program can do whatever you can do here. Send it as Authorization: Bearer."
        >
            {load(tokens, |tokens| view! { <List tokens/> })}
        </Section>
    }
    .into_any()
}

#[component]
fn List(tokens: Vec<ApiToken>) -> impl IntoView {
    let tokens = RwSignal::new(tokens);
    let making = RwSignal::new(false);
    let revoking = RwSignal::new(None::<ApiToken>);
    let nothing = Memo::new(move |_| tokens.with(Vec::is_empty));
    view! {
        {move || {
            if nothing.get() {
                Either::Left(
                    view! {
                        <EmptyState title="No token yet" glyph=Glyph::Key>
                            <p>"Make one for each program, so that you can revoke them one by one."</p>
                        </EmptyState>
                    },
                )
            } else {
                Either::Right(
                    view! {
                        <ul class="rows rows-flat" aria-label="API tokens">
                            <For each=move || tokens.get() key=|token| token.id.clone() let:token>
                                <Row token revoking/>
                            </For>
                        </ul>
                    },
                )
            }
        }}
        <Button glyph=Glyph::Plus on_click=move |_| making.set(true)>
            "New token"
        </Button>
        <Show when=move || making.get()>
            <Make tokens on_close=move || making.set(false)/>
        </Show>
        {move || revoking.get().map(|token| view! { <Revoke token tokens revoking/> })}
    }
    .into_any()
}

#[component]
fn Row(token: ApiToken, revoking: RwSignal<Option<ApiToken>>) -> impl IntoView {
    let used = match token.last_used_at.clone() {
        Some(at) => Either::Left(view! { "Used " <RelativeTime at/> }),
        None => Either::Right("Not used yet"),
    };
    let kept = StoredValue::new(token.clone());
    view! {
        <li class="row">
            <div class="row-main">
                <b class="row-title">{token.name}</b>
                <small class="row-sub">"Made " <RelativeTime at=token.created_at/></small>
            </div>
            <small class="muted row-seen">{used}</small>
            <Button small=true on_click=move |_| revoking.set(Some(kept.get_value()))>
                "Revoke"
            </Button>
        </li>
    }
    .into_any()
}

#[component]
fn Make(tokens: RwSignal<Vec<ApiToken>>, #[prop(into)] on_close: Callback<()>) -> impl IntoView {
    let client = use_client();
    let job = Job::new();
    let name = RwSignal::new(String::new());
    let secret = RwSignal::new(None::<String>);
    let submit = move || {
        let client = client.clone();
        let new = NewApiToken {
            name: name.get_untracked().trim().to_owned(),
        };
        let call = async move {
            let made = client.create_token(&new).await?;
            // The list knows when it was made; without it the page shows it after a reload.
            let all = client.tokens().await.unwrap_or_default();
            Ok((made, all))
        };
        job.run(call, move |(made, all)| {
            secret.set(Some(made.token));
            if !all.is_empty() {
                tokens.set(all);
            }
        });
    };
    let submit = StoredValue::new(submit);
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
                        name="token-name"
                        label="Name"
                        value=name
                        placeholder="Nightly import"
                        help="Which program it is for."
                        autocomplete="off"
                        required=true
                        focus=true
                    />
                    <FailureLine failure=job.failure/>
                </ModalBody>
                <ModalFooter>
                    <Button kind=ButtonKind::Ghost on_click=move |_| on_close.run(())>
                        "Cancel"
                    </Button>
                    <Button kind=ButtonKind::Primary submit=true busy=job.busy>
                        "Make the token"
                    </Button>
                </ModalFooter>
            </form>
        }
    };
    let made = move |secret| {
        let advice = "Keep it somewhere safe now: it is shown only once.";
        shown_once(advice, "API token", secret, on_close)
    };
    view! {
        <Modal title="New API token" on_close busy=job.busy>
            {move || match secret.get() {
                Some(secret) => Either::Left(made(secret)),
                None => Either::Right(form()),
            }}
        </Modal>
    }
    .into_any()
}

#[component]
fn Revoke(
    token: ApiToken,
    tokens: RwSignal<Vec<ApiToken>>,
    revoking: RwSignal<Option<ApiToken>>,
) -> impl IntoView {
    let client = use_client();
    let job = Job::new();
    let id = token.id.clone();
    let confirm = move || {
        let (client, id) = (client.clone(), id.clone());
        let gone = id.clone();
        job.run(async move { client.revoke_token(&id).await }, move |()| {
            tokens.update(|tokens| tokens.retain(|token| token.id != gone));
            revoking.set(None);
        });
    };
    view! {
        <ConfirmDialog
            title="Revoke this token?"
            confirm="Revoke"
            danger=true
            busy=job.busy
            failure=job.failure
            on_confirm=confirm
            on_close=move || revoking.set(None)
        >
            <p>"Whatever uses " <b>{token.name}</b> " is refused from now on."</p>
        </ConfirmDialog>
    }
    .into_any()
}
