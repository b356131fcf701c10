//! A small catalogue, and workflows over it from JSON.

use patchbay_model::{
    Json,
    document::Workflow,
    spec::{ConnectorSpec, OperationSpec, StepKind},
};
use serde_json::json;

/// The connectors `loop` (`loop_list`, `loop_object`) and `fake`: `read` is repeatable, `write` is not,
/// `send` cannot be taken back.
pub fn catalog() -> Vec<ConnectorSpec> {
    let operation = |name: &str| OperationSpec {
        name: name.to_owned(),
        ..OperationSpec::default()
    };
    let looping = |name: &str, kind| OperationSpec {
        kind,
        ..operation(name)
    };
    vec![
        ConnectorSpec {
            name: "loop".to_owned(),
            operations: vec![
                looping("loop_list", StepKind::LoopList),
                looping("loop_object", StepKind::LoopObject),
            ],
            ..ConnectorSpec::default()
        },
        ConnectorSpec {
            name: "fake".to_owned(),
            operations: vec![
                OperationSpec {
                    repeatable: true,
                    ..operation("read")
                },
                operation("write"),
                OperationSpec {
                    irreversible: true,
                    ..operation("send")
                },
            ],
            triggers: vec![looping("trigger", StepKind::Trigger)],
            ..ConnectorSpec::default()
        },
    ]
}

/// A workflow of these steps. A step with a `body` is a loop over a list, any other one is `fake`'s `read`,
/// unless it says otherwise.
pub fn workflow(steps: Json) -> Result<Workflow, serde_json::Error> {
    let mut steps = steps;
    fill(&mut steps);
    serde_json::from_value(
        json!({ "format": "patchbay.workflow/1", "trigger": trigger(), "steps": steps }),
    )
}

fn trigger() -> Json {
    json!({ "connector": "manual", "operation": "trigger" })
}

fn fill(steps: &mut Json) {
    for step in steps
        .as_array_mut()
        .into_iter()
        .flatten()
        .filter_map(Json::as_object_mut)
    {
        let looping = step.contains_key("body");
        let object = step
            .get("inputs")
            .is_some_and(|inputs| inputs.get("object").is_some());
        let (connector, operation) = match (looping, object) {
            (true, true) => ("loop", "loop_object"),
            (true, false) => ("loop", "loop_list"),
            (false, _) => ("fake", "read"),
        };
        step.entry("connector").or_insert_with(|| connector.into());
        step.entry("operation").or_insert_with(|| operation.into());
        for lane in ["body", "on_error_steps"] {
            if let Some(inner) = step.get_mut(lane) {
                fill(inner);
            }
        }
    }
}
