//! Where the value of an input goes in a request: `query:perPage`, `path:accountId`, `body:/text`, …

use serde::{Deserialize, Deserializer, de::Error};

/// The place of a value in a request.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Send {
    /// Fills `{name}` in the request's path, percent-encoded.
    Path(String),
    /// A query parameter.
    Query(String),
    /// A header.
    Header(String),
    /// A place in the body, as a JSON pointer; empty: the whole body. In a form body, `/name` is the field `name`.
    Body(String),
    /// Nowhere: only a hook, a built-in or another input's drop-down reads it.
    None,
}

impl Send {
    /// Reads the text form; the error says which forms exist.
    pub fn parse(text: &str) -> Result<Self, String> {
        let forms = "write \"path:name\", \"query:name\", \"header:name\", \"body:/json/pointer\" or \"none\"";
        if text == "none" {
            return Ok(Self::None);
        }
        let (place, name) = text
            .split_once(':')
            .ok_or_else(|| format!("`{text}` is no place to send a value to; {forms}"))?;
        match place {
            "body" if name.is_empty() || name.starts_with('/') => Ok(Self::Body(name.to_owned())),
            "body" => Err(format!(
                "`{text}`: the place in a body is a JSON pointer, so write \"body:/{name}\""
            )),
            "path" | "query" | "header" if name.is_empty() => {
                Err(format!("`{text}` names nothing; {forms}"))
            }
            "path" => Ok(Self::Path(name.to_owned())),
            "query" => Ok(Self::Query(name.to_owned())),
            "header" => Ok(Self::Header(name.to_owned())),
            _ => Err(format!("`{place}` is no place to send a value to; {forms}")),
        }
    }

    /// The service's own name of the parameter, as its errors mention it.
    pub fn service_name(&self) -> Option<&str> {
        match self {
            Self::Path(name) | Self::Query(name) | Self::Header(name) => Some(name),
            Self::Body(pointer) => pointer.rsplit('/').next().filter(|name| !name.is_empty()),
            Self::None => None,
        }
    }
}

impl<'de> Deserialize<'de> for Send {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Self::parse(&text).map_err(D::Error::custom)
    }
}
