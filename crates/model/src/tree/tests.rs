//! What `tree` promises, mostly as tables.

use super::*;
use serde_json::json;

fn schema() -> Schema {
    serde_json::from_value(json!({"type": "object", "properties": {
        "records": {"type": "array", "title": "Records", "items": {"type": "object", "properties": {
            "direction": {"type": "string", "enum": ["Inbound", "Outbound"], "title": "Direction"},
            "from": {"type": "object", "title": "Caller", "properties": {"phoneNumber": {"type": "string"}}},
        }}},
        "paging": {"type": "object", "properties": {"page": {"type": "integer"}}},
        "raw": {},
    }}))
    .unwrap()
}

fn shown(nodes: &[PathNode]) -> Vec<(&str, &str, Option<&str>, bool)> {
    nodes
        .iter()
        .map(|node| {
            (
                node.path.as_str(),
                node.type_name,
                node.sample.as_deref(),
                node.has_children,
            )
        })
        .collect()
}

#[test]
fn before_any_run_the_schema_is_shown() {
    let schema = schema();
    let source = Source {
        base: "$.steps.ringcentral-1",
        schema: Some(&schema),
        sample: None,
    };
    assert_eq!(
        shown(&source.children(&[])),
        [
            ("$.steps.ringcentral-1.records", "list", None, true),
            ("$.steps.ringcentral-1.paging", "object", None, true),
            ("$.steps.ringcentral-1.raw", "anything", None, false),
        ]
    );
    let records = [Segment::from("records")];
    let items = source.children(&records);
    assert_eq!(
        shown(&items),
        [("$.steps.ringcentral-1.records[0]", "object", None, true)]
    );
    assert_eq!(items[0].key, "[0]");
    assert_eq!(
        shown(&source.children(&items[0].segments)),
        [
            (
                "$.steps.ringcentral-1.records[0].direction",
                "choice",
                None,
                false
            ),
            (
                "$.steps.ringcentral-1.records[0].from",
                "object",
                None,
                true
            ),
        ]
    );
}

#[test]
fn a_sample_adds_values_and_keys_behind_those_of_the_schema() {
    let schema = schema();
    let sample = json!({"extra": {"first name": "A"}, "raw": [1], "records": [{"direction": "Inbound"}, {}], "paging": null});
    let source = Source {
        base: "$.steps.r",
        schema: Some(&schema),
        sample: Some(&sample),
    };
    assert_eq!(
        shown(&source.children(&[])),
        [
            ("$.steps.r.records", "list", Some("2 items"), true),
            ("$.steps.r.paging", "object", Some("null"), true),
            ("$.steps.r.raw", "list", Some("1 item"), true),
            ("$.steps.r.extra", "object", Some("1 key"), true),
        ]
    );
    assert_eq!(
        shown(&source.children(&["extra".into()])),
        [("$.steps.r.extra['first name']", "text", Some("A"), false)]
    );
}

#[test]
fn a_sample_alone_is_enough() {
    let sample = json!({"at": "2026-01-31T08:00:00Z", "long": "x ".repeat(100), "n": 1.5, "l": []});
    let source = Source {
        base: "$.steps.trigger",
        schema: None,
        sample: Some(&sample),
    };
    let nodes = source.children(&[]);
    let types: Vec<&str> = nodes.iter().map(|node| node.type_name).collect();
    assert_eq!(types, ["date and time", "text", "number", "list"]);
    assert_eq!(
        nodes[1]
            .sample
            .as_ref()
            .map(|sample| sample.chars().count()),
        Some(60)
    );
    assert!(!nodes[3].has_children);
}

#[test]
fn long_lists_of_keys_end_in_a_marker() {
    let sample = Json::Object(
        (0..MAX_CHILDREN + 7)
            .map(|n| (format!("k{n}"), json!(n)))
            .collect(),
    );
    let source = Source {
        base: "$.steps.a",
        schema: None,
        sample: Some(&sample),
    };
    let nodes = source.children(&[]);
    assert_eq!(nodes.len(), MAX_CHILDREN + 1);
    assert_eq!(nodes[MAX_CHILDREN].more, Some(7));
}

#[test]
fn search_finds_by_key_path_and_title() {
    let schema = schema();
    let source = Source {
        base: "$.steps.r",
        schema: Some(&schema),
        sample: None,
    };
    let nodes = source.flatten(5, 100);
    assert_eq!(nodes.len(), 8);
    let found = |text: &str| {
        search(&nodes, text)
            .into_iter()
            .map(|node| node.path.clone())
            .collect::<Vec<_>>()
    };
    assert_eq!(found("page"), ["$.steps.r.paging.page"]);
    assert_eq!(found("caller")[0], "$.steps.r.records[0].from");
    assert_eq!(
        found("records phone"),
        ["$.steps.r.records[0].from.phoneNumber"]
    );
    assert_eq!(found("").len(), 8);
    assert!(found("zzz").is_empty());
    assert_eq!(source.flatten(1, 100).len(), 3);
    assert_eq!(source.flatten(9, 2).len(), 2);
}
