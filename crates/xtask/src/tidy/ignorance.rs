//! What a part does not know cannot hold it back: the engine knows no service, a connector knows no
//! workflow, and the screen has no way past the public API.

use super::Problem;
use super::source::words;
use super::tree::Tree;

/// The engine's code names no connector of a service: adding one is adding a folder.
pub(super) fn engine_knows_no_service(tree: &Tree) -> Vec<Problem> {
    let services = services(tree);
    let mut problems = Vec::new();
    for (path, source) in tree
        .sources()
        .filter(|(path, _)| path.starts_with("crates/engine/src/"))
    {
        for (number, line) in source.shipped_with_strings() {
            let lower = line.to_lowercase().replace(['_', ' '], "-");
            if let Some(service) = services.iter().find(|service| lower.contains(*service)) {
                let message = format!("the engine may not know that `{service}` exists");
                problems.push(Problem::line(path, number, message));
            }
        }
    }
    problems
}

/// Folders of connectors that stand for a service; the core ones (loop, manual) are step kinds.
fn services(tree: &Tree) -> Vec<String> {
    tree.files()
        .filter(|(_, text)| text.lines().any(|line| line.trim() == "[service]"))
        .filter_map(|(path, _)| {
            path.strip_prefix("connectors/")?
                .strip_suffix("/connector.toml")
        })
        .map(str::to_owned)
        .collect()
}

/// Neither the kit nor a connector's hooks name the document of a workflow.
pub(super) fn connectors_know_no_workflow(tree: &Tree) -> Vec<Problem> {
    let mut problems = Vec::new();
    for (path, source) in tree.sources() {
        if !path.starts_with("connectors/") && !path.starts_with("crates/kit/src/") {
            continue;
        }
        for (number, line) in source.shipped() {
            if words(line, "Workflow").next().is_some() {
                let message = "a connector may not know that workflows exist";
                problems.push(Problem::line(path, number, message));
            }
        }
    }
    problems
}

/// A server function would be a second, private API.
pub(super) fn screen_has_no_server_functions(tree: &Tree) -> Vec<Problem> {
    let mut problems = Vec::new();
    for (path, source) in tree.sources() {
        if !path.starts_with("app/") && !path.starts_with("frontend/") {
            continue;
        }
        for (number, line) in source.shipped() {
            if line.contains("#[server") || words(line, "server_fn").next().is_some() {
                let message =
                    "the screen asks the public API: use the client, not a server function";
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
    fn an_engine_that_names_a_service_is_reported() {
        let service = (
            "connectors/google-sheets/connector.toml",
            "title = \"x\"\n[service]\n",
        );
        let core = ("connectors/loop/connector.toml", "title = \"Loop\"");
        let engine = (
            "crates/engine/src/a.rs",
            "if a == \"google_sheets\" {}\nlet b = \"loop\"; // google-sheets",
        );
        let problems = engine_knows_no_service(&Tree::of(&[service, core, engine]));
        assert_eq!(problems.len(), 1);
        assert_eq!(problems[0].line, Some(1));
    }

    #[test]
    fn a_connector_that_names_the_workflow_is_reported() {
        let hooks = (
            "connectors/a/hooks.rs",
            "use patchbay_model::document::Workflow;",
        );
        let prose = (
            "crates/kit/src/a.rs",
            "// when the Workflow runs\nlet a = \"Workflow\";",
        );
        let problems = connectors_know_no_workflow(&Tree::of(&[hooks, prose]));
        assert_eq!(problems.len(), 1);
    }

    #[test]
    fn a_server_function_in_the_screen_is_reported() {
        let screen = ("app/src/a.rs", "#[server(name = A)]\npub async fn a() {}");
        assert_eq!(
            screen_has_no_server_functions(&Tree::of(&[screen])).len(),
            1
        );
    }
}
