//! The description of the service, read without the importer, so that its mistakes show.

use patchbay_kit::model::{Json, JsonMap};
use serde_json::json;
use std::{fs, path::Path};

pub(crate) struct Facts(Json);

pub(crate) struct Operation<'a> {
    pub(crate) id: &'a str,
    pub(crate) method: String,
    pub(crate) path: &'a str,
    pub(crate) facts: &'a Json,
}

#[derive(Clone, Copy, PartialEq)]
pub(crate) enum Place {
    Path,
    Query,
    Header,
}

impl Place {
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Path => "path",
            Self::Query => "query",
            Self::Header => "header",
        }
    }
}

pub(crate) struct Parameter<'a> {
    pub(crate) name: &'a str,
    pub(crate) place: Place,
    pub(crate) required: bool,
    pub(crate) deprecated: bool,
    pub(crate) explode: bool,
    pub(crate) schema: &'a Json,
}

impl Facts {
    pub(crate) fn read() -> Self {
        let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("ringcentral/openapi.json");
        let text = fs::read_to_string(file).expect("the description is there");
        Self(serde_json::from_str(&text).expect("the description is JSON"))
    }

    pub(crate) fn operations(&self) -> Vec<Operation<'_>> {
        let mut all = Vec::new();
        for (path, item) in self.0["paths"].as_object().expect("there are paths") {
            for (method, facts) in item.as_object().expect("a path is an object") {
                let id = facts["operationId"]
                    .as_str()
                    .expect("an operation has an id");
                let method = method.to_uppercase();
                all.push(Operation {
                    id,
                    method,
                    path,
                    facts,
                });
            }
        }
        all
    }

    pub(crate) fn resolved<'a>(&'a self, schema: &'a Json) -> &'a Json {
        match schema["$ref"].as_str() {
            Some(name) => {
                let name = name.trim_start_matches("#/components/schemas/");
                self.resolved(&self.0["components"]["schemas"][name])
            }
            None => schema,
        }
    }

    /// A value for a request that fits; with everything that may be there, or only with what must.
    pub(crate) fn example(&self, schema: &Json, everything: bool, depth: usize) -> Json {
        self.made(schema, everything, depth, "readOnly")
    }

    /// A value of an answer with everything that may be there.
    pub(crate) fn answer(&self, schema: &Json) -> Json {
        self.made(schema, true, 0, "writeOnly")
    }

    fn made(&self, schema: &Json, everything: bool, depth: usize, without: &str) -> Json {
        let schema = self.resolved(schema);
        for key in ["oneOf", "anyOf"] {
            if let Some(first) = schema[key].as_array().and_then(|ways| ways.first()) {
                let one = self.made(first, everything, depth, without);
                let mut base = self.object(schema, everything, depth, without);
                match (&mut base, one) {
                    (Json::Object(base), Json::Object(one)) if schema["properties"].is_object() => {
                        base.extend(one)
                    }
                    (_, one) => return one,
                }
                return base;
            }
        }
        if let Some(first) = schema["enum"].as_array().and_then(|values| values.first()) {
            return first.clone();
        }
        match schema["type"].as_str() {
            Some("string") => self.text(schema),
            Some("integer") => json!(bounded(schema, 7.0).round() as i64),
            Some("number") => json!(bounded(schema, 2.5)),
            Some("boolean") => json!(true),
            Some("array") => {
                let count = schema["minItems"].as_u64().unwrap_or(1).clamp(1, 3);
                (0..count)
                    .map(|_| self.made(&schema["items"], everything, depth + 1, without))
                    .collect()
            }
            Some("object") => self.object(schema, everything, depth, without),
            _ => json!({}),
        }
    }

    fn object(&self, schema: &Json, everything: bool, depth: usize, without: &str) -> Json {
        let mut object = JsonMap::new();
        for (name, part) in schema["properties"].as_object().into_iter().flatten() {
            let required = schema["required"]
                .as_array()
                .is_some_and(|names| names.iter().any(|one| one == name));
            if (required || (everything && depth < 3)) && part[without] != true && depth < 14 {
                object.insert(
                    name.clone(),
                    self.made(part, everything, depth + 1, without),
                );
            }
        }
        Json::Object(object)
    }

    fn text(&self, schema: &Json) -> Json {
        let text = match schema["format"].as_str() {
            Some("date-time") => "2026-01-31T08:00:00.000Z",
            Some("date") => "2026-01-31",
            Some("time") => "09:30:00",
            Some("uri") => "https://example.com/a",
            Some("email") => "ada@example.com",
            Some("binary") => {
                return json!({"content_type": "text/plain", "name": "a.txt", "base64": "aGVsbG8="});
            }
            _ => {
                let least = schema["minLength"].as_u64().unwrap_or(1).max(1);
                let most = schema["maxLength"].as_u64().unwrap_or(3).max(least);
                let length = usize::try_from(most.min(3).max(least)).unwrap_or(3);
                return Json::from("a".repeat(length));
            }
        };
        Json::from(text)
    }
}

fn bounded(schema: &Json, wish: f64) -> f64 {
    let least = schema["minimum"].as_f64().unwrap_or(f64::MIN);
    let most = schema["maximum"].as_f64().unwrap_or(f64::MAX);
    wish.max(least).min(most)
}

impl<'a> Operation<'a> {
    pub(crate) fn parameters(&self) -> Vec<Parameter<'a>> {
        let all = self.facts["parameters"].as_array().into_iter().flatten();
        all.map(|one| {
            let place = match one["in"].as_str() {
                Some("path") => Place::Path,
                Some("query") => Place::Query,
                Some("header") => Place::Header,
                other => panic!("a parameter in {other:?}"),
            };
            Parameter {
                name: one["name"].as_str().expect("a parameter has a name"),
                place,
                required: one["required"] == true,
                deprecated: one["deprecated"] == true,
                explode: one["explode"].as_bool().unwrap_or(place == Place::Query),
                // Of several kinds of values, the first.
                schema: one["schema"]["oneOf"].get(0).unwrap_or(&one["schema"]),
            }
        })
        .collect()
    }

    /// The properties of the body: name, schema, whether it must be there. A body that is no object is `body`.
    pub(crate) fn body_parts(
        &self,
        facts: &'a Facts,
        multipart: bool,
    ) -> Vec<(String, &'a Json, bool)> {
        let body = &self.facts["requestBody"];
        let content = body["content"].as_object();
        let fits = |kind: &&String| match kind.as_str() {
            "multipart/form-data" => multipart,
            kind => !multipart && (is_json(kind) || kind.ends_with("urlencoded")),
        };
        let Some(kind) = content.into_iter().flat_map(JsonMap::keys).find(fits) else {
            assert!(body.is_null(), "{} has a body of no known kind", self.id);
            return Vec::new();
        };
        let schema = facts.resolved(&body["content"][kind]["schema"]);
        let must = body["required"] == true;
        let listed = |schema: &Json, name: &str| {
            schema["required"]
                .as_array()
                .is_some_and(|names| names.iter().any(|one| one == name))
        };
        let mut parts = Vec::new();
        let ways = schema["oneOf"]
            .as_array()
            .or_else(|| schema["anyOf"].as_array());
        let ways: Vec<&Json> = ways
            .into_iter()
            .flatten()
            .map(|one| facts.resolved(one))
            .collect();
        // What one alternative needs, another may not have.
        let in_all = |name: &str| !ways.is_empty() && ways.iter().all(|one| listed(one, name));
        for one in [schema].into_iter().chain(ways.iter().copied()) {
            for (name, part) in one["properties"].as_object().into_iter().flatten() {
                let known = parts.iter().any(|(known, _, _)| known == name);
                if part["readOnly"] != true && !known {
                    parts.push((
                        name.clone(),
                        part,
                        must && (listed(schema, name) || in_all(name)),
                    ));
                }
            }
        }
        if parts.is_empty() && schema["type"] == "array" {
            parts.push(("body".to_owned(), schema, must));
        }
        parts
    }

    /// Status, content type and schema of the first answer that has a body.
    pub(crate) fn answer(&self) -> Option<(u16, &'a str, &'a Json)> {
        for (status, answer) in self.facts["responses"].as_object()? {
            let status: u16 = status.parse().ok()?;
            let content = answer["content"].as_object();
            let kinds = || content.into_iter().flatten();
            let json = kinds()
                .find(|(kind, _)| is_json(kind))
                .or_else(|| kinds().next());
            if let (true, Some((kind, media))) = ((200..300).contains(&status), json) {
                return Some((status, kind, &media["schema"]));
            }
        }
        None
    }

    /// The status of the first answer that means success.
    pub(crate) fn status(&self) -> u16 {
        let all = self.facts["responses"]
            .as_object()
            .expect("there are answers");
        let mut known = all.keys().filter_map(|status| status.parse().ok());
        known
            .find(|status| (200..400).contains(status))
            .expect("one means success")
    }

    pub(crate) fn needs_a_token(&self) -> bool {
        self.facts["security"].is_null()
    }
}

pub(crate) fn is_json(kind: &str) -> bool {
    kind.ends_with("/json") || kind.ends_with("+json")
}

/// A value as it stands in an address, a list as its items.
pub(crate) fn spelt(value: &Json) -> Vec<String> {
    match value {
        Json::Array(items) => items.iter().flat_map(spelt).collect(),
        Json::String(text) => vec![text.clone()],
        other => vec![other.to_string()],
    }
}
