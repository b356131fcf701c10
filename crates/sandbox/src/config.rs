//! What a sandbox is started with.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use serde::{Deserialize, Serialize};
use url::Url;

use crate::clock::{Clock, SystemClock};

/// Settings of one sandbox. `Config::default()` is the demo.
#[derive(Debug, Clone)]
pub struct Config {
    /// The OAuth client that both services know.
    pub client_id: String,
    /// The secret of that client.
    pub client_secret: String,
    /// Where a sign-in may send the browser back to.
    pub redirect_uris: RedirectRule,
    /// Same seed and same instant of start give the same data.
    pub seed: u64,
    /// Where the time comes from; tests move it.
    pub clock: Arc<dyn Clock>,
    /// How many call records of extension 101 lie within the last 24 hours at the start.
    /// About half as many again lie in the six days before.
    pub calls: usize,
    /// How long every answer of the services waits before it is worked out.
    pub response_delay: Duration,
    /// How much the services let through.
    pub rate_limits: RateLimits,
    /// How many RingCentral sessions one person may hold at once; a further one ends the oldest.
    pub sessions_per_person: usize,
    /// A file in which accounts, sheets, messages and added calls outlive the process.
    /// Without one, everything is forgotten at the end.
    pub state_file: Option<PathBuf>,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            client_id: "patchbay-demo".to_owned(),
            client_secret: "patchbay-demo-secret".to_owned(),
            redirect_uris: RedirectRule::AnyLoopbackCallback,
            seed: 2026,
            clock: Arc::new(SystemClock),
            calls: 250,
            response_delay: Duration::ZERO,
            rate_limits: RateLimits::default(),
            sessions_per_person: 5,
            state_file: None,
        }
    }
}

/// Which redirect addresses are registered for the client.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RedirectRule {
    /// Exactly these, compared as text like the real services do.
    Exact(Vec<String>),
    /// `http://127.0.0.1:*`, `http://[::1]:*` or `http://localhost:*` with the path `/oauth/callback`.
    AnyLoopbackCallback,
}

impl RedirectRule {
    /// Whether the browser may be sent to `uri`.
    #[must_use]
    pub fn allows(&self, uri: &str) -> bool {
        match self {
            Self::Exact(registered) => registered.iter().any(|known| known == uri),
            Self::AnyLoopbackCallback => Url::parse(uri).is_ok_and(|url| {
                url.scheme() == "http"
                    && matches!(url.host_str(), Some("127.0.0.1" | "localhost" | "[::1]"))
                    && url.path() == "/oauth/callback"
                    && url.query().is_none()
                    && url.fragment().is_none()
            }),
        }
    }

    /// The address meant when a request names none: the only registered one.
    pub(crate) fn only(&self) -> Option<&str> {
        match self {
            Self::Exact(registered) => match registered.as_slice() {
                [one] => Some(one),
                _ => None,
            },
            Self::AnyLoopbackCallback => None,
        }
    }
}

/// How many requests a minute the services accept, per person and app.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct RateLimits {
    /// RingCentral's group Light.
    pub light: u32,
    /// RingCentral's group Medium.
    pub medium: u32,
    /// RingCentral's group Heavy (call log).
    pub heavy: u32,
    /// RingCentral's group Auth (token requests).
    pub auth: u32,
    /// Google's quotas. The real ones are 60 reads and 60 writes a minute and person; `None`, the
    /// default, counts nothing, because the demo writes a few hundred rows one by one.
    pub google: Option<GoogleQuota>,
}

impl Default for RateLimits {
    /// RingCentral's documented limits; no Google quota.
    fn default() -> Self {
        Self {
            light: 50,
            medium: 40,
            heavy: 10,
            auth: 5,
            google: None,
        }
    }
}

impl RateLimits {
    /// Limits that nothing reaches; the headers are still sent.
    #[must_use]
    pub fn unlimited() -> Self {
        Self {
            light: 1_000_000,
            medium: 1_000_000,
            heavy: 1_000_000,
            auth: 1_000_000,
            google: None,
        }
    }
}

/// Google's quotas per minute.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct GoogleQuota {
    /// Read requests of a person.
    pub read: u32,
    /// Write requests of a person.
    pub write: u32,
    /// Read requests of everybody who uses the same app.
    pub read_of_project: u32,
    /// Write requests of everybody who uses the same app.
    pub write_of_project: u32,
}

impl Default for GoogleQuota {
    fn default() -> Self {
        Self {
            read: 60,
            write: 60,
            read_of_project: 300,
            write_of_project: 300,
        }
    }
}
