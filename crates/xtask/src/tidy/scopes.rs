//! Every query starts from a scope: who asks, in which organisation.

use super::Problem;
use super::tree::Tree;

const STORE: &str = "crates/store/src/";

/// What may stand as "who asks": a person, a run that acts for one, or the server itself.
const SCOPES: &[&str] = &["&Scope", "&RunScope", "&System"];

pub(super) fn scopes(tree: &Tree) -> Vec<Problem> {
    let mut problems = Vec::new();
    for (path, source) in tree.sources().filter(|(path, _)| path.starts_with(STORE)) {
        let lines: Vec<_> = source.shipped().collect();
        for (index, (number, line)) in lines.iter().enumerate() {
            let Some((_, name)) = line.split_once("pub async fn ") else {
                continue;
            };
            let rest = lines.iter().skip(index).map(|(_, line)| *line);
            let signature = signature(rest);
            let asks = mentions(&signature, "&Store");
            if asks && !SCOPES.iter().any(|scope| mentions(&signature, scope)) {
                let name = name.split(['(', '<']).next().unwrap_or_default();
                let message = format!("`{name}` asks the database without a scope");
                problems.push(Problem::line(path, *number, message));
            }
        }
    }
    problems
}

/// From the name to the brace of the body.
fn signature<'a>(lines: impl Iterator<Item = &'a str>) -> String {
    let mut text = String::new();
    for line in lines {
        text.push_str(line);
        text.push(' ');
        if line.contains('{') {
            break;
        }
    }
    text
}

/// Whether the type stands there, and not a longer one that begins like it.
fn mentions(signature: &str, reference: &str) -> bool {
    signature.match_indices(reference).any(|(at, _)| {
        let after = signature[at + reference.len()..].chars().next();
        !after.is_some_and(|char| char.is_alphanumeric() || char == '_')
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_query_without_a_scope_is_reported() {
        let text =
            "pub async fn list(\n    store: &Store,\n    id: &Id,\n) -> Result<Vec<Row>> {\n}";
        let problems = scopes(&Tree::of(&[("crates/store/src/people.rs", text)]));
        assert_eq!(problems.len(), 1);
        assert_eq!(problems[0].line, Some(1));
    }

    #[test]
    fn a_query_with_a_scope_and_a_function_without_the_store_are_fine() {
        let text = "pub async fn list(store: &Store, scope: &Scope) -> A {\n}\n\
                    pub async fn any(store: &Store, _: &System) -> A {\n}\n\
                    pub async fn wait(time: &Time) {\n}\n\
                    async fn inner(store: &Store) {\n}";
        assert!(scopes(&Tree::of(&[("crates/store/src/people.rs", text)])).is_empty());
    }
}
