//! The handle on a running sandbox: start it, serve it, look inside it, break it.

use std::future::Future;
use std::io;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::{Request as HttpRequest, State as Shared};
use axum::http::Response;
use serde_json::Value;
use tokio::net::TcpListener;

use crate::config::Config;
use crate::dispatch;
use crate::faults::Fault;
use crate::google::render_sheet;
use crate::request_log::RequestLogEntry;
use crate::ringcentral::record::View;
use crate::state::State;
use crate::wire::{Reply, Request};

/// The largest request body, as Google's practical limit.
const LARGEST_BODY: usize = 10 * 1024 * 1024;

/// Where links of inspected records lead when nobody asked over HTTP.
const NOWHERE: &str = "http://127.0.0.1";

/// A sandbox. Clones share one state.
#[derive(Debug, Clone)]
pub struct Sandbox {
    config: Arc<Config>,
    state: Arc<Mutex<State>>,
}

impl Sandbox {
    /// A sandbox with its data made up and nobody signed in.
    #[must_use]
    pub fn new(config: Config) -> Self {
        let config = Arc::new(config);
        let state = State::new(Arc::clone(&config), config.clock.now());
        Self {
            config,
            state: Arc::new(Mutex::new(state)),
        }
    }

    /// All of it as one router.
    pub fn router(&self) -> Router {
        Router::new().fallback(handle).with_state(self.clone())
    }

    /// Serves until `shutdown` is ready.
    ///
    /// # Errors
    /// When the listener fails.
    pub async fn serve(
        self,
        listener: TcpListener,
        shutdown: impl Future<Output = ()> + Send + 'static,
    ) -> io::Result<()> {
        axum::serve(listener, self.router())
            .with_graceful_shutdown(shutdown)
            .await
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        // A panic while answering one request leaves the state usable for the next.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The call records of an extension as its log would answer them, newest first.
    #[must_use]
    pub fn call_records(&self, extension_id: &str) -> Vec<Value> {
        self.records(false, |owner| owner == extension_id)
    }

    /// The call records of the whole company, newest first.
    #[must_use]
    pub fn company_call_records(&self) -> Vec<Value> {
        self.records(true, |_| true)
    }

    fn records(&self, company: bool, of: impl Fn(&str) -> bool) -> Vec<Value> {
        let state = self.lock();
        let mut records: Vec<_> = state
            .calls
            .iter()
            .filter(|record| of(&record.extension_id))
            .collect();
        records.sort_by(|one, other| other.start.cmp(&one.start).then(one.id.cmp(&other.id)));
        let view = View {
            origin: NOWHERE,
            detailed: false,
            company,
        };
        records.iter().map(|record| record.render(view)).collect()
    }

    /// The text messages, voicemails and faxes of an extension, in no particular order.
    #[must_use]
    pub fn messages(&self, extension_id: &str) -> Vec<Value> {
        self.lock()
            .messages
            .iter()
            .filter(|message| message.extension_id == extension_id)
            .map(|message| message.render(NOWHERE))
            .collect()
    }

    /// The values of a sheet as `values.get` would answer them unformatted.
    #[must_use]
    pub fn sheet_values(&self, spreadsheet_id: &str, title: &str) -> Option<Vec<Vec<Value>>> {
        render_sheet(self.lock().files.get(spreadsheet_id)?, title)
    }

    /// Id and name of every spreadsheet, whoever owns it.
    #[must_use]
    pub fn spreadsheets(&self) -> Vec<(String, String)> {
        self.lock()
            .files
            .values()
            .map(|file| (file.id.clone(), file.name.clone()))
            .collect()
    }

    /// The id of a person's (`ana` or `ben`) spreadsheet by its name.
    #[must_use]
    pub fn spreadsheet_of(&self, person: &str, name: &str) -> Option<String> {
        self.lock()
            .files
            .values()
            .find(|file| file.owner.key() == person && file.name == name)
            .map(|file| file.id.clone())
    }

    /// What the services were asked so far.
    #[must_use]
    pub fn requests(&self) -> Vec<RequestLogEntry> {
        self.lock().log.entries()
    }

    /// Forgets what was asked.
    pub fn clear_requests(&self) {
        self.lock().log.clear();
    }

    /// Makes every access token too old, as if an hour had passed; refresh tokens stay good.
    pub fn expire_access_tokens(&self) {
        self.lock().grants.expire_access_tokens();
    }

    /// Ends every session of everybody: both kinds of tokens are dead.
    pub fn revoke_all(&self) {
        self.lock().grants.revoke_all();
    }

    /// The next `count` service requests get this answer and take no effect.
    pub fn fail_next(&self, count: u32, status: u16, body: &str, content_type: &str) {
        self.fault(Fault {
            count,
            status,
            body: body.to_owned(),
            content_type: content_type.to_owned(),
            ..Fault::default()
        });
    }

    /// Orders a fault in all its detail.
    pub fn fault(&self, fault: Fault) {
        self.lock().faults.add(fault);
    }

    /// Makes every service answer wait this long from now on.
    pub fn delay(&self, delay: Duration) {
        self.lock().delay = delay;
    }

    /// Back to how it all began: data made anew, nobody signed in, no faults.
    pub fn reset(&self) {
        self.lock().reset(self.config.clock.now());
    }
}

async fn handle(Shared(sandbox): Shared<Sandbox>, request: HttpRequest) -> Response<Body> {
    let (parts, body) = request.into_parts();
    let body = match to_bytes(body, LARGEST_BODY).await {
        Ok(body) => body,
        Err(_) => return Reply::empty(413).into_response(),
    };
    let delay = sandbox.lock().delay;
    if !delay.is_zero() && dispatch::is_service(parts.uri.path()) {
        tokio::time::sleep(delay).await;
    }
    let request = Request::new(&parts, body, sandbox.config.clock.now());
    let reply = dispatch::answer(&mut sandbox.lock(), &request);
    reply.into_response()
}
