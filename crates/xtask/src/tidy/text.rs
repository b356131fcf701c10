//! What every file keeps to, whatever it is about.

use super::Problem;
use super::source::words;
use super::tree::Tree;

/// Each source file opens with a `//!` sentence that says why it exists.
pub(super) fn opening(tree: &Tree) -> Vec<Problem> {
    tree.files()
        .filter(|(path, text)| path.ends_with(".rs") && !text.starts_with("//!"))
        .map(|(path, _)| Problem::file(path, "open it with a `//!` sentence: why does it exist?"))
        .collect()
}

/// `foo.rs` beside `foo/`: an editor full of tabs named `mod.rs` helps nobody.
pub(super) fn no_mod_rs(tree: &Tree) -> Vec<Problem> {
    tree.files()
        .filter(|(path, _)| path.ends_with("/mod.rs") && !path.contains("/tests/"))
        .map(|(path, _)| Problem::file(path, "name the file after its module, beside its folder"))
        .collect()
}

/// What is left to do is written down where work is planned, not in the code.
pub(super) fn no_unfinished(tree: &Tree) -> Vec<Problem> {
    // Spelt in two halves, or this file would report itself.
    let marks = [
        concat!("TO", "DO"),
        concat!("FIX", "ME"),
        concat!("XX", "X"),
    ];
    lines(tree, &["rs", "toml", "css", "md", "sh"], |line| {
        let mark = marks
            .iter()
            .find(|mark| words(line, mark).next().is_some())?;
        Some(format!("finish it or leave it out: {mark}"))
    })
}

/// A path of somebody's machine works for that somebody only.
pub(super) fn no_machine_paths(tree: &Tree) -> Vec<Problem> {
    let roots = [
        concat!("/wo", "rk/"),
        concat!("/ro", "ot/"),
        concat!("/ho", "me/"),
        concat!("/Us", "ers/"),
        concat!("C:\\", "Users"),
    ];
    lines(
        tree,
        &["rs", "toml", "css", "md", "sh", "js", "html"],
        |line| {
            let root = roots.iter().find(|root| {
                line.match_indices(*root).any(|(at, _)| {
                    let before = line[..at].chars().next_back();
                    !before.is_some_and(|char| char.is_alphanumeric() || ".-_}>$".contains(char))
                })
            })?;
            Some(format!("`{root}` is a folder of one machine"))
        },
    )
}

/// The repository stands on its own: what is not in it cannot be looked up.
pub(super) fn no_missing_papers(tree: &Tree) -> Vec<Problem> {
    let papers = [
        concat!("design", ".md"),
        concat!("style", ".md"),
        concat!("toolchain", ".md"),
        concat!("BRIEF", ".md"),
        concat!("the brief", " says"),
        concat!("this", " sitting"),
        concat!("work", "/shared"),
    ];
    lines(
        tree,
        &["rs", "toml", "css", "md", "sh", "js", "html"],
        |line| {
            let paper = papers.iter().find(|paper| line.contains(*paper))?;
            Some(format!(
                "a reader cannot look up `{paper}`: say what it says"
            ))
        },
    )
}

/// Problems of single lines, in files with one of these endings.
fn lines(tree: &Tree, endings: &[&str], find: impl Fn(&str) -> Option<String>) -> Vec<Problem> {
    let mut problems = Vec::new();
    for (path, text) in tree.files() {
        let ending = path.rsplit('.').next().unwrap_or_default();
        if !endings.contains(&ending) {
            continue;
        }
        for (index, line) in text.lines().enumerate() {
            if let Some(message) = find(line) {
                problems.push(Problem::line(path, index + 1, message));
            }
        }
    }
    problems
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_source_file_without_an_opening_sentence_is_reported() {
        let tree = Tree::of(&[
            ("a/src/lib.rs", "//! Why.\n"),
            ("a/src/b.rs", "fn b() {}\n"),
        ]);
        let problems = opening(&tree);
        assert_eq!(problems.len(), 1);
        assert_eq!(problems[0].path, "a/src/b.rs");
    }

    #[test]
    fn a_mod_rs_is_reported() {
        let tree = Tree::of(&[("a/src/b/mod.rs", "//! Why."), ("a/src/b.rs", "//! Why.")]);
        assert_eq!(no_mod_rs(&tree).len(), 1);
    }

    #[test]
    fn unfinished_business_is_reported_with_its_line() {
        let line = concat!("// TO", "DO: later");
        let tree = Tree::of(&[("a/src/lib.rs", &format!("//! Why.\n{line}\n"))]);
        assert_eq!(no_unfinished(&tree)[0].line, Some(2));
    }

    #[test]
    fn a_folder_of_one_machine_is_reported_and_an_address_is_not() {
        let path = concat!("open(\"/ho", "me/ann/x\")");
        let address = concat!("get(\"https://example.com/ho", "me/\")");
        let tree = Tree::of(&[("a.rs", path), ("b.rs", address)]);
        let problems = no_machine_paths(&tree);
        assert_eq!(problems.len(), 1, "{problems:?}");
        assert_eq!(problems[0].path, "a.rs");
    }

    #[test]
    fn a_paper_that_is_not_in_the_repository_is_reported() {
        let tree = Tree::of(&[("a.rs", concat!("// as design", ".md has it"))]);
        assert_eq!(no_missing_papers(&tree).len(), 1);
    }
}
