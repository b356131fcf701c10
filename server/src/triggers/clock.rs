//! The worker of schedules: starts what is due, then sleeps until the next one.

use patchbay_engine::{
    port::Firing,
    schedule::{Due, due, instant},
};
use patchbay_model::{Json, event::EventKind};
use patchbay_store::{
    System,
    triggers::{self, Trigger, TriggerKind},
};
use serde_json::json;
use std::time::Duration;
use tokio::sync::broadcast::{Receiver, error::RecvError};

use super::{
    live::{self, Live, Overlap, Timing, What},
    start::{Start, start},
};
use crate::{error::Result, state::App};
use patchbay_model::event::RunUpdate;

/// Schedules looked at in one go.
const BATCH: u64 = 200;
/// The longest sleep: the machine's clock may be set.
const NAP: Duration = Duration::from_secs(30);
/// Waking so much later than was meant, in milliseconds, means that the machine slept.
const ABSENT: i64 = 60_000;
/// The pause after a failure.
const REST: Duration = Duration::from_secs(5);

/// Starts what is due, for ever.
pub(super) async fn run(app: App) {
    let mut runs = app.runner().updates();
    // Firings before this were missed.
    let mut present = app.store().now();
    loop {
        let now = app.store().now();
        let (blocked, pause) = match tick(&app, now, present).await {
            Ok(Ticked { blocked, next }) => {
                let until = next.map_or(NAP, |next| {
                    Duration::from_millis(u64::try_from(next - app.store().now()).unwrap_or(0))
                });
                (blocked, until.min(NAP))
            }
            Err(problem) => {
                tracing::error!(
                    cause = problem.cause,
                    "schedules could not be looked at: {}",
                    problem.details.title
                );
                (false, REST)
            }
        };
        let meant = app.store().now() + i64::try_from(pause.as_millis()).unwrap_or(0);
        tokio::select! {
            () = tokio::time::sleep(pause) => {}
            () = app.triggers().clock_changed.notified() => {}
            () = a_run_ends(&mut runs), if blocked => {}
        }
        let late = app.store().now() - meant;
        if late > ABSENT {
            tracing::info!(
                late,
                "the machine was away; firings that it missed follow their policy"
            );
            present = app.store().now();
        }
    }
}

struct Ticked {
    /// Some firing waits for the end of a run.
    blocked: bool,
    next: Option<i64>,
}

async fn tick(app: &App, now: i64, present: i64) -> Result<Ticked> {
    let system = System::for_sign_in_and_workers();
    let found = triggers::due(app.store(), &system, TriggerKind::Schedule, now, BATCH).await?;
    let full = u64::try_from(found.len()).is_ok_and(|found| found >= BATCH);
    let (mut blocked, mut more) = (false, false);
    for trigger in found {
        match fire(app, &trigger, now, present).await {
            Ok(Fired::Waits) => blocked = true,
            Ok(Fired::Done { next }) => more |= next.is_some_and(|next| next <= now),
            Err(problem) => {
                let why = format!("{} {}", problem.details.title, problem.details.detail);
                tracing::warn!(workflow = %trigger.workflow, cause = problem.cause, why, "a schedule could not start its run");
                let message = why.trim();
                // It stays due, and is tried again after a nap.
                triggers::save_trouble(app.store(), &system, &trigger.workflow, message, true)
                    .await?;
            }
        }
    }
    let next = if more || (full && !blocked) {
        Some(now)
    } else {
        triggers::earliest(app.store(), &system, TriggerKind::Schedule, now).await?
    };
    Ok(Ticked { blocked, next })
}

enum Fired {
    Done { next: Option<i64> },
    Waits,
}

async fn fire(app: &App, trigger: &Trigger, now: i64, present: i64) -> Result<Fired> {
    let system = System::for_sign_in_and_workers();
    let planned = trigger.next_at.unwrap_or(now);
    let live = live::by_workflow(app, &trigger.workflow).await?;
    let Some(live) = live else {
        // It was disabled behind our back.
        triggers::skip(app.store(), &system, &trigger.workflow, planned, None).await?;
        return Ok(Fired::Done { next: None });
    };
    let What::Schedule(timing) = &live.what else {
        triggers::skip(app.store(), &system, &trigger.workflow, planned, None).await?;
        return Ok(Fired::Done { next: None });
    };
    // An interval counts from when it was enabled; the firings of two revisions need not fit.
    let Some(Due { fire, next }) = due(&timing.schedule, planned, now, present, timing.missed)
    else {
        return Ok(Fired::Done {
            next: Some(planned),
        });
    };
    let Some(nominal) = fire else {
        triggers::skip(app.store(), &system, &trigger.workflow, planned, next).await?;
        return Ok(Fired::Done { next });
    };
    if timing.overlap != Overlap::Parallel
        && let Some(last) = &trigger.last_run
        && triggers::is_open(app.store(), &system, last).await?
    {
        if timing.overlap == Overlap::Queue {
            return Ok(Fired::Waits);
        }
        let next = timing.schedule.next(nominal);
        triggers::skip(app.store(), &system, &trigger.workflow, planned, next).await?;
        return Ok(Fired::Done { next });
    }
    run_for(app, &live, timing, trigger, nominal, next, now).await?;
    if trigger.error.is_some() {
        triggers::well(app.store(), &system, &trigger.workflow).await?;
    }
    Ok(Fired::Done { next })
}

async fn run_for(
    app: &App,
    live: &Live,
    timing: &Timing,
    trigger: &Trigger,
    nominal: i64,
    next: Option<i64>,
    now: i64,
) -> Result<()> {
    let input = output(timing, trigger.since, nominal, now);
    let firing = Some(Firing {
        nominal,
        next,
        until: Some(nominal),
    });
    let started = start(
        app,
        live,
        Start {
            input,
            firing,
            ..Start::default()
        },
    )
    .await?;
    tracing::debug!(workflow = %live.place.workflow, run = %started.run, again = started.again, nominal, "a schedule fired");
    Ok(())
}

/// The output of a schedule's trigger: `since` up to but without `until`, which is the nominal time.
pub(super) fn output(timing: &Timing, since: Option<i64>, nominal: i64, now: i64) -> Json {
    let since = since
        .unwrap_or(nominal.saturating_sub(timing.look_back))
        .min(nominal);
    json!({
        "nominal": instant(nominal),
        "since": instant(since),
        "until": instant(nominal),
        "fired_at": instant(now),
        "local": timing.schedule.local(nominal),
    })
}

async fn a_run_ends(runs: &mut Receiver<RunUpdate>) {
    loop {
        match runs.recv().await {
            Ok(update) => {
                let ended = |kind: &EventKind| matches!(kind, EventKind::RunFinished { .. });
                if update.events.iter().any(|event| ended(&event.kind)) {
                    return;
                }
            }
            Err(RecvError::Lagged(_)) => return,
            Err(RecvError::Closed) => std::future::pending().await,
        }
    }
}
