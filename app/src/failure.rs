//! A call that failed, in the form in which pages keep and show it.

use patchbay_api::{ClientError, ProblemDetails};
use serde::{Deserialize, Serialize};

/// Why something did not work: the server's problem details, or ours when it could not be reached.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Failure(pub ProblemDetails);

impl Failure {
    /// A failure that this page found by itself.
    pub fn of(title: impl Into<String>, detail: impl Into<String>) -> Self {
        Self(ProblemDetails {
            title: title.into(),
            detail: detail.into(),
            ..ProblemDetails::default()
        })
    }

    /// In a few words.
    pub fn title(&self) -> String {
        if self.0.title.is_empty() {
            "That did not work".to_owned()
        } else {
            self.0.title.clone()
        }
    }

    /// Where it is wrong and what to do; may be empty.
    pub fn detail(&self) -> String {
        let mut lines: Vec<&str> = Vec::new();
        if !self.0.detail.is_empty() {
            lines.push(&self.0.detail);
        }
        lines.extend(self.0.errors.iter().map(|error| error.message.as_str()));
        lines.join(" ")
    }

    /// What is wrong with one field of what was sent; empty: nothing.
    pub fn at(&self, pointer: &str) -> String {
        self.0
            .errors
            .iter()
            .find(|error| error.pointer == pointer)
            .map(|error| error.message.clone())
            .unwrap_or_default()
    }

    /// Title and detail in one text.
    pub fn sentence(&self) -> String {
        let (title, detail) = (self.title(), self.detail());
        if detail.is_empty() {
            title
        } else {
            format!("{title}: {detail}")
        }
    }

    /// Whether the person has to sign in.
    pub fn is_signed_out(&self) -> bool {
        self.0.status == 401 && self.0.code != "wrong_credentials"
    }

    /// Whether there is no such thing.
    pub fn is_not_found(&self) -> bool {
        self.0.status == 404
    }
}

impl From<ClientError> for Failure {
    fn from(error: ClientError) -> Self {
        match error {
            ClientError::Problem(problem) => Self(*problem),
            ClientError::Transport(error) => Self::of(
                "The server could not be reached",
                format!(
                    "Check that Patchbay is running and that you are online ({}).",
                    error.0
                ),
            ),
            ClientError::Unexpected(what) => Self::of(
                "The server answered something unexpected",
                format!("Reload the page: it may be older than the server ({what})."),
            ),
        }
    }
}
