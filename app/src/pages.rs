//! The pages, one folder or file each.

mod authentications;
mod connector;
mod connectors;
mod entrance;
mod guides;
mod invitation;
mod not_found;
mod run;
pub(crate) mod runs;
mod settings;
mod sign_in;
mod welcome;
mod workflows;

pub use authentications::AuthenticationsPage;
pub use connector::ConnectorPage;
pub use connectors::ConnectorsPage;
pub use guides::GuidesPage;
pub use invitation::InvitationPage;
pub use not_found::NotFoundPage;
pub use run::RunPage;
pub use runs::RunsPage;
pub use settings::SettingsPage;
pub use sign_in::SignInPage;
pub use welcome::WelcomePage;
pub use workflows::WorkflowsPage;
