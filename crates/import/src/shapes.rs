//! Which named schemas become shapes: those that several places use. Each is written once, when it is first needed.

use crate::{
    MARK,
    document::{Document, reference},
    hand::Hand,
    schema::{self, Way},
    words::snake,
    write,
};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use toml::Table;

/// The shapes of a folder on their way.
pub(crate) struct Shapes<'a> {
    pub(crate) document: &'a Document,
    pub(crate) hand: &'a Hand,
    /// How often a schema is referred to.
    uses: HashMap<&'a str, usize>,
    /// References that would lead back to a schema that is being described.
    cut: BTreeSet<(String, String)>,
    /// Schemas that look different in a request and in an answer.
    one_way: BTreeSet<String>,
    /// By the shape's name; none while it is being made.
    made: BTreeMap<String, Option<Table>>,
    notes: BTreeSet<String>,
}

impl<'a> Shapes<'a> {
    pub(crate) fn of(document: &'a Document, hand: &'a Hand) -> Self {
        let mut shapes = Self {
            document,
            hand,
            uses: HashMap::new(),
            cut: BTreeSet::new(),
            one_way: BTreeSet::new(),
            made: BTreeMap::new(),
            notes: BTreeSet::new(),
        };
        let bodies = document.operations.iter().flat_map(|operation| {
            let sent = operation.body.iter().flat_map(|body| &body.kinds);
            let answered = operation.answers.iter().flat_map(|answer| &answer.kinds);
            sent.chain(answered).map(|(_, schema)| schema)
        });
        for schema in bodies.chain(document.schemas.values()) {
            for name in references(schema) {
                *shapes.uses.entry(name).or_default() += 1;
            }
        }
        let mut done = BTreeSet::new();
        for name in document.schemas.keys() {
            shapes.find_cycles(name, &mut Vec::new(), &mut done);
        }
        for name in document.schemas.keys() {
            if shapes.differs(name, &mut BTreeSet::new()) {
                shapes.one_way.insert(name.clone());
            }
        }
        shapes
    }

    fn find_cycles(
        &mut self,
        name: &'a str,
        within: &mut Vec<&'a str>,
        done: &mut BTreeSet<&'a str>,
    ) {
        if done.contains(name) {
            return;
        }
        within.push(name);
        let document = self.document;
        for next in document
            .schemas
            .get(name)
            .map(references)
            .unwrap_or_default()
        {
            if within.contains(&next) {
                self.cut.insert((name.to_owned(), next.to_owned()));
            } else {
                self.find_cycles(next, within, done);
            }
        }
        within.pop();
        done.insert(name);
    }

    fn differs(&self, name: &str, seen: &mut BTreeSet<String>) -> bool {
        let Some(schema) = self.document.schemas.get(name) else {
            return false;
        };
        if !seen.insert(name.to_owned()) {
            return false;
        }
        marked(schema)
            || references(schema)
                .iter()
                .any(|next| self.differs(next, seen))
    }

    /// Whether following this reference would never end.
    pub(crate) fn is_cut(&mut self, from: Option<&str>, to: &str) -> bool {
        let Some(from) = from else { return false };
        let cut = self.cut.contains(&(from.to_owned(), to.to_owned()));
        if cut {
            let note =
                format!("{from} contains itself by way of {to}; the inner one takes anything");
            self.notes.insert(note);
        }
        cut
    }

    /// The shape for a schema, if it is worth one.
    pub(crate) fn named(&mut self, name: &str, way: Way) -> Option<String> {
        let schema = self.document.schemas.get(name)?;
        let parts = schema["properties"]
            .as_object()
            .map_or(0, serde_json::Map::len);
        let values = schema["enum"].as_array().map_or(0, Vec::len);
        let large = parts >= 3 || values >= 6 || !schema["oneOf"].is_null();
        if !large || self.uses.get(name).copied().unwrap_or(0) < 2 {
            return None;
        }
        let mut shape = snake(name);
        if way == Way::In && self.one_way.contains(name) {
            shape.push_str("_input");
        }
        // A hand-written shape of that name may mean something else.
        if self.hand.shapes.contains_key(&shape) || schema::is_kind(&shape) {
            shape.insert_str(0, "described_");
        }
        if !self.made.contains_key(&shape) {
            self.made.insert(shape.clone(), None);
            let field = schema::described(schema, way, self, &mut vec![name.to_owned()]);
            self.made.insert(shape.clone(), Some(schema::table(field)));
        }
        Some(shape)
    }

    /// The files of the shapes that were needed.
    pub(crate) fn files(&self) -> BTreeMap<String, String> {
        let made = self.made.iter();
        made.filter_map(|(name, table)| {
            let text = format!("{MARK}.\n{}", write::document(table.as_ref()?));
            Some((format!("shapes/{name}.toml"), text))
        })
        .collect()
    }

    pub(crate) fn into_notes(self) -> Vec<String> {
        self.notes.into_iter().collect()
    }
}

/// The names of the schemas that a schema refers to directly.
fn references(schema: &Value) -> Vec<&str> {
    let mut found = Vec::new();
    collect(schema, &mut found);
    found
}

fn collect<'a>(value: &'a Value, found: &mut Vec<&'a str>) {
    match value {
        Value::Object(map) => {
            found.extend(reference(value));
            map.values().for_each(|part| collect(part, found));
        }
        Value::Array(items) => items.iter().for_each(|item| collect(item, found)),
        _ => {}
    }
}

/// Whether a part is in answers or in requests only.
fn marked(value: &Value) -> bool {
    match value {
        Value::Object(map) => {
            let mark = |key: &str| map.get(key) == Some(&Value::Bool(true));
            mark("readOnly") || mark("writeOnly") || map.values().any(marked)
        }
        Value::Array(items) => items.iter().any(marked),
        _ => false,
    }
}
