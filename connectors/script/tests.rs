//! Ways out of the box, and ways to use up the machine: none works.

use super::boxed::{Limits, run};
use patchbay_kit::model::Json;
use serde_json::json;
use std::time::Duration;

fn small() -> Limits {
    Limits {
        time: Duration::from_millis(500),
        memory: 16 << 20,
        ..Limits::default()
    }
}

fn result(code: &str) -> Json {
    run(code, &json!({"a": 1}), small()).unwrap_or_else(|error| panic!("{code}: {error:?}"))["result"].take()
}

fn code_of(script: &str) -> String {
    run(script, &json!({}), small()).expect_err(script).code
}

#[test]
fn what_uses_up_the_machine_fails_the_script_alone() {
    for (script, code) in [
        ("for (;;) {}", "script_timeout"),
        (
            "while (true) { try { for (;;) {} } catch {} finally { continue } }",
            "script_timeout",
        ),
        ("/(a+)+$/.test('a'.repeat(40) + 'b')", "script_timeout"),
        ("const f = () => f(); f();", "script_error"),
        ("let a = 'x'.repeat(1e9); return a.length;", "script_memory"),
        (
            "const a = []; for (;;) a.push(new Array(1e5).fill(a.length));",
            "script_memory",
        ),
        ("return new ArrayBuffer(1e9).byteLength;", "script_memory"),
        (
            "let a = []; for (let i = 0; i < 1000; i++) a = [a]; return a;",
            "script_result",
        ),
        ("return 1n;", "script_error"),
        ("throw null;", "script_memory"),
        ("throw 'my own';", "script_error"),
        (
            "let p = Promise.resolve(); const again = () => p.then(again); again(); return new Promise(() => {});",
            "script_error",
        ),
    ] {
        assert_eq!(code_of(script), code, "{script}");
    }
}

#[test]
fn there_is_no_way_out() {
    for name in [
        "require",
        "process",
        "fetch",
        "XMLHttpRequest",
        "WebSocket",
        "std",
        "os",
        "Deno",
        "Bun",
        "setTimeout",
        "print",
        "load",
        "scriptArgs",
    ] {
        assert_eq!(
            result(&format!("return typeof globalThis[{name:?}];")),
            "undefined",
            "{name}"
        );
    }
    for script in [
        "return typeof Function('return this')().process;",
        "return typeof (0, eval)('this').require;",
        "return typeof [].constructor.constructor('return typeof std === \"undefined\" ? undefined : 1')();",
    ] {
        assert_eq!(result(script), "undefined", "{script}");
    }
    assert!(run("return import('fs');", &json!({}), small()).is_err());
    assert!(run("return import('/etc/passwd');", &json!({}), small()).is_err());
}

#[test]
fn nothing_survives_from_script_to_script() {
    let spoil = "Object.prototype.polluted = 1; Array.prototype.map = null; JSON.stringify = () => '666'; globalThis.kept = 1; return 1;";
    assert_eq!(result(spoil), 1);
    assert_eq!(
        result("return [typeof kept, ({}).polluted ?? null, [1].map(x => x)];"),
        json!(["undefined", null, [1]])
    );
}

#[test]
fn tricks_with_the_result_give_data_or_an_error() {
    for (script, wanted) in [
        ("return {toJSON() { return 'own'; }};", json!("own")),
        ("return {get a() { return 1; }};", json!({"a": 1})),
        (
            "return [undefined, () => 1, NaN, -0, new Date(0)];",
            json!([null, null, null, 0, "1970-01-01T00:00:00.000Z"]),
        ),
        ("return new Map([[1, 2]]);", json!({})),
        ("return Promise.resolve(input.a);", json!(1)),
        ("return '\\u{1F600}é';", json!("😀é")),
        ("// the last line is a comment", json!(null)),
    ] {
        assert_eq!(result(script), wanted, "{script}");
    }
    assert_eq!(
        code_of("return {get a() { throw new Error('no'); }};"),
        "script_error"
    );
    assert_eq!(
        code_of("return {toJSON() { for (;;) {} }};"),
        "script_timeout"
    );
}

#[test]
fn an_error_says_where_and_keeps_what_was_written() {
    let error = run(
        "console.log('before');\nconst a = null;\n  a.b();",
        &json!({}),
        small(),
    )
    .unwrap_err();
    assert!(error.message.contains("line 3"), "{}", error.message);
    let detail = error.detail.unwrap();
    assert_eq!(detail["line"], 3);
    assert_eq!(detail["console"][0]["text"], "before");
}

#[test]
fn a_console_that_is_full_says_so() {
    let output = run(
        "for (let i = 0; i < 5000; i++) console.log(i);",
        &json!({}),
        small(),
    )
    .unwrap();
    let lines = output["console"].as_array().unwrap();
    assert_eq!(lines.len(), 1000);
    assert!(
        lines[999]["text"]
            .as_str()
            .unwrap()
            .contains("more was written")
    );
}
