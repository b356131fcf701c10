//! One run being worked on: decide, journal, call, and again.

use super::{
    Inner,
    calls::{Answer, carry_out},
    live::Live,
    load::{Frontier, Loaded, broken},
};
use crate::{
    decide::{Command, Invocation, decide, settle},
    plan::Plan,
    port::{Batch, Header, JournalError},
    state::{Facts, State},
};
use futures::{FutureExt, StreamExt, stream::FuturesUnordered};
use patchbay_model::event::{Event, EventKind, RunError, RunStatus, StepError};
use std::{future::Future, pin::Pin, sync::Arc, time::Duration};
use tokio::sync::OwnedSemaphorePermit;

/// Events journalled at a time when there is nothing to call in between.
const LARGEST_BATCH: usize = 256;

/// Attempts at a write that fails for another reason than a full disk.
const WRITE_ATTEMPTS: u32 = 4;

/// The longest pause between two attempts at a write.
const LONGEST_PAUSE: Duration = Duration::from_secs(30);

/// Why nobody works on a run any more.
pub(super) enum Exit {
    Finished,
    /// The runner shuts down; the run goes on after the next start.
    Drained,
    /// Another process owns it, or it is gone.
    Lost,
    /// The journal cannot be used for now.
    Stuck(String),
    /// The run can never go on.
    Broken(StepError),
}

type InFlight<'a> = Pin<Box<dyn Future<Output = Answer> + Send + 'a>>;

/// A run and everything at hand to work on it.
pub(super) struct Desk<'a> {
    inner: &'a Inner,
    live: &'a Live,
    facts: Facts,
    plan: Arc<Plan>,
    epoch: u64,
    state: State,
    /// Folded into the state, not durable yet.
    batch: Vec<Event>,
    since_checkpoint: u64,
    /// Journalled with the next batch; then they leave.
    leaving: Vec<Invocation>,
    /// Calls in flight that only wait for another run.
    waiting: usize,
    permit: Option<OwnedSemaphorePermit>,
}

/// What a run waited for.
enum Woken {
    Cancel,
    Answer(Box<Answer>),
    Time,
    Draining,
    Stopped,
}

impl<'a> Desk<'a> {
    pub(super) fn new(
        inner: &'a Inner,
        live: &'a Live,
        loaded: Loaded,
        permit: Option<OwnedSemaphorePermit>,
    ) -> Self {
        let Loaded {
            facts,
            plan,
            epoch,
            state,
        } = loaded;
        Self {
            inner,
            live,
            facts,
            plan,
            epoch,
            state,
            batch: Vec::new(),
            since_checkpoint: 0,
            leaving: Vec::new(),
            waiting: 0,
            permit,
        }
    }

    /// Works on the run until it ends or has to be left.
    pub(super) async fn run(mut self) -> Exit {
        let (inner, facts, plan) = (self.inner, self.facts.clone(), Arc::clone(&self.plan));
        let mut calls: FuturesUnordered<InFlight<'_>> = FuturesUnordered::new();
        match self.work(inner, &facts, &plan, &mut calls).await {
            Ok(exit) | Err(exit) => exit,
        }
    }

    async fn work<'c>(
        &mut self,
        inner: &'c Inner,
        facts: &'c Facts,
        plan: &'c Plan,
        calls: &mut FuturesUnordered<InFlight<'c>>,
    ) -> Result<Exit, Exit> {
        if self.state.outcome().is_some() {
            return Ok(Exit::Finished);
        }
        self.record(EventKind::RunStarted { epoch: self.epoch })?;
        loop {
            if self.live.cancel.is_cancelled() && !self.state.is_cancelling() {
                self.record(EventKind::CancelRequested)?;
                calls.clear();
                self.waiting = 0;
            }
            let wake = self.advance().await?;
            self.flush().await?;
            if self.state.outcome().is_some() {
                return Ok(Exit::Finished);
            }
            for call in self.leaving.drain(..) {
                self.waiting += usize::from(call.of_workflow);
                calls.push(Box::pin(carry_out(inner, facts, plan, call)));
            }
            // The runs that are waited for go on; this one finds them again after the next start.
            if self.is_draining() && calls.len() == self.waiting {
                return Ok(Exit::Drained);
            }
            match self.pause(calls, wake).await? {
                Woken::Cancel | Woken::Time | Woken::Draining => {}
                Woken::Answer(answer) => {
                    self.settle(*answer)?;
                    // Whatever else has ended by now is journalled with it.
                    while let Some(Some(answer)) = calls.next().now_or_never() {
                        self.settle(answer)?;
                    }
                }
                Woken::Stopped => return Ok(Exit::Drained),
            }
        }
    }

    /// Carries out all that can be done without the outside world; gives the time at which there is more to do.
    async fn advance(&mut self) -> Result<Option<i64>, Exit> {
        loop {
            if self.is_draining() && !self.state.is_cancelling() {
                return Ok(None);
            }
            let now = self.inner.clock.now();
            let breach = self
                .inner
                .options
                .limits
                .breach(&self.plan, &self.state, now);
            if let Some(error) =
                breach.filter(|_| self.state.outcome().is_none() && !self.state.is_cancelling())
            {
                let error = Some(RunError {
                    step: None,
                    iteration: Vec::new(),
                    error,
                });
                self.leaving.clear();
                self.record(EventKind::RunFinished {
                    status: RunStatus::Failed,
                    error,
                })?;
                return Ok(None);
            }
            let mut wake: Option<i64> = None;
            let mut moved = false;
            for command in decide(&self.plan, &self.state, now) {
                if let Command::Wait { until, .. } = command {
                    wake = Some(wake.map_or(until, |earliest| earliest.min(until)));
                    continue;
                }
                moved = true;
                command
                    .events(now)
                    .into_iter()
                    .try_for_each(|kind| self.record(kind))?;
                if let Command::Invoke(call) = command {
                    self.leaving.push(*call);
                }
            }
            if !moved {
                return Ok(wake);
            }
            if self.batch.len() >= LARGEST_BATCH {
                self.flush().await?;
                if self.live.cancel.is_cancelled() && !self.state.is_cancelling() {
                    self.leaving.clear();
                    self.record(EventKind::CancelRequested)?;
                }
            }
        }
    }

    fn settle(&mut self, answer: Answer) -> Result<(), Exit> {
        let Answer {
            call,
            started_at,
            result,
        } = answer;
        self.waiting -= usize::from(call.of_workflow).min(self.waiting);
        if !self
            .state
            .is_attempting(&self.plan, &call.step, &call.iteration, call.attempt)
        {
            tracing::info!(run = %self.live.run, step = call.step, "an answer came after its loop had ended");
            return Ok(());
        }
        let limits = &self.inner.options.limits;
        let kind = settle(
            &self.plan,
            limits,
            &call,
            result,
            started_at,
            self.inner.clock.now(),
        );
        self.record(kind)
    }

    fn record(&mut self, kind: EventKind) -> Result<(), Exit> {
        let event = Event {
            ord: self.state.ord() + 1,
            at: self.inner.clock.now(),
            kind,
        };
        let folded = self.state.apply(&self.plan, &event);
        folded.map_err(|error| broken("journal_damaged", error.to_string()))?;
        self.batch.push(event);
        Ok(())
    }

    /// Makes everything recorded durable, then tells it.
    async fn flush(&mut self) -> Result<(), Exit> {
        if self.batch.is_empty() {
            return Ok(());
        }
        let events = std::mem::take(&mut self.batch);
        self.since_checkpoint += events.len() as u64;
        let frontier = self.is_checkpoint_due().then(|| self.checkpoint(&events));
        let header = self.header();
        let mut attempt = 0;
        loop {
            attempt += 1;
            let batch = Batch {
                run: self.live.run.clone(),
                epoch: self.epoch,
                events: events.clone(),
                header: header.clone(),
                frontier: frontier.clone(),
            };
            match self.inner.journal.append(batch).await {
                Ok(()) => break,
                Err(JournalError::Fenced(_) | JournalError::NotFound(_)) => return Err(Exit::Lost),
                Err(JournalError::Failed(reason)) if attempt >= WRITE_ATTEMPTS => {
                    return Err(Exit::Stuck(reason));
                }
                Err(error) => {
                    tracing::warn!(run = %self.live.run, %error, attempt, "the journal refused; the run pauses");
                    self.pause_writing(attempt).await?;
                }
            }
        }
        if frontier.is_some() {
            self.since_checkpoint = 0;
        }
        self.inner.publish(self.live, events);
        Ok(())
    }

    async fn pause_writing(&self, attempt: u32) -> Result<(), Exit> {
        let pause = Duration::from_millis(250 << attempt.min(10)).min(LONGEST_PAUSE);
        tokio::select! {
            biased;
            () = self.inner.stopped.cancelled() => Err(Exit::Drained),
            () = self.inner.clock.sleep(pause) => Ok(()),
        }
    }

    /// Checkpoints come further apart the more a run keeps, so that writing them costs the same per step.
    fn is_checkpoint_due(&self) -> bool {
        let apart = self
            .inner
            .options
            .checkpoint_every
            .max(self.state.retained() as u64);
        self.state.outcome().is_none() && self.since_checkpoint >= apart
    }

    fn checkpoint(&self, events: &[Event]) -> patchbay_model::Json {
        let mut progress = self.live.progress();
        events.iter().for_each(|event| progress.apply(event));
        serde_json::to_value(Frontier {
            state: self.state.freeze(),
            progress,
        })
        .unwrap_or_default()
    }

    fn header(&self) -> Header {
        Header {
            status: self.state.status(),
            started_at: self.state.started_at(),
            finished_at: self.state.finished_at(),
            steps_done: self.state.steps_done(),
            error: self.state.outcome().and_then(|(_, error)| error.clone()),
        }
    }

    fn is_draining(&self) -> bool {
        self.inner.draining.is_cancelled()
    }

    /// Waits for whatever comes next. A run that waits for nothing but a time or another run gives up its place.
    async fn pause(
        &mut self,
        calls: &mut FuturesUnordered<InFlight<'_>>,
        wake: Option<i64>,
    ) -> Result<Woken, Exit> {
        if calls.is_empty() && wake.is_none() {
            return Err(broken(
                "internal_error",
                "there is nothing left to do in a run that has not ended".to_owned(),
            ));
        }
        let deadline = self.inner.options.limits.deadline(&self.plan, &self.state);
        let alarm = wake.into_iter().chain(deadline).min();
        let gives_way = calls.len() == self.waiting;
        if gives_way {
            self.permit = None;
        }
        let inner = self.inner;
        let woken = tokio::select! {
            biased;
            () = inner.stopped.cancelled() => Woken::Stopped,
            () = self.live.cancel.cancelled(), if !self.state.is_cancelling() => Woken::Cancel,
            Some(answer) = calls.next(), if !calls.is_empty() => Woken::Answer(Box::new(answer)),
            () = sleep_until(inner, alarm.unwrap_or(i64::MAX)), if alarm.is_some() => Woken::Time,
            () = inner.draining.cancelled(), if !inner.draining.is_cancelled() => Woken::Draining,
        };
        if gives_way && matches!(woken, Woken::Time | Woken::Answer(_)) {
            self.permit = tokio::select! {
                biased;
                () = self.live.cancel.cancelled() => None,
                () = inner.draining.cancelled() => None,
                permit = Arc::clone(&inner.permits).acquire_owned() => permit.ok(),
            };
        }
        Ok(woken)
    }
}

async fn sleep_until(inner: &Inner, instant: i64) {
    let left = instant.saturating_sub(inner.clock.now());
    inner
        .clock
        .sleep(Duration::from_millis(u64::try_from(left).unwrap_or(0)))
        .await;
}
