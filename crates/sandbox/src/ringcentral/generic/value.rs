//! Makes up values that fit a schema: the same ones for the same question, named and numbered as people would.

use jiff::{SignedDuration, Timestamp};
use serde_json::{Map, Value, json};

use super::facts::facts;

/// What made-up values are made of.
pub(super) struct Maker<'a> {
    pub(super) origin: &'a str,
    /// The path that was asked for.
    pub(super) path: &'a str,
    pub(super) now: Timestamp,
    /// The extension that it is about.
    pub(super) extension: &'a str,
    pub(super) account: &'a str,
}

/// How many entries a list has.
const ENTRIES: usize = 3;
/// How deep parts that may be left out are there.
const DEPTH: usize = 5;

/// People and places that do not exist.
const FIRST_NAMES: [&str; 4] = ["Ada", "Grace", "Alan", "Edith"];
const LAST_NAMES: [&str; 4] = ["Example", "Sample", "Specimen", "Pattern"];

/// Where a value stands.
#[derive(Clone, Copy)]
struct Place<'p> {
    name: &'p str,
    /// The entry of a list that it belongs to.
    index: usize,
    depth: usize,
    /// The identifier of the thing at the top, if the path has one.
    id: Option<&'p str>,
}

impl Maker<'_> {
    /// The body of an answer; what was sent comes back where it has a place.
    pub(super) fn answer(&self, schema: &Value, id: Option<&str>, sent: &Value) -> Value {
        let top = Place {
            name: "",
            index: 0,
            depth: 0,
            id,
        };
        let mut value = self.value(schema, top);
        echo(&mut value, sent);
        value
    }

    fn value(&self, schema: &Value, place: Place<'_>) -> Value {
        let schema = facts().resolved(schema);
        for key in ["oneOf", "anyOf"] {
            if let Some(first) = schema[key].as_array().and_then(|ways| ways.first()) {
                let mut base = self.object(schema, place);
                match (self.value(first, place), &mut base) {
                    (Value::Object(one), Value::Object(base)) => base.extend(one),
                    (one, _) => return one,
                }
                return base;
            }
        }
        if let Some(values) = schema["enum"]
            .as_array()
            .filter(|values| !values.is_empty())
        {
            return values[place.index % values.len()].clone();
        }
        match schema["type"].as_str() {
            Some("string") => self.text(schema, place),
            Some("integer") => json!(self.number(schema, place).round() as i64),
            Some("number") => json!(self.number(schema, place)),
            Some("boolean") => json!(matches!(
                place.name,
                "enabled" | "primary" | "active" | "assignable"
            )),
            Some("array") => {
                let count = if place.depth < 2 { ENTRIES } else { 1 };
                let least = schema["minItems"].as_u64().unwrap_or(0) as usize;
                let most = schema["maxItems"]
                    .as_u64()
                    .map_or(usize::MAX, |most| most as usize);
                (0..count.max(least).min(most))
                    .map(|index| {
                        let inner = Place {
                            index,
                            depth: place.depth + 1,
                            id: None,
                            ..place
                        };
                        self.value(&schema["items"], inner)
                    })
                    .collect()
            }
            Some("object") => self.object(schema, place),
            _ => json!({}),
        }
    }

    fn object(&self, schema: &Value, place: Place<'_>) -> Value {
        let mut object = Map::new();
        let required = schema["required"].as_array();
        for (name, part) in schema["properties"].as_object().into_iter().flatten() {
            let needed = required.is_some_and(|names| names.iter().any(|one| one == name));
            // There is one page, so nothing leads to another.
            let leads_on = matches!(
                name.as_str(),
                "nextPage"
                    | "previousPage"
                    | "nextPageToken"
                    | "prevPageToken"
                    | "previousPageToken"
            );
            if part["writeOnly"] == true
                || leads_on
                || (!needed && place.depth >= DEPTH)
                || place.depth > 10
            {
                continue;
            }
            let inner = Place {
                name,
                index: place.index,
                depth: place.depth + 1,
                id: if name == "id" { place.id } else { None },
            };
            object.insert(name.clone(), self.value(part, inner));
        }
        Value::Object(object)
    }

    fn number(&self, schema: &Value, place: Place<'_>) -> f64 {
        let wish = match place.name {
            "id" => place
                .id
                .and_then(|id| id.parse().ok())
                .unwrap_or_else(|| self.id(place.index) as f64),
            "page" | "totalPages" => 1.0,
            "perPage" => 100.0,
            "pageStart" => 0.0,
            "pageEnd" => (ENTRIES - 1) as f64,
            "totalElements" | "count" | "total" => ENTRIES as f64,
            "status" => 200.0,
            name if name.ends_with("Index") => place.index as f64,
            _ => 7.0 + place.index as f64,
        };
        let least = schema["minimum"].as_f64().unwrap_or(f64::MIN);
        let most = schema["maximum"].as_f64().unwrap_or(f64::MAX);
        wish.max(least).min(most)
    }

    /// The same number for the same list and place in it.
    fn id(&self, index: usize) -> u64 {
        let letters = self.path.bytes();
        let hash = letters.fold(0x811c_9dc5_u32, |hash, byte| {
            (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193)
        });
        u64::from(hash % 900_000) + 100_000 + index as u64
    }

    fn text(&self, schema: &Value, place: Place<'_>) -> Value {
        let text = match schema["format"].as_str() {
            Some("date-time") => self.instant(place),
            Some("date") => "2026-01-31".to_owned(),
            Some("time") => "09:00:00".to_owned(),
            Some("uri") => self.address(place),
            Some("email") => format!(
                "{}@example.com",
                FIRST_NAMES[place.index % 4].to_lowercase()
            ),
            _ => self.word(place),
        };
        let most = schema["maxLength"]
            .as_u64()
            .map_or(usize::MAX, |most| most as usize);
        let least = schema["minLength"].as_u64().unwrap_or(0) as usize;
        let mut text: String = text.chars().take(most).collect();
        while text.chars().count() < least {
            text.push('0');
        }
        Value::from(text)
    }

    fn instant(&self, place: Place<'_>) -> String {
        let hours = 24 * (place.index as i64 + 1);
        let before = self
            .now
            .checked_sub(SignedDuration::from_hours(hours))
            .unwrap_or(self.now);
        before.strftime("%Y-%m-%dT%H:%M:%S%.3fZ").to_string()
    }

    fn address(&self, place: Place<'_>) -> String {
        let here = format!("{}{}", self.origin, self.path);
        match place.name {
            "uri" if place.depth <= 1 => here,
            "uri" => format!("{here}/{}", self.id(place.index)),
            name => format!("{}/{}/{}", self.origin, name, self.id(place.index)),
        }
    }

    fn word(&self, place: Place<'_>) -> String {
        let (index, number) = (place.index, place.index + 1);
        let first = FIRST_NAMES[index % 4];
        let last = LAST_NAMES[index % 4];
        match place.name {
            "id" => place
                .id
                .map_or_else(|| self.id(index).to_string(), str::to_owned),
            "accountId" => self.account.to_owned(),
            "extensionId" | "ownerId" | "creatorId" => self.extension.to_owned(),
            "firstName" => first.to_owned(),
            "lastName" => last.to_owned(),
            "name" | "displayName" => format!("{first} {last}"),
            "title" | "label" | "subject" => format!("Example {number}"),
            "email" | "contactEmail" => format!("{}@example.com", first.to_lowercase()),
            "phoneNumber" | "mobilePhone" | "businessPhone" => format!("+1650555010{}", index % 10),
            "extensionNumber" => (101 + index).to_string(),
            "isoCode" | "countryCode" => "US".to_owned(),
            "city" => "Exampleton".to_owned(),
            "zip" => "94002".to_owned(),
            "street" => format!("{number} Example Street"),
            "timezone" | "timeZone" => "America/Los_Angeles".to_owned(),
            "contentType" => "application/pdf".to_owned(),
            "filename" => format!("example-{number}.pdf"),
            name if name.ends_with("Id") => self.id(index).to_string(),
            name if name.ends_with("Time") => self.instant(place),
            name if name.ends_with("Uri") || name.ends_with("Url") => self.address(place),
            "" => format!("Example {number}"),
            name => format!("{name} {number}"),
        }
    }
}

/// Puts what was sent where the answer has a value of the same name and type.
fn echo(value: &mut Value, sent: &Value) {
    let (Value::Object(value), Value::Object(sent)) = (value, sent) else {
        return;
    };
    for (name, given) in sent {
        let Some(place) = value.get_mut(name) else {
            continue;
        };
        match (&*place, given) {
            (Value::Object(_), Value::Object(_)) => echo(place, given),
            (Value::String(_), Value::String(_))
            | (Value::Number(_), Value::Number(_))
            | (Value::Bool(_), Value::Bool(_)) => *place = given.clone(),
            _ => {}
        }
    }
}
