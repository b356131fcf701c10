//! How typed values stand in text columns.

use crate::{StoreError, StoreResult};
use serde::{Serialize, de::DeserializeOwned};

/// A secret as the vault sealed it; the store never opens one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SealedText(pub String);

impl From<String> for SealedText {
    fn from(text: String) -> Self {
        Self(text)
    }
}

pub(crate) fn to_json<T: Serialize + ?Sized>(value: &T) -> StoreResult<String> {
    serde_json::to_string(value).map_err(StoreError::failed)
}

pub(crate) fn from_json<T: DeserializeOwned>(what: &'static str, text: &str) -> StoreResult<T> {
    serde_json::from_str(text).map_err(|error| StoreError::corrupt(what, error))
}

/// The bare word of an enum that serialises as a string.
pub(crate) fn to_word<T: Serialize>(value: &T) -> StoreResult<String> {
    match serde_json::to_value(value) {
        Ok(serde_json::Value::String(word)) => Ok(word),
        other => Err(StoreError::failed(format!("not a word: {other:?}"))),
    }
}

pub(crate) fn from_word<T: DeserializeOwned>(what: &'static str, word: &str) -> StoreResult<T> {
    serde_json::from_value(serde_json::Value::String(word.to_owned()))
        .map_err(|error| StoreError::corrupt(what, error))
}

/// An enum whose variants stand as words in a column.
macro_rules! words {
    ($(#[$doc:meta])* $name:ident ($what:literal) { $($(#[$variant_doc:meta])* $variant:ident = $word:literal,)* }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum $name {
            $($(#[$variant_doc])* $variant,)*
        }

        impl $name {
            /// The word that is stored.
            pub fn as_str(self) -> &'static str {
                match self {
                    $(Self::$variant => $word,)*
                }
            }

            pub(crate) fn parse(word: &str) -> $crate::StoreResult<Self> {
                match word {
                    $($word => Ok(Self::$variant),)*
                    other => Err($crate::StoreError::corrupt($what, other)),
                }
            }
        }
    };
}
pub(crate) use words;
