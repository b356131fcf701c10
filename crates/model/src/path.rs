//! Paths: where in the data of a run a value is found.
//!
//! A path is JSONPath (RFC 9535) in Tray's spelling: `$.steps.ringcentral-1.records` needs no brackets.
//! A *singular* path (only names and indices) is walked directly and yields a value or *missing*;
//! any other path goes through the JSONPath engine and yields a list.

mod normalise;
#[cfg(feature = "query")]
mod query;
mod spell;
mod walk;

use crate::{Json, scope::Scope};
use std::{borrow::Cow, fmt};

pub use normalise::MAX_LENGTH;
pub use spell::{spell, spell_from};
pub(crate) use walk::child;
pub use walk::{Miss, Missing};

/// One step of a singular path.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Segment {
    /// A key of an object.
    Name(String),
    /// A position in a list; negative counts from the end.
    Index(i64),
}

impl From<&str> for Segment {
    fn from(name: &str) -> Self {
        Self::Name(name.to_owned())
    }
}

/// A path, read once and evaluated many times.
#[derive(Debug, Clone, PartialEq)]
pub struct Path {
    text: String,
    /// The segments up to the first that is not a plain name or index.
    start: Vec<Segment>,
    /// What follows them; none in a singular path.
    rest: Option<Rest>,
}

/// The part of a path that needs the JSONPath engine.
#[derive(Debug, Clone, PartialEq)]
struct Rest {
    /// Whether a filter in it speaks of `$`, so that it must see the whole scope.
    absolute: bool,
    #[cfg(feature = "query")]
    compiled: query::Compiled,
}

/// Where a path begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Root<'a> {
    /// `$.steps.<name>`
    Step(&'a str),
    /// `$.errors.<step>`
    Error(&'a str),
    /// `$.config`
    Config,
    /// `$.env`
    Env,
}

/// What a path yields.
#[derive(Debug, Clone, PartialEq)]
pub enum Found<'a> {
    /// A value; of a path that is not singular always a list.
    Value(Cow<'a, Json>),
    /// Nothing is there, which is not the same as `null`.
    Missing(Miss<'a>),
}

/// A text that is not a path.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct PathError {
    /// What is wrong and what to do.
    pub message: String,
    /// Where, in characters from the start of the text.
    pub at: usize,
}

/// Why a path could not be evaluated at all.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum FindError {
    /// This build has no JSONPath engine; the server has.
    #[error("the value of `{0}` can only be worked out by the server")]
    NeedsServer(String),
    /// The JSONPath engine refused.
    #[error("`{path}` could not be evaluated: {message}")]
    Failed {
        /// The path as typed.
        path: String,
        /// Why.
        message: String,
    },
}

impl Path {
    /// Reads a path. What the person typed is kept for display.
    pub fn parse(text: &str) -> Result<Self, PathError> {
        let tokens = normalise::tokens(text)?;
        let singular = tokens
            .iter()
            .take_while(|token| token.segment().is_some())
            .count();
        let rest = match &tokens[singular..] {
            [] => None,
            _ => Some(Rest::compile(&tokens, singular)?),
        };
        let start = tokens
            .into_iter()
            .take(singular)
            .filter_map(normalise::Token::into_segment)
            .collect();
        Ok(Self {
            text: text.to_owned(),
            start,
            rest,
        })
    }

    /// The singular path over these segments, in its prettiest spelling.
    pub fn from_segments(segments: impl Into<Vec<Segment>>) -> Self {
        let start = segments.into();
        Self {
            text: spell(&start),
            start,
            rest: None,
        }
    }

    /// `$.steps.<name>` followed by these segments, in its prettiest spelling.
    pub fn to_step(name: &str, segments: impl IntoIterator<Item = Segment>) -> Self {
        let mut all = vec![Segment::from("steps"), Segment::from(name)];
        all.extend(segments);
        Self::from_segments(all)
    }

    /// The path as the person typed it.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// Whether the path yields one value (or none) rather than a list.
    pub fn is_singular(&self) -> bool {
        self.rest.is_none()
    }

    /// The segments of a singular path; none of any other.
    pub fn segments(&self) -> Option<&[Segment]> {
        self.is_singular().then_some(self.start.as_slice())
    }

    /// The segments before the first wildcard, slice, filter or `..`; all of them in a singular path.
    pub fn leading(&self) -> &[Segment] {
        &self.start
    }

    /// Where the path begins; none when that is not one of the four roots, or a wildcard stands in its place.
    pub fn root(&self) -> Option<Root<'_>> {
        let name = |position: usize| match self.start.get(position) {
            Some(Segment::Name(name)) => Some(name.as_str()),
            _ => None,
        };
        match name(0)? {
            "steps" => name(1).map(Root::Step),
            "errors" => name(1).map(Root::Error),
            "config" => Some(Root::Config),
            "env" => Some(Root::Env),
            _ => None,
        }
    }

    /// The segments below the root: `.records[0]` of `$.steps.ringcentral-1.records[0]`.
    pub fn below_root(&self) -> &[Segment] {
        let skipped = match self.root() {
            Some(Root::Step(_) | Root::Error(_)) => 2,
            Some(Root::Config | Root::Env) => 1,
            None => 0,
        };
        self.start.get(skipped..).unwrap_or_default()
    }

    /// The same path with another step name in its place, if it begins at the step `from`.
    pub fn with_step(&self, from: &str, to: &str) -> Option<Self> {
        match self.root()? {
            Root::Step(name) | Root::Error(name) if name == from => {}
            _ => return None,
        }
        let text = normalise::replace_second(&self.text, to)?;
        Self::parse(&text).ok()
    }

    /// Looks the value up.
    pub fn find<'a>(&self, scope: &'a dyn Scope) -> Result<Found<'a>, FindError> {
        match &self.rest {
            None => Ok(walk::find(scope, &self.start)),
            Some(rest) => self.find_all(rest, scope),
        }
    }

    #[cfg(feature = "query")]
    fn find_all<'a>(&self, rest: &Rest, scope: &'a dyn Scope) -> Result<Found<'a>, FindError> {
        let start = if rest.absolute {
            &[]
        } else {
            self.start.as_slice()
        };
        let list = match walk::find(scope, start) {
            Found::Missing(_) => Vec::new(),
            Found::Value(value) => {
                rest.compiled
                    .find(&value)
                    .map_err(|message| FindError::Failed {
                        path: self.text.clone(),
                        message,
                    })?
            }
        };
        Ok(Found::Value(Cow::Owned(Json::Array(list))))
    }

    #[cfg(not(feature = "query"))]
    fn find_all<'a>(&self, _rest: &Rest, _scope: &'a dyn Scope) -> Result<Found<'a>, FindError> {
        Err(FindError::NeedsServer(self.text.clone()))
    }
}

impl fmt::Display for Path {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl Rest {
    fn compile(tokens: &[normalise::Token], singular: usize) -> Result<Self, PathError> {
        let absolute = tokens.iter().any(normalise::Token::is_absolute);
        #[cfg(feature = "query")]
        let compiled = query::Compiled::new(tokens, if absolute { 0 } else { singular })?;
        #[cfg(not(feature = "query"))]
        let _ = singular;
        Ok(Self {
            absolute,
            #[cfg(feature = "query")]
            compiled,
        })
    }
}

#[cfg(test)]
mod tests;
