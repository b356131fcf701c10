//! The members of the organisation, their roles, and the invitations on their way.

use super::{invite::Invitations, manages};
use crate::{
    job::Job,
    load::{load, resource},
    ui::{
        ConfirmDialog, For, Glyph, IconButton, Pill, RelativeTime, Section, SelectField,
        SelectOption, use_toasts,
    },
    use_client,
};
use leptos::{either::Either, prelude::*};
use patchbay_api::people::{Person, Role};

/// What can be given; the owner stays the owner.
pub(super) const ROLES: [Role; 3] = [Role::Viewer, Role::Builder, Role::Admin];

/// What a role may do, in a sentence.
pub(super) fn explained(role: Role) -> &'static str {
    match role {
        Role::Viewer => "Sees workflows and runs.",
        Role::Builder => "Also edits and runs workflows, and uses organisational authentications.",
        Role::Admin => "Also manages people, OAuth apps and organisational authentications.",
        Role::Owner => "Can do everything and cannot be removed.",
    }
}

/// A role as it is written in a drop-down.
pub(super) fn role_of(word: &str) -> Role {
    ROLES
        .into_iter()
        .find(|role| word_of(*role) == word)
        .unwrap_or(Role::Viewer)
}

/// The word of a role in a drop-down.
pub(super) fn word_of(role: Role) -> &'static str {
    match role {
        Role::Viewer => "viewer",
        Role::Builder => "builder",
        Role::Admin => "admin",
        Role::Owner => "owner",
    }
}

#[component]
pub(super) fn People(me: Person) -> impl IntoView {
    let client = use_client();
    let people = resource(
        || (),
        move |()| {
            let client = client.clone();
            async move { client.people().await }
        },
    );
    let may = manages(&me);
    let me = StoredValue::new(me);
    view! {
        <Section title="People" summary="Everybody who can sign in here, and what they may do.">
            {load(people, move |people| view! { <List people me=me.get_value()/> })}
        </Section>
        {may.then(|| view! { <Invitations/> })}
    }
    .into_any()
}

#[component]
fn List(people: Vec<Person>, me: Person) -> impl IntoView {
    let people = RwSignal::new(people);
    let removing = RwSignal::new(None::<Person>);
    let me = StoredValue::new(me);
    view! {
        <ul class="rows rows-flat" aria-label="People">
            <For each=move || people.get() key=|person| (person.id.clone(), person.role as u8) let:person>
                <Row person me=me.get_value() people removing/>
            </For>
        </ul>
        {move || removing.get().map(|person| view! { <Remove person people removing/> })}
    }
    .into_any()
}

#[component]
fn Row(
    person: Person,
    me: Person,
    people: RwSignal<Vec<Person>>,
    removing: RwSignal<Option<Person>>,
) -> impl IntoView {
    let client = use_client();
    let toasts = use_toasts();
    let job = Job::new();
    let is_me = person.id == me.id;
    let editable = manages(&me) && !is_me && person.role != Role::Owner && person.role <= me.role;
    let role = RwSignal::new(word_of(person.role).to_owned());
    let id = person.id.clone();
    let old = word_of(person.role);
    Effect::new(move |_| {
        if let Some(failure) = job.failure.get() {
            toasts.failure(&failure);
            role.set(old.to_owned());
        }
    });
    let change = move |word: String| {
        let (client, id) = (client.clone(), id.clone());
        let role = role_of(&word);
        job.run(
            async move { client.change_role(&id, role).await },
            move |changed| {
                toasts.say(format!("{} is now {}", changed.name, changed.role.title()));
                people.update(|people| {
                    if let Some(person) = people.iter_mut().find(|person| person.id == changed.id) {
                        *person = changed;
                    }
                });
            },
        );
    };
    let options: Vec<SelectOption> = ROLES
        .into_iter()
        .filter(|role| *role <= me.role)
        .map(|role| SelectOption::new(word_of(role), role.title()))
        .collect();
    let name = person.name.clone();
    let role_view = if editable {
        Either::Left(view! {
            <SelectField
                name=format!("role-{}", person.id)
                label=format!("Role of {name}")
                value=role
                options
                bare=true
                disabled=job.busy
                on_change=change
            />
        })
    } else {
        let title = explained(person.role);
        Either::Right(
            view! { <span title=title><Pill kind=crate::ui::PillKind::Neutral>{person.role.title()}</Pill></span> },
        )
    };
    let seen = match person.last_seen_at.clone() {
        Some(at) => Either::Left(view! { "Seen " <RelativeTime at/> }),
        None => Either::Right("Never seen"),
    };
    let gone = StoredValue::new(person.clone());
    view! {
        <li class="row">
            <div class="row-main">
                <b class="row-title">{name.clone()} {is_me.then_some(" (you)")}</b>
                <small class="row-sub">{person.email}</small>
            </div>
            <small class="muted row-seen">{seen}</small>
            <span class="row-role">{role_view}</span>
            {if editable {
                Either::Left(
                    view! {
                        <IconButton
                            glyph=Glyph::Trash
                            label=format!("Remove {name}")
                            on_click=move |_| removing.set(Some(gone.get_value()))
                        />
                    },
                )
            } else {
                Either::Right(view! { <span class="row-no-menu"></span> })
            }}
        </li>
    }
    .into_any()
}

#[component]
fn Remove(
    person: Person,
    people: RwSignal<Vec<Person>>,
    removing: RwSignal<Option<Person>>,
) -> impl IntoView {
    let client = use_client();
    let job = Job::new();
    let id = person.id.clone();
    let confirm = move || {
        let (client, id) = (client.clone(), id.clone());
        let gone = id.clone();
        job.run(async move { client.remove_person(&id).await }, move |()| {
            people.update(|people| people.retain(|person| person.id != gone));
            removing.set(None);
        });
    };
    view! {
        <ConfirmDialog
            title="Remove this person?"
            confirm="Remove"
            danger=true
            busy=job.busy
            failure=job.failure
            on_confirm=confirm
            on_close=move || removing.set(None)
        >
            <p>
                <b>{person.name}</b>
                " is signed out at once and cannot come back without an invitation. Workflows stay; steps that use this \
                 person's own authentications will fail."
            </p>
        </ConfirmDialog>
    }
    .into_any()
}
