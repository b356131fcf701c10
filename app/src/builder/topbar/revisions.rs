//! The saved revisions of the workflow: look at one, go back to one.

use crate::{
    builder::state::BuilderState,
    failure::Failure,
    job::Job,
    ui::{Button, ButtonKind, FailureLine, RelativeTime, Skeleton, use_toasts},
};
use leptos::{prelude::*, task::spawn_local};
use patchbay_api::workflows::{Revision, WorkflowDetail};

/// The list, and the steps of the revision that is looked at.
#[component]
pub fn Revisions() -> impl IntoView {
    let state = expect_context::<BuilderState>();
    let toasts = use_toasts();
    let revisions = RwSignal::new(None::<Vec<Revision>>);
    let failure = RwSignal::new(None::<Failure>);
    let looked_at = RwSignal::new(None::<WorkflowDetail>);
    let restoring = Job::new();
    // Also when a revision is saved while the list is open.
    Effect::new(move |_| {
        state.revision.track();
        spawn_local(async move {
            match state.client().revisions(&state.workflow_id()).await {
                Ok(list) => drop(revisions.try_set(Some(list))),
                Err(error) => drop(failure.try_set(Some(error.into()))),
            }
        });
    });
    let look = move |revision: i64| {
        spawn_local(async move {
            match state
                .client()
                .revision(&state.workflow_id(), revision)
                .await
            {
                Ok(detail) => drop(looked_at.try_set(Some(detail))),
                Err(error) => drop(failure.try_set(Some(error.into()))),
            }
        });
    };
    let restore = move |revision: i64| {
        let call = async move {
            state.saved().await;
            let (client, id) = (state.client(), state.workflow_id());
            client.restore_revision(&id, revision).await?;
            client.workflow(&id).await
        };
        restoring.run(call, move |detail| {
            state.replace(detail);
            looked_at.set(None);
            toasts.say(format!("Revision {revision} is back as the draft"));
        });
    };
    view! {
        <FailureLine failure=Signal::derive(move || failure.get().or_else(|| restoring.failure.get()))/>
        {move || match revisions.get() {
            None => view! { <Skeleton rows=4/> }.into_any(),
            Some(list) => {
                let latest = list.iter().map(|revision| revision.revision).max();
                view! {
                    <ol class="revisions">
                        {list.into_iter().map(|revision| view! { <Line revision latest looked_at look restore restoring/> }).collect_view()}
                    </ol>
                }.into_any()
            }
        }}
    }
}

#[component]
fn Line(
    revision: Revision,
    latest: Option<i64>,
    looked_at: RwSignal<Option<WorkflowDetail>>,
    look: impl Fn(i64) + Copy + Send + Sync + 'static,
    restore: impl Fn(i64) + Copy + Send + Sync + 'static,
    restoring: Job,
) -> impl IntoView {
    let number = revision.revision;
    let is_latest = latest == Some(number);
    let steps = match revision.steps {
        1 => "1 step".to_owned(),
        count => format!("{count} steps"),
    };
    let problems = match revision.problems {
        0 => None,
        1 => Some("1 problem".to_owned()),
        count => Some(format!("{count} problems")),
    };
    let is_open = Memo::new(move |_| {
        looked_at.with(|open| open.as_ref().is_some_and(|open| open.revision == number))
    });
    view! {
        <li class="revision" data-revision=number>
            <div class="revision-line">
                <span class="revision-text">
                    <b>{format!("Revision {number}")}</b>
                    {is_latest.then(|| view! { <span class="pill">"Draft"</span> })}
                    {revision.published.then(|| view! { <span class="pill pill-ok">"Published"</span> })}
                    <small>
                        <RelativeTime at=revision.at.clone()/>
                        {format!(" · {} · {steps}", revision.by)}
                        {problems.map(|problems| format!(" · {problems}"))}
                    </small>
                </span>
                <Button kind=ButtonKind::Ghost small=true on_click=move |_| if is_open.get_untracked() { looked_at.set(None) } else { look(number) }>
                    {move || if is_open.get() { "Close" } else { "View" }}
                </Button>
                {(!is_latest).then(|| view! {
                    <Button small=true busy=restoring.busy on_click=move |_| restore(number)>"Restore"</Button>
                })}
            </div>
            {move || is_open.get().then(|| looked_at.with(|open| open.as_ref().map(outline)))}
        </li>
    }
}

/// The steps of a revision, indented as they stand in each other.
fn outline(detail: &WorkflowDetail) -> impl IntoView + use<> {
    let mut lines = vec![(
        0,
        detail.document.trigger.title.clone(),
        "trigger".to_owned(),
    )];
    collect(&detail.document.steps, 0, &mut lines);
    view! {
        <ul class="outline">
            {lines.into_iter().map(|(depth, title, name)| view! {
                <li style:padding-left=format!("{}px", 8 + depth * 16)>
                    <span>{if title.is_empty() { name.clone() } else { title }}</span>
                    <code>{name}</code>
                </li>
            }).collect_view()}
        </ul>
    }
}

fn collect(
    steps: &[patchbay_model::document::Step],
    depth: usize,
    lines: &mut Vec<(usize, String, String)>,
) {
    for step in steps {
        lines.push((depth, step.title.clone(), step.name.clone()));
        for (_, inside) in step.lanes() {
            collect(inside, depth + 1, lines);
        }
    }
}
