//! What the browser's console said: a page that works but complains is not done.

use anyhow::{Result, bail};
use thirtyfour::BrowserLogEntry;

/// Collected complaints, and the words of those that a story provokes on purpose.
#[derive(Debug, Default)]
pub(crate) struct Console {
    errors: Vec<String>,
    expected: Vec<String>,
}

impl Console {
    pub(crate) fn take(&mut self, entries: Vec<BrowserLogEntry>) {
        let severe = entries.into_iter().filter(|entry| entry.level == "SEVERE");
        self.errors.extend(severe.map(|entry| entry.message));
    }

    pub(crate) fn expect(&mut self, words: &str) {
        self.expected.push(words.to_owned());
    }

    /// An error unless every complaint was expected and every expected complaint was made.
    pub(crate) fn verdict(&self) -> Result<()> {
        let surprises: Vec<&str> = self
            .errors
            .iter()
            .filter(|error| !self.expected.iter().any(|words| error.contains(words)))
            .map(String::as_str)
            .collect();
        if !surprises.is_empty() {
            bail!(
                "the browser's console has errors:\n{}",
                surprises.join("\n")
            );
        }
        for words in &self.expected {
            if !self.errors.iter().any(|error| error.contains(words)) {
                bail!("the browser's console was expected to have an error with “{words}”");
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn console(messages: &[(&str, &str)]) -> Console {
        let mut console = Console::default();
        let entry = |(level, message): &(&str, &str)| {
            serde_json::from_value(serde_json::json!({
                "level": level, "message": message, "timestamp": 0
            }))
        };
        console.take(
            messages
                .iter()
                .map(|message| entry(message).unwrap())
                .collect(),
        );
        console
    }

    #[test]
    fn an_error_fails_the_story_and_a_warning_does_not() {
        assert!(
            console(&[("WARNING", "hm"), ("INFO", "a")])
                .verdict()
                .is_ok()
        );
        assert!(console(&[("SEVERE", "no")]).verdict().is_err());
    }

    #[test]
    fn an_expected_error_has_to_come() {
        let mut console = console(&[("SEVERE", "status of 401 ()")]);
        console.expect("401");
        assert!(console.verdict().is_ok());
        console.expect("402");
        assert!(console.verdict().is_err());
    }
}
