//! A connector folder is complete: an icon to show, and for each operation an exchange to replay.

use super::Problem;
use super::tree::Tree;

pub(super) fn complete(tree: &Tree) -> Vec<Problem> {
    let mut problems = Vec::new();
    for (path, manifest) in tree.files() {
        let Some(folder) = path.strip_suffix("/connector.toml") else {
            continue;
        };
        if !folder.starts_with("connectors/") {
            continue;
        }
        if tree.text(&format!("{folder}/icon.svg")).is_none() {
            problems.push(Problem::file(folder, "has no icon.svg"));
        }
        if speaks_http(manifest) {
            problems.extend(without_exchange(tree, folder));
        }
    }
    problems
}

/// The core connectors (loop, manual and the like) have nothing to replay.
fn speaks_http(manifest: &str) -> bool {
    manifest.lines().any(|line| line.starts_with("base_url"))
}

fn without_exchange(tree: &Tree, folder: &str) -> Vec<Problem> {
    let operations = format!("{folder}/operations/");
    let mut problems = Vec::new();
    for (path, _) in tree.files() {
        let Some(name) = path
            .strip_prefix(&operations)
            .and_then(|name| name.strip_suffix(".toml"))
        else {
            continue;
        };
        // `name.json`, or `name.<case>.json` where one exchange does not show everything.
        let exact = format!("{folder}/exchanges/{name}.json");
        let case = format!("{folder}/exchanges/{name}.");
        if !tree
            .files()
            .any(|(file, _)| file == exact || file.starts_with(&case))
        {
            problems.push(Problem::file(
                path,
                "has no exchange to replay in exchanges/",
            ));
        }
    }
    problems
}

#[cfg(test)]
mod tests {
    use super::*;

    const MANIFEST: (&str, &str) = ("connectors/a/connector.toml", "base_url = \"https://a\"");
    const ICON: (&str, &str) = ("connectors/a/icon.svg", "<svg/>");
    const OPERATION: (&str, &str) = ("connectors/a/operations/get.toml", "");
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
    fn an_operation_without_exchange_is_reported() {
        assert_eq!(complete(&Tree::of(&[MANIFEST, ICON, OPERATION])).len(), 1);
    }
}
