//! What the documents say about the tree is true.

use std::collections::{BTreeMap, BTreeSet};

use super::Problem;
use super::tree::Tree;

const ARCHITECTURE: &str = "docs/ARCHITECTURE.md";

/// The section "Code map" has one entry for each member of the workspace, written
/// `` - `folder/` `` at the start of a line, and no other.
pub(super) fn code_map(tree: &Tree) -> Vec<Problem> {
    let Some(text) = tree.text(ARCHITECTURE) else {
        return vec![Problem::file(ARCHITECTURE, "is missing")];
    };
    let mut listed = BTreeSet::new();
    let mut problems = Vec::new();
    for (number, line) in section(text, "Code map") {
        let Some(folder) = line
            .strip_prefix("- `")
            .and_then(|rest| rest.split_once("/`"))
            .map(|(folder, _)| folder.to_owned())
        else {
            continue;
        };
        if !tree.members().contains(&folder) {
            let message = format!("there is no crate in `{folder}/`");
            problems.push(Problem::line(ARCHITECTURE, number, message));
        }
        listed.insert(folder);
    }
    for missing in tree.members().difference(&listed) {
        let message = format!("the code map does not list `{missing}/`");
        problems.push(Problem::file(ARCHITECTURE, message));
    }
    problems
}

/// Each numbered invariant has at least one line `` Kept by: `file.rs` fn `name` `` whose function exists.
pub(super) fn invariants(tree: &Tree) -> Vec<Problem> {
    let Some(text) = tree.text(ARCHITECTURE) else {
        return vec![Problem::file(ARCHITECTURE, "is missing")];
    };
    let mut problems = Vec::new();
    let mut kept: BTreeMap<usize, (usize, usize)> = BTreeMap::new();
    let mut current = None;
    for (number, line) in section(text, "Invariants") {
        if let Some(invariant) = numbered(line) {
            kept.insert(invariant, (number, 0));
            current = Some(invariant);
        }
        let Some((_, claim)) = line.split_once("Kept by:") else {
            continue;
        };
        if let Some((_, count)) = current.and_then(|invariant| kept.get_mut(&invariant)) {
            *count += 1;
        }
        for (file, function) in named_tests(claim) {
            let exists = tree
                .text(&file)
                .is_some_and(|text| text.contains(&format!("fn {function}(")));
            if !exists {
                let message = format!("there is no `fn {function}` in {file}");
                problems.push(Problem::line(ARCHITECTURE, number, message));
            }
        }
        if named_tests(claim).is_empty() {
            let message = "write: Kept by: `path/to/file.rs` fn `name`";
            problems.push(Problem::line(ARCHITECTURE, number, message));
        }
    }
    for (invariant, (number, _)) in kept.iter().filter(|(_, (_, count))| *count == 0) {
        let message = format!("invariant {invariant} names no test that keeps it");
        problems.push(Problem::line(ARCHITECTURE, *number, message));
    }
    if kept.is_empty() {
        problems.push(Problem::file(ARCHITECTURE, "lists no invariants"));
    }
    problems
}

/// Links of the documents to files of the tree.
pub(super) fn links(tree: &Tree) -> Vec<Problem> {
    let mut problems = Vec::new();
    for (path, text) in tree.files().filter(|(path, _)| is_document(path)) {
        let folder = path.rsplit_once('/').map_or("", |(folder, _)| folder);
        for (index, line) in text.lines().enumerate() {
            for target in line
                .split("](")
                .skip(1)
                .filter_map(|rest| rest.split(')').next())
            {
                let target = target.split('#').next().unwrap_or_default();
                let elsewhere = target.contains("://") || target.starts_with("mailto:");
                if target.is_empty() || elsewhere || tree.has(&resolve(folder, target)) {
                    continue;
                }
                let message = format!("the link to {target} leads nowhere");
                problems.push(Problem::line(path, index + 1, message));
            }
        }
    }
    problems
}

fn is_document(path: &str) -> bool {
    path.ends_with(".md") && (path.starts_with("docs/") || !path.contains('/'))
}

/// The lines below a heading of the second level, with their numbers.
fn section<'a>(text: &'a str, heading: &str) -> impl Iterator<Item = (usize, &'a str)> {
    let opening = format!("## {heading}");
    text.lines()
        .enumerate()
        .map(|(index, line)| (index + 1, line))
        .skip_while(move |(_, line)| *line != opening)
        .skip(1)
        .take_while(|(_, line)| !line.starts_with("## "))
}

/// The number at the start of `3. A secret …`.
fn numbered(line: &str) -> Option<usize> {
    line.split_once(". ")?.0.parse().ok()
}

/// Pairs of file and function in `` `a/b.rs` fn `name`, `c/d.rs` fn `other` ``.
fn named_tests(claim: &str) -> Vec<(String, String)> {
    let quoted: Vec<&str> = claim.split('`').collect();
    quoted
        .windows(3)
        .filter(|window| window[1].trim() == "fn")
        .map(|window| (window[0].to_owned(), window[2].to_owned()))
        .collect()
}

fn resolve(folder: &str, target: &str) -> String {
    let mut parts: Vec<&str> = folder.split('/').filter(|part| !part.is_empty()).collect();
    for part in target.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop();
            }
            name => parts.push(name),
        }
    }
    parts.join("/")
}

#[cfg(test)]
mod tests {
    use super::*;

    const WORKSPACE: (&str, &str) = ("Cargo.toml", "[workspace]\nmembers = [\"app\", \"server\"]");

    #[test]
    fn a_folder_that_is_gone_and_one_that_is_new_are_reported() {
        let map = "## Code map\n- `app/` the screen\n- `old/` was here\n## Next\n- `x/` no entry";
        let problems = code_map(&Tree::of(&[WORKSPACE, (ARCHITECTURE, map)]));
        let text: Vec<_> = problems
            .iter()
            .map(|problem| problem.message.as_str())
            .collect();
        assert_eq!(
            text,
            [
                "there is no crate in `old/`",
                "the code map does not list `server/`"
            ]
        );
    }

    fn invariant(line: &str) -> usize {
        let text = format!("## Invariants\n1. Something holds.\n   {line}\n");
        let test = ("app/src/a.rs", "#[test]\nfn it_holds() {}");
        invariants(&Tree::of(&[(ARCHITECTURE, &text), test])).len()
    }

    #[test]
    fn an_invariant_names_a_test_that_exists() {
        assert_eq!(invariant("Kept by: `app/src/a.rs` fn `it_holds`."), 0);
        assert_eq!(invariant("Kept by: `app/src/a.rs` fn `it_held`."), 1);
        assert_eq!(invariant("Kept by: `app/src/b.rs` fn `it_holds`."), 1);
        assert_eq!(invariant("Kept by: good will."), 1);
        assert_eq!(invariant("Trust us."), 1);
    }

    #[test]
    fn a_document_without_invariants_is_reported() {
        assert_eq!(
            invariants(&Tree::of(&[(ARCHITECTURE, "## Invariants\n")])).len(),
            1
        );
    }

    #[test]
    fn a_link_that_leads_nowhere_is_reported() {
        let text = "[a](guides/a.md#b) [b](../app/src) [c](https://x.org/) [d](gone.md) [e](#f)";
        let problems = links(&Tree::of(&[
            ("docs/README.md", text),
            ("docs/guides/a.md", ""),
            ("app/src/a.rs", ""),
        ]));
        assert_eq!(problems.len(), 1, "{problems:?}");
        assert!(problems[0].message.contains("gone.md"));
    }
}
