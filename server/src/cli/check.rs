//! `patchbay check FILE`

use anyhow::{Context, bail};
use patchbay_model::{
    check::{self, Context as CheckContext},
    document::{self, Workflow},
    problem::{Problem, Severity},
};
use std::{path::Path, process::ExitCode};

use super::{complain, say};

/// Prints the problems of a file; exit code 1 when one of them is an error.
pub(super) fn check(file: &Path, json: bool) -> anyhow::Result<ExitCode> {
    let workflow = read(file)?;
    let catalog = crate::catalog::load()?;
    let problems = check::check(&workflow, &*catalog, &CheckContext::default());
    if json {
        say(&serde_json::to_string_pretty(&problems)?);
    } else if problems.is_empty() {
        say(&format!("{}: no problems", file.display()));
    } else {
        for problem in &problems {
            complain(&line(problem));
        }
    }
    let broken = problems
        .iter()
        .any(|problem| problem.severity == Severity::Error);
    Ok(if broken {
        ExitCode::FAILURE
    } else {
        ExitCode::SUCCESS
    })
}

/// Reads a workflow document; every mistake is named with its JSON pointer.
pub(super) fn read(file: &Path) -> anyhow::Result<Workflow> {
    let text =
        std::fs::read_to_string(file).with_context(|| format!("cannot read {}", file.display()))?;
    match document::from_str(&text) {
        Ok(workflow) => Ok(workflow),
        Err(errors) => {
            let lines: Vec<String> = errors
                .iter()
                .map(|error| {
                    format!(
                        "  {}: expected {}, found {}",
                        error.pointer, error.expected, error.found
                    )
                })
                .collect();
            bail!(
                "{} is not a workflow document:\n{}",
                file.display(),
                lines.join("\n")
            )
        }
    }
}

/// `error: google-sheets-1 /row/Direction: …`
pub(super) fn line(problem: &Problem) -> String {
    let severity = match problem.severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
    };
    let place = [problem.step.as_deref(), problem.field.as_deref()]
        .into_iter()
        .flatten()
        .collect::<Vec<_>>()
        .join(" ");
    let hint = problem
        .suggestion
        .as_ref()
        .map(|text| format!(" (did you mean {text}?)"))
        .unwrap_or_default();
    format!("{severity}: {place}: {}{hint}", problem.message)
}
