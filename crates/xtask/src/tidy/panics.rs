//! Bad input is answered, never died of: shipped code holds no call that panics on purpose.
//!
//! Clippy says the same for what it compiles; this rule also sees code of other platforms and
//! features.

use super::Problem;
use super::source::words;
use super::tree::Tree;

const CALLS: &[&str] = &[
    "unwrap()",
    "expect(",
    "panic!(",
    "unimplemented!(",
    "todo!(",
];

/// What only tests use may fail loudly: the harness of the stories, and what a crate offers to the
/// tests of others.
fn exempt(path: &str) -> bool {
    path.starts_with("tests/") || path.contains("/src/testing")
}

pub(super) fn no_panics(tree: &Tree) -> Vec<Problem> {
    let mut problems = Vec::new();
    for (path, source) in tree.sources() {
        if exempt(path) {
            continue;
        }
        for (number, line) in source.shipped() {
            if let Some(call) = CALLS.iter().find(|call| calls(line, call)) {
                let message = format!("`{call}` ends the process: give an error instead");
                problems.push(Problem::line(path, number, message));
            }
        }
    }
    problems
}

fn calls(line: &str, call: &str) -> bool {
    let name = call.trim_end_matches(['(', ')', '!']);
    words(line, name).any(|at| {
        let method = !call.contains('!');
        let dotted = line[..at].trim_end().ends_with(['.', ':']);
        // A method of that name that takes more, such as a parser's `expect(Token)`, is its own affair.
        let text = call != "expect(" || line[at..].starts_with("expect(\"");
        line[at..].starts_with(call) && (!method || dotted) && text
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_call_that_panics_is_reported() {
        for line in [
            "a.unwrap();",
            "a.expect(\"b\");",
            "panic!(\"a\");",
            "todo!()",
        ] {
            let tree = Tree::of(&[("crates/kit/src/a.rs", line)]);
            assert_eq!(no_panics(&tree).len(), 1, "{line}");
        }
    }

    #[test]
    fn attributes_tests_and_gentler_methods_are_fine() {
        let text = "#[expect(clippy::panic, reason = \"a\")]\na.unwrap_or(b);\n\
                    self.expect(Token::Comma)?;\n#[cfg(test)]\nmod tests { fn a() { b.unwrap() } }";
        assert!(no_panics(&Tree::of(&[("crates/kit/src/a.rs", text)])).is_empty());
    }
}
