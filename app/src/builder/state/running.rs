//! Running the workflow and following a run while it moves.

use super::BuilderState;
use crate::browser;
use leptos::{
    prelude::*,
    task::spawn_local,
    wasm_bindgen::{JsCast, closure::Closure},
    web_sys::{EventSource, MessageEvent},
};
use patchbay_api::{
    Client,
    runs::{Run, RunQuery, StartRun},
};
use patchbay_model::{Json, progress::Progress};

/// How many recent runs are listed.
const RECENT: u64 = 25;

/// How often a run is asked after while its event stream is broken, in milliseconds.
const POLL: i32 = 1_000;

/// A run and how far it is.
#[derive(Debug, Clone, PartialEq)]
pub struct LiveRun {
    pub run: Run,
    pub progress: Progress,
    /// When this browser first saw it, unix milliseconds: the base of the elapsed time.
    pub since: i64,
}

impl LiveRun {
    /// Whether it still moves.
    pub fn is_live(&self) -> bool {
        !self.progress.status.is_final()
    }
}

/// An open event stream; closed when dropped.
pub(super) struct Stream {
    source: EventSource,
    _on_progress: Closure<dyn FnMut(MessageEvent)>,
    _on_error: Closure<dyn FnMut()>,
}

impl Drop for Stream {
    fn drop(&mut self) {
        self.source.close();
    }
}

impl BuilderState {
    /// Saves, starts a run of the latest revision and follows it. What is pinned stands in for its steps.
    pub fn start_run(&self, input: Json) {
        let pinned = self
            .samples
            .with_untracked(|samples| !samples.pinned.is_empty());
        self.start(StartRun {
            input,
            pins: pinned.then_some(true),
            ..StartRun::default()
        });
    }

    /// The same for any kind of run.
    pub fn start(&self, request: StartRun) {
        let state = *self;
        self.starting.set(true);
        spawn_local(async move {
            if !state.saved().await {
                state.starting.try_set(false);
                if state.starting.try_get_untracked().is_some() {
                    state.say("The workflow is not saved yet, so it was not run. It will be saved as soon as possible.");
                }
                return;
            }
            let answer = state
                .client()
                .start_run(&state.workflow_id(), &request)
                .await;
            if state.starting.try_get_untracked().is_none() {
                return;
            }
            state.starting.set(false);
            match answer {
                Ok(run) => {
                    state.runs.update(|runs| runs.insert(0, run.clone()));
                    state.drawer.update(|drawer| drawer.run = None);
                    state.follow(run);
                }
                Err(error) => state.say(format!("The run was not started: {error}")),
            }
        });
    }

    /// Asks for the present run to end.
    pub fn cancel_run(&self) {
        let Some(id) = self
            .run
            .with_untracked(|live| live.as_ref().map(|live| live.run.id.to_string()))
        else {
            return;
        };
        let state = *self;
        spawn_local(async move {
            if let Err(error) = state.client().cancel_run(&id).await
                && state.run.try_get_untracked().is_some()
            {
                state.say(format!("The run could not be cancelled: {error}"));
            }
        });
    }

    /// Fetches the recent runs; the newest is shown on the cards, and followed while it moves.
    pub fn load_runs(&self) {
        let state = *self;
        spawn_local(async move {
            let Some(runs) = state.recent_runs().await else {
                return;
            };
            let newest = runs.first().cloned();
            if state.runs.try_set(runs).is_some() {
                return;
            }
            let shown = state
                .run
                .with_untracked(|live| live.as_ref().map(|live| live.run.id.clone()));
            if let Some(run) = newest.filter(|run| shown.as_ref() != Some(&run.id)) {
                state.follow(run);
            }
        });
    }

    /// Shows a run on the cards and keeps it up to date until it ends.
    pub fn follow(&self, run: Run) {
        let id = run.id.to_string();
        let is_final = run.status.is_final();
        let progress = Progress {
            status: run.status,
            ..Progress::default()
        };
        self.run.set(Some(LiveRun {
            run,
            progress,
            since: browser::now(),
        }));
        if is_final {
            self.stream.update_value(|stream| *stream = None);
            let state = *self;
            spawn_local(async move {
                if let Ok(progress) = state.client().run_progress(&id).await {
                    state.progress(&id, progress);
                }
            });
        } else {
            self.listen(&id);
        }
    }

    /// Whether a run of this workflow moves. Tracked.
    pub fn is_running(&self) -> bool {
        self.starting.get()
            || self
                .run
                .with(|live| live.as_ref().is_some_and(LiveRun::is_live))
    }

    async fn recent_runs(&self) -> Option<Vec<Run>> {
        let query = RunQuery {
            workflow_id: Some(self.workflow_id()),
            limit: Some(RECENT),
            ..RunQuery::default()
        };
        self.client().runs(&query).await.ok().map(|page| page.items)
    }

    fn listen(&self, id: &str) {
        let Ok(source) = EventSource::new(&Client::events_path(id)) else {
            return self.poll(id);
        };
        let (state, run) = (*self, id.to_owned());
        let on_progress = Closure::new(move |event: MessageEvent| {
            let Some(text) = event.data().as_string() else {
                return;
            };
            if let Ok(progress) = patchbay_api::decode::<Progress>(&text) {
                state.progress(&run, progress);
            }
        });
        let run = id.to_owned();
        let on_error = Closure::new(move || {
            // The browser would try again for ever; asking is enough and knows when to end.
            if state.close_stream() {
                state.poll(&run);
            }
        });
        let listening = source
            .add_event_listener_with_callback("progress", on_progress.as_ref().unchecked_ref())
            .and_then(|()| {
                source.add_event_listener_with_callback("error", on_error.as_ref().unchecked_ref())
            });
        let stream = Stream {
            source,
            _on_progress: on_progress,
            _on_error: on_error,
        };
        match listening {
            Ok(()) => self.stream.update_value(|kept| *kept = Some(stream)),
            Err(_) => self.poll(id),
        }
    }

    fn poll(&self, id: &str) {
        let (state, id) = (*self, id.to_owned());
        spawn_local(async move {
            loop {
                browser::pause(POLL).await;
                let shown = state.run.try_with_untracked(|live| {
                    live.as_ref()
                        .is_some_and(|live| live.run.id.as_str() == id && live.is_live())
                });
                if shown != Some(true) {
                    return;
                }
                match state.client().run_progress(&id).await {
                    Ok(progress) => state.progress(&id, progress),
                    Err(error) if error.status() == 404 => return,
                    Err(_) => {}
                }
            }
        });
    }

    fn progress(&self, id: &str, progress: Progress) {
        let ended = progress.status.is_final();
        let was_live = self.run.try_update(|live| {
            let live = live.as_mut().filter(|live| live.run.id.as_str() == id)?;
            let was_live = live.is_live() || !live.run.status.is_final();
            live.run.status = progress.status;
            live.run.steps_done = progress.steps_done;
            live.run.error.clone_from(&progress.error);
            live.progress = progress;
            Some(was_live)
        });
        let Some(Some(was_live)) = was_live else {
            return;
        };
        if ended {
            self.close_stream();
            if was_live {
                self.ended(id);
            }
        }
    }

    /// After a run: its times, the list, and what the steps gave.
    fn ended(&self, id: &str) {
        self.refresh_samples();
        let (state, id) = (*self, id.to_owned());
        spawn_local(async move {
            if let Ok(run) = state.client().run(&id).await {
                let _ = state.run.try_update(|live| {
                    if let Some(live) = live.as_mut().filter(|live| live.run.id == run.id) {
                        live.run = run;
                    }
                });
            }
            if let Some(runs) = state.recent_runs().await {
                let _ = state.runs.try_set(runs);
            }
        });
    }

    /// Tells whether there was one.
    fn close_stream(&self) -> bool {
        // Dropped a moment later: this may be called from inside the stream's own listener.
        let closed = self.stream.try_update_value(Option::take).flatten();
        let was_open = closed.is_some();
        if let Some(stream) = closed {
            stream.source.close();
            let kept = StoredValue::new_local(Some(stream));
            set_timeout(
                move || drop(kept.try_update_value(Option::take)),
                std::time::Duration::ZERO,
            );
        }
        was_open
    }
}
