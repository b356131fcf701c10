//! Which address shows which page.

use crate::{
    builder::BuilderPage,
    frame::Frame,
    pages::{
        AuthenticationsPage, ConnectorPage, ConnectorsPage, GuidesPage, InvitationPage,
        NotFoundPage, RunPage, RunsPage, SettingsPage, SignInPage, WelcomePage, WorkflowsPage,
    },
    session::provide_session,
    ui::{ToastHost, provide_toasts},
};
use leptos::prelude::*;
use leptos_meta::provide_meta_context;
use leptos_router::{
    components::{ParentRoute, Route, Router, Routes},
    path,
};

/// Everything inside the document's body. Needs the client in the context.
#[component]
pub fn App() -> impl IntoView {
    provide_meta_context();
    provide_toasts();
    provide_session();
    view! {
        <Router>
            <Routes fallback=|| view! { <NotFoundPage/> }>
                <ParentRoute path=path!("") view=Frame>
                    <Route path=path!("/") view=WorkflowsPage/>
                    <Route path=path!("/runs") view=RunsPage/>
                    <Route path=path!("/runs/:id") view=RunPage/>
                    <Route path=path!("/authentications") view=AuthenticationsPage/>
                    <Route path=path!("/connectors") view=ConnectorsPage/>
                    <Route path=path!("/connectors/:name") view=ConnectorPage/>
                    <Route path=path!("/settings/:section?") view=SettingsPage/>
                    <Route path=path!("/guides/:name?") view=GuidesPage/>
                </ParentRoute>
                <Route path=path!("/workflows/:id") view=BuilderPage/>
                <Route path=path!("/sign-in") view=SignInPage/>
                <Route path=path!("/welcome") view=WelcomePage/>
                <Route path=path!("/invitations/:token") view=InvitationPage/>
            </Routes>
        </Router>
        <ToastHost/>
    }
    .into_any()
}
