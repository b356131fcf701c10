//! `/runs/{id}`: one run, step by step, with everything that went in and came out.

mod executions;
mod head;
mod outline;
mod replay;
mod steps;

use crate::{
    browser,
    load::{load, resource},
    use_client,
};
use executions::Executions;
use head::Head;
use leptos::{prelude::*, task::spawn_local};
use leptos_router::hooks::{use_params_map, use_query_map};
use outline::{Entry, outline};
use patchbay_api::{ClientError, runs::Run};
use patchbay_model::{
    document::{TRIGGER, Workflow},
    progress::Progress,
};
use serde::{Deserialize, Serialize};
use steps::Steps;

/// What the page begins with.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct Shown {
    run: Run,
    progress: Progress,
    /// The revision that ran; none when it is gone.
    document: Option<Workflow>,
}

/// The run as it moves.
#[derive(Clone, Copy)]
struct Live {
    run: RwSignal<Run>,
    progress: RwSignal<Progress>,
    outline: StoredValue<Vec<Entry>>,
    /// The step whose executions are shown.
    selected: RwSignal<Option<String>>,
}

/// The page.
#[component]
pub fn RunPage() -> impl IntoView {
    let client = use_client();
    let params = use_params_map();
    let id = move || params.with(|params| params.get("id").unwrap_or_default());
    let shown = resource(id, move |id| {
        let client = client.clone();
        async move {
            let run = client.run(&id).await?;
            let progress = client.run_progress(&id).await?;
            // Only titles and order come from it; a workflow that was deleted leaves the names.
            let revision = client
                .revision(run.workflow_id.as_str(), run.revision)
                .await;
            Ok::<_, ClientError>(Shown {
                run,
                progress,
                document: revision.ok().map(|revision| revision.document),
            })
        }
    });
    view! { <div class="page">{load(shown, |shown| view! { <Inside shown/> })}</div> }
}

#[component]
fn Inside(shown: Shown) -> impl IntoView {
    let query = use_query_map();
    let entries = outline(shown.document.as_ref(), &shown.progress);
    let asked = query
        .with_untracked(|query| query.get("step"))
        .filter(|step| entries.iter().any(|entry| entry.name == *step));
    let failed = shown
        .run
        .error
        .as_ref()
        .and_then(|error| error.step.clone());
    let selected = asked.or(failed).or_else(|| {
        let first_step = entries.iter().find(|entry| entry.name != TRIGGER);
        first_step
            .or(entries.first())
            .map(|entry| entry.name.clone())
    });
    let live = Live {
        run: RwSignal::new(shown.run),
        progress: RwSignal::new(shown.progress),
        outline: StoredValue::new(entries),
        selected: RwSignal::new(selected),
    };
    follow(live);
    view! {
        <Head live/>
        <div class="run">
            <Steps live/>
            <Executions live/>
        </div>
    }
    .into_any()
}

/// Asks each second how far it is, until it is over.
fn follow(live: Live) {
    let client = StoredValue::new(use_client());
    let asking = StoredValue::new(false);
    browser::every(1_000, move || {
        let over = live.run.with_untracked(|run| run.status.is_final());
        if over || asking.get_value() {
            return;
        }
        asking.set_value(true);
        let client = client.get_value();
        let id = live.run.with_untracked(|run| run.id.clone());
        spawn_local(async move {
            let progress = client.run_progress(id.as_str()).await;
            let run = client.run(id.as_str()).await;
            asking.try_update_value(|asking| *asking = false);
            // What cannot be asked now is asked again in a second.
            if let (Ok(progress), Ok(run)) = (progress, run) {
                live.progress.try_set(progress);
                live.run.try_set(run);
            }
        });
    });
}
