//! A small catalogue, and workflows over it from JSON.

use patchbay_model::{
    Json,
    document::Workflow,
    spec::{ConnectorSpec, OperationSpec, StepKind},
};
use serde_json::json;

/// The connectors `loop` and `flow`, whose operations are named like the kinds of control flow, and `fake`: `read`
/// is repeatable, `write` is not, `send` cannot be taken back.
pub fn catalog() -> Vec<ConnectorSpec> {
    let operation = |name: &str| OperationSpec {
        name: name.to_owned(),
        ..OperationSpec::default()
    };
    let of_kind = |name: &str, kind| OperationSpec {
        kind,
        ..operation(name)
    };
    let flow = FLOW.map(|(name, kind)| of_kind(name, kind));
    let (loops, others) = flow.into_iter().partition(|spec| spec.kind.has_body());
    let connector = |name: &str, operations| ConnectorSpec {
        name: name.to_owned(),
        operations,
        ..ConnectorSpec::default()
    };
    let calls = vec![
        OperationSpec {
            repeatable: true,
            reads: true,
            ..operation("read")
        },
        operation("write"),
        OperationSpec {
            irreversible: true,
            ..operation("send")
        },
    ];
    vec![
        connector("loop", loops),
        connector("flow", others),
        ConnectorSpec {
            triggers: vec![of_kind("trigger", StepKind::Trigger)],
            ..connector("fake", calls)
        },
    ]
}

/// The operations of control flow.
const FLOW: [(&str, StepKind); 14] = [
    ("loop_list", StepKind::LoopList),
    ("loop_object", StepKind::LoopObject),
    ("loop_forever", StepKind::LoopForever),
    ("loop_until", StepKind::LoopUntil),
    ("boolean", StepKind::Boolean),
    ("branch", StepKind::Branch),
    ("parallel", StepKind::Parallel),
    ("break", StepKind::Break),
    ("continue", StepKind::Continue),
    ("terminate", StepKind::Terminate),
    ("fail", StepKind::Fail),
    ("delay", StepKind::Delay),
    ("call_workflow", StepKind::CallWorkflow),
    ("reply", StepKind::Reply),
];

/// A workflow of these steps. A step with a `body` is a loop over a list, any other one is `fake`'s `read`,
/// unless its `operation` says otherwise; the connector of control flow need not be named.
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
        let named = step.get("operation").and_then(Json::as_str);
        let named = FLOW.into_iter().find(|(name, _)| Some(*name) == named);
        let (connector, operation) = match (looping, object) {
            _ if named.is_some_and(|(_, kind)| !kind.has_body()) => ("flow", "read"),
            (true, true) => ("loop", "loop_object"),
            (true, false) => ("loop", "loop_list"),
            (false, _) => ("fake", "read"),
        };
        step.entry("connector").or_insert_with(|| connector.into());
        step.entry("operation").or_insert_with(|| operation.into());
        let branches = step.get_mut("branches").and_then(Json::as_object_mut);
        for (_, branch) in branches.into_iter().flatten() {
            fill(branch);
        }
        for lane in ["body", "on_error_steps"] {
            if let Some(inner) = step.get_mut(lane) {
                fill(inner);
            }
        }
    }
}
