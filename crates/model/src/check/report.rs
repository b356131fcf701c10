//! Collects what was found.

use crate::problem::{Problem, Severity};

#[derive(Default)]
pub(super) struct Report {
    pub(super) problems: Vec<Problem>,
}

impl Report {
    pub(super) fn error(
        &mut self,
        code: &str,
        step: &str,
        field: Option<&str>,
        message: impl Into<String>,
    ) -> &mut Problem {
        self.add(Severity::Error, code, step, field, message.into())
    }

    pub(super) fn warning(
        &mut self,
        code: &str,
        step: &str,
        field: Option<&str>,
        message: impl Into<String>,
    ) -> &mut Problem {
        self.add(Severity::Warning, code, step, field, message.into())
    }

    pub(super) fn add(
        &mut self,
        severity: Severity,
        code: &str,
        step: &str,
        field: Option<&str>,
        message: String,
    ) -> &mut Problem {
        let problem = Problem {
            severity,
            code: code.to_owned(),
            step: Some(step.to_owned()),
            field: field.map(str::to_owned),
            message,
            suggestion: None,
        };
        let position = self.problems.len();
        self.problems.push(problem);
        &mut self.problems[position]
    }
}
