//! The handle on a running sandbox: start it, serve it, look inside it, break it.

use std::future::Future;
use std::io;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::{Request as HttpRequest, State as Shared};
use axum::http::{Method, Response};
use serde_json::Value;
use tokio::net::TcpListener;

use crate::config::{Config, RateLimits};
use crate::dispatch;
use crate::faults::Fault;
use crate::google::render_sheet;
use crate::persist;
use crate::request_log::RequestLogEntry;
use crate::ringcentral::record::View;
use crate::ringcentral::subscriptions;
use crate::ringcentral::webhooks::{Batch, Caller};
use crate::state::State;
use crate::wire::{Reply, Request};

/// The largest request body, as Google's practical limit.
const LARGEST_BODY: usize = 10 * 1024 * 1024;

/// How often a changed state is saved; tokens are saved at once.
const SAVE_EVERY: Duration = Duration::from_millis(500);

/// Where links of inspected records lead when nobody asked over HTTP.
const NOWHERE: &str = "http://127.0.0.1";

/// A sandbox. Clones share one state.
#[derive(Debug, Clone)]
pub struct Sandbox {
    config: Arc<Config>,
    state: Arc<Mutex<State>>,
    /// Held while saving, so that an older state never replaces a newer one.
    saving: Arc<Mutex<()>>,
    /// What calls the addresses of subscriptions.
    caller: Arc<Caller>,
}

impl Sandbox {
    /// A sandbox with its data made up and nobody signed in, or as its state file left it. A state
    /// file that cannot be read is reported in the log and passed over.
    #[must_use]
    pub fn new(config: Config) -> Self {
        let config = Arc::new(config);
        let mut state = State::new(Arc::clone(&config), config.clock.now());
        if let Some(path) = &config.state_file
            && let Err(error) = persist::load(&mut state, path)
        {
            tracing::warn!(path = %path.display(), %error, "sandbox state was not read");
        }
        Self {
            config,
            state: Arc::new(Mutex::new(state)),
            saving: Arc::default(),
            caller: Arc::default(),
        }
    }

    /// All of it as one router.
    pub fn router(&self) -> Router {
        Router::new().fallback(handle).with_state(self.clone())
    }

    /// Serves until `shutdown` is ready, saving the state file as it goes and at the end.
    ///
    /// # Errors
    /// When the listener fails, or the last save.
    pub async fn serve(
        self,
        listener: TcpListener,
        shutdown: impl Future<Output = ()> + Send + 'static,
    ) -> io::Result<()> {
        let saver = self.config.state_file.is_some().then(|| {
            let sandbox = self.clone();
            tokio::spawn(async move {
                loop {
                    tokio::time::sleep(SAVE_EVERY).await;
                    sandbox.save_or_warn();
                }
            })
        });
        let served = axum::serve(listener, self.router())
            .with_graceful_shutdown(shutdown)
            .await;
        if let Some(saver) = saver {
            saver.abort();
        }
        self.save()?;
        served
    }

    /// Writes the state file if one is set and something has changed.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub fn save(&self) -> io::Result<()> {
        let Some(path) = &self.config.state_file else {
            return Ok(());
        };
        let _turn = self.saving.lock().unwrap_or_else(PoisonError::into_inner);
        let text = {
            let mut state = self.lock();
            if !state.dirty {
                return Ok(());
            }
            state.dirty = false;
            persist::text(&state)?
        };
        persist::write(path, &text)
    }

    fn save_or_warn(&self) {
        if let Err(error) = self.save() {
            tracing::warn!(%error, "sandbox state was not saved");
        }
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

    /// Adds calls as `POST /_sandbox/calls` does: one object or a list, every member optional:
    /// `{extension, direction, type, result, duration, seconds_ago, from, to, count}`. Gives the
    /// ids of the new records.
    ///
    /// # Errors
    /// What is wrong with a call, as a sentence.
    pub fn add_calls(&self, calls: Value) -> Result<Vec<String>, String> {
        let now = self.config.clock.now();
        crate::control::add_calls(&mut self.lock(), calls, now)
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

    /// Sets how much the services let through from now on.
    pub fn set_rate_limits(&self, limits: RateLimits) {
        self.lock().rate_limits = limits;
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
    let mut request = Request::new(&parts, body, sandbox.config.clock.now());
    // The address is called while the request waits, as the real service does it, and with nothing locked.
    let address = subscriptions::address_to_try(&mut sandbox.lock(), &request);
    if let Some(address) = address {
        request.handshake = Some(sandbox.caller.handshake(&address).await);
    }
    let (reply, batches) = {
        let mut state = sandbox.lock();
        let reply = dispatch::answer(&mut state, &request);
        state.dirty |= request.method != Method::GET;
        (reply, state.deliveries.take())
    };
    for batch in batches {
        tokio::spawn(deliver(sandbox.clone(), batch));
    }
    // A refresh token that the caller has and we forgot would end the connection for good.
    if matches!(request.path.as_str(), "/token" | "/restapi/oauth/token") {
        sandbox.save_or_warn();
    }
    reply.into_response()
}

/// Sends notifications one after the other.
async fn deliver(sandbox: Sandbox, batch: Batch) {
    tokio::time::sleep(batch.wait).await;
    for delivery in batch.deliveries {
        let sent = sandbox.caller.deliver(delivery).await;
        let now = sandbox.config.clock.now();
        sent.note(&mut sandbox.lock(), now);
    }
}
