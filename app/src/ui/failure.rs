//! Failures, shown where they matter.

use super::{Button, Glyph, Icon, Note, NoteKind};
use crate::{failure::Failure, session::ToSignIn};
use leptos::{either::EitherOf3, prelude::*};

/// In place of what could not be loaded.
#[component]
pub fn FailureNote(
    failure: Failure,
    /// What *Try again* does; without it there is no such button.
    #[prop(optional, into)]
    on_retry: Option<Callback<()>>,
) -> impl IntoView {
    if failure.is_signed_out() {
        return EitherOf3::A(view! { <ToSignIn/> });
    }
    if failure.is_not_found() {
        crate::answer::not_found();
        return EitherOf3::B(view! {
            <div class="empty" role="alert">
                <Icon glyph=Glyph::Search/>
                <h2>{failure.title()}</h2>
                <p>{failure.detail()}</p>
            </div>
        });
    }
    EitherOf3::C(view! {
        <div class="empty" role="alert">
            <Icon glyph=Glyph::Warning/>
            <h2>{failure.title()}</h2>
            <p>{failure.detail()}</p>
            {on_retry
                .map(|on_retry| {
                    view! {
                        <Button glyph=Glyph::Refresh on_click=move |_| on_retry.run(())>
                            "Try again"
                        </Button>
                    }
                })}
        </div>
    })
}

/// Below the form that could not be sent; nothing while there is no failure.
#[component]
pub fn FailureLine(#[prop(into)] failure: Signal<Option<Failure>>) -> impl IntoView {
    move || {
        failure.get().map(|failure| {
            let detail = failure.detail();
            // What was entered stays here while the person signs in elsewhere.
            let way_on = failure.is_signed_out().then(|| {
                view! {
                    " "
                    <a class="link" href="/sign-in" target="_blank">
                        "Sign in in another tab"
                    </a>
                    ", then try again."
                }
            });
            view! {
                <Note kind=NoteKind::Bad>
                    <b>{failure.title()}</b>
                    {(!detail.is_empty()).then(|| view! { <span>" " {detail}</span> })}
                    {way_on}
                </Note>
            }
        })
    }
}
