//! A connector folder is complete: an icon to show, and for each operation an exchange to replay or an
//! example to carry out.

use super::Problem;
use super::tree::Tree;

pub(super) fn complete(tree: &Tree) -> Vec<Problem> {
    let mut problems = Vec::new();
    for (path, _) in tree.files() {
        let Some(folder) = path.strip_suffix("/connector.toml") else {
            continue;
        };
        if !folder.starts_with("connectors/") {
            continue;
        }
        if tree.text(&format!("{folder}/icon.svg")).is_none() {
            problems.push(Problem::file(folder, "has no icon.svg"));
        }
        problems.extend(without_exchange(tree, folder));
    }
    problems
}

/// Control flow has nothing to replay.
fn makes_a_call(operation: &str) -> bool {
    !operation
        .lines()
        .any(|line| line.starts_with("control ") || line.starts_with("control="))
}

/// What needs no service is tested by its examples.
fn has_example(operation: &str) -> bool {
    operation.lines().any(|line| line.trim() == "[[example]]")
}

/// What is made from a description is tested against it, in `connectors/tests`.
fn is_described(tree: &Tree, folder: &str, operation: &str) -> bool {
    let stands_for_one = operation
        .lines()
        .any(|line| line.starts_with("operation_id "));
    stands_for_one && tree.text(&format!("{folder}/openapi.json")).is_some()
}

fn without_exchange(tree: &Tree, folder: &str) -> Vec<Problem> {
    let operations = format!("{folder}/operations/");
    let mut problems = Vec::new();
    for (path, operation) in tree.files() {
        let Some(name) = path
            .strip_prefix(&operations)
            .and_then(|name| name.strip_suffix(".toml"))
        else {
            continue;
        };
        if !makes_a_call(operation)
            || has_example(operation)
            || is_described(tree, folder, operation)
        {
            continue;
        }
        if tree
            .text(&format!("{folder}/exchanges/{name}.json"))
            .is_none()
        {
            problems.push(Problem::file(
                path,
                "has neither an [[example]] nor an exchange to replay in exchanges/",
            ));
        }
    }
    problems
}

#[cfg(test)]
mod tests {
    use super::*;

    const MANIFEST: (&str, &str) = ("connectors/a/connector.toml", "");
    const ICON: (&str, &str) = ("connectors/a/icon.svg", "<svg/>");
    const OPERATION: (&str, &str) = ("connectors/a/operations/get.toml", "request = \"GET /\"");
    const EXCHANGE: (&str, &str) = ("connectors/a/exchanges/get.json", "{}");

    #[test]
    fn a_complete_folder_is_fine() {
        assert!(complete(&Tree::of(&[MANIFEST, ICON, OPERATION, EXCHANGE])).is_empty());
    }

    #[test]
    fn a_folder_without_icon_is_reported() {
        assert_eq!(
            complete(&Tree::of(&[MANIFEST, OPERATION, EXCHANGE])).len(),
            1
        );
    }

    #[test]
    fn control_flow_needs_no_exchange() {
        let looped = (
            "connectors/a/operations/each.toml",
            "control = \"loop_list\"",
        );
        assert!(complete(&Tree::of(&[MANIFEST, ICON, looped])).is_empty());
    }

    #[test]
    fn an_example_stands_for_an_exchange() {
        let shown = (
            "connectors/a/operations/add.toml",
            "hook = true\n\n[[example]]\ninputs = {}",
        );
        assert!(complete(&Tree::of(&[MANIFEST, ICON, shown])).is_empty());
    }

    #[test]
    fn a_description_stands_for_exchanges() {
        let operation = (
            "connectors/a/operations/get.toml",
            "operation_id = \"get\"\nrequest = \"GET /\"",
        );
        let described = ("connectors/a/openapi.json", "{}");
        assert!(complete(&Tree::of(&[MANIFEST, ICON, operation, described])).is_empty());
        assert_eq!(complete(&Tree::of(&[MANIFEST, ICON, operation])).len(), 1);
    }

    #[test]
    fn an_operation_without_exchange_is_reported() {
        assert_eq!(complete(&Tree::of(&[MANIFEST, ICON, OPERATION])).len(), 1);
    }
}
