//! Reads answers with as little code per type as can be: it is the browser that has to load that code.
//!
//! JSON is parsed once for all types; a type is then read from the parsed value, and a struct from an object only, where
//! `serde_json` on its own would also bring along how to read it from a list.

use patchbay_model::{Json, JsonMap};
use serde::{
    Deserializer,
    de::{DeserializeOwned, DeserializeSeed, IntoDeserializer, MapAccess, SeqAccess, Visitor},
    forward_to_deserialize_any,
};
use serde_json::Error;

/// Reads a value of any type from JSON text.
///
/// # Errors
/// When the text is no JSON, or not of this type.
pub fn decode<T: DeserializeOwned>(text: &str) -> Result<T, Error> {
    T::deserialize(Reader(serde_json::from_str(text)?))
}

struct Reader(Json);

impl<'de> Deserializer<'de> for Reader {
    type Error = Error;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        match self.0 {
            Json::Null => visitor.visit_unit(),
            Json::Bool(flag) => visitor.visit_bool(flag),
            Json::Number(number) => number.deserialize_any(visitor),
            Json::String(text) => visitor.visit_string(text),
            Json::Array(items) => visitor.visit_seq(Items(items.into_iter())),
            Json::Object(fields) => visitor.visit_map(Fields::new(fields)),
        }
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        match self.0 {
            Json::Null => visitor.visit_none(),
            value => visitor.visit_some(Self(value)),
        }
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        visitor: V,
    ) -> Result<V::Value, Error> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Error> {
        visitor.visit_map(Fields::new(self.object()?))
    }

    fn deserialize_map<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        visitor.visit_map(Fields::new(self.object()?))
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        name: &'static str,
        variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Error> {
        match self.0 {
            Json::String(variant) => visitor.visit_enum(variant.into_deserializer()),
            value => value.deserialize_enum(name, variants, visitor),
        }
    }

    fn deserialize_ignored_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        visitor.visit_unit()
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf unit unit_struct seq tuple
        tuple_struct identifier
    }
}

impl Reader {
    /// The fields of an object; anything else is an error that says what is there instead.
    fn object(self) -> Result<JsonMap, Error> {
        match self.0 {
            Json::Object(fields) => Ok(fields),
            other => serde_json::from_value(other),
        }
    }
}

struct Items(std::vec::IntoIter<Json>);

impl<'de> SeqAccess<'de> for Items {
    type Error = Error;

    fn next_element_seed<S: DeserializeSeed<'de>>(
        &mut self,
        seed: S,
    ) -> Result<Option<S::Value>, Error> {
        match self.0.next() {
            Some(item) => seed.deserialize(Reader(item)).map(Some),
            None => Ok(None),
        }
    }

    fn size_hint(&self) -> Option<usize> {
        Some(self.0.len())
    }
}

struct Fields {
    rest: serde_json::map::IntoIter,
    value: Json,
}

impl Fields {
    fn new(fields: JsonMap) -> Self {
        Self {
            rest: fields.into_iter(),
            value: Json::Null,
        }
    }

    /// The next key; its value waits.
    fn advance(&mut self) -> Option<Reader> {
        let (key, value) = self.rest.next()?;
        self.value = value;
        Some(Reader(Json::String(key)))
    }
}

impl<'de> MapAccess<'de> for Fields {
    type Error = Error;

    fn next_key_seed<S: DeserializeSeed<'de>>(
        &mut self,
        seed: S,
    ) -> Result<Option<S::Value>, Error> {
        match self.advance() {
            Some(key) => seed.deserialize(key).map(Some),
            None => Ok(None),
        }
    }

    fn next_value_seed<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<S::Value, Error> {
        seed.deserialize(Reader(self.value.take()))
    }

    fn size_hint(&self) -> Option<usize> {
        Some(self.rest.len())
    }
}

#[cfg(test)]
mod tests {
    use super::decode;
    use patchbay_model::{document::Workflow, edit::Edit, schema::Schema};
    use serde::{Serialize, de::DeserializeOwned};
    use std::{collections::BTreeMap, fmt::Debug};

    fn same_as_usual<T: DeserializeOwned + Serialize + Debug>(text: &str) {
        let usual = serde_json::from_str::<T>(text).map(|value| serde_json::to_value(value).ok());
        let ours = decode::<T>(text).map(|value| serde_json::to_value(value).ok());
        match (usual, ours) {
            (Ok(usual), Ok(ours)) => assert_eq!(ours, usual, "{text}"),
            (usual, ours) => assert_eq!(ours.is_ok(), usual.is_ok(), "{text}: {ours:?}, {usual:?}"),
        }
    }

    #[test]
    fn it_reads_what_the_usual_reader_reads() {
        let step = r#"{"name":"http-1","connector":"http","operation":"request","inputs":{"url":{"$path":"$.steps.a"}},
            "branches":{"true":[],"false":[]},"retry":{"attempts":3,"backoff":"fixed","first_delay":1,"max_delay":2},
            "on_error":"next_item","notes":null}"#;
        same_as_usual::<Workflow>(&format!(
            r#"{{"format":"patchbay.workflow/1","name":"A","config":{{"a":[1,2.5,true,null]}},"trigger":{{"connector":
            "manual","operation":"trigger"}},"steps":[{step}],"unknown":{{"deep":[{{}}]}}}}"#
        ));
        same_as_usual::<Edit>(&format!(
            r#"{{"edit":"add_step","at":{{"parent":"loop-1","lane":"body","index":0}},"step":{step}}}"#
        ));
        same_as_usual::<Edit>(r#"{"edit":"nothing like it"}"#);
        same_as_usual::<Schema>(
            r#"{"type":["string","null"],"properties":{"a":{"type":"array","items":{"type":"integer"}}},"required":["a"],
            "enum":[1,"b"],"additionalProperties":false}"#,
        );
        same_as_usual::<Vec<Option<f64>>>("[1, 2.5, null]");
        same_as_usual::<BTreeMap<patchbay_model::id::RunId, bool>>(r#"{"run_1": true}"#);
        same_as_usual::<()>("null");
    }

    #[test]
    fn what_does_not_fit_is_refused_in_words() {
        for (text, words) in [
            ("[1]", "expected a map"),
            ("{", "EOF"),
            (r#"{"name": 1}"#, "expected a string"),
        ] {
            let error = decode::<Workflow>(text).unwrap_err().to_string();
            assert!(error.contains(words), "{text}: {error}");
        }
    }
}
