//! The steps of the run that is shown, as they stand in each other, with how each did.

use crate::builder::{canvas::card::PillView, pill, state::BuilderState};
use crate::ui::For;
use leptos::prelude::*;
use patchbay_model::document::{Step, TRIGGER};

/// One line: how deep it stands, name, title.
type Line = (usize, String, String);

/// The steps; picking one selects it everywhere.
#[component]
pub fn StepList() -> impl IntoView {
    let state = expect_context::<BuilderState>();
    let lines = Memo::new(move |_| {
        let trigger = state
            .spec_of(TRIGGER)
            .map(|spec| spec.title)
            .unwrap_or_default();
        let mut lines: Vec<Line> = state.workflow.with(|workflow| {
            let own = &workflow.trigger.title;
            let trigger = if own.is_empty() { trigger } else { own.clone() };
            let mut lines = vec![(0, TRIGGER.to_owned(), trigger)];
            collect(&workflow.steps, 0, &mut lines);
            lines
        });
        // What the run did and the document no longer has.
        state.run.with(|live| {
            let steps = live.iter().flat_map(|live| live.progress.steps.keys());
            for step in steps {
                if !lines.iter().any(|(_, name, _)| name == step) {
                    lines.push((0, step.clone(), String::new()));
                }
            }
        });
        lines
    });
    view! {
        <div class="drawer-steps">
            <h6>"Steps"</h6>
            <ul>
                <For each=move || lines.get() key=|line| line.clone() let:line>
                    <LineView line/>
                </For>
            </ul>
        </div>
    }
}

#[component]
fn LineView(line: Line) -> impl IntoView {
    let state = expect_context::<BuilderState>();
    let (depth, name, title) = line;
    let title = if title.is_empty() {
        name.clone()
    } else {
        title
    };
    let name = StoredValue::new(name);
    let is_selected = Memo::new(move |_| {
        name.with_value(|name| {
            state
                .selected
                .with(|selected| selected.as_ref() == Some(name))
        })
    });
    let pill = Memo::new(move |_| {
        name.with_value(|name| {
            state.run.with(|live| {
                let live = live.as_ref()?;
                if name == TRIGGER {
                    return Some(pill::of_trigger(live.progress.status));
                }
                live.progress
                    .steps
                    .get(name)
                    .map(|step| pill::of_step(step, None, state.now.get_untracked()))
            })
        })
    });
    view! {
        <li>
            <button
                type="button"
                class="step-line"
                class:on=move || is_selected.get()
                style:padding-left=format!("{}px", 8 + depth * 16)
                on:click=move |_| name.with_value(|name| state.select(name))
            >
                <span>{title}</span>
                <PillView pill/>
            </button>
        </li>
    }
}

fn collect(steps: &[Step], depth: usize, lines: &mut Vec<Line>) {
    for step in steps {
        lines.push((depth, step.name.clone(), step.title.clone()));
        for (_, inside) in step.lanes() {
            collect(inside, depth + 1, lines);
        }
    }
}
