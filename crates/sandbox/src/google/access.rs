//! Who may do what: scopes, ownership and quota, checked before every Sheets method.

use crate::google::errors;
use crate::google::spreadsheet::Spreadsheet;
use crate::oauth::grants::Identity;
use crate::state::State;
use crate::wire::{Reply, Request};

/// A request with a valid token.
#[derive(Debug)]
pub(crate) struct Caller<'a> {
    pub(crate) request: &'a Request,
    pub(crate) identity: Identity,
}

/// Whether a method only looks or also changes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Need {
    Read,
    /// Reads by data filter or metadata, which the scopes that only read do not allow.
    Find,
    Write,
}

impl Caller<'_> {
    /// Whether one of these scopes (without their common prefix) was granted.
    pub(crate) fn holds(&self, scopes: &[&str]) -> bool {
        self.identity.scopes.iter().any(|granted| {
            granted
                .strip_prefix("https://www.googleapis.com/auth/")
                .is_some_and(|short| scopes.contains(&short))
        })
    }

    /// Refuses a token without a scope for the need, and counts the request against the quota.
    pub(crate) fn may(&self, state: &mut State, need: Need) -> Result<(), Reply> {
        let enough: &[&str] = match need {
            Need::Read => &[
                "spreadsheets",
                "spreadsheets.readonly",
                "drive",
                "drive.readonly",
                "drive.file",
            ],
            Need::Find | Need::Write => &["spreadsheets", "drive", "drive.file"],
        };
        if !self.holds(enough) {
            return Err(errors::scope_missing(false));
        }
        let Some(quota) = state.rate_limits.google else {
            return Ok(());
        };
        let write = need == Need::Write;
        let limits = if write {
            (quota.write, quota.write_of_project)
        } else {
            (quota.read, quota.read_of_project)
        };
        let counted = state
            .quota
            .count(&self.identity, write, limits, self.request.now);
        counted.map_err(|reached| errors::quota_exceeded(write, reached, limits))
    }

    /// Whether the granted scopes reach this file: with `drive.file` alone only what the app made.
    pub(crate) fn reaches(&self, file: &Spreadsheet, need: Need) -> bool {
        let wide: &[&str] = match need {
            Need::Read => &[
                "spreadsheets",
                "spreadsheets.readonly",
                "drive",
                "drive.readonly",
                "drive.metadata.readonly",
            ],
            Need::Find | Need::Write => &["spreadsheets", "drive"],
        };
        self.holds(wide) || (self.holds(&["drive.file"]) && file.made_by_app)
    }

    /// The spreadsheet, after all checks.
    pub(crate) fn open<'a>(
        &self,
        state: &'a mut State,
        id: &str,
        need: Need,
    ) -> Result<&'a mut Spreadsheet, Reply> {
        self.may(state, need)?;
        self.reach(state, id, need)
    }

    /// A further spreadsheet of the same request, which counts as one.
    pub(crate) fn reach<'a>(
        &self,
        state: &'a mut State,
        id: &str,
        need: Need,
    ) -> Result<&'a mut Spreadsheet, Reply> {
        let file = state.files.get_mut(id).ok_or_else(errors::not_found)?;
        if file.owner != self.identity.person {
            return Err(errors::forbidden());
        }
        if !self.reaches(file, need) {
            return Err(errors::not_found());
        }
        Ok(file)
    }
}
