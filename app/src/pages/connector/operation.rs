//! One operation of the reference: its head, and what goes in and comes out as soon as it is opened.

use super::{
    examples::Examples,
    schema::{Inputs, Output},
};
use crate::{
    failure::Failure,
    ui::{CopyButton, FailureNote, Glyph, Icon, Pill, PillKind, Skeleton},
    use_client,
};
use leptos::{prelude::*, task::spawn_local};
use patchbay_api::connectors::OperationDetail;

#[component]
pub(super) fn Operation(connector: String, detail: OperationDetail, open: bool) -> impl IntoView {
    let client = use_client();
    let is_open = RwSignal::new(open);
    let schemas = RwSignal::new(None::<Result<OperationDetail, Failure>>);
    let name = detail.name.clone();
    Effect::new(move |_| {
        if !is_open.get() || schemas.with_untracked(Option::is_some) {
            return;
        }
        let (client, connector, name) = (client.clone(), connector.clone(), name.clone());
        spawn_local(async move {
            let found = client
                .operation(&connector, &name)
                .await
                .map_err(Failure::from);
            schemas.try_set(Some(found));
        });
    });
    let marks = view! {
        {detail.deprecated.then(|| view! { <Pill kind=PillKind::Warning>"Deprecated"</Pill> })}
        {detail.irreversible.then(|| view! { <Pill kind=PillKind::Warning>"Cannot be undone"</Pill> })}
    };
    let facts = Facts {
        name: detail.name.clone(),
        operation_id: detail.operation_id.clone(),
        scopes: detail.scopes.clone(),
        repeat: if detail.irreversible {
            "It reaches a person or moves money: after an interruption it is not executed again."
        } else if detail.repeatable {
            "Executing it twice is the same as once: after an interruption it is simply executed again."
        } else {
            "After an interruption it may be executed again, with the same idempotency key."
        },
    };
    let facts = StoredValue::new(facts);
    let id = format!("operation-{}", detail.name);
    let inside = move || match schemas.get() {
        None => view! { <Skeleton rows=4/> }.into_any(),
        Some(Err(failure)) => view! { <FailureNote failure/> }.into_any(),
        Some(Ok(full)) => view! {
            <h4>"Inputs"</h4>
            <Inputs schema=full.inputs.unwrap_or_default()/>
            <h4>"Output"</h4>
            <Output schema=full.output.unwrap_or_default()/>
            <Examples examples=full.examples/>
        }
        .into_any(),
    };
    view! {
        <li class="operation" id=id>
            <button
                class="operation-head"
                r#type="button"
                aria-expanded=move || if is_open.get() { "true" } else { "false" }
                on:click=move |_| is_open.update(|open| *open = !*open)
            >
                <span class="json-arrow" class:json-arrow-open=is_open>
                    <Icon glyph=Glyph::ChevronRight/>
                </span>
                <span class="operation-text">
                    <b>{detail.title}</b>
                    <span class="muted">{detail.summary}</span>
                </span>
                {marks}
                <span class="mono faint operation-name">{detail.name}</span>
            </button>
            <Show when=move || is_open.get()>
                <div class="operation-body">
                    {facts.with_value(Facts::view)} {inside}
                </div>
            </Show>
        </li>
    }
    .into_any()
}

struct Facts {
    name: String,
    operation_id: Option<String>,
    scopes: Vec<String>,
    repeat: &'static str,
}

impl Facts {
    fn view(&self) -> AnyView {
        let scopes = if self.scopes.is_empty() {
            view! { <span class="muted">"none"</span> }.into_any()
        } else {
            let tags = self
                .scopes
                .iter()
                .map(|scope| view! { <span class="tag mono">{scope.clone()}</span> })
                .collect_view();
            view! { <span class="tags">{tags}</span> }.into_any()
        };
        let id = self.operation_id.clone().map(|id| {
            view! {
                <div>
                    <dt>"The service calls it"</dt>
                    <dd class="mono">{id}</dd>
                </div>
            }
        });
        let name = self.name.clone();
        view! {
            <dl class="operation-facts">
                <div>
                    <dt>"Name"</dt>
                    <dd class="line">
                        <code>{name.clone()}</code>
                        <CopyButton text=name label="Copy the name" bare=true/>
                    </dd>
                </div>
                {id}
                <div>
                    <dt>"Permissions"</dt>
                    <dd>{scopes}</dd>
                </div>
                <div>
                    <dt>"Repeating"</dt>
                    <dd class="muted">{self.repeat}</dd>
                </div>
            </dl>
        }
        .into_any()
    }
}
