//! Everything a connector author touches: the manifest, its interpreter, hooks, and the replay of recorded exchanges.
//!
//! A connector is a folder (see [`manifest`]). [`catalog::Catalog::load`] reads folders into the specs that the screen
//! and the checks see; [`interpret::Kit`] carries operations out.
//!
//! ```text
//! Catalog::load(sources) -> Result<Catalog, Vec<ManifestError>>
//! Catalog: model::spec::Catalog
//!   .specs() -> &[ConnectorSpec]            .service("google") -> Option<&ServiceSpec>
//!   .find(connector, operation)             .check_operation("google") -> Option<(connector, operation)>
//!   .oauth("google", base_url) -> Option<OAuthSpec { authorize_url, token_url, revoke_url, client_auth, extra }>
//!
//! Http::new(HttpOptions { allow_private_network, allowed_origins, user_agent, timeouts, max_answer })
//!   .send_raw(http::Request<Vec<u8>>) -> Result<http::Response<Vec<u8>>, HttpError>     no redirects: token exchange
//!   .check(&Url)                            whether an address may be called
//!
//! Kit::new(Arc<Catalog>, Arc<dyn Transport>)                 Http is a Transport
//!   .invoke(Invocation { connector, operation, inputs, credential, target: Target { base_url }, idempotency_key })
//!       -> Result<Json, StepError>          `unauthenticated`: refresh the token, try once more
//!   .options(&Question { connector, operation, inputs, credential, target }, field, search) -> Vec<Choice>
//!   .shape(&Question) -> OperationSpec      with the parts that only the service knows (columns of a worksheet)
//!
//! Credential { key, kind: Bearer | Basic | Header(name), secret }     key: the authentication's id, never sent
//! ```

pub mod catalog;
pub mod credential;
pub mod hooks;
pub mod http;
pub mod interpret;
pub mod manifest;
pub mod pure;
pub mod reference;
pub mod secret;
pub mod suggest;
pub mod testing;
mod text;

pub use catalog::{Catalog, OAuthSpec, Source};
pub use credential::{Credential, CredentialKind};
pub use hooks::Hooks;
pub use http::{Http, HttpOptions};
pub use interpret::{Ask, Call, Choice, Invocation, Kit, Question, Steps, Target, Wanted};
pub use manifest::connector::ClientAuth;
pub use manifest::operation::Starts;
pub use manifest::problem::ManifestError;
/// The vocabulary of workflows, for hooks.
pub use patchbay_model as model;
