//! Who is asking: one resource for the whole screen.

use crate::{browser, load::Loaded, use_client};
use leptos::prelude::*;
use leptos_router::components::Redirect;
use patchbay_api::people::{Person, Role, Session};

/// The session, wherever a part needs it.
#[derive(Clone, Copy)]
pub struct SessionContext(pub Resource<Loaded<Session>>);

/// Asks once who is there; called by the app.
pub(crate) fn provide_session() {
    let client = use_client();
    let resource = crate::load::resource(
        || (),
        move |()| {
            let client = client.clone();
            async move { client.session().await }
        },
    );
    provide_context(SessionContext(resource));
}

/// The session as far as it is known; for reading under a `Suspense` or in events and effects.
pub fn use_session() -> Signal<Option<Session>> {
    let context = expect_context::<SessionContext>();
    Signal::derive(move || context.0.get().and_then(Result::ok))
}

/// The resource itself, to wait for it.
pub fn session_resource() -> Resource<Loaded<Session>> {
    expect_context::<SessionContext>().0
}

/// Whether the person has at least this role. False until the session is known.
pub fn allows(session: &Option<Session>, role: Role) -> bool {
    person(session).is_some_and(|person| person.role >= role)
}

/// The person who is signed in.
pub fn person(session: &Option<Session>) -> Option<&Person> {
    session.as_ref()?.person.as_ref()
}

/// The redirect URI to give to services: where the server is reached from outside. Browser only.
pub fn redirect_uri(session: &Option<Session>) -> String {
    let known = session
        .as_ref()
        .map(|session| session.public_url.clone())
        .filter(|url| !url.is_empty());
    let base = known.unwrap_or_else(browser::origin);
    format!("{}/oauth/callback", base.trim_end_matches('/'))
}

/// The address of the sign-in page that leads back here.
pub fn sign_in_path(here: &str) -> String {
    if here == "/" || here.is_empty() {
        return "/sign-in".to_owned();
    }
    let here: String = here
        .bytes()
        .map(|byte| match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'/' | b'-' | b'_' | b'.' | b'~' => {
                char::from(byte).to_string()
            }
            other => format!("%{other:02X}"),
        })
        .collect();
    format!("/sign-in?return_to={here}")
}

/// A path to return to after signing in: only ever one on this server.
pub fn safe_return(path: Option<String>) -> String {
    path.filter(|path| path.starts_with('/') && !path.starts_with("//") && !path.contains('\\'))
        .unwrap_or_else(|| "/".to_owned())
}

/// Sends a person who is not signed in to the sign-in page, and back here afterwards.
#[component]
pub fn ToSignIn() -> impl IntoView {
    #[cfg(feature = "ssr")]
    let away = {
        let url = leptos_router::hooks::use_url().get_untracked();
        let search = url.search();
        let here = if search.is_empty() {
            url.path().to_owned()
        } else {
            format!("{}?{search}", url.path())
        };
        view! { <Redirect path=sign_in_path(&here)/> }
    };
    // In the browser without the router, which the builder goes without.
    #[cfg(not(feature = "ssr"))]
    let away = Effect::new(|_| browser::go_to(&sign_in_path(&browser::here())));
    let _ = away;
}

/// Lets only people in who are signed in; sends the others where they have to go first.
#[component]
pub fn Gate() -> impl IntoView {
    let session = session_resource();
    view! {
        <Suspense>
            {move || Suspend::new(async move {
                let session = session.await.ok()?;
                if session.setup_needed {
                    return Some(view! { <Redirect path="/welcome"/> }.into_any());
                }
                session.person.is_none().then(|| view! { <ToSignIn/> }.into_any())
            })}
        </Suspense>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_way_back_survives_as_one_query_value() {
        assert_eq!(
            sign_in_path("/runs?status=failed&x=1"),
            "/sign-in?return_to=/runs%3Fstatus%3Dfailed%26x%3D1"
        );
        assert_eq!(sign_in_path("/"), "/sign-in");
    }

    #[test]
    fn the_way_back_never_leaves_the_server() {
        for foreign in [
            "https://evil.example",
            "//evil.example",
            "/\\evil.example",
            "runs",
        ] {
            assert_eq!(safe_return(Some(foreign.to_owned())), "/", "{foreign}");
        }
        assert_eq!(safe_return(Some("/runs".to_owned())), "/runs");
    }
}
