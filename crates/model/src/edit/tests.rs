//! What `edit` promises, mostly as tables.

use super::*;
use crate::document::{Lane, Workflow, parse};
use proptest::prelude::*;
use serde_json::json;

fn step(name: &str) -> Step {
    Step {
        name: name.to_owned(),
        connector: "http".to_owned(),
        operation: "request".to_owned(),
        ..Step::default()
    }
}

fn seed() -> Workflow {
    crate::document::from_str(include_str!("../../samples/v1/store-call-logs.json")).unwrap()
}

fn top(index: usize) -> Place {
    Place {
        parent: None,
        lane: None,
        index,
    }
}

fn body(parent: &str, index: usize) -> Place {
    Place {
        parent: Some(parent.to_owned()),
        lane: Some(Lane::Body),
        index,
    }
}

fn order(workflow: &Workflow) -> Vec<String> {
    workflow
        .all_steps()
        .map(|visit| visit.step.name.clone())
        .collect()
}

fn set(field: &str, value: Json) -> Edit {
    Edit::SetInput {
        step: "google-sheets-1".into(),
        field: field.into(),
        value: Some(value).filter(|value| !value.is_null()),
    }
}

#[test]
fn steps_are_added_moved_and_removed() {
    let mut workflow = seed();
    let edits = [
        (
            Edit::AddStep {
                at: top(0),
                step: Box::new(step("http-1")),
            },
            vec!["http-1", "ringcentral-1", "loop-1", "google-sheets-1"],
        ),
        (
            Edit::MoveStep {
                step: "http-1".into(),
                to: body("loop-1", 1),
            },
            vec!["ringcentral-1", "loop-1", "google-sheets-1", "http-1"],
        ),
        (
            Edit::MoveStep {
                step: "ringcentral-1".into(),
                to: top(1),
            },
            vec!["loop-1", "google-sheets-1", "http-1", "ringcentral-1"],
        ),
        (
            Edit::RemoveStep {
                step: "loop-1".into(),
            },
            vec!["ringcentral-1"],
        ),
    ];
    let mut inverses = Vec::new();
    for (edit, expected) in edits {
        inverses.push(apply(&mut workflow, &edit).unwrap());
        assert_eq!(order(&workflow), expected);
    }
    for inverse in inverses.iter().rev() {
        apply(&mut workflow, inverse).unwrap();
    }
    assert_eq!(workflow, seed());
}

#[test]
fn what_cannot_be_done_is_refused_and_changes_nothing() {
    let named = |name: &str| Edit::AddStep {
        at: top(0),
        step: Box::new(step(name)),
    };
    let nested = Step {
        body: Some(vec![step("a"), step("a")]),
        ..step("b")
    };
    let table = [
        (named("loop-1"), EditError::NameTaken("loop-1".into())),
        (named("trigger"), EditError::BadName("trigger".into())),
        (
            Edit::AddStep {
                at: top(0),
                step: Box::new(nested),
            },
            EditError::NameTaken("a".into()),
        ),
        (
            Edit::AddStep {
                at: top(9),
                step: Box::new(step("a")),
            },
            EditError::NoPlace("position 9 in the workflow's steps".into()),
        ),
        (
            Edit::AddStep {
                at: body("nope", 0),
                step: Box::new(step("a")),
            },
            EditError::NoStep("nope".into()),
        ),
        (
            Edit::AddStep {
                at: body("ringcentral-1", 1),
                step: Box::new(step("a")),
            },
            EditError::NoPlace("position 1 in the body of `ringcentral-1`".into()),
        ),
        (
            Edit::RemoveStep {
                step: "nope".into(),
            },
            EditError::NoStep("nope".into()),
        ),
        (
            Edit::RemoveStep {
                step: "trigger".into(),
            },
            EditError::NotForTrigger,
        ),
        (
            Edit::MoveStep {
                step: "trigger".into(),
                to: top(0),
            },
            EditError::NotForTrigger,
        ),
        (
            Edit::MoveStep {
                step: "loop-1".into(),
                to: body("loop-1", 0),
            },
            EditError::InsideItself("loop-1".into()),
        ),
        (
            Edit::MoveStep {
                step: "loop-1".into(),
                to: top(2),
            },
            EditError::NoPlace("position 2 in the workflow's steps".into()),
        ),
        (
            Edit::SetTitle {
                step: "nope".into(),
                title: String::new(),
            },
            EditError::NoStep("nope".into()),
        ),
        (
            Edit::SetSettings {
                step: "trigger".into(),
                settings: Settings::default(),
            },
            EditError::NotForTrigger,
        ),
        (
            Edit::SetSettings {
                step: "loop-1".into(),
                settings: Settings {
                    on_error_steps: Some(vec![step("google-sheets-1")]),
                    ..Settings::default()
                },
            },
            EditError::NameTaken("google-sheets-1".into()),
        ),
        (
            Edit::Batch {
                edits: vec![
                    Edit::Rename { name: "x".into() },
                    Edit::RemoveStep {
                        step: "nope".into(),
                    },
                ],
            },
            EditError::NoStep("nope".into()),
        ),
    ];
    for (edit, expected) in table {
        let mut workflow = seed();
        assert_eq!(apply(&mut workflow, &edit), Err(expected), "{edit:?}");
        assert_eq!(workflow, seed(), "{edit:?}");
    }
    let deep = (0..crate::document::MAX_NESTING).fold(step("deep"), |inner, depth| Step {
        body: Some(vec![inner]),
        ..step(&format!("s-{depth}"))
    });
    assert_eq!(
        apply(
            &mut seed(),
            &Edit::AddStep {
                at: top(0),
                step: Box::new(deep)
            }
        ),
        Err(EditError::TooDeep)
    );
}

#[test]
fn a_list_that_is_not_there_yet_is_made_and_unmade() {
    for lane in [Lane::Body, Lane::OnError, Lane::Branch("true".into())] {
        let mut workflow = seed();
        let at = Place {
            parent: Some("ringcentral-1".into()),
            lane: Some(lane),
            index: 0,
        };
        let inverse = apply(
            &mut workflow,
            &Edit::AddStep {
                at: at.clone(),
                step: Box::new(step("a")),
            },
        )
        .unwrap();
        assert_eq!(workflow.place_of("a"), Some(at));
        apply(&mut workflow, &inverse).unwrap();
        assert_eq!(workflow, seed());
    }
}

#[test]
fn inputs_are_set_by_pointer() {
    let table = [
        (
            set("/worksheet", json!("Other")),
            "/worksheet",
            Some(json!("Other")),
        ),
        (set("/worksheet", Json::Null), "/worksheet", None),
        (
            set("/row/a~1b~0c", json!(1)),
            "/row/a~1b~0c",
            Some(json!(1)),
        ),
        (
            set("/new/deep/er", json!(1)),
            "/new",
            Some(json!({"deep": {"er": 1}})),
        ),
        (
            set("/row/Direction/$path", json!("$.env.x")),
            "/row/Direction",
            Some(json!({"$path": "$.env.x"})),
        ),
        (set("/nope/deep", Json::Null), "/nope", None),
        (set("/list", json!([1, 2, 3])), "/list/1", Some(json!(2))),
    ];
    for (edit, pointer, expected) in table {
        let mut workflow = seed();
        let inverse = apply(&mut workflow, &edit).unwrap();
        let inputs = Json::Object(workflow.step("google-sheets-1").unwrap().inputs.clone());
        assert_eq!(inputs.pointer(pointer), expected.as_ref(), "{edit:?}");
        apply(&mut workflow, &inverse).unwrap();
        assert_eq!(workflow, seed(), "{edit:?}");
    }
}

#[test]
fn lists_inside_inputs_grow_and_shrink() {
    let mut workflow = seed();
    apply(&mut workflow, &set("/list", json!([1, {"a": 2}]))).unwrap();
    let before = workflow.clone();
    let table = [
        (set("/list/0", json!(9)), json!([9, {"a": 2}])),
        (set("/list/0", Json::Null), json!([{"a": 2}])),
        (set("/list/-", json!(3)), json!([1, {"a": 2}, 3])),
        (set("/list/2", json!(3)), json!([1, {"a": 2}, 3])),
        (set("/list/1/a", json!(5)), json!([1, {"a": 5}])),
        (set("/list/-/b", json!(5)), json!([1, {"a": 2}, {"b": 5}])),
        (set("/list/7", Json::Null), json!([1, {"a": 2}])),
    ];
    for (edit, expected) in table {
        let inverse = apply(&mut workflow, &edit).unwrap();
        assert_eq!(
            workflow.step("google-sheets-1").unwrap().inputs["list"],
            expected,
            "{edit:?}"
        );
        apply(&mut workflow, &inverse).unwrap();
        assert_eq!(workflow, before, "{edit:?}");
    }
}

#[test]
fn pointers_that_lead_nowhere_are_refused() {
    for (field, reason) in [
        ("row", "starts with `/`"),
        ("/a~2b", "only as `~0`"),
        (
            "/spreadsheet_id/x",
            "there is a text in the way at `/spreadsheet_id`",
        ),
        (
            "/worksheet/x/y",
            "a path or a text stands in the way at `/worksheet`",
        ),
        ("/list/x", "`x` is no position"),
        ("/list/01", "`01` is no position"),
        ("/list/9", "has 1 items"),
    ] {
        let mut workflow = seed();
        apply(&mut workflow, &set("/list", json!([1]))).unwrap();
        let before = workflow.clone();
        let error = apply(&mut workflow, &set(field, json!(1)))
            .unwrap_err()
            .to_string();
        assert!(error.contains(reason), "{field}: {error}");
        assert_eq!(workflow, before, "{field}");
    }
}

#[test]
fn pasted_steps_get_fresh_names_and_their_paths_follow() {
    let workflow = seed();
    let mut copied = workflow.steps[1].clone();
    let inner = &mut copied.body.as_mut().unwrap()[0];
    inner.inputs["worksheet"] = json!({"$text": "{{$x} {$.steps.loop-1.index} {$.config.sheet}", "$default": {"$path": "$.steps.loop-1.value.x"}});
    inner.inputs.insert(
        "kept".into(),
        json!({"$literal": {"$path": "$.steps.loop-1.value"}}),
    );
    let mut pasted = workflow.clone();
    apply(
        &mut pasted,
        &paste(&[copied, step("free-1")], &top(2), &workflow),
    )
    .unwrap();
    assert_eq!(
        order(&pasted),
        [
            "ringcentral-1",
            "loop-1",
            "google-sheets-1",
            "loop-2",
            "google-sheets-2",
            "free-1"
        ]
    );
    let inputs = &pasted.step("google-sheets-2").unwrap().inputs;
    assert_eq!(
        inputs["row"]["Direction"],
        json!({"$path": "$.steps.loop-2.value.direction"})
    );
    assert_eq!(
        inputs["worksheet"],
        json!({"$text": "{{$x} {$.steps.loop-2.index} {$.config.sheet}", "$default": {"$path": "$.steps.loop-2.value.x"}})
    );
    assert_eq!(
        inputs["kept"],
        json!({"$literal": {"$path": "$.steps.loop-1.value"}})
    );
    assert_eq!(
        pasted.step("loop-2").unwrap().inputs["list"],
        json!({"$path": "$.steps.ringcentral-1.records"})
    );
}

#[test]
fn changes_of_the_same_thing_conflict() {
    let title = |step: &str, title: &str| Edit::SetTitle {
        step: step.into(),
        title: title.into(),
    };
    let remove = |step: &str| Edit::RemoveStep { step: step.into() };
    let add = |name: &str, at| Edit::AddStep {
        at,
        step: Box::new(step(name)),
    };
    let operation = Edit::SetOperation {
        step: "google-sheets-1".into(),
        connector: "a".into(),
        operation: "b".into(),
        inputs: Default::default(),
    };
    let settings = Edit::SetSettings {
        step: "a".into(),
        settings: Settings::default(),
    };
    let on_error = Place {
        parent: Some("a".into()),
        lane: Some(Lane::OnError),
        index: 0,
    };
    let table = [
        (title("a", "1"), title("a", "2"), true),
        (title("a", "1"), title("a", "1"), false),
        (title("a", "1"), title("b", "2"), false),
        (set("/row/a", json!(1)), set("/row/b", json!(1)), false),
        (set("/row", json!({})), set("/row/b", json!(1)), true),
        (set("/row/b/c", json!({})), set("/row/b", json!(1)), true),
        (set("/row", json!({})), set("/rows", json!(1)), false),
        (set("", json!({})), set("/rows", json!(1)), true),
        (set("/row", json!(1)), operation.clone(), true),
        (operation, title("google-sheets-1", "x"), false),
        (remove("a"), title("a", "1"), true),
        (remove("a"), remove("a"), false),
        (remove("a"), add("b", body("a", 0)), true),
        (add("b", body("a", 0)), add("c", body("a", 0)), false),
        (add("b", top(0)), add("b", top(0)), true),
        (settings.clone(), add("b", on_error), true),
        (settings, title("a", "x"), false),
        (
            Edit::MoveStep {
                step: "a".into(),
                to: top(0),
            },
            Edit::MoveStep {
                step: "a".into(),
                to: top(1),
            },
            true,
        ),
        (
            Edit::MoveStep {
                step: "a".into(),
                to: top(0),
            },
            title("a", "x"),
            false,
        ),
        (
            Edit::SetTrigger {
                trigger: Trigger::default(),
            },
            title("trigger", "x"),
            true,
        ),
        (
            Edit::Batch {
                edits: vec![title("b", "x"), title("a", "1")],
            },
            Edit::Batch {
                edits: vec![title("a", "2")],
            },
            true,
        ),
    ];
    for (ours, theirs, expected) in table {
        assert_eq!(conflicts(&ours, &theirs), expected, "{ours:?} / {theirs:?}");
        assert_eq!(conflicts(&theirs, &ours), expected, "{theirs:?} / {ours:?}");
    }
}

#[test]
fn an_edit_travels_as_json() {
    let json = json!({"edit": "set_input", "step": "a", "field": "/row/x", "value": 1});
    let edit: Edit = serde_json::from_value(json.clone()).unwrap();
    assert_eq!(serde_json::to_value(edit).unwrap(), json);
    assert!(
        serde_json::from_value::<Edit>(json!({"edit": "rename", "name": "x", "colour": 1}))
            .is_err()
    );
}

const NAMES: [&str; 8] = ["a", "b", "c", "d", "e", "f", "trigger", "nope"];

fn any_name() -> impl Strategy<Value = String> {
    prop::sample::select(NAMES.to_vec()).prop_map(str::to_owned)
}

fn any_tree() -> impl Strategy<Value = Json> {
    let leaf = any_name().prop_map(|name| json!({"name": name, "connector": "http", "operation": "request", "inputs": {"x": {"y": [1]}}}));
    leaf.prop_recursive(3, 6, 3, |inner| {
        (
            inner.clone(),
            prop::sample::select(vec!["body", "on_error_steps", "branches"]),
            prop::collection::vec(inner, 0..3),
        )
            .prop_map(|(mut step, key, list)| {
                step[key] = if key == "branches" {
                    json!({"true": list})
                } else {
                    json!(list)
                };
                step
            })
    })
}

/// A tree in which every name stands once.
fn any_workflow() -> impl Strategy<Value = Workflow> {
    prop::collection::vec(any_tree(), 0..4).prop_map(|steps| {
        let document = json!({"format": "patchbay.workflow/1", "trigger": {"connector": "manual", "operation": "trigger"}, "steps": steps});
        let mut workflow = Workflow::default();
        for step in parse(&document).unwrap().steps {
            let at = top(workflow.steps.len());
            let _ = apply(&mut workflow, &Edit::AddStep { at, step: Box::new(step) });
        }
        workflow
    })
}

fn any_place() -> impl Strategy<Value = Place> {
    let lane = prop::sample::select(vec![
        Lane::Body,
        Lane::OnError,
        Lane::Branch("true".into()),
        Lane::Branch("new".into()),
    ]);
    let inside = (any_name(), lane, 0..3_usize).prop_map(|(parent, lane, index)| Place {
        parent: Some(parent),
        lane: Some(lane),
        index,
    });
    prop_oneof![(0..4_usize).prop_map(top), inside]
}

fn any_edit() -> impl Strategy<Value = Edit> {
    let value = prop::sample::select(vec![
        None,
        Some(json!(1)),
        Some(json!({"y": [2]})),
        Some(json!([1, 2])),
        Some(json!({"$path": "$.env.x"})),
    ]);
    let field = prop::sample::select(vec![
        "/x", "/x/y", "/x/y/0", "/x/y/-", "/x/y/0/z", "/z/z", "/x/~0", "", "x",
    ])
    .prop_map(str::to_owned);
    let new = any_tree()
        .prop_map(|tree| Box::new(serde_json::from_value::<Step>(tree).unwrap()))
        .boxed();
    let settings = prop::option::of(new.clone()).prop_map(|step| Settings {
        notes: "n".into(),
        on_error_steps: step.map(|step| vec![*step]),
        ..Settings::default()
    });
    let leaf = prop_oneof![
        "[a-z]{0,2}".prop_map(|name| Edit::Rename { name }),
        ("[a-b]", value.clone()).prop_map(|(key, value)| Edit::SetConfig { key, value }),
        ("[a-b]", value.clone()).prop_map(|(key, value)| Edit::SetView { key, value }),
        (any_place(), new).prop_map(|(at, step)| Edit::AddStep { at, step }),
        any_name().prop_map(|step| Edit::RemoveStep { step }),
        (any_name(), any_place()).prop_map(|(step, to)| Edit::MoveStep { step, to }),
        any_name().prop_map(|step| Edit::SetTitle {
            step,
            title: "t".into()
        }),
        any_name().prop_map(|step| Edit::SetAuth {
            step,
            auth: Some("auth_x".into())
        }),
        any_name().prop_map(|step| Edit::SetOperation {
            step,
            connector: "c".into(),
            operation: "o".into(),
            inputs: Default::default()
        }),
        (any_name(), field, value).prop_map(|(step, field, value)| Edit::SetInput {
            step,
            field,
            value
        }),
        (any_name(), settings).prop_map(|(step, settings)| Edit::SetSettings { step, settings }),
    ];
    leaf.prop_recursive(2, 6, 4, |inner| {
        prop::collection::vec(inner, 0..4).prop_map(|edits| Edit::Batch { edits })
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1000, ..ProptestConfig::default() })]

    #[test]
    fn an_edit_and_its_inverse_are_nothing(workflow in any_workflow(), edits in prop::collection::vec(any_edit(), 1..6)) {
        let mut changed = workflow.clone();
        let mut inverses = Vec::new();
        for edit in &edits {
            let before = changed.clone();
            match apply(&mut changed, edit) {
                Ok(inverse) => {
                    let after = changed.clone();
                    let again = apply(&mut changed, &inverse).expect("an inverse can be made");
                    prop_assert_eq!(&changed, &before, "taking back {:?}", edit);
                    apply(&mut changed, &again).expect("a change can be made again");
                    prop_assert_eq!(&changed, &after, "making {:?} again", edit);
                    inverses.push(inverse);
                }
                Err(_) => prop_assert_eq!(&changed, &before, "a refused {:?} changed something", edit),
            }
        }
        for inverse in inverses.iter().rev() {
            apply(&mut changed, inverse).expect("inverses can be made one after the other");
        }
        prop_assert_eq!(changed, workflow);
    }
}
