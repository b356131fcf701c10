//! Page 3: waiting for the sign-in at the service, and what became of it.

use super::{
    blank::Blank,
    flow::{Flow, Page, SignIn},
};
use crate::{
    failure::Failure,
    ui::{Button, ButtonKind, Glyph, Icon, ModalBody, ModalFooter},
};
use leptos::prelude::*;
use patchbay_api::authentications::Authentication;

/// What the page says, apart from its buttons.
struct Said {
    glyph: Glyph,
    bad: bool,
    turning: bool,
    title: String,
    text: String,
}

/// The page.
#[component]
pub(super) fn SignInPage(flow: Flow, on_close: Callback<()>) -> impl IntoView {
    let service = flow.blank.with_value(Blank::service_title);
    let said = move || {
        let said = flow.sign_in.with(|state| say(state, &service));
        view! {
            <div class="sign-in-state" class:sign-in-state-bad=said.bad role="status">
                <span class="sign-in-picture" class:sign-in-turning=said.turning>
                    <Icon glyph=said.glyph/>
                </span>
                <h3>{said.title}</h3>
                <p>{said.text}</p>
            </div>
        }
    };
    crate::browser::focus_when_shown("authentication-sign-in".to_owned());
    view! {
        <div class="modal-page" id="authentication-sign-in" tabindex="-1">
            <ModalBody>
                {said}
                <Ways flow/>
            </ModalBody>
            <ModalFooter>
                <Buttons flow on_close/>
            </ModalFooter>
        </div>
    }
    .into_any()
}

fn say(state: &SignIn, service: &str) -> Said {
    let waiting = |title: String, text: &str| Said {
        glyph: Glyph::Key,
        bad: false,
        turning: true,
        title,
        text: text.to_owned(),
    };
    let bad = |title: &str, text: String| Said {
        glyph: Glyph::Warning,
        bad: true,
        turning: false,
        title: title.to_owned(),
        text,
    };
    let or = |message: &str, otherwise: &str| {
        if message.is_empty() {
            otherwise.to_owned()
        } else {
            message.to_owned()
        }
    };
    match state {
        SignIn::Starting => waiting("One moment".to_owned(), "Asking where to sign in…"),
        SignIn::Waiting => waiting(
            format!("Waiting for you to sign in at {service}"),
            "It is open in a window of its own. Nothing is stored until you have agreed there.",
        ),
        SignIn::Closed => Said {
            turning: false,
            ..waiting(
                "The sign-in window is closed".to_owned(),
                "Nothing was connected. Open it again to go on where you were; if it is still open somewhere, finish there \
                 and this page notices.",
            )
        },
        SignIn::Blocked => Said {
            turning: false,
            ..waiting(
                "Your browser blocked the sign-in window".to_owned(),
                "Open it with the button below, or sign in in this tab and come back here afterwards.",
            )
        },
        SignIn::Refused(message) => bad(
            "Access was refused",
            or(
                message,
                &format!("You said no at {service}, so nothing was connected."),
            ),
        ),
        SignIn::Expired(message) => bad(
            "The sign-in took too long",
            or(
                message,
                &format!(
                    "{service} did not send you back in time. Nothing was connected; just try again."
                ),
            ),
        ),
        SignIn::Failed(message) => bad(
            "The sign-in did not work",
            or(
                message,
                &format!("{service} gave no reason. Nothing was connected."),
            ),
        ),
        SignIn::Partly(_, missing) => Said {
            turning: false,
            ..bad(
                "Connected, but with less than you asked for",
                partly(service, missing),
            )
        },
        SignIn::NotStarted(failure) => bad(&failure.title(), detail(failure)),
    }
}

fn partly(service: &str, missing: &[String]) -> String {
    format!(
        "{service} did not grant {}. Steps that need it will be refused. The app at {service} may lack this permission, or it \
         was left out while signing in.",
        missing.join(", ")
    )
}

fn detail(failure: &Failure) -> String {
    let detail = failure.detail();
    if detail.is_empty() {
        "Nothing was connected.".to_owned()
    } else {
        detail
    }
}

/// Other ways to get to the service's page while it is waited for.
#[component]
fn Ways(flow: Flow) -> impl IntoView {
    move || {
        let url = flow.url.get();
        match flow.sign_in.get() {
            SignIn::Waiting => Some(
                view! {
                    <p class="sign-in-ways muted">
                        "You do not see it? "
                        <button class="link" type="button" on:click=move |_| flow.show_window()>
                            "Show the window again"
                        </button>
                        " or "
                        <button class="link" type="button" on:click=move |_| flow.begin_in_this_tab()>
                            "sign in in this tab"
                        </button>
                        "."
                    </p>
                }
                .into_any(),
            ),
            SignIn::Blocked => Some(
                view! {
                    <p class="sign-in-ways muted">
                        <button class="link" type="button" on:click=move |_| flow.begin_in_this_tab()>
                            "Sign in in this tab"
                        </button>
                        {url
                            .map(|url| {
                                view! {
                                    " or follow "
                                    <a class="link" href=url target="_blank" rel="noopener">
                                        "this link"
                                    </a>
                                }
                            })} "."
                    </p>
                }
                .into_any(),
            ),
            _ => None,
        }
    }
}

#[component]
fn Buttons(flow: Flow, on_close: Callback<()>) -> impl IntoView {
    let back = move || {
        let page = if untrack(|| flow.has_permissions()) {
            Page::Permissions
        } else {
            Page::Name
        };
        flow.give_up();
        flow.page.set(page);
    };
    let back_button = move || {
        view! {
            <Button kind=ButtonKind::Ghost on_click=move |_| back()>
                "Back"
            </Button>
        }
    };
    let take = move |made: Authentication| {
        view! {
            <Button on_click=move |_| flow.take(made.clone())>"Use it all the same"</Button>
        }
    };
    move || match flow.sign_in.get() {
        SignIn::Starting | SignIn::Waiting => view! {
            {back_button()}
            <Button on_click=move |_| on_close.run(())>"Cancel"</Button>
        }
        .into_any(),
        SignIn::Closed | SignIn::Blocked => view! {
            {back_button()}
            <Button kind=ButtonKind::Primary on_click=move |_| flow.show_window()>
                "Open the sign-in window"
            </Button>
        }
        .into_any(),
        SignIn::Partly(made, _) => view! {
            {back_button()}
            {take(*made)}
            <Button kind=ButtonKind::Primary on_click=move |_| flow.begin()>
                "Sign in again"
            </Button>
        }
        .into_any(),
        SignIn::Refused(_) | SignIn::Expired(_) | SignIn::Failed(_) | SignIn::NotStarted(_) => {
            view! {
                {back_button()}
                <Button kind=ButtonKind::Primary on_click=move |_| flow.begin()>
                    "Try again"
                </Button>
            }
            .into_any()
        }
    }
}
