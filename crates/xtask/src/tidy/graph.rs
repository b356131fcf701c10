//! The picture of the crates: an edge that is not in it does not exist.

use super::Problem;
use super::tree::Tree;

/// Folder of a crate → the crates of ours that its shipped code may use.
/// Tests inside a crate may use more.
const DIRECTION: &[(&str, &[&str])] = &[
    ("frontend", &["app"]),
    ("app", &["api", "model", "layout"]),
    (
        "server",
        &[
            "app",
            "api",
            "engine",
            "connectors",
            "kit",
            "vault",
            "store",
            "migrations",
            "sandbox",
            "model",
        ],
    ),
    ("connectors", &["kit", "model", "vault"]),
    ("migrations", &[]),
    ("tests", &["server", "sandbox", "api", "model"]),
    ("crates/api", &["model"]),
    ("crates/engine", &["model"]),
    ("crates/import", &["kit", "model"]),
    ("crates/kit", &["model", "vault"]),
    ("crates/layout", &[]),
    ("crates/model", &[]),
    ("crates/sandbox", &["kit"]),
    ("crates/store", &["engine", "model", "migrations"]),
    ("crates/vault", &[]),
    ("crates/xtask", &[]),
];

pub(super) fn direction(tree: &Tree) -> Vec<Problem> {
    let mut problems = Vec::new();
    for member in tree.members() {
        let path = format!("{member}/Cargo.toml");
        let Some((_, allowed)) = DIRECTION.iter().find(|(folder, _)| *folder == member) else {
            let message = "a new crate has to say here what it may depend on: \
                           crates/xtask/src/tidy/graph.rs and docs/ARCHITECTURE.md";
            problems.push(Problem::file(path, message));
            continue;
        };
        let Some(manifest) = tree.manifest(&path) else {
            problems.push(Problem::file(path, "cannot be read as TOML"));
            continue;
        };
        for dependency in shipped_dependencies(&manifest) {
            let Some(ours) = dependency.strip_prefix("patchbay-") else {
                continue;
            };
            if !allowed.contains(&ours) {
                let message = format!("`{member}` may not depend on `{ours}`");
                problems.push(Problem::file(path.clone(), message));
            }
        }
    }
    problems
}

/// Names of all dependencies but those of tests, for every platform.
pub(super) fn shipped_dependencies(manifest: &toml::Table) -> Vec<String> {
    let mut tables = Vec::new();
    collect(manifest, &mut tables);
    let platforms = manifest.get("target").and_then(toml::Value::as_table);
    for platform in platforms.into_iter().flat_map(toml::Table::values) {
        if let Some(platform) = platform.as_table() {
            collect(platform, &mut tables);
        }
    }
    tables
}

fn collect(table: &toml::Table, names: &mut Vec<String>) {
    for kind in ["dependencies", "build-dependencies"] {
        if let Some(dependencies) = table.get(kind).and_then(toml::Value::as_table) {
            names.extend(dependencies.keys().cloned());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const WORKSPACE: &str = "[workspace]\nmembers = [\"crates/model\", \"crates/engine\"]";

    fn problems(model: &str) -> Vec<Problem> {
        direction(&Tree::of(&[
            ("Cargo.toml", WORKSPACE),
            ("crates/model/Cargo.toml", model),
            (
                "crates/engine/Cargo.toml",
                "[dependencies]\npatchbay-model.workspace = true",
            ),
        ]))
    }

    #[test]
    fn the_drawn_direction_is_fine() {
        assert!(problems("[dependencies]\nserde = \"1\"").is_empty());
    }

    #[test]
    fn an_edge_against_the_direction_is_reported() {
        for table in [
            "dependencies",
            "build-dependencies",
            "target.'cfg(unix)'.dependencies",
        ] {
            let found = problems(&format!("[{table}]\npatchbay-engine.workspace = true"));
            assert_eq!(found.len(), 1, "{table}");
        }
    }

    #[test]
    fn tests_may_depend_on_more() {
        assert!(problems("[dev-dependencies]\npatchbay-engine.workspace = true").is_empty());
    }

    #[test]
    fn a_crate_that_is_not_in_the_picture_is_reported() {
        let tree = Tree::of(&[("Cargo.toml", "[workspace]\nmembers = [\"crates/more\"]")]);
        assert_eq!(direction(&tree).len(), 1);
    }
}
