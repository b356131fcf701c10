//! Texts with holes: `Hello {$.steps.trigger.name}`; `{{$` writes a literal `{$`.

use crate::path::{Path, PathError};

/// A text with holes, as a person typed it and as it is read.
#[derive(Debug, Clone, PartialEq)]
pub struct Text {
    source: String,
    parts: Vec<Part>,
}

/// A piece of such a text.
#[derive(Debug, Clone, PartialEq)]
pub enum Part {
    /// Characters that stand for themselves, unescaped.
    Plain(String),
    /// A hole.
    Hole(Path),
}

/// A text that cannot be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct TextError {
    /// What is wrong and what to do.
    pub message: String,
    /// Where the hole begins, in characters.
    pub at: usize,
    /// What stands in the hole.
    pub path: Option<String>,
}

impl Text {
    /// Reads a text.
    pub fn parse(source: &str) -> Result<Self, TextError> {
        let mut parts = Vec::new();
        let mut plain = String::new();
        let mut rest = source;
        while let Some(open) = rest.find('{') {
            plain.push_str(&rest[..open]);
            rest = &rest[open..];
            if let Some(after) = rest.strip_prefix("{{$") {
                plain.push_str("{$");
                rest = after;
            } else if rest.starts_with("{$") {
                let at = source[..source.len() - rest.len()].chars().count();
                let (path, after) = hole(rest, at)?;
                if !plain.is_empty() {
                    parts.push(Part::Plain(std::mem::take(&mut plain)));
                }
                parts.push(Part::Hole(path));
                rest = after;
            } else {
                plain.push('{');
                rest = &rest[1..];
            }
        }
        plain.push_str(rest);
        if !plain.is_empty() {
            parts.push(Part::Plain(plain));
        }
        Ok(Self {
            source: source.to_owned(),
            parts,
        })
    }

    /// As the person typed it.
    pub fn as_str(&self) -> &str {
        &self.source
    }

    /// Its pieces in order.
    pub fn parts(&self) -> &[Part] {
        &self.parts
    }

    /// The paths in its holes.
    pub fn paths(&self) -> impl Iterator<Item = &Path> {
        self.parts.iter().filter_map(|part| match part {
            Part::Hole(path) => Some(path),
            Part::Plain(_) => None,
        })
    }
}

/// Characters as they have to be written so that a text reads them back.
pub(super) fn escape(plain: &str) -> String {
    plain.replace("{$", "{{$")
}

/// The text with some of its paths replaced; none when nothing changes or it cannot be read.
pub(crate) fn rename_in_text(
    source: &str,
    follow: impl Fn(&Path) -> Option<Path>,
) -> Option<String> {
    let text = Text::parse(source).ok()?;
    let mut changed = false;
    let mut result = String::new();
    for part in text.parts() {
        match part {
            Part::Plain(plain) => result.push_str(&escape(plain)),
            Part::Hole(path) => {
                let other = follow(path);
                changed |= other.is_some();
                result.push('{');
                result.push_str(other.as_ref().unwrap_or(path).as_str());
                result.push('}');
            }
        }
    }
    changed.then_some(result)
}

/// Splits `{$.path}rest` into the path and the rest.
fn hole(text: &str, at: usize) -> Result<(Path, &str), TextError> {
    let Some(end) = end_of_hole(text) else {
        let message =
            "this `{$` is never closed; a `}` is missing (write `{{$` for a literal `{$`)"
                .to_owned();
        return Err(TextError {
            message,
            at,
            path: None,
        });
    };
    let inner = &text[1..end];
    let path = Path::parse(inner).map_err(|PathError { message, .. }| TextError {
        message: format!(
            "`{}` is not a path: {message} (write `{{{{$` for a literal `{{$`)",
            crate::words::cut(inner, 80)
        ),
        at,
        path: Some(inner.to_owned()),
    })?;
    Ok((path, &text[end + 1..]))
}

/// The byte position of the `}` that closes the hole at the start of `text`; quotes may hide one.
fn end_of_hole(text: &str) -> Option<usize> {
    let mut quote = None;
    let mut escaped = false;
    let mut brackets = 0_usize;
    for (position, letter) in text.char_indices().skip(1) {
        match (quote, letter) {
            (Some(_), _) if escaped => escaped = false,
            (Some(_), '\\') => escaped = true,
            (Some(open), _) if open == letter => quote = None,
            (Some(_), _) => {}
            (None, '\'' | '"') if brackets > 0 => quote = Some(letter),
            (None, '[') => brackets += 1,
            (None, ']') => brackets = brackets.saturating_sub(1),
            (None, '}') => return Some(position),
            (None, _) => {}
        }
    }
    None
}
