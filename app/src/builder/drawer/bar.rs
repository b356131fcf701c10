//! The bottom bar: which run, how far, for how long.

use crate::{
    builder::state::{BuilderState, LiveRun},
    time,
    ui::{Glyph, Icon},
};
use leptos::prelude::*;
use patchbay_model::{event::RunStatus, progress::Progress};

/// One line about the run that the cards show.
#[component]
pub fn RunBar() -> impl IntoView {
    let state = expect_context::<BuilderState>();
    let is_open = Memo::new(move |_| state.drawer.with(|drawer| drawer.open));
    let status = Memo::new(move |_| {
        state
            .run
            .with(|live| live.as_ref().map(|live| live.progress.status))
    });
    let text = move || {
        state.run.with(|live| match live {
            Some(live) => line(live, state.now.get()),
            None => "Not run yet".to_owned(),
        })
    };
    let name = move || {
        state.run.with(|live| {
            live.as_ref()
                .map(|live| format!("Run {}", short(live.run.id.as_str())))
        })
    };
    let error = move || {
        state.run.with(|live| {
            let error = live.as_ref()?.progress.error.as_ref()?;
            Some(match &error.step {
                Some(step) => format!("{step}: {}", error.error.message),
                None => error.error.message.clone(),
            })
        })
    };
    view! {
        <div class="run-bar" data-run-status=move || status.get().map_or("none", RunStatus::as_str)>
            <b>{name}</b>
            <span class="run-bar-text" role="status">{text}</span>
            {move || error().map(|error| view! { <span class="run-bar-error" title=error.clone()>{error.clone()}</span> })}
            <span class="topbar-gap"></span>
            <button
                type="button"
                class="run-bar-open"
                aria-expanded=move || is_open.get().to_string()
                on:click=move |_| state.drawer.update(|drawer| drawer.open = !drawer.open)
            >
                "Runs"
                <span class="run-bar-arrow" class:open=move || is_open.get()><Icon glyph=Glyph::ChevronDown/></span>
            </button>
        </div>
    }
}

/// The last characters of an id: enough to tell the runs of a workflow apart.
pub fn short(id: &str) -> String {
    let count = id.chars().count();
    id.chars().skip(count.saturating_sub(6)).collect()
}

/// How a run stands, in a few words: `running · 85 of 250 items · 3.9 s`.
fn line(live: &LiveRun, now: i64) -> String {
    let mut parts = vec![live.progress.status.as_str().to_owned()];
    parts.extend(items(&live.progress));
    let took = match &live.run.finished_at {
        Some(finished) => time::between(
            live.run
                .started_at
                .as_deref()
                .or(Some(&live.run.accepted_at)),
            Some(finished),
        ),
        None if live.is_live() => u64::try_from(now - live.since).ok(),
        None => None,
    };
    parts.extend(took.map(time::duration));
    parts.join(" · ")
}

/// How many items of the loop that is longest, else how many steps.
fn items(progress: &Progress) -> Option<String> {
    let longest = progress
        .steps
        .values()
        .filter(|step| step.items_done.is_some())
        .max_by_key(|step| step.items_total);
    match longest {
        Some(step) => {
            let done = step.items_done.unwrap_or(0);
            Some(match step.items_total {
                Some(total) => format!("{done} of {total} items"),
                None => format!("{done} items"),
            })
        }
        None => match progress.steps_done {
            0 => None,
            1 => Some("1 step".to_owned()),
            count => Some(format!("{count} steps")),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use patchbay_model::progress::StepProgress;

    #[test]
    fn the_longest_loop_tells_how_far_a_run_is() {
        let looped = |done, total| StepProgress {
            items_done: Some(done),
            items_total: total,
            ..StepProgress::default()
        };
        let mut progress = Progress {
            steps_done: 3,
            ..Progress::default()
        };
        assert_eq!(items(&progress).as_deref(), Some("3 steps"));
        progress
            .steps
            .insert("loop-1".to_owned(), looped(85, Some(250)));
        progress
            .steps
            .insert("loop-2".to_owned(), looped(1, Some(2)));
        assert_eq!(items(&progress).as_deref(), Some("85 of 250 items"));
    }

    #[test]
    fn ids_are_shortened_from_the_end() {
        assert_eq!(short("run_01HZX7f3a9c"), "7f3a9c");
        assert_eq!(short("run"), "run");
    }
}
