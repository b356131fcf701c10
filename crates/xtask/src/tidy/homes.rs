//! One library, one home: a library that shapes code is named in one place, so that it can be
//! understood, tested and replaced there.

use std::collections::{BTreeMap, BTreeSet};

use super::Problem;
use super::graph::shipped_dependencies;
use super::source::words;
use super::tree::Tree;

struct Home {
    /// As written in code; a family of crates counts as one library.
    names: &'static [&'static str],
    /// Folders in which every file may name it.
    folders: &'static [&'static str],
    /// Folders in which one file may name it.
    one_file_of: &'static [&'static str],
}

const HOMES: &[Home] = &[
    Home {
        names: &[
            "leptos",
            "leptos_axum",
            "leptos_meta",
            "leptos_router",
            "leptos_use",
        ],
        folders: &["app/", "frontend/"],
        one_file_of: &["server/"],
    },
    Home {
        names: &["axum", "axum_extra"],
        folders: &["server/", "crates/sandbox/"],
        one_file_of: &[],
    },
    Home {
        names: &["sea_orm", "sea_orm_migration", "sea_query", "sqlx"],
        folders: &["crates/store/", "migrations/"],
        one_file_of: &[],
    },
    Home {
        names: &["reqwest"],
        folders: &[],
        one_file_of: &["crates/kit/", "crates/api/"],
    },
    Home {
        names: &["oauth2"],
        folders: &[],
        one_file_of: &["crates/vault/"],
    },
    Home {
        names: &["jsonpath_rust"],
        folders: &[],
        one_file_of: &["crates/model/"],
    },
];

/// Benchmarks and tests compare us with the libraries themselves.
const EXEMPT: &[&str] = &["tests/", "crates/xtask/"];

pub(super) fn homes(tree: &Tree) -> Vec<Problem> {
    let mut problems = sources(tree);
    problems.extend(manifests(tree));
    problems
}

fn exempt(path: &str) -> bool {
    EXEMPT.iter().any(|folder| path.starts_with(folder))
}

fn sources(tree: &Tree) -> Vec<Problem> {
    let mut problems = Vec::new();
    // (library, folder of one file) → the files that name it.
    let mut single: BTreeMap<(&str, &str), BTreeSet<&str>> = BTreeMap::new();
    for (path, source) in tree.sources().filter(|(path, _)| !exempt(path)) {
        for home in HOMES {
            let uses = |line: &str| home.names.iter().any(|name| names(line, name));
            let Some((line, _)) = source.shipped().find(|(_, line)| uses(line)) else {
                continue;
            };
            if home.folders.iter().any(|folder| path.starts_with(folder)) {
                continue;
            }
            let library = home.names[0];
            match home
                .one_file_of
                .iter()
                .find(|folder| path.starts_with(**folder))
            {
                Some(folder) => {
                    single.entry((library, folder)).or_default().insert(path);
                }
                None => {
                    let message = format!("`{library}` has its home elsewhere: {}", place(home));
                    problems.push(Problem::line(path, line, message));
                }
            }
        }
    }
    for ((library, folder), files) in single {
        if files.len() > 1 {
            let list = files.into_iter().collect::<Vec<_>>().join(", ");
            let message = format!("`{library}` may be named in one file here, not in {list}");
            problems.push(Problem::file(folder, message));
        }
    }
    problems
}

/// Whether the code names the library: `name::…`, or `use name;`.
fn names(line: &str, name: &str) -> bool {
    words(line, name).any(|at| {
        let before = line[..at].trim_end();
        let after = line[at + name.len()..].trim_start();
        let ours = before.ends_with("::")
            && !before.trim_end_matches("::").ends_with(char::is_whitespace)
            && before.len() > 2;
        let import =
            before.ends_with("use") && (after.starts_with(';') || after.starts_with("as "));
        !ours && (after.starts_with("::") || import)
    })
}

/// A dependency that the code may not name need not be declared either.
fn manifests(tree: &Tree) -> Vec<Problem> {
    let mut problems = Vec::new();
    for member in tree.members() {
        let path = format!("{member}/Cargo.toml");
        if exempt(&path) {
            continue;
        }
        let Some(manifest) = tree.manifest(&path) else {
            continue;
        };
        for dependency in shipped_dependencies(&manifest) {
            let name = dependency.replace('-', "_");
            let Some(home) = HOMES
                .iter()
                .find(|home| home.names.contains(&name.as_str()))
            else {
                continue;
            };
            let mut folders = home.folders.iter().chain(home.one_file_of);
            if !folders.any(|folder| path.starts_with(folder)) {
                let message = format!("`{dependency}` has its home elsewhere: {}", place(home));
                problems.push(Problem::file(path.clone(), message));
            }
        }
    }
    problems
}

fn place(home: &Home) -> String {
    let folders = home.folders.iter().map(|folder| (*folder).to_owned());
    let files = home
        .one_file_of
        .iter()
        .map(|folder| format!("one file of {folder}"));
    folders.chain(files).collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_library_away_from_home_is_reported() {
        for line in [
            "use reqwest::Client;",
            "let a = ::reqwest::get(b);",
            "use reqwest;",
            "async fn a(b: reqwest::Url) {}",
        ] {
            let tree = Tree::of(&[("server/src/a.rs", line)]);
            assert_eq!(homes(&tree).len(), 1, "{line}");
        }
    }

    #[test]
    fn comments_strings_tests_and_longer_names_are_no_use_of_a_library() {
        let text = "// reqwest::get\nlet a = \"reqwest::get\";\nmy_reqwest::get();\n\
                    self::reqwest::get();\n#[cfg(test)]\nmod tests { use reqwest::Client; }";
        assert!(homes(&Tree::of(&[("server/src/a.rs", text)])).is_empty());
        assert!(homes(&Tree::of(&[("tests/src/a.rs", "use reqwest::Client;")])).is_empty());
    }

    #[test]
    fn a_second_file_in_a_home_of_one_file_is_reported() {
        let one = ("crates/kit/src/http.rs", "use reqwest::Client;");
        let two = ("crates/kit/src/more.rs", "use reqwest::Client;");
        assert!(homes(&Tree::of(&[one])).is_empty());
        assert_eq!(homes(&Tree::of(&[one, two])).len(), 1);
    }

    #[test]
    fn each_home_of_one_file_has_its_own_file() {
        let kit = ("crates/kit/src/http.rs", "use reqwest::Client;");
        let api = ("crates/api/src/native.rs", "use reqwest::Client;");
        assert!(homes(&Tree::of(&[kit, api])).is_empty());
    }

    #[test]
    fn a_declared_dependency_away_from_home_is_reported() {
        let tree = Tree::of(&[
            ("Cargo.toml", "[workspace]\nmembers = [\"crates/engine\"]"),
            (
                "crates/engine/Cargo.toml",
                "[dependencies]\nsea-orm.workspace = true",
            ),
        ]);
        assert_eq!(homes(&tree).len(), 1);
    }
}
