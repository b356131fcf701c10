//! A secret cannot be written out by accident: its types have neither `Serialize` nor `Display`.

use super::Problem;
use super::source::words;
use super::tree::Tree;

/// Where the types of plain secrets are declared.
const HOME: &str = "crates/vault/src/secret.rs";

const FORBIDDEN: &[&str] = &["Serialize", "Display"];

pub(super) fn secrets(tree: &Tree) -> Vec<Problem> {
    let mut problems = Vec::new();
    let mut types = Vec::new();
    for (_, source) in tree.sources().filter(|(path, _)| *path == HOME) {
        let mut attributes = String::new();
        for (number, line) in source.shipped() {
            if line.trim_start().starts_with("#[") || !attributes.is_empty() {
                attributes.push_str(line);
            }
            let Some(name) = declared(line) else {
                if line.contains(';') || line.contains('}') {
                    attributes.clear();
                }
                continue;
            };
            for forbidden in FORBIDDEN {
                if words(&attributes, forbidden).next().is_some() {
                    let message = format!("`{name}` is a secret and may not derive {forbidden}");
                    problems.push(Problem::line(HOME, number, message));
                }
            }
            attributes.clear();
            types.push(name.to_owned());
        }
    }
    problems.extend(implementations(tree, &types));
    problems
}

/// The name in `struct Name` or `enum Name`.
fn declared(line: &str) -> Option<&str> {
    let words: Vec<&str> = line.split_whitespace().collect();
    let at = words
        .iter()
        .position(|word| matches!(*word, "struct" | "enum"))?;
    let name = words.get(at + 1)?;
    name.split(|char: char| !char.is_alphanumeric()).next()
}

fn implementations(tree: &Tree, types: &[String]) -> Vec<Problem> {
    let mut problems = Vec::new();
    for (path, source) in tree.sources() {
        for (number, line) in source.shipped().filter(|(_, line)| line.contains("impl")) {
            let Some((what, whom)) = line.split_once(" for ") else {
                continue;
            };
            let Some(forbidden) = FORBIDDEN
                .iter()
                .find(|name| words(what, name).next().is_some())
            else {
                continue;
            };
            let whom = whom.split([' ', '<', '{']).next().unwrap_or_default();
            let name = whom.rsplit("::").next().unwrap_or_default();
            if types.iter().any(|secret| secret == name) {
                let message = format!("`{name}` is a secret and may not implement {forbidden}");
                problems.push(Problem::line(path, number, message));
            }
        }
    }
    problems
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_that_derives_serialize_is_reported() {
        let text = "#[derive(Clone, serde::Serialize)]\npub struct Secret(String);";
        assert_eq!(secrets(&Tree::of(&[(HOME, text)])).len(), 1);
    }

    #[test]
    fn a_secret_that_implements_display_anywhere_is_reported() {
        let home = (HOME, "pub struct Secret(String);");
        let other = (
            "server/src/a.rs",
            "impl std::fmt::Display for vault::Secret {",
        );
        assert_eq!(secrets(&Tree::of(&[home, other])).len(), 1);
    }

    #[test]
    fn reading_a_secret_in_and_debugging_it_is_fine() {
        let text = "#[derive(Clone, Deserialize)]\npub struct Secret(String);\n\
                    impl fmt::Debug for Secret {}\n#[derive(Serialize)]\nfn x() {}";
        assert!(secrets(&Tree::of(&[(HOME, text)])).is_empty());
    }
}
