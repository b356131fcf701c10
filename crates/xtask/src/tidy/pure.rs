//! Pure crates answer from their arguments alone, so that browser and server agree and tests need
//! no world. So does the engine's decision: the same workflow, state and event give the same commands.

use super::Problem;
use super::source::words;
use super::tree::Tree;

const PURE: &[&str] = &["crates/model/src/", "crates/layout/src/", "crates/api/src/"];

/// What the engine decides with; its loop around it is not pure.
const DECISION: &[&str] = &[
    "crates/engine/src/decide",
    "crates/engine/src/plan",
    "crates/engine/src/state",
    "crates/engine/src/retry",
    "crates/engine/src/redact",
];

/// What reaches out of the process, or gives another answer the second time.
const WORLD: &[&str] = &[
    "std::fs",
    "std::net",
    "std::thread",
    "std::process",
    "std::env",
    "std::time::Instant",
    "std::time::SystemTime",
    "Instant::now",
    "SystemTime::now",
    "Timestamp::now",
    "Zoned::now",
    "Utc::now",
    "thread::spawn",
    "thread_rng",
    "getrandom::",
    "rand::",
    "tokio::",
];

/// The same inside `use std::{…}`.
const GROUPED: &[&str] = &[
    "fs",
    "net",
    "thread",
    "process",
    "env",
    "Instant",
    "SystemTime",
];

/// Libraries that only exist to reach out.
const LIBRARIES: &[&str] = &["tokio", "getrandom", "rand", "jiff", "chrono", "time"];

pub(super) fn pure(tree: &Tree) -> Vec<Problem> {
    let mut problems = Vec::new();
    for (path, source) in tree.sources() {
        let mut places = PURE.iter().chain(DECISION);
        if !places.any(|place| path.starts_with(place)) {
            continue;
        }
        let mut group = false;
        for (number, line) in source.shipped() {
            let found = WORLD.iter().find(|needle| reaches(line, needle));
            group |= line.contains("use std::{") || line.contains("time::{");
            let grouped = GROUPED
                .iter()
                .find(|name| group && words(line, name).next().is_some());
            group &= !line.contains(';');
            if let Some(name) = found.or(grouped) {
                let message = format!("pure code may not use `{name}`: take it as an argument");
                problems.push(Problem::line(path, number, message));
            }
        }
    }
    problems.extend(manifests(tree));
    problems
}

fn reaches(line: &str, needle: &str) -> bool {
    let word = needle.trim_end_matches("::");
    words(line, word).any(|at| line[at..].starts_with(needle))
}

fn manifests(tree: &Tree) -> Vec<Problem> {
    let mut problems = Vec::new();
    for source in PURE {
        let path = source.replace("/src/", "/Cargo.toml");
        let Some(manifest) = tree.manifest(&path) else {
            continue;
        };
        let Some(dependencies) = manifest.get("dependencies").and_then(toml::Value::as_table)
        else {
            continue;
        };
        for library in LIBRARIES {
            if dependencies.contains_key(*library) {
                let message = format!("a pure crate may not depend on `{library}`");
                problems.push(Problem::file(path.clone(), message));
            }
        }
    }
    problems
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reaching_out_of_a_pure_crate_is_reported() {
        for line in [
            "use std::fs;",
            "use std::{collections::BTreeMap, fs};",
            "use std::time::{Duration, Instant};",
            "let a = std::time::SystemTime::now();",
            "let a = rand::random();",
            "std::thread::spawn(a);",
        ] {
            let tree = Tree::of(&[("crates/model/src/a.rs", line)]);
            assert_eq!(pure(&tree).len(), 1, "{line}");
        }
    }

    #[test]
    fn a_decision_that_looks_at_the_clock_is_reported() {
        let text = "let now = std::time::SystemTime::now();";
        let decide = ("crates/engine/src/decide/step.rs", text);
        let runner = ("crates/engine/src/runner/time.rs", text);
        assert_eq!(pure(&Tree::of(&[decide, runner])).len(), 1);
    }

    #[test]
    fn a_group_over_several_lines_is_read_to_its_end() {
        let text = "use std::{\n    fmt,\n    fs,\n};\nlet fs = 1;";
        let problems = pure(&Tree::of(&[("crates/layout/src/a.rs", text)]));
        assert_eq!(problems.len(), 1);
        assert_eq!(problems[0].line, Some(3));
    }

    #[test]
    fn a_library_that_reaches_out_is_reported() {
        let tree = Tree::of(&[("crates/api/Cargo.toml", "[dependencies]\ntokio = \"1\"")]);
        assert_eq!(pure(&tree).len(), 1);
    }

    #[test]
    fn other_crates_and_tests_may_reach_out() {
        let tests = "#[cfg(test)]\nmod tests { use std::fs; }";
        let tree = Tree::of(&[
            ("crates/kit/src/a.rs", "use std::fs;"),
            ("crates/model/src/a.rs", tests),
            (
                "crates/model/src/b.rs",
                "let brand = operand::new(); let x = a.rand;",
            ),
        ]);
        assert!(pure(&tree).is_empty());
    }
}
