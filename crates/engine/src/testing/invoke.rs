//! Connectors that do what a test says, and remember what they were asked.

use crate::port::{BoxFuture, Call, Invoke};
use patchbay_model::{Json, event::StepError};
use std::{
    collections::BTreeMap,
    sync::{Mutex, MutexGuard, PoisonError},
};
use tokio::sync::watch;

/// What a call comes to.
#[derive(Debug, Clone, PartialEq)]
pub enum Answering {
    /// At once.
    Now(Result<Json, StepError>),
    /// When the test calls [`FakeInvoke::release`], then like this.
    Later(Result<Json, StepError>),
    /// Never.
    Never,
    /// The connector panics.
    Panic,
}

type Behaviour = dyn Fn(&Call, u32) -> Answering + Send + Sync;

/// Connectors that do what a test says.
pub struct FakeInvoke {
    behaviour: Box<Behaviour>,
    log: Mutex<Log>,
    released: watch::Sender<bool>,
    arrived: watch::Sender<usize>,
}

#[derive(Default)]
struct Log {
    calls: Vec<Call>,
    by_key: BTreeMap<String, u32>,
}

impl FakeInvoke {
    /// `behaviour` gets the call, and how often this idempotency key has come, from 1.
    pub fn new(behaviour: impl Fn(&Call, u32) -> Answering + Send + Sync + 'static) -> Self {
        Self {
            behaviour: Box::new(behaviour),
            log: Mutex::default(),
            released: watch::channel(false).0,
            arrived: watch::channel(0).0,
        }
    }

    /// Every call gives its inputs back.
    pub fn echo() -> Self {
        Self::new(|call, _| Answering::Now(Ok(call.inputs.clone())))
    }

    /// All calls so far, in the order in which they came.
    pub fn calls(&self) -> Vec<Call> {
        self.lock().calls.clone()
    }

    /// How often each idempotency key has come.
    pub fn times(&self) -> BTreeMap<String, u32> {
        self.lock().by_key.clone()
    }

    /// Lets the calls that wait go on.
    pub fn release(&self) {
        self.released.send_replace(true);
    }

    /// Completes when this many calls have come.
    pub async fn arrived(&self, count: usize) {
        let mut arrived = self.arrived.subscribe();
        let _ = arrived.wait_for(|calls| *calls >= count).await;
    }

    fn lock(&self) -> MutexGuard<'_, Log> {
        self.log.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn note(&self, call: &Call) -> u32 {
        let mut log = self.lock();
        log.calls.push(call.clone());
        let times = log.by_key.entry(call.idempotency_key.clone()).or_default();
        *times += 1;
        let times = *times;
        self.arrived.send_replace(log.calls.len());
        times
    }
}

impl Invoke for FakeInvoke {
    #[expect(clippy::panic, reason = "a test asks for a connector that panics")]
    fn invoke<'a>(&'a self, call: Call) -> BoxFuture<'a, Result<Json, StepError>> {
        Box::pin(async move {
            let times = self.note(&call);
            match (self.behaviour)(&call, times) {
                Answering::Now(result) => result,
                Answering::Later(result) => {
                    let mut released = self.released.subscribe();
                    let _ = released.wait_for(|released| *released).await;
                    result
                }
                Answering::Never => std::future::pending().await,
                Answering::Panic => panic!("the connector panics, as the test wants"),
            }
        })
    }
}
