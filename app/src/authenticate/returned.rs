//! Coming back from a sign-in that went on in this tab: the dialog that began it is gone, so the page says how it went.

use crate::{browser, failure::Failure, use_client};
use leptos::task::spawn_local;
use patchbay_api::authentications::{AttemptStatus, Authentication};

/// How a sign-in went.
pub enum Returned {
    /// The authentication, and a sentence when it may do less than was asked for.
    Connected(Box<Authentication>, Option<String>),
    /// Why there is none.
    Failed(Failure),
}

/// Calls back once if this page was opened by coming back from a sign-in. Browser only.
pub fn when_returned(then: impl FnOnce(Returned) + 'static) {
    let Some(attempt) = browser::take_parameter("sign_in") else {
        return;
    };
    let client = use_client();
    spawn_local(async move {
        then(match client.attempt(&attempt).await {
            Ok(answer) => match (answer.status, answer.authentication) {
                (AttemptStatus::Connected, Some(made)) => {
                    let missing = (!answer.missing_scopes.is_empty()).then(|| {
                        format!("It was not granted {}.", answer.missing_scopes.join(", "))
                    });
                    Returned::Connected(Box::new(made), missing)
                }
                _ => Returned::Failed(Failure::of("Nothing was connected", answer.message)),
            },
            Err(error) => Returned::Failed(error.into()),
        });
    });
}
