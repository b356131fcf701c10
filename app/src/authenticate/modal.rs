//! The dialog that makes or renews an authentication.

use crate::ui::Modal;
use leptos::prelude::*;
use patchbay_api::authentications::Authentication;
use patchbay_model::spec::ServiceSpec;

/// Makes an authentication for a service, or renews one: name, permissions, sign-in.
#[component]
pub fn AuthenticationModal(
    /// The service, from the connector's detail.
    service: ServiceSpec,
    #[prop(into)] connector_title: String,
    /// The connector's `<svg>`.
    #[prop(into)]
    connector_icon: String,
    /// Scopes that the steps here need.
    #[prop(optional, into)]
    needed_scopes: Signal<Vec<String>>,
    /// Renews this one in place of making a new one.
    #[prop(optional_no_strip)]
    reconnect: Option<Authentication>,
    /// The authentication is there and works.
    #[prop(into)]
    on_done: Callback<Authentication>,
    #[prop(into)] on_close: Callback<()>,
) -> impl IntoView {
    let _ = (service, needed_scopes, reconnect, on_done);
    view! { <Modal title=connector_title icon=connector_icon on_close>""</Modal> }
}
