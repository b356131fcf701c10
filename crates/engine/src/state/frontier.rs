//! How a state is written down as a checkpoint: a large output is named by the event that brought it.

use super::Held;
use crate::clip::size_within;
use patchbay_model::Json;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// Outputs up to this many bytes of JSON stand in the checkpoint itself.
const INLINE_BYTES: u64 = 1024;

#[derive(Serialize)]
struct Written<'a> {
    ord: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    value: Option<&'a Json>,
}

#[derive(Deserialize)]
struct Read {
    ord: u64,
    /// Some(null) where null is the value, none where nothing stands.
    #[serde(default, deserialize_with = "present")]
    value: Option<Json>,
}

impl Serialize for Held {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let small = !self.absent && size_within(&self.value, INLINE_BYTES).is_some();
        Written {
            ord: self.ord,
            value: small.then_some(&*self.value),
        }
        .serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Held {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let Read { ord, value } = Read::deserialize(deserializer)?;
        let absent = value.is_none();
        Ok(Self {
            absent,
            ..Self::new(ord, value.unwrap_or_default())
        })
    }
}

fn present<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Json>, D::Error> {
    Json::deserialize(deserializer).map(Some)
}
