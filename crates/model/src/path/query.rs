//! The one file that knows the JSONPath engine: everything a singular walk cannot do.

use super::{PathError, normalise::Token};
use crate::Json;
use jsonpath_rust::{
    parser::{model::JpQuery, parse_json_path},
    query::js_path_process,
};

/// A query, compiled once.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Compiled(JpQuery);

impl Compiled {
    /// Compiles the tokens from position `skipped` on.
    pub(super) fn new(tokens: &[Token], skipped: usize) -> Result<Self, PathError> {
        let text: String = tokens[skipped..].iter().map(Token::canonical).collect();
        parse_json_path(&format!("${text}"))
            .map(Self)
            .map_err(|_| blame(tokens))
    }

    /// Every value that the query finds below `start`, in its order.
    pub(super) fn find(&self, start: &Json) -> Result<Vec<Json>, String> {
        let found = js_path_process(&self.0, start).map_err(|error| error.to_string())?;
        Ok(found.into_iter().map(|hit| hit.val.clone()).collect())
    }
}

/// Finds the part that the engine refuses: its own message speaks of grammar rules.
fn blame(tokens: &[Token]) -> PathError {
    let guilty = tokens
        .iter()
        .find(|token| parse_json_path(&format!("${}", token.canonical())).is_err());
    let (part, at) = guilty.map_or((String::new(), 0), |token| (token.canonical(), token.at()));
    PathError {
        message: format!(
            "`{part}` is not JSONPath; a filter looks like `[?@.type == 'Voice']`, a slice like `[0:10]`, all items are `[*]`"
        ),
        at,
    }
}
