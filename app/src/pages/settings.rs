//! `/settings`: the person, the organisation's people, its OAuth apps, tokens, and who did what.

mod audit;
mod environment_form;
mod environments;
mod invite;
mod people;
mod profile;
mod shown_once;
mod storage;
mod tokens;

use crate::{
    load::load,
    session::session_resource,
    ui::{Glyph, Icon, PageHeader},
};
use audit::Audit;
use environments::Environments;
use leptos::prelude::*;
use leptos_router::{components::A, hooks::use_params_map};
use patchbay_api::people::{Person, Role, Session};
use people::People;
use profile::Profile;
use storage::StoragePage;
use tokens::Tokens;

/// Address, title, picture.
const SECTIONS: [(&str, &str, Glyph); 6] = [
    ("profile", "Profile", Glyph::Person),
    ("people", "People", Glyph::People),
    ("environments", "OAuth apps", Glyph::Shield),
    ("tokens", "API tokens", Glyph::Key),
    ("storage", "Storage", Glyph::Building),
    ("audit", "Audit", Glyph::List),
];

/// The page.
#[component]
pub fn SettingsPage() -> impl IntoView {
    let params = use_params_map();
    let section = Memo::new(move |_| {
        let asked = params
            .with(|params| params.get("section"))
            .unwrap_or_default();
        SECTIONS
            .into_iter()
            .map(|(name, _, _)| name)
            .find(|name| *name == asked)
            .unwrap_or("profile")
    });
    let links = SECTIONS
        .into_iter()
        .map(|(name, title, glyph)| {
            view! {
                <A href=format!("/settings/{name}") attr:class="settings-link" attr:data-on=move || (section.get() == name).then_some("true")>
                    <Icon glyph/>
                    <span>{title}</span>
                </A>
            }
        })
        .collect_view();
    view! {
        <div class="page">
            <PageHeader title="Settings"/>
            <div class="settings">
                <nav class="settings-nav" aria-label="Settings">
                    {links}
                </nav>
                <div class="settings-body">
                    {load(
                        session_resource(),
                        move |session| {
                            let session = StoredValue::new(session);
                            move || shown(section.get(), &session.get_value())
                        },
                    )}
                </div>
            </div>
        </div>
    }
    .into_any()
}

fn shown(section: &str, session: &Session) -> AnyView {
    let Some(me) = session.person.clone() else {
        return ().into_any();
    };
    match section {
        "people" => view! { <People me/> }.into_any(),
        "environments" => view! { <Environments me/> }.into_any(),
        "tokens" => view! { <Tokens/> }.into_any(),
        "storage" => view! { <StoragePage me/> }.into_any(),
        "audit" => view! { <Audit/> }.into_any(),
        _ => view! { <Profile me organisation=session.organisation.clone() version=session.version.clone()/> }.into_any(),
    }
}

/// Whether this person manages what belongs to the organisation.
fn manages(person: &Person) -> bool {
    person.role >= Role::Admin
}
