//! Trying part of a workflow: one step alone, up to a step, from a step on, or all of it without changing anything.

use crate::{
    builder::state::BuilderState,
    ui::{Glyph, Menu, MenuItem},
};
use leptos::prelude::*;
use patchbay_api::{debug::RunPart, runs::StartRun};
use patchbay_model::{Json, JsonMap, document::TRIGGER};

/// What can be tried with a step.
#[component]
pub fn TryMenu(step: String) -> impl IntoView {
    let state = expect_context::<BuilderState>();
    let step = StoredValue::new(step);
    let start = move |part: Option<RunPart>, dry: bool| {
        if state.is_running() {
            state.say("A run is under way; wait for its end, or cancel it.");
            return;
        }
        let whole = part.is_none();
        state.start(StartRun {
            // A part is given the data of earlier runs, the trigger's among them.
            input: if whole {
                Json::Object(JsonMap::new())
            } else {
                Json::Null
            },
            part,
            dry,
            ..StartRun::default()
        });
    };
    let items = Signal::derive(move || {
        let name = step.get_value();
        let part = move |title: &'static str, part: fn(String) -> RunPart| {
            let name = step.get_value();
            MenuItem::new(title, move || {
                untrack(|| start(Some(part(name.clone())), false))
            })
        };
        let mut items = Vec::new();
        if name != TRIGGER {
            items.push(
                part("Run this step alone", |step| RunPart {
                    only: Some(step),
                    ..RunPart::default()
                })
                .glyph(Glyph::Play),
            );
            items.push(part("Run up to here", |step| RunPart {
                until: Some(step),
                ..RunPart::default()
            }));
            items.push(part("Run from here", |step| RunPart {
                from: Some(step),
                ..RunPart::default()
            }));
        }
        items.push(
            MenuItem::new("Dry run of everything", move || {
                untrack(|| start(None, true))
            })
            .glyph(Glyph::Eye),
        );
        items
    });
    view! { <Menu label="Try this step" items glyph=Glyph::Play/> }
}
