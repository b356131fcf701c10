//! Rules about the tree as a whole that no compiler keeps: who may depend on whom, where a library
//! lives, what every file opens with, what the documents claim.
//!
//! A rule is a pure function from the tree to problems; its tests feed it a violation and see it
//! reported. The rules run over the real tree in `cargo xtask check` and in this crate's own tests.

mod connectors;
mod documents;
mod graph;
mod homes;
mod ignorance;
mod migrations;
mod pages;
mod panics;
mod pure;
mod scopes;
mod secrets;
mod source;
mod text;
mod tree;

use std::fmt;
use std::path::Path;

use anyhow::{Result, bail};

use tree::Tree;

/// A place where the tree breaks a rule, and what to do about it.
#[derive(Debug)]
struct Problem {
    path: String,
    /// Counted from 1; `None` where the whole file or folder is meant.
    line: Option<usize>,
    message: String,
}

impl Problem {
    fn file(path: impl Into<String>, message: impl Into<String>) -> Self {
        Self {
            path: path.into(),
            line: None,
            message: message.into(),
        }
    }

    fn line(path: impl Into<String>, line: usize, message: impl Into<String>) -> Self {
        Self {
            line: Some(line),
            ..Self::file(path, message)
        }
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.line {
            Some(line) => write!(formatter, "{}:{line}: {}", self.path, self.message),
            None => write!(formatter, "{}: {}", self.path, self.message),
        }
    }
}

type Rule = fn(&Tree) -> Vec<Problem>;

const RULES: &[(&str, Rule)] = &[
    ("every source file says why it exists", text::opening),
    ("no mod.rs", text::no_mod_rs),
    ("no unfinished business", text::no_unfinished),
    ("no machine paths", text::no_machine_paths),
    (
        "no papers that a reader does not have",
        text::no_missing_papers,
    ),
    ("crates depend in one direction", graph::direction),
    ("one library, one home", homes::homes),
    ("pure crates stay pure", pure::pure),
    ("secrets cannot be written out", secrets::secrets),
    ("every query starts from a scope", scopes::scopes),
    (
        "the engine knows no service",
        ignorance::engine_knows_no_service,
    ),
    (
        "connectors know no workflow",
        ignorance::connectors_know_no_workflow,
    ),
    (
        "the screen has no server functions",
        ignorance::screen_has_no_server_functions,
    ),
    ("no panics outside tests", panics::no_panics),
    ("no inline scripts", pages::no_inline_script),
    ("released migrations stay as they are", migrations::released),
    ("connectors are complete", connectors::complete),
    ("the code map is the tree", documents::code_map),
    ("each invariant names its test", documents::invariants),
    ("links in the documents lead somewhere", documents::links),
];

/// All rules over the tree at this root; the error lists every problem.
pub(crate) fn check(root: &Path) -> Result<()> {
    let tree = Tree::read(root)?;
    let mut report = Vec::new();
    for (name, rule) in RULES {
        let problems = rule(&tree);
        if !problems.is_empty() {
            report.push(format!("{name}:"));
            report.extend(problems.iter().map(|problem| format!("  {problem}")));
        }
    }
    if report.is_empty() {
        return Ok(());
    }
    bail!("the tree is untidy\n{}", report.join("\n"));
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Every rule in one test, so that a failure lists all problems of the tree at once.
    #[test]
    fn the_tree_is_tidy() {
        let root = Path::new(env!("CARGO_MANIFEST_DIR"))
            .ancestors()
            .nth(2)
            .unwrap();
        if let Err(report) = check(root) {
            panic!("{report}");
        }
    }

    #[test]
    fn a_problem_is_printed_so_that_editors_can_jump_to_it() {
        let problem = Problem::line("app/src/lib.rs", 7, "is wrong");
        assert_eq!(problem.to_string(), "app/src/lib.rs:7: is wrong");
    }
}
