//! What is wrong with a manifest, and where.

use std::fmt;

/// A mistake in a connector's folder.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ManifestError {
    /// `ringcentral/operations/send_sms.toml`.
    pub file: String,
    /// From 1; none when the mistake is about the whole file.
    pub line: Option<usize>,
    /// From 1, in characters.
    pub column: Option<usize>,
    /// What is wrong and what to do.
    pub message: String,
}

impl ManifestError {
    /// A mistake of a whole file.
    pub fn new(file: impl Into<String>, message: impl Into<String>) -> Self {
        Self {
            file: file.into(),
            line: None,
            column: None,
            message: message.into(),
        }
    }

    /// A mistake at the first place where `needle` stands in `text`.
    pub fn near(file: &str, text: &str, needle: &str, message: impl Into<String>) -> Self {
        match text.find(needle) {
            Some(offset) => Self::at(file, text, offset, message),
            None => Self::new(file, message),
        }
    }

    pub(crate) fn from_toml(file: &str, text: &str, error: &toml::de::Error) -> Self {
        let message = error.message().trim().replace('\n', "; ");
        match error.span() {
            Some(span) => Self::at(file, text, span.start, message),
            None => Self::new(file, message),
        }
    }

    fn at(file: &str, text: &str, offset: usize, message: impl Into<String>) -> Self {
        let before = text.get(..offset).unwrap_or(text);
        let line = before.matches('\n').count() + 1;
        let column = before
            .rsplit('\n')
            .next()
            .unwrap_or_default()
            .chars()
            .count()
            + 1;
        Self {
            line: Some(line),
            column: Some(column),
            ..Self::new(file, message)
        }
    }
}

impl fmt::Display for ManifestError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.file)?;
        if let Some(line) = self.line {
            write!(f, ":{line}")?;
        }
        if let Some(column) = self.column {
            write!(f, ":{column}")?;
        }
        write!(f, ": {}", self.message)
    }
}

impl std::error::Error for ManifestError {}
