//! What all handlers share: one struct, built once.

use axum::Router;
use patchbay_engine::runner::Runner;
use patchbay_kit::{Catalog, Http, Kit};
use patchbay_model::id::AuthenticationId;
use patchbay_store::{Store, System, authentications};
use patchbay_vault::{Vault, tokens::Keeper};
use std::{
    collections::HashMap,
    path::{Path, PathBuf},
    sync::{Arc, Mutex, OnceLock, PoisonError},
    time::{Duration, Instant},
};

use crate::{
    attempts::SignInAttempts, config::KeepArgs, setup::SetupCode, site::Site, triggers::Triggers,
};

/// How often the use of one authentication is written down.
const NOTED_EVERY: Duration = Duration::from_secs(60);

/// A handle to everything. Cheap to clone.
#[derive(Clone)]
pub struct App(Arc<Parts>);

/// What [`App`] is made of.
pub struct Parts {
    pub store: Store,
    pub vault: Arc<Vault>,
    pub catalog: Arc<Catalog>,
    pub http: Arc<Http>,
    pub kit: Arc<Kit>,
    pub keeper: Arc<Keeper>,
    pub runner: Runner,
    pub site: Site,
    pub public_url: String,
    pub demo_url: Option<String>,
    pub allow_private_network: bool,
    pub setup: SetupCode,
    pub sign_in_attempts: SignInAttempts,
    /// When the use of an authentication was last written down.
    pub noted_uses: Mutex<HashMap<AuthenticationId, Instant>>,
    pub api_router: OnceLock<Router>,
    pub openapi: OnceLock<Vec<u8>>,
    pub started: Instant,
    /// None for a run from the command line.
    pub data_folder: Option<PathBuf>,
    pub keep: KeepArgs,
    pub(crate) triggers: Triggers,
}

impl App {
    pub fn new(parts: Parts) -> Self {
        Self(Arc::new(parts))
    }

    pub fn store(&self) -> &Store {
        &self.0.store
    }

    pub fn vault(&self) -> &Vault {
        &self.0.vault
    }

    pub fn catalog(&self) -> &Catalog {
        &self.0.catalog
    }

    pub fn http(&self) -> &Http {
        &self.0.http
    }

    pub fn kit(&self) -> &Kit {
        &self.0.kit
    }

    pub fn keeper(&self) -> &Keeper {
        &self.0.keeper
    }

    pub fn runner(&self) -> &Runner {
        &self.0.runner
    }

    pub fn site(&self) -> &Site {
        &self.0.site
    }

    /// Without a trailing slash.
    pub fn public_url(&self) -> &str {
        &self.0.public_url
    }

    /// Where services send people back to after they signed in.
    pub fn redirect_uri(&self) -> String {
        format!("{}/oauth/callback", self.0.public_url)
    }

    pub fn demo_url(&self) -> Option<&str> {
        self.0.demo_url.as_deref()
    }

    pub fn allow_private_network(&self) -> bool {
        self.0.allow_private_network
    }

    /// Whether an address belongs to the demo's own sandbox.
    pub fn is_demo_origin(&self, url: &url::Url) -> bool {
        let demo = self.demo_url().and_then(|demo| url::Url::parse(demo).ok());
        demo.is_some_and(|demo| demo.origin() == url.origin())
    }

    /// Triggers at work.
    pub(crate) fn triggers(&self) -> &Triggers {
        &self.0.triggers
    }

    pub fn setup(&self) -> &SetupCode {
        &self.0.setup
    }

    pub fn sign_in_attempts(&self) -> &SignInAttempts {
        &self.0.sign_in_attempts
    }

    /// The API alone, for rendering pages in process.
    pub fn api_router(&self) -> Router {
        self.0.api_router.get().cloned().unwrap_or_default()
    }

    pub(crate) fn set_api_router(&self, router: Router, openapi: Vec<u8>) {
        // A second router for the same state would be the same router.
        let _ = self.0.api_router.set(router);
        let _ = self.0.openapi.set(openapi);
    }

    /// The description of the API, as JSON.
    pub fn openapi(&self) -> &[u8] {
        self.0.openapi.get().map(Vec::as_slice).unwrap_or_default()
    }

    /// Writes down that an authentication is used, once a minute at most: a loop uses it a thousand times.
    pub async fn note_use(&self, id: &AuthenticationId) {
        let due = {
            let mut noted = self
                .0
                .noted_uses
                .lock()
                .unwrap_or_else(PoisonError::into_inner);
            let due = noted
                .get(id)
                .is_none_or(|last| last.elapsed() >= NOTED_EVERY);
            if due {
                noted.insert(id.clone(), Instant::now());
            }
            due
        };
        if due {
            let system = System::for_sign_in_and_workers();
            if let Err(error) = authentications::touch(self.store(), &system, id).await {
                tracing::warn!(authentication = %id, %error, "its use could not be written down");
            }
        }
    }

    /// Where the data is; none for a run from the command line.
    pub fn data_folder(&self) -> Option<&Path> {
        self.0.data_folder.as_deref()
    }

    /// Which runs are kept.
    pub fn keep(&self) -> &KeepArgs {
        &self.0.keep
    }

    /// Milliseconds since the process began to serve.
    pub fn uptime_ms(&self) -> u64 {
        u64::try_from(self.0.started.elapsed().as_millis()).unwrap_or(u64::MAX)
    }

    /// Whether cookies are sent over TLS only.
    pub fn is_https(&self) -> bool {
        self.0.public_url.starts_with("https://")
    }
}
