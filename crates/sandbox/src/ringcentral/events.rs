//! The events that RingCentral can tell of: which filters exist, and what an event of each looks like.

use std::sync::LazyLock;

use indexmap::IndexMap;
use jiff::Timestamp;
use serde::Deserialize;
use serde_json::Value;
use url::form_urlencoded;

use crate::people::Person;
use crate::random::Random;
use crate::ringcentral::ACCOUNT_ID;
use crate::ringcentral::extensions::{self, Extension};
use crate::ringcentral::params::written;

/// One kind of event.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Kind {
    /// `telephony.extension`: what the control interface calls it.
    pub(crate) key: String,
    /// What people read.
    pub(crate) name: String,
    pub(crate) group: String,
    /// The filter with holes for identifiers and its fixed query.
    filter: String,
    /// The permission without which a filter is disabled.
    pub(crate) permission: Option<String>,
    /// Query parameters of a filter, with what each may be.
    pub(crate) parameters: IndexMap<String, Allowed>,
    /// An example with holes.
    body: Value,
    /// `webinar`: subscribed to at an address of its own.
    #[serde(default)]
    pub(crate) endpoint: String,
    /// Older spellings of the path.
    #[serde(default)]
    aliases: Vec<String>,
}

/// What a parameter of a filter may be.
#[derive(Debug, Deserialize)]
#[serde(untagged)]
pub(crate) enum Allowed {
    /// One of these.
    Words(Vec<String>),
    /// `string`, `boolean` or `integer`.
    Type(String),
}

/// All of them, in the order in which pages list them.
pub(crate) static KINDS: LazyLock<Vec<Kind>> = LazyLock::new(|| {
    let text = include_str!("../../assets/ringcentral_events.json");
    serde_json::from_str(text).unwrap_or_else(|error| {
        // A test reads the file; a sandbox without events is still good for everything else.
        tracing::error!(%error, "the list of events cannot be read");
        Vec::new()
    })
});

/// The identifiers that example events are about, beside those of people and extensions.
const QUEUE: &str = "62264200008";
const DEVICE: &str = "8026101";
const BATCH: &str = "60001";
const WEBINAR: &str = "wr4Dk01";

/// A filter as somebody asked for it, taken apart.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Filter {
    /// With `~` replaced by identifiers.
    pub(crate) path: String,
    pub(crate) query: Vec<(String, String)>,
}

impl Filter {
    /// Reads a filter; `~` becomes the caller's own account and extension.
    pub(crate) fn parse(text: &str, extension_id: &str) -> Self {
        let (path, query) = text.split_once('?').unwrap_or((text, ""));
        let mut pieces: Vec<&str> = path.split('/').collect();
        for at in 1..pieces.len() {
            if pieces[at] == "~" {
                match pieces[at - 1] {
                    "account" => pieces[at] = ACCOUNT_ID,
                    "extension" => pieces[at] = extension_id,
                    _ => {}
                }
            }
        }
        Self {
            path: pieces.join("/"),
            query: form_urlencoded::parse(query.as_bytes())
                .into_owned()
                .collect(),
        }
    }

    /// As a subscription's answer spells it.
    pub(crate) fn text(&self) -> String {
        if self.query.is_empty() {
            return self.path.clone();
        }
        let query: Vec<String> = self
            .query
            .iter()
            .map(|(name, value)| format!("{name}={value}"))
            .collect();
        format!("{}?{}", self.path, query.join("&"))
    }

    /// The kind of event that the filter is for; none: there is no such filter.
    pub(crate) fn kind(&self) -> Option<&'static Kind> {
        // The more that is fixed in a kind's own query, the better it fits.
        KINDS
            .iter()
            .filter(|kind| kind.is_for(self))
            .max_by_key(|kind| kind.fixed().len())
    }

    /// Whether an event of this path with these properties is one that the filter asks for.
    pub(crate) fn takes(&self, event: &Event) -> bool {
        self.kind().is_some_and(|kind| kind.key == event.kind.key)
            && event.paths.contains(&self.path)
            && self.query.iter().all(|(name, wanted)| {
                match event.property(name) {
                    Some(value) => value.eq_ignore_ascii_case(wanted),
                    // It shapes the event, as `sipData` does, instead of selecting some.
                    None => !event.kind.selects(name),
                }
            })
    }
}

impl Kind {
    /// The kind called `key`.
    pub(crate) fn named(key: &str) -> Option<&'static Self> {
        KINDS.iter().find(|kind| kind.key == key)
    }

    /// A filter for the example event of an administrator.
    #[cfg(test)]
    pub(crate) fn example_filter(&self) -> String {
        let occasion = Occasion {
            extension: &extensions::EXTENSIONS[0],
            parameters: &IndexMap::new(),
            body: None,
            origin: "",
            now: Timestamp::UNIX_EPOCH,
            serial: 0,
        };
        Holes::of(&occasion).text(&self.filter)
    }

    fn path(&self) -> &str {
        self.filter.split('?').next().unwrap_or_default()
    }

    /// The part of the query that makes the kind.
    fn fixed(&self) -> Vec<(String, String)> {
        let query = self.filter.split_once('?').map_or("", |(_, query)| query);
        form_urlencoded::parse(query.as_bytes())
            .into_owned()
            .collect()
    }

    fn is_for(&self, filter: &Filter) -> bool {
        let paths = std::iter::once(self.path()).chain(self.aliases.iter().map(String::as_str));
        let fixed = self.fixed();
        paths.into_iter().any(|path| same_shape(path, &filter.path))
            && fixed.iter().all(|pair| filter.query.contains(pair))
            && filter.query.iter().all(|(name, value)| {
                fixed.iter().any(|(known, _)| known == name)
                    || self
                        .parameters
                        .get(name)
                        .is_some_and(|allowed| allowed.takes(value))
            })
    }

    /// Whether the parameter chooses among events.
    fn selects(&self, name: &str) -> bool {
        !matches!(
            name,
            "sipData" | "detailedTelephonyState" | "threshold" | "interval" | "usageType"
        )
    }
}

impl Allowed {
    fn takes(&self, value: &str) -> bool {
        match self {
            Self::Words(words) => words.iter().any(|word| word == value),
            Self::Type(kind) if kind == "boolean" => matches!(value, "true" | "false"),
            Self::Type(kind) if kind == "integer" => value.parse::<u32>().is_ok(),
            Self::Type(_) => !value.is_empty(),
        }
    }
}

/// Whether two paths differ in nothing but what stands for the holes of the first.
fn same_shape(holes: &str, path: &str) -> bool {
    let mut pieces = path.split('/');
    holes.split('/').all(|hole| {
        pieces
            .next()
            .is_some_and(|piece| hole == piece || (hole.starts_with('{') && !piece.is_empty()))
    }) && pieces.next().is_none()
}

/// Something that has happened.
#[derive(Debug, Clone)]
pub(crate) struct Event {
    pub(crate) kind: &'static Kind,
    /// The path of the filters that tell of it, in all spellings.
    paths: Vec<String>,
    /// What a filter's parameters are compared with.
    properties: Vec<(String, String)>,
    pub(crate) body: Value,
}

/// What is known about an event before it happens.
#[derive(Debug)]
pub(crate) struct Occasion<'a> {
    pub(crate) extension: &'static Extension,
    /// Properties that somebody chose, such as `direction`.
    pub(crate) parameters: &'a IndexMap<String, String>,
    /// Instead of the example; holes in it are filled too.
    pub(crate) body: Option<Value>,
    /// `http://host:port` of this sandbox.
    pub(crate) origin: &'a str,
    pub(crate) now: Timestamp,
    /// A number that no other event has.
    pub(crate) serial: u64,
}

impl Event {
    pub(crate) fn new(kind: &'static Kind, occasion: &Occasion<'_>) -> Self {
        let holes = Holes::of(occasion);
        let mut body = occasion.body.clone().unwrap_or_else(|| kind.body.clone());
        holes.fill(&mut body);
        let mut properties = kind.fixed();
        for name in kind.parameters.keys() {
            let chosen = occasion.parameters.get(name);
            if let Some(chosen) = chosen {
                change(&mut body, name, chosen);
            }
            if let Some(value) = chosen.cloned().or_else(|| told(&body, name)) {
                properties.push((name.clone(), value));
            }
        }
        let filled = |path: &str| holes.text(path);
        Self {
            kind,
            paths: std::iter::once(kind.path())
                .chain(kind.aliases.iter().map(String::as_str))
                .map(filled)
                .collect(),
            properties,
            body,
        }
    }

    fn property(&self, name: &str) -> Option<&str> {
        self.properties
            .iter()
            .find(|(known, _)| known == name)
            .map(|(_, value)| value.as_str())
    }
}

/// Where the body of an event says what a parameter asks for.
fn places(parameter: &str) -> &'static [&'static str] {
    match parameter {
        "direction" => &["/parties/0/direction", "/direction"],
        "statusCode" => &["/parties/0/status/code"],
        "missedCall" => &["/parties/0/missedCall"],
        "phoneNumber" => &["/parties/0/from/phoneNumber"],
        "type" => &["/changes/0/type"],
        "batchId" => &["/batchId"],
        "from" => &["/from"],
        "to" => &["/to"],
        "hostUserId" => &["/hostUserId"],
        "webinarId" => &["/webinarId"],
        _ => &[],
    }
}

fn told(body: &Value, parameter: &str) -> Option<String> {
    let found = places(parameter)
        .iter()
        .find_map(|place| body.pointer(place))?;
    Some(
        found
            .as_str()
            .map_or_else(|| found.to_string(), str::to_owned),
    )
}

fn change(body: &mut Value, parameter: &str, chosen: &str) {
    for place in places(parameter) {
        if let Some(there) = body.pointer_mut(place) {
            *there = match (&*there, chosen) {
                (Value::Bool(_), text) => Value::Bool(text == "true"),
                (_, text) => text.into(),
            };
            return;
        }
    }
}

/// What stands for the holes of filters and bodies.
struct Holes(Vec<(&'static str, String)>);

impl Holes {
    fn of(occasion: &Occasion<'_>) -> Self {
        let mut random = Random::new(occasion.serial.wrapping_mul(0x9e37_79b9) ^ 0x65_7665_6e74);
        let digits = |random: &mut Random| (1_700_000_000 + random.below(900_000_000)).to_string();
        let extension = occasion.extension;
        let owner = Person::ALL
            .into_iter()
            .find(|person| person.extension_id() == extension.id)
            .unwrap_or(Person::Ana);
        let queue = extensions::EXTENSIONS
            .iter()
            .find(|extension| extension.kind == "Department")
            .map_or(QUEUE, |queue| queue.id);
        Self(vec![
            ("account", ACCOUNT_ID.to_owned()),
            ("extension", extension.id.to_owned()),
            ("number", extension.number.to_owned()),
            ("person", extension.name.to_owned()),
            ("owner", owner.extension_id().to_owned()),
            ("group", queue.to_owned()),
            ("device", DEVICE.to_owned()),
            ("batch", BATCH.to_owned()),
            ("webinar", WEBINAR.to_owned()),
            ("caller", "+12125550131".to_owned()),
            ("called", extension.phone.to_owned()),
            ("origin", occasion.origin.to_owned()),
            ("now", written(occasion.now)),
            ("serial", occasion.serial.to_string()),
            ("digits", digits(&mut random)),
            ("record", random.id(11)),
            ("session", digits(&mut random)),
            ("telephony_session", format!("s-a0{:016x}z", random.next())),
            ("expires_in", "259200".to_owned()),
        ])
    }

    fn text(&self, text: &str) -> String {
        let mut filled = text.to_owned();
        for (name, value) in &self.0 {
            filled = filled.replace(&format!("{{{name}}}"), value);
        }
        filled
    }

    fn fill(&self, value: &mut Value) {
        match value {
            Value::String(text) => {
                // `{digits:number}` is the number itself.
                let number = text
                    .strip_prefix('{')
                    .and_then(|rest| rest.strip_suffix(":number}"))
                    .and_then(|name| self.0.iter().find(|(known, _)| *known == name))
                    .and_then(|(_, value)| value.parse::<i64>().ok());
                *value = match number {
                    Some(number) => number.into(),
                    None => self.text(text).into(),
                };
            }
            Value::Array(items) => items.iter_mut().for_each(|item| self.fill(item)),
            Value::Object(members) => members.values_mut().for_each(|member| self.fill(member)),
            _ => {}
        }
    }
}
