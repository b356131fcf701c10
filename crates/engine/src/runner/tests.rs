//! The runner in the whole, over a world in memory.

mod calls;
mod cancel;
mod recovery;
mod trouble;
mod work;

use super::{NewRunRequest, Options, Runner};
use crate::{
    plan::{Plan, compile},
    port::Clock,
    testing::{Answering, FakeInvoke, ManualClock, MemoryJournal, catalog, workflow},
};
use patchbay_model::{
    Json,
    event::{Event, EventKind, RunStatus, StepError},
    id::{OrganisationId, RunId, WorkflowId},
};
use std::{collections::BTreeMap, sync::Arc, time::Duration};

/// Longer than anything takes whose time passes by itself.
const LONG: Duration = Duration::from_secs(3600);

/// One process with its world.
struct World {
    journal: MemoryJournal,
    invoke: Arc<FakeInvoke>,
    clock: Arc<ManualClock>,
    runner: Runner,
}

impl World {
    fn new(invoke: FakeInvoke) -> Self {
        Self::with(
            MemoryJournal::default(),
            Arc::new(invoke),
            Options::default(),
        )
    }

    fn with(journal: MemoryJournal, invoke: Arc<FakeInvoke>, options: Options) -> Self {
        let clock = Arc::new(ManualClock::at(1_800_000_000_000));
        let runner = Runner::new(
            Arc::new(journal.clone()),
            invoke.clone(),
            clock.clone(),
            options,
        );
        Self {
            journal,
            invoke,
            clock,
            runner,
        }
    }

    /// The process that comes after this one.
    fn next(&self, journal: MemoryJournal) -> Self {
        let next = Self::with(
            journal,
            self.invoke.clone(),
            self.runner.inner.options.clone(),
        );
        let passed = self.clock.now() - next.clock.now();
        next.clock
            .advance(Duration::from_millis(passed.unsigned_abs()));
        next
    }

    async fn accept(&self, steps: Json, input: Json) -> RunId {
        self.runner
            .accept(request(plan(steps), input))
            .await
            .unwrap()
    }

    /// Runs the steps to their end, time passing as fast as it can.
    async fn run(&self, steps: Json, input: Json) -> RunId {
        let run = self.accept(steps, input).await;
        self.finish(&run).await;
        run
    }

    /// Waits for the end of a run while time passes.
    async fn finish(&self, run: &RunId) -> Option<RunStatus> {
        let runner = self.runner.clone();
        tokio::select! {
            biased;
            status = runner.wait(run, Duration::from_secs(u64::from(u32::MAX))) => status,
            () = self.pass_time() => None,
        }
    }

    /// Lets a second pass whenever nobody has anything else to do.
    async fn pass_time(&self) {
        loop {
            for _ in 0..20 {
                tokio::task::yield_now().await;
            }
            self.clock.advance(Duration::from_secs(1));
        }
    }

    fn events(&self, run: &RunId) -> Vec<Event> {
        self.journal.all_events(run)
    }

    fn status(&self, run: &RunId) -> RunStatus {
        self.journal.header(run).unwrap().status
    }

    fn error(&self, run: &RunId) -> StepError {
        self.journal.header(run).unwrap().error.unwrap().error
    }
}

fn plan(steps: Json) -> Plan {
    compile(&workflow(steps).unwrap(), &catalog()).unwrap()
}

fn request(plan: Plan, input: Json) -> NewRunRequest {
    NewRunRequest {
        id: None,
        organisation: OrganisationId::new("org_1"),
        workflow: WorkflowId::new("wf_1"),
        revision: 3,
        cause: "manual".to_owned(),
        person: None,
        plan: Arc::new(plan),
        input,
        origin: Default::default(),
    }
}

/// Outputs by step and iteration.
fn outputs(events: &[Event]) -> BTreeMap<String, Json> {
    let output = |event: &Event| match &event.kind {
        EventKind::StepSucceeded {
            step,
            iteration,
            output,
            ..
        } => Some((format!("{step}:{iteration:?}"), output.clone())),
        _ => None,
    };
    events.iter().filter_map(output).collect()
}

fn failing(code: &str, retryable: bool) -> Answering {
    let message = "as the test wants".to_owned();
    Answering::Now(Err(StepError {
        code: code.to_owned(),
        message,
        retryable,
        ..StepError::default()
    }))
}
