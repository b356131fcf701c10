//! Takes a run over: claims it, and folds its checkpoint and the events behind it.

use super::{
    Inner,
    desk::Exit,
    live::{Fresh, Live},
};
use crate::{
    plan::Plan,
    port::{Batch, Claim, FIRST_EPOCH, Header, JournalError},
    state::{Facts, State},
};
use patchbay_model::{
    Json,
    event::{Event, EventKind, RunError, RunStatus, StepError},
    progress::Progress,
};
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// Events read at a time.
const PAGE: usize = 1000;

/// A run that this process may append to.
pub(super) struct Loaded {
    pub(super) facts: Facts,
    pub(super) plan: Arc<Plan>,
    pub(super) epoch: u64,
    pub(super) state: State,
}

/// A checkpoint as it is journalled.
#[derive(Serialize, Deserialize)]
pub(super) struct Frontier {
    pub(super) state: Json,
    pub(super) progress: Progress,
}

pub(super) async fn load(inner: &Inner, live: &Live, fresh: Option<Fresh>) -> Result<Loaded, Exit> {
    match fresh {
        Some(Fresh {
            facts,
            plan,
            accepted,
        }) => {
            let mut state = State::new(&facts);
            state
                .apply(&plan, &accepted)
                .map_err(|error| broken("journal_damaged", error.to_string()))?;
            Ok(Loaded {
                facts,
                plan,
                epoch: FIRST_EPOCH,
                state,
            })
        }
        None => {
            let claim = inner.journal.claim(&live.run).await.map_err(unusable)?;
            recover(inner, live, claim).await
        }
    }
}

async fn recover(inner: &Inner, live: &Live, claim: Claim) -> Result<Loaded, Exit> {
    let plan = Plan::from_json(&claim.plan)
        .map_err(|error| broken("plan_unreadable", error.to_string()))?;
    let facts = Facts {
        run: claim.run,
        organisation: claim.organisation,
        workflow: claim.workflow,
        revision: claim.revision,
        person: claim.person,
        last_run_at: claim.last_run_at,
    };
    let checkpoint = match &claim.frontier {
        Some((ord, json)) => thaw(inner, &facts, &plan, *ord, json).await?,
        None => None,
    };
    let (mut state, mut progress) =
        checkpoint.unwrap_or_else(|| (State::new(&facts), Progress::default()));
    loop {
        let events = inner
            .journal
            .events(&facts.run, state.ord(), PAGE)
            .await
            .map_err(unusable)?;
        for event in &events {
            state
                .apply(&plan, event)
                .map_err(|error| broken("journal_damaged", error.to_string()))?;
            progress.apply(event);
        }
        if events.len() < PAGE {
            break;
        }
    }
    live.set_progress(progress);
    if state.ord() == 0 {
        return Err(broken(
            "journal_damaged",
            "the journal does not say with what the run began".to_owned(),
        ));
    }
    Ok(Loaded {
        facts,
        plan: Arc::new(plan),
        epoch: claim.epoch,
        state,
    })
}

/// The checkpoint, or none if it is of no use; the events say the same.
async fn thaw(
    inner: &Inner,
    facts: &Facts,
    plan: &Plan,
    ord: u64,
    json: &Json,
) -> Result<Option<(State, Progress)>, Exit> {
    let unusable_frontier = |reason: String| {
        tracing::warn!(run = %facts.run, reason, "the checkpoint is passed over; the events are read from the start");
    };
    let Ok(Frontier { state, progress }) = Frontier::deserialize(json) else {
        unusable_frontier("it has another shape".to_owned());
        return Ok(None);
    };
    let mut state = match State::thaw(facts, &state) {
        Ok(state) if state.ord() == ord => state,
        Ok(state) => {
            unusable_frontier(format!("it speaks of event {} and not {ord}", state.ord()));
            return Ok(None);
        }
        Err(error) => {
            unusable_frontier(error.to_string());
            return Ok(None);
        }
    };
    let mut named = Vec::new();
    for ord in state.outstanding() {
        let page = inner
            .journal
            .events(&facts.run, ord.saturating_sub(1), 1)
            .await
            .map_err(unusable)?;
        named.extend(page);
    }
    match state.hydrate(plan, &named) {
        Ok(()) => Ok(Some((state, progress))),
        Err(error) => {
            unusable_frontier(error.to_string());
            Ok(None)
        }
    }
}

/// Ends a run that cannot be worked on, as failed.
pub(super) async fn bury(inner: &Inner, live: &Live, error: StepError) -> Result<(), JournalError> {
    let claim = inner.journal.claim(&live.run).await?;
    let mut progress = Progress::default();
    let mut started_at = None;
    loop {
        let events = inner.journal.events(&live.run, progress.ord, PAGE).await?;
        for event in &events {
            if matches!(event.kind, EventKind::RunStarted { .. }) {
                started_at.get_or_insert(event.at);
            }
            progress.apply(event);
        }
        if events.len() < PAGE {
            break;
        }
    }
    if !progress.status.is_final() {
        let error = Some(RunError {
            step: None,
            iteration: Vec::new(),
            error,
        });
        let at = inner.clock.now();
        let kind = EventKind::RunFinished {
            status: RunStatus::Failed,
            error: error.clone(),
        };
        let event = Event {
            ord: progress.ord + 1,
            at,
            kind,
        };
        let header = Header {
            status: RunStatus::Failed,
            started_at,
            finished_at: Some(at),
            steps_done: progress.steps_done,
            error,
        };
        let batch = Batch {
            run: live.run.clone(),
            epoch: claim.epoch,
            events: vec![event.clone()],
            header,
            frontier: None,
        };
        inner.journal.append(batch).await?;
        live.set_progress(progress);
        inner.publish(live, vec![event]);
    } else {
        live.set_progress(progress);
    }
    Ok(())
}

pub(super) fn broken(code: &str, message: String) -> Exit {
    Exit::Broken(StepError {
        code: code.to_owned(),
        message,
        ..StepError::default()
    })
}

fn unusable(error: JournalError) -> Exit {
    match error {
        JournalError::Fenced(_) | JournalError::NotFound(_) => Exit::Lost,
        JournalError::Duplicate(_) | JournalError::Full | JournalError::Failed(_) => {
            Exit::Stuck(error.to_string())
        }
    }
}
