//! The dialog that makes or renews an authentication.

use super::{
    blank::{Blank, needs_app},
    credential_page::CredentialPage,
    flow::{Flow, Page},
    name_page::NamePage,
    permissions_page::PermissionsPage,
    sign_in_page::SignInPage,
};
use crate::ui::Modal;
use leptos::prelude::*;
use patchbay_api::authentications::Authentication;
use patchbay_model::spec::{MethodKind, ServiceSpec};

/// Makes an authentication for a service, or renews one: name, permissions, sign-in.
///
/// The sign-in page of the service opens in a window of its own, inside the click on the last button. Whatever
/// happens there (consent, refusal, a closed or blocked window, too long a wait) is said here, with a way on.
#[component]
pub fn AuthenticationModal(
    /// The service, from the connector's detail.
    service: ServiceSpec,
    #[prop(into)] connector_title: String,
    /// The connector's `<svg>`.
    #[prop(into)]
    connector_icon: String,
    /// Scopes that the steps here need. Read when the dialog opens.
    #[prop(optional, into)]
    needed_scopes: Signal<Vec<String>>,
    /// Renews this one in place of making a new one.
    #[prop(optional_no_strip)]
    reconnect: Option<Authentication>,
    /// Where a sign-in in this tab comes back to; empty: here. The page there calls
    /// [`when_returned`](super::when_returned).
    #[prop(optional, into)]
    return_to: String,
    /// The authentication is there and works.
    #[prop(into)]
    on_done: Callback<Authentication>,
    #[prop(into)] on_close: Callback<()>,
) -> impl IntoView {
    let blank = Blank::new(
        service,
        connector_title,
        needed_scopes.get_untracked(),
        reconnect,
        return_to,
    );
    let first_title = blank.title();
    let flow = Flow::new(blank, on_done);
    let close = Callback::new(move |()| {
        flow.give_up();
        on_close.run(());
    });
    let title = Signal::derive(move || match flow.page.get() {
        Page::Name => first_title.clone(),
        Page::Permissions => "What may it do?".to_owned(),
        Page::SignIn if flow.method.get() == MethodKind::Oauth2 => {
            format!("Sign in to {}", flow.blank.with_value(Blank::service_title))
        }
        Page::SignIn => flow
            .blank
            .with_value(|blank| {
                blank
                    .method(flow.method.get())
                    .map(|method| method.title.clone())
            })
            .unwrap_or_default(),
    });
    let page = move || match flow.page.get() {
        Page::Name => view! { <NamePage flow on_close=close/> }.into_any(),
        Page::Permissions => view! { <PermissionsPage flow/> }.into_any(),
        Page::SignIn if flow.method.get_untracked() == MethodKind::Oauth2 => {
            view! { <SignInPage flow on_close=close/> }.into_any()
        }
        Page::SignIn => view! { <CredentialPage flow/> }.into_any(),
    };
    view! {
        <Modal title icon=connector_icon on_close=close busy=flow.sending.busy>
            <Steps flow/>
            {page}
        </Modal>
    }
    .into_any()
}

/// `1 Name · 2 Permissions · 3 Sign in`.
#[component]
fn Steps(flow: Flow) -> impl IntoView {
    let steps = move || {
        let last = match flow.method.get() {
            MethodKind::Oauth2 => "Sign in",
            MethodKind::Token => "Token",
            MethodKind::Basic => "User name and password",
            MethodKind::Jwt => "Credential",
        };
        let renewing = flow.blank.with_value(|blank| blank.reconnect.is_some());
        if renewing && flow.method.get() != MethodKind::Oauth2 {
            return None;
        }
        let mut steps = vec![(Page::Name, "Name")];
        if flow.has_permissions() {
            steps.push((Page::Permissions, "Permissions"));
        }
        steps.push((Page::SignIn, last));
        let steps = steps
            .into_iter()
            .enumerate()
            .map(|(index, (page, title))| {
                let current = move || (flow.page.get() == page).then_some("step");
                view! { <li aria-current=current>{format!("{} {title}", index + 1)}</li> }
            })
            .collect_view();
        Some(view! { <ol class="modal-steps">{steps}</ol> })
    };
    view! { {steps} }
}

impl Flow {
    /// From the first page onwards. Call it inside the click: there may be nothing left to ask.
    pub(super) fn leave_name_page(self) {
        if untrack(|| self.has_permissions()) {
            self.page.set(Page::Permissions);
        } else if self.method.get_untracked() == MethodKind::Oauth2 {
            self.begin();
        } else {
            self.page.set(Page::SignIn);
        }
    }

    /// Whether the first page is filled in. Tracked.
    pub(super) fn is_named(self) -> bool {
        let named = self.name.with(|name| !name.trim().is_empty());
        let placed = !needs_app(self.method.get()) || self.environment.with(|id| !id.is_empty());
        named && placed
    }
}
