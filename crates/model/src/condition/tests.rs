//! Conditions as tables: which values compare how, and what is said when they cannot.

use super::*;
use crate::scope::JsonScope;

fn holds(a: Json, comparison: &str, b: Json) -> Result<bool, String> {
    let inputs =
        json!({ "conditions": [{ "value_a": a, "comparison": comparison, "value_b": b }] });
    evaluate(inputs, json!({}))
}

fn evaluate(inputs: Json, steps: Json) -> Result<bool, String> {
    let Json::Object(inputs) = inputs else {
        unreachable!("inputs are an object")
    };
    let scope = JsonScope(json!({ "steps": steps }));
    Conditions::read(&inputs)
        .and_then(|conditions| conditions.evaluate(&scope))
        .map(|verdict| verdict.holds)
        .map_err(|error| format!("{}: {}", error.pointer, error.message))
}

#[test]
fn values_compare_by_what_they_are() {
    let yes = [
        (json!(1), "equals", json!(1.0)),
        (json!(1), "equals", json!(" 1 ")),
        (json!("true"), "equals", json!(true)),
        (json!(null), "equals", json!(null)),
        (json!({"a": [1]}), "equals", json!({"a": [1.0]})),
        (json!("01"), "not_equals", json!("1")),
        (json!("a"), "not_equals", json!("A")),
        (json!(0), "not_equals", json!(null)),
        (json!(0), "not_equals", json!(false)),
        (json!(""), "not_equals", json!(null)),
        (
            json!(9_007_199_254_740_993_u64),
            "not_equals",
            json!(9_007_199_254_740_992_u64),
        ),
        (json!(u64::MAX), "greater_than", json!(i64::MAX)),
        (json!(-1), "less_than", json!(u64::MAX)),
        (json!("10"), "greater_than", json!(9)),
        (json!("10"), "greater_than", json!("9")),
        (json!("2026-01-02"), "less_than", json!("2026-01-10")),
        (json!(2), "greater_or_equal", json!(2.0)),
        (json!(2), "less_or_equal", json!("2")),
        (json!("call from Bern"), "contains", json!("Bern")),
        (json!("+41 58"), "contains", json!(58)),
        (json!(["a", 1]), "contains", json!("1")),
        (json!({"k": null}), "contains", json!("k")),
        (json!("abc"), "not_contains", json!("x")),
        (json!("abc"), "starts_with", json!("ab")),
        (json!("abc"), "ends_with", json!("bc")),
        (json!(2), "in_list", json!([1, 2])),
        (json!(3), "not_in_list", json!([1, 2])),
        (json!(null), "exists", json!(null)),
        (json!([]), "is_empty", json!(null)),
        (json!(0), "is_not_empty", json!(null)),
        (json!(true), "is_true", json!(null)),
        (json!("false"), "is_false", json!(null)),
    ];
    for (a, comparison, b) in yes {
        assert_eq!(
            holds(a.clone(), comparison, b.clone()),
            Ok(true),
            "{a} {comparison} {b}"
        );
    }
}

#[test]
fn every_comparison_has_a_word_that_reads_back() {
    for comparison in Comparison::ALL {
        assert_eq!(json!(comparison), json!(comparison.as_str()));
    }
}

#[test]
fn values_that_cannot_be_compared_are_named() {
    let cases = [
        (
            json!([1]),
            "greater_than",
            json!(1),
            "`value_a` is a list and `value_b` is a number (1); `greater_than` compares two numbers or two texts.",
        ),
        (
            json!("a"),
            "less_than",
            json!(1),
            "`value_a` is a text (\"a\")",
        ),
        (json!(null), "less_or_equal", json!(1), "null"),
        (json!(5), "contains", json!(5), "looks for a part of a text"),
        (json!(5), "starts_with", json!("5"), "compares two texts"),
        (json!(5), "in_list", json!("5"), "needs a list"),
        (json!(1), "is_true", json!(null), "needs yes or no"),
    ];
    for (a, comparison, b, words) in cases {
        let error = holds(a, comparison, b).unwrap_err();
        assert!(
            error.starts_with("/conditions/0: ") && error.contains(words),
            "{error}"
        );
    }
}

#[test]
fn case_is_ignored_where_that_is_asked_for() {
    for (a, comparison, b) in [
        (json!("Zürich"), "equals", json!("ZÜRICH")),
        (json!("ABC"), "contains", json!("b")),
        (json!(["X"]), "contains", json!("x")),
        (json!("ABC"), "starts_with", json!("a")),
    ] {
        let inputs = |ignore: bool| {
            json!({ "conditions": [
            { "value_a": a, "comparison": comparison, "value_b": b, "ignore_case": ignore }
        ] })
        };
        assert_eq!(
            evaluate(inputs(true), json!({})),
            Ok(true),
            "{a} {comparison} {b}"
        );
        assert_eq!(
            evaluate(inputs(false), json!({})),
            Ok(false),
            "{a} {comparison} {b}"
        );
    }
}

#[test]
fn all_any_and_groups_decide_at_the_first_condition_that_does() {
    let t = json!({ "value_a": 1, "comparison": "equals", "value_b": 1 });
    let f = json!({ "value_a": 1, "comparison": "equals", "value_b": 2 });
    // Would be an error if it were looked at.
    let bad = json!({ "value_a": { "$path": "$.steps.nowhere" }, "comparison": "is_true" });
    let any = |items: Json| json!({ "match": "any", "conditions": items });
    let all = |items: Json| json!({ "match": "all", "conditions": items });
    let cases = [
        (all(json!([t, t])), true),
        (all(json!([t, f, bad])), false),
        (any(json!([f, f])), false),
        (any(json!([f, t, bad])), true),
        (all(json!([t, any(json!([f, t]))])), true),
        (any(json!([f, all(json!([t, f]))])), false),
        (any(json!([all(json!([f, bad])), t])), true),
    ];
    for (inputs, expected) in cases {
        assert_eq!(
            evaluate(inputs.clone(), json!({})),
            Ok(expected),
            "{inputs}"
        );
    }
}

#[test]
fn what_is_missing_can_be_asked_about_and_is_an_error_otherwise() {
    let with = |comparison: &str, path: &str| {
        evaluate(
            json!({ "conditions": [{ "value_a": { "$path": path }, "comparison": comparison, "value_b": 1 }] }),
            json!({ "a": { "from": 1, "nothing": null } }),
        )
    };
    assert_eq!(with("exists", "$.steps.a.from"), Ok(true));
    assert_eq!(with("exists", "$.steps.a.nothing"), Ok(true));
    assert_eq!(with("exists", "$.steps.a.fromm"), Ok(false));
    assert_eq!(with("not_exists", "$.steps.a.fromm"), Ok(true));
    assert_eq!(with("is_empty", "$.steps.a.fromm"), Ok(true));
    let error = with("equals", "$.steps.a.fromm").unwrap_err();
    assert!(
        error.starts_with("/conditions/0/value_a: ") && error.contains("did you mean `from`"),
        "{error}"
    );
}

#[test]
fn conditions_that_cannot_be_read_say_where_and_why() {
    let cases = [
        (json!({}), "/conditions: There is no condition"),
        (
            json!({ "conditions": [] }),
            "/conditions: There is no condition",
        ),
        (
            json!({ "conditions": { "$path": "$.steps.a" } }),
            "/conditions: The conditions have to stand here",
        ),
        (
            json!({ "conditions": [5] }),
            "/conditions/0: A condition has",
        ),
        (json!({ "match": "most", "conditions": [{}] }), "/match: "),
        (
            json!({ "conditions": [{ "value_a": 1, "comparison": "equal" }] }),
            "/conditions/0/comparison: There is no comparison `equal`; did you mean `equals`?",
        ),
        (
            json!({ "conditions": [{ "comparison": "exists" }] }),
            "/conditions/0/value_a: ",
        ),
        (
            json!({ "conditions": [{ "value_a": 1 }] }),
            "/conditions/0/value_b: ",
        ),
        (
            json!({ "conditions": [{ "conditions": [{ "value_a": { "$path": "$.[" }, "comparison": "exists" }] }] }),
            "/conditions/0/conditions/0/value_a: ",
        ),
    ];
    for (inputs, words) in cases {
        let error = evaluate(inputs.clone(), json!({})).unwrap_err();
        assert!(error.starts_with(words), "{inputs}: {error}");
    }
    let deep = (0..40).fold(
        json!({ "value_a": 1, "value_b": 1 }),
        |inner, _| json!({ "conditions": [inner] }),
    );
    assert!(
        evaluate(deep, json!({}))
            .unwrap_err()
            .contains("more than 16 deep")
    );
}

#[test]
fn the_verdict_shows_the_values_that_were_looked_at() {
    let inputs = json!({ "match": "any", "conditions": [
        { "value_a": { "$path": "$.steps.a.n" }, "comparison": "greater_than", "value_b": 3 },
        { "value_a": { "$path": "$.steps.a.x" }, "comparison": "exists" },
        { "value_a": 1, "value_b": 1 },
        { "value_a": 2, "value_b": 2 },
    ] });
    let conditions = Conditions::read(inputs.as_object().unwrap()).unwrap();
    let verdict = conditions
        .evaluate(&JsonScope(json!({ "steps": { "a": { "n": 2 } } })))
        .unwrap();
    let expected = json!({ "match": "any", "holds": true, "conditions": [
        { "value_a": 2, "comparison": "greater_than", "value_b": 3, "holds": false },
        { "comparison": "exists", "holds": false },
        { "value_a": 1, "comparison": "equals", "value_b": 1, "holds": true },
    ] });
    assert_eq!(
        verdict,
        Verdict {
            holds: true,
            shown: expected
        }
    );
}

#[test]
fn a_value_leads_to_the_branch_of_the_first_rule_that_holds_or_to_its_namesake() {
    let branches = ["missed", "5", "long", "default"];
    let rules = json!([
        { "branch": "long", "comparison": "greater_than", "value": 60 },
        { "branch": "missed", "value": 0 },
    ]);
    let cases = [
        (json!("missed"), json!(null), Ok(Some("missed"))),
        (json!(5), json!(null), Ok(Some("5"))),
        (json!("Missed"), json!(null), Ok(None)),
        (json!(null), json!(null), Ok(None)),
        (json!([1]), json!(null), Ok(None)),
        (json!(61), rules.clone(), Ok(Some("long"))),
        (json!(0), rules.clone(), Ok(Some("missed"))),
        (json!("5"), rules.clone(), Ok(Some("5"))),
        (json!(30), rules, Ok(None)),
        (
            json!(1),
            json!([{ "branch": "none" }]),
            Err("/rules/0/branch"),
        ),
        (
            json!(1),
            json!([{ "branch": "5", "comparison": "is" }]),
            Err("/rules/0/comparison"),
        ),
        (
            json!([1]),
            json!([{ "branch": "5", "comparison": "less_than", "value": 1 }]),
            Err("/rules/0"),
        ),
        (json!(1), json!({}), Err("/rules")),
    ];
    for (value, rules, expected) in cases {
        let chosen = choose(&value, Some(&rules), branches.into_iter());
        let chosen = chosen.as_ref().map(|branch| *branch);
        assert_eq!(
            chosen.map_err(|error| error.pointer.as_str()),
            expected,
            "{value} {rules}"
        );
    }
}
