//! What stands around every page but the builder: navigation on the left, the page beside it.

use crate::{
    browser,
    job::Job,
    session::{Gate, session_resource},
    theme::{self, Theme},
    ui::{Glyph, Icon, Logo, Menu, MenuItem, use_toasts},
    use_client,
};
use leptos::prelude::*;
use leptos_router::components::{A, Outlet};
use patchbay_api::people::Session;

/// The frame.
#[component]
pub fn Frame() -> impl IntoView {
    view! {
        <Gate/>
        <a class="skip-link" href="#main">
            "Skip to the page"
        </a>
        <div class="frame">
            <aside class="frame-side">
                <a class="frame-brand" href="/">
                    <Logo/>
                    <span>"Patchbay"</span>
                </a>
                <nav class="frame-nav" aria-label="Main">
                    <Place href="/" title="Workflows" glyph=Glyph::Workflow exact=true/>
                    <Place href="/runs" title="Runs" glyph=Glyph::Run/>
                    <Place href="/authentications" title="Authentications" glyph=Glyph::Key/>
                    <Place href="/connectors" title="Connectors" glyph=Glyph::Plug/>
                    <span class="frame-gap"></span>
                    <Place href="/guides" title="Guides" glyph=Glyph::Book/>
                    <Place href="/settings" title="Settings" glyph=Glyph::Gear/>
                </nav>
                <Account/>
            </aside>
            <main class="frame-main" id="main" tabindex="-1">
                <Outlet/>
            </main>
        </div>
    }
    .into_any()
}

#[component]
fn Place(
    href: &'static str,
    title: &'static str,
    glyph: Glyph,
    #[prop(optional)] exact: bool,
) -> impl IntoView {
    view! {
        <A href=href exact=exact attr:class="frame-place" attr:title=title>
            <Icon glyph/>
            <span>{title}</span>
        </A>
    }
    .into_any()
}

/// Who is signed in, and what is theirs: theme, sign out.
#[component]
fn Account() -> impl IntoView {
    let session = session_resource();
    view! {
        <div class="frame-account">
            <Suspense>
                {move || Suspend::new(async move { session.await.ok().map(|session| view! { <DemoLink url=session.demo_url.clone()/> <AccountMenu session/> }) })}
            </Suspense>
        </div>
    }
    .into_any()
}

/// Where one looks at what a workflow did in the demo's services.
#[component]
fn DemoLink(#[prop(optional_no_strip)] url: Option<String>) -> impl IntoView {
    url.map(|url| {
        view! {
            <a class="frame-place" href=url target="_blank" rel="noopener" title="Demo sandbox">
                <Icon glyph=Glyph::ArrowOut/>
                <span>"Demo sandbox"</span>
            </a>
        }
    })
}

#[component]
fn AccountMenu(session: Session) -> impl IntoView {
    let person = session.person?;
    let organisation = session
        .organisation
        .map(|organisation| organisation.name)
        .unwrap_or_default();
    let initials = initials(&person.name);
    Some(view! {
        <Menu label="Your account" items=account_items() up=true>
            <span class="avatar" aria-hidden="true">
                {initials}
            </span>
            <span class="frame-person">
                <b>{person.name}</b>
                <small>{organisation}</small>
            </span>
        </Menu>
    })
}

/// What the account menu offers; also for the builder's top bar.
pub fn account_items() -> Signal<Vec<MenuItem>> {
    let client = use_client();
    let toasts = use_toasts();
    let sign_out = Job::new();
    let chosen = RwSignal::new(Theme::System);
    Effect::new(move |_| chosen.set(theme::current()));
    Effect::new(move |_| {
        if let Some(failure) = sign_out.failure.get() {
            toasts.failure(&failure);
        }
    });
    Signal::derive(move || {
        let client = client.clone();
        let glyph = |theme| match theme {
            Theme::System => Glyph::Screen,
            Theme::Light => Glyph::Sun,
            Theme::Dark => Glyph::Moon,
        };
        let themes = Theme::ALL.into_iter().map(|theme| {
            let choose = move || {
                theme::choose(theme);
                chosen.set(theme);
            };
            MenuItem::new(theme.title(), choose)
                .glyph(glyph(theme))
                .checked(Signal::derive(move || chosen.get() == theme))
        });
        let leave = move || {
            let client = client.clone();
            sign_out.run(async move { client.sign_out().await }, |()| {
                browser::go_to("/sign-in")
            });
        };
        themes
            .chain([
                MenuItem::link("Your profile", "/settings").glyph(Glyph::Person),
                MenuItem::new("Sign out", leave).glyph(Glyph::SignOut),
            ])
            .collect()
    })
}

fn initials(name: &str) -> String {
    let mut words = name
        .split_whitespace()
        .filter_map(|word| word.chars().next());
    words
        .next()
        .into_iter()
        .chain(words.next_back())
        .flat_map(char::to_uppercase)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::initials;

    #[test]
    fn initials_are_the_first_and_the_last() {
        for (name, expected) in [
            ("Ana Ruiz", "AR"),
            ("ana", "A"),
            ("Ana de la Cruz", "AC"),
            ("", ""),
        ] {
            assert_eq!(initials(name), expected);
        }
    }
}
