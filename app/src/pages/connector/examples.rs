//! The examples of an operation: what goes in, and what comes of it.

use crate::ui::CodeView;
use leptos::prelude::*;
use patchbay_model::{Json, spec::OperationExample};

#[component]
pub(super) fn Examples(examples: Vec<OperationExample>) -> impl IntoView {
    if examples.is_empty() {
        return ().into_any();
    }
    let heading = if examples.len() == 1 {
        "Example"
    } else {
        "Examples"
    };
    let shown = examples.into_iter().map(example).collect_view();
    view! {
        <h4>{heading}</h4>
        {shown}
    }
    .into_any()
}

fn example(example: OperationExample) -> AnyView {
    let end = match (example.output, example.error) {
        (Some(output), _) => view! {
            <div>
                <p class="faint">"gives"</p>
                <CodeView text=written(&output)/>
            </div>
        }
        .into_any(),
        (None, error) => view! {
            <div>
                <p class="faint">"ends in the error"</p>
                <p><code>{error}</code></p>
            </div>
        }
        .into_any(),
    };
    let title = (!example.title.is_empty()).then(|| view! { <p class="muted">{example.title}</p> });
    view! {
        {title}
        <div class="operation-example">
            <div>
                <p class="faint">"Inputs"</p>
                <CodeView text=written(&example.inputs)/>
            </div>
            {end}
        </div>
    }
    .into_any()
}

fn written(value: &Json) -> String {
    format!("{value:#}")
}
