//! The Output tab: what the step gives, by its schema and by the last run; values can be dragged to fields.

use crate::builder::{
    snake::{PathTree, sources::Source},
    state::BuilderState,
};
use leptos::prelude::*;
use patchbay_model::{document::TRIGGER, path::Path};

/// Tree with sample values.
#[component]
pub fn OutputTab(step: String) -> impl IntoView {
    let state = expect_context::<BuilderState>();
    let name = StoredValue::new(step);
    let sample = Memo::new(move |_| {
        state
            .samples
            .with(|samples| samples.steps.get(&name.get_value()).cloned())
    });
    let source = Memo::new(move |_| {
        let step = name.get_value();
        let schema = state
            .shape_of(&step)
            .map(|shape| shape.output)
            .unwrap_or_default();
        Some(Source {
            base: Path::to_step(&step, []).as_str().to_owned(),
            title: step.clone(),
            step,
            schema,
            sample: sample.get(),
        })
    });
    view! {
        <p class="help lead">
            {move || match (sample.with(Option::is_some), name.get_value() == TRIGGER) {
                (true, _) => "With the data of the last run. Drag a value to a field of a later step.",
                (false, true) => "What starts the run is the output of the trigger.",
                (false, false) => "As the service describes it. After a run the real values stand beside the names.",
            }}
        </p>
        <PathTree source field=None />
    }
}
