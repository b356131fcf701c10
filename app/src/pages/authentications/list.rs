//! The list of authentications, with its filters.

use super::{Doing, Shelf};
use crate::ui::{
    Button, ConnectorIcon, EmptyState, For, Glyph, Icon, Menu, MenuItem, Pill, PillKind,
    RelativeTime, SearchField, SelectField, SelectOption,
};
use leptos::{either::Either, prelude::*};
use patchbay_api::authentications::{Authentication, AuthenticationState, Ownership};

/// What is looked for.
#[derive(Debug, Clone, Default)]
struct Wanted {
    text: String,
    service: String,
    state: String,
}

impl Wanted {
    fn fits(&self, one: &Authentication) -> bool {
        let text = self.text.trim().to_lowercase();
        let said = [
            Some(&one.name),
            one.account.as_ref(),
            Some(&one.owner_name),
            one.environment.title.as_ref(),
        ];
        let by_text = text.is_empty()
            || said
                .into_iter()
                .flatten()
                .any(|said| said.to_lowercase().contains(&text));
        let by_service = self.service.is_empty() || one.service == self.service;
        let by_state = match self.state.as_str() {
            "connected" => one.state == AuthenticationState::Connected,
            "needs_reconnect" => one.state == AuthenticationState::NeedsReconnect,
            "personal" => one.owner == Ownership::Personal,
            "organisational" => one.owner == Ownership::Organisational,
            _ => true,
        };
        by_text && by_service && by_state
    }
}

#[component]
pub(super) fn AuthenticationList(shelf: Shelf) -> impl IntoView {
    let text = RwSignal::new(String::new());
    let service = RwSignal::new(String::new());
    let state = RwSignal::new(String::new());
    let found = Memo::new(move |_| {
        let wanted = Wanted {
            text: text.get(),
            service: service.get(),
            state: state.get(),
        };
        shelf.all.with(|all| {
            all.iter()
                .filter(|one| wanted.fits(one))
                .cloned()
                .collect::<Vec<_>>()
        })
    });
    let services = Memo::new(move |_| {
        let mut names: Vec<String> = shelf
            .all
            .with(|all| all.iter().map(|one| one.service.clone()).collect());
        names.sort();
        names.dedup();
        names
    });
    let service_options = Signal::derive(move || {
        std::iter::once(SelectOption::new("", "All services"))
            .chain(
                services
                    .get()
                    .into_iter()
                    .map(|name| SelectOption::new(name.clone(), shelf.service_title(&name))),
            )
            .collect()
    });
    let state_options = vec![
        SelectOption::new("", "All"),
        SelectOption::new("connected", "Connected"),
        SelectOption::new("needs_reconnect", "Needs reconnecting"),
        SelectOption::new("personal", "Personal"),
        SelectOption::new("organisational", "Organisational"),
    ];
    let nothing = Memo::new(move |_| shelf.all.with(Vec::is_empty));
    let state_options = StoredValue::new(state_options);
    let list = move || {
        view! {
            <div class="toolbar">
                <SearchField value=text label="Search authentications"/>
                <SelectField name="auth-service" label="Service" value=service options=service_options bare=true/>
                <SelectField name="auth-state" label="State" value=state options=state_options.get_value() bare=true/>
            </div>
            <ul class="rows" aria-label="Authentications">
                <For each=move || found.get() key=|one| (one.id.clone(), one.name.clone(), one.state as u8, one.scopes.clone()) let:one>
                    <Row one shelf/>
                </For>
            </ul>
            {move || found.with(Vec::is_empty).then(|| view! { <p class="rows-none muted">"No authentication fits."</p> })}
        }
    };
    let empty = move || {
        view! {
            <section class="section">
                <EmptyState title="Connect your first account" glyph=Glyph::Key>
                    <p>
                        "An authentication lets steps act for an account: yours alone, or one that your whole organisation \
                         uses. You say what it may do, and nobody can read the secret afterwards."
                    </p>
                    <Button glyph=Glyph::Plus on_click=move |_| shelf.doing.set(Some(Doing::Choosing))>
                        "Choose a service"
                    </Button>
                    <p>
                        <a class="link" href="/guides/authentications">
                            "How authentications work"
                        </a>
                    </p>
                </EmptyState>
            </section>
        }
    };
    move || {
        if nothing.get() {
            Either::Left(empty())
        } else {
            Either::Right(list())
        }
    }
}

#[component]
fn Row(one: Authentication, shelf: Shelf) -> impl IntoView {
    let needs_reconnect = one.state == AuthenticationState::NeedsReconnect;
    let can_reconnect = one.manageable;
    let state = if needs_reconnect {
        view! { <Pill kind=PillKind::Bad>"Needs reconnecting"</Pill> }
    } else {
        view! { <Pill kind=PillKind::Ok>"Connected"</Pill> }
    };
    let (owner_glyph, owner_title) = match one.owner {
        Ownership::Personal => (Glyph::Person, "Personal".to_owned()),
        Ownership::Organisational => (Glyph::Building, "Organisational".to_owned()),
    };
    let place = [
        Some(shelf.service_title(&one.service)),
        one.environment
            .title
            .clone()
            .or_else(|| one.environment.base_url.clone()),
        one.account.clone(),
    ];
    let place = place.into_iter().flatten().collect::<Vec<_>>().join(" · ");
    let menu = Signal::derive({
        let one = one.clone();
        move || {
            let doing = |title: &str, doing: Doing| {
                MenuItem::new(title, move || shelf.doing.set(Some(doing.clone())))
            };
            let mut items =
                vec![doing("Rename…", Doing::Renaming(one.clone())).glyph(Glyph::Pencil)];
            if can_reconnect {
                items.push(
                    doing("Reconnect…", Doing::Reconnecting(one.clone())).glyph(Glyph::Refresh),
                );
            }
            items.push(
                doing("Delete…", Doing::Deleting(one.clone()))
                    .glyph(Glyph::Trash)
                    .danger(),
            );
            items
        }
    });
    let reconnect = (needs_reconnect && can_reconnect).then(|| {
        let one = one.clone();
        view! {
            <Button
                small=true
                glyph=Glyph::Refresh
                on_click=move |_| shelf.doing.set(Some(Doing::Reconnecting(one.clone())))
            >
                "Reconnect"
            </Button>
        }
    });
    let name = one.name.clone();
    let last_used = match one.last_used_at.clone() {
        Some(at) => Either::Left(view! { "Used " <RelativeTime at/> }),
        None => Either::Right(view! { "Not used yet" }),
    };
    let manageable = one.manageable;
    let owner_name = one.owner_name.clone();
    view! {
        <li class="row row-tall">
            <ConnectorIcon svg=shelf.service_icon(&one.service)/>
            <div class="row-main">
                <b class="row-title">{name.clone()}</b>
                <small class="row-sub">{place}</small>
                <Scopes scopes=one.scopes/>
            </div>
            <span class="row-owner muted" title=format!("Made by {owner_name}")>
                <Icon glyph=owner_glyph/>
                {owner_title}
            </span>
            <span class="row-last">
                <span class="line">{reconnect} {state}</span>
                <small class="muted">{last_used}</small>
            </span>
            {if manageable {
                Either::Left(view! { <Menu label=format!("More for {name}") items=menu/> })
            } else {
                Either::Right(view! { <span class="row-no-menu"></span> })
            }}
        </li>
    }
    .into_any()
}

/// What the service granted; long lists open on request.
#[component]
fn Scopes(scopes: Vec<String>) -> impl IntoView {
    (!scopes.is_empty()).then(|| {
        let count = scopes.len();
        let title = if count == 1 {
            "1 permission".to_owned()
        } else {
            format!("{count} permissions")
        };
        let chips = scopes
            .into_iter()
            .map(|scope| view! { <span class="tag mono">{scope}</span> })
            .collect_view();
        view! {
            <details class="scopes">
                <summary>{title}</summary>
                <div class="tags">{chips}</div>
            </details>
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use patchbay_api::authentications::EnvironmentRef;
    use patchbay_model::spec::MethodKind;

    fn sample() -> Authentication {
        Authentication {
            id: "auth_1".into(),
            name: "Service account".to_owned(),
            service: "ringcentral".to_owned(),
            owner: Ownership::Organisational,
            owner_name: "Ana".to_owned(),
            manageable: true,
            method: MethodKind::Oauth2,
            environment: EnvironmentRef {
                title: Some("Production".to_owned()),
                ..EnvironmentRef::default()
            },
            scopes: Vec::new(),
            state: AuthenticationState::NeedsReconnect,
            account: None,
            created_at: String::new(),
            last_used_at: None,
        }
    }

    #[test]
    fn filters_narrow_together() {
        let wanted = |text: &str, service: &str, state: &str| Wanted {
            text: text.to_owned(),
            service: service.to_owned(),
            state: state.to_owned(),
        };
        for (wanted, expected) in [
            (wanted("", "", ""), true),
            (wanted("ACCOUNT", "ringcentral", "needs_reconnect"), true),
            (wanted("production", "", "organisational"), true),
            (wanted("", "google", ""), false),
            (wanted("", "", "connected"), false),
            (wanted("nobody", "", ""), false),
        ] {
            assert_eq!(wanted.fits(&sample()), expected, "{wanted:?}");
        }
    }
}
