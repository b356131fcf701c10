//! Which licences of other people's code go together with ours.

use anyhow::{Context, Result, bail};
use serde_json::Value;

use crate::workspace::Workspace;
use crate::{cargo, process};

/// SPDX names of licences that let an Apache-2.0 program be given away as source and as binary.
const ALLOWED: &[&str] = &[
    "0BSD",
    "Apache-2.0",
    "Apache-2.0 WITH LLVM-exception",
    "BSD-1-Clause",
    "BSD-2-Clause",
    "BSD-3-Clause",
    "BSL-1.0",
    "CC0-1.0",
    "CDLA-Permissive-2.0",
    "ISC",
    "MIT",
    "MIT-0",
    "MPL-2.0",
    "Unicode-3.0",
    "Unicode-DFS-2016",
    "Unlicense",
    "Zlib",
];

/// Libraries of which two versions in one program would mean two of everything: two runtimes that
/// do not know each other, types that look alike and do not fit.
const ONE_VERSION: &[&str] = &[
    "axum",
    "hyper",
    "leptos",
    "reqwest",
    "rustls",
    "sea-orm",
    "sqlx-core",
    "tokio",
    "wasm-bindgen",
];

/// Every package that a build on any platform may pull in.
pub(crate) fn packages(workspace: &Workspace) -> Result<Vec<Value>> {
    let text = process::read(&mut cargo::command(
        workspace,
        &["metadata", "--format-version", "1", "--locked"],
    ))?;
    let metadata: Value = serde_json::from_str(&text)?;
    let packages = metadata["packages"].as_array();
    Ok(packages
        .context("cargo metadata lists no packages")?
        .clone())
}

/// Each package has a licence that goes with ours.
pub(crate) fn check(packages: &[Value]) -> Result<()> {
    let mut refused = Vec::new();
    for package in packages {
        let name = package["name"].as_str().unwrap_or_default();
        match package["license"].as_str() {
            Some(expression) if allowed(expression) => {}
            Some(expression) => refused.push(format!("{name}: {expression}")),
            None => refused.push(format!("{name}: names no licence")),
        }
    }
    if refused.is_empty() {
        return Ok(());
    }
    bail!(
        "these licences are not in the list of crates/xtask/src/licences.rs:\n{}",
        refused.join("\n")
    );
}

/// Heavy libraries come in one version.
pub(crate) fn duplicates(packages: &[Value]) -> Result<()> {
    let mut several = Vec::new();
    for library in ONE_VERSION {
        let mut versions: Vec<&str> = packages
            .iter()
            .filter(|package| package["name"] == *library)
            .filter_map(|package| package["version"].as_str())
            .collect();
        versions.sort_unstable();
        versions.dedup();
        if versions.len() > 1 {
            several.push(format!(
                "{library}: {} (cargo tree --invert {library}@…)",
                versions.join(", ")
            ));
        }
    }
    if several.is_empty() {
        return Ok(());
    }
    bail!("more than one version of\n{}", several.join("\n"));
}

/// Whether an SPDX expression can be satisfied from the list.
fn allowed(expression: &str) -> bool {
    // The older spelling `MIT/Apache-2.0` means a choice.
    let spaced = expression
        .replace('/', " OR ")
        .replace('(', " ( ")
        .replace(')', " ) ");
    let tokens: Vec<&str> = spaced.split_whitespace().collect();
    let mut at = 0;
    choice(&tokens, &mut at) && at == tokens.len()
}

fn choice(tokens: &[&str], at: &mut usize) -> bool {
    let mut holds = both(tokens, at);
    while tokens.get(*at) == Some(&"OR") {
        *at += 1;
        // Not `||`: the right side has to be read in any case.
        holds |= both(tokens, at);
    }
    holds
}

fn both(tokens: &[&str], at: &mut usize) -> bool {
    let mut holds = one(tokens, at);
    while tokens.get(*at) == Some(&"AND") {
        *at += 1;
        holds &= one(tokens, at);
    }
    holds
}

fn one(tokens: &[&str], at: &mut usize) -> bool {
    let Some(token) = tokens.get(*at) else {
        return false;
    };
    *at += 1;
    if *token == "(" {
        let holds = choice(tokens, at);
        *at += 1;
        return holds;
    }
    let mut name = (*token).to_owned();
    if tokens.get(*at) == Some(&"WITH") {
        let exception = tokens.get(*at + 1).copied().unwrap_or_default();
        name = format!("{name} WITH {exception}");
        *at += 2;
    }
    ALLOWED.contains(&name.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn expressions_are_read_as_spdx_means_them() {
        for good in [
            "MIT",
            "MIT/Apache-2.0",
            "GPL-3.0 OR MIT",
            "(MIT OR GPL-3.0) AND Unicode-3.0",
            "Apache-2.0 WITH LLVM-exception OR GPL-2.0",
        ] {
            assert!(allowed(good), "{good}");
        }
        for bad in [
            "GPL-3.0",
            "MIT AND GPL-3.0",
            "",
            "MIT GPL-3.0",
            "GPL-2.0 WITH LLVM-exception",
        ] {
            assert!(!allowed(bad), "{bad}");
        }
    }

    #[test]
    fn a_package_with_a_foreign_licence_or_none_is_named() {
        let packages = [
            json!({"name": "fine", "license": "MIT"}),
            json!({"name": "strict", "license": "AGPL-3.0"}),
            json!({"name": "silent", "license": null}),
        ];
        let error = check(&packages).unwrap_err().to_string();
        assert!(error.contains("strict") && error.contains("silent") && !error.contains("fine"));
    }

    #[test]
    fn a_second_version_of_a_heavy_library_is_named() {
        let one = json!({"name": "tokio", "version": "1.0.0"});
        let two = json!({"name": "tokio", "version": "2.0.0"});
        assert!(duplicates(&[one.clone(), one.clone()]).is_ok());
        assert!(
            duplicates(&[one, two])
                .unwrap_err()
                .to_string()
                .contains("1.0.0, 2.0.0")
        );
    }
}
