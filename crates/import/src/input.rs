//! The inputs of an operation: its parameters, and the parts of its body.

use crate::{
    document::{Document, Operation, Parameter, Place},
    hand::{Hand, OperationWords},
    help, schema,
    schema::{Way, short},
    shapes::Shapes,
    words::{sentence, snake},
};
use serde_json::Value as Json;
use toml::{Table, Value};

/// The body that is sent, of all kinds that the service takes.
pub(crate) struct Sent<'a> {
    /// `json`, `form` or `multipart`.
    pub(crate) kind: &'static str,
    pub(crate) schema: &'a Json,
}

/// Which kind of body is sent.
pub(crate) fn sent<'a>(operation: &'a Operation, hand: &Hand) -> Option<Sent<'a>> {
    let chosen = hand.operation(&operation.id).content_type;
    const ORDER: &[(&str, &str)] = &[
        ("application/json", "json"),
        ("+json", "json"),
        ("multipart/form-data", "multipart"),
        ("application/x-www-form-urlencoded", "form"),
        ("multipart/mixed", "multipart"),
    ];
    let kinds = &operation.body.as_ref()?.kinds;
    ORDER.iter().find_map(|(wanted, kind)| {
        if chosen.as_deref().is_some_and(|chosen| chosen != *wanted) {
            return None;
        }
        let fits = |(name, _): &&(String, Json)| name == wanted || name.ends_with(wanted);
        let (_, schema) = kinds.iter().find(fits)?;
        Some(Sent { kind, schema })
    })
}

/// The names of an operation's inputs, in the order of the form.
pub(crate) fn names(operation: &Operation, document: &Document, hand: &Hand) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    for parameter in &operation.parameters {
        names.push(free(&names, &parameter.name, parameter.place.as_str()));
    }
    if let Some(sent) = sent(operation, hand) {
        let (parts, _) = parts(sent.schema, document);
        for (name, _) in parts {
            names.push(free(&names, &name, "body"));
        }
    }
    names
}

fn free(taken: &[String], name: &str, place: &str) -> String {
    let plain = snake(name);
    if taken.contains(&plain) {
        format!("{plain}_in_{place}")
    } else {
        plain
    }
}

/// The properties of a body and the names of those that must be there; one part named `body` if it has none.
fn parts(schema: &Json, document: &Document) -> (Vec<(String, Json)>, Vec<String>) {
    let resolved = document.resolved(schema);
    let mut found: Vec<(String, Json)> = Vec::new();
    let mut required: Option<Vec<String>> = None;
    let take = |schema: &Json, found: &mut Vec<(String, Json)>| {
        for (name, part) in schema["properties"].as_object().into_iter().flatten() {
            if part["readOnly"] != true && !found.iter().any(|(known, _)| known == name) {
                found.push((name.clone(), part.clone()));
            }
        }
        let names = schema["required"].as_array().into_iter().flatten();
        names
            .filter_map(Json::as_str)
            .map(str::to_owned)
            .collect::<Vec<_>>()
    };
    let mut base = take(resolved, &mut found);
    for part in resolved["allOf"].as_array().into_iter().flatten() {
        base.extend(take(document.resolved(part), &mut found));
    }
    for key in ["oneOf", "anyOf"] {
        for one in resolved[key].as_array().into_iter().flatten() {
            let names = take(document.resolved(one), &mut found);
            // Only what every alternative needs is needed.
            required = Some(match required {
                None => names,
                Some(before) => before
                    .into_iter()
                    .filter(|name| names.contains(name))
                    .collect(),
            });
        }
    }
    base.extend(required.unwrap_or_default());
    if found.is_empty()
        && resolved
            .as_object()
            .is_some_and(|schema| !schema.is_empty())
    {
        return (
            vec![("body".to_owned(), schema.clone())],
            vec!["body".to_owned()],
        );
    }
    (found, base)
}

/// What all inputs of an operation need to know.
pub(crate) struct Form<'a> {
    pub(crate) operation: &'a Operation,
    pub(crate) document: &'a Document,
    pub(crate) hand: &'a Hand,
    pub(crate) words: &'a OperationWords,
    /// The inputs of every operation that a drop-down may ask.
    pub(crate) listing: &'a dyn Fn(&str) -> Option<Vec<String>>,
    pub(crate) service: &'a str,
}

impl Form<'_> {
    /// All inputs.
    pub(crate) fn inputs(&self, shapes: &mut Shapes<'_>) -> Vec<Value> {
        let all = names(self.operation, self.document, self.hand);
        let mut inputs = Vec::new();
        for (parameter, name) in self.operation.parameters.iter().zip(&all) {
            let made = self.parameter(parameter, name, shapes);
            inputs.push(self.finished(made, &parameter.name, parameter.place.as_str(), &all));
        }
        let Some(sent) = sent(self.operation, self.hand) else {
            return inputs;
        };
        let (parts, required) = parts(sent.schema, self.document);
        let must = self
            .operation
            .body
            .as_ref()
            .is_some_and(|body| body.required);
        let rest = all.iter().skip(self.operation.parameters.len());
        for ((service_name, part), name) in parts.iter().zip(rest) {
            let required = must && required.contains(service_name);
            let made = self.part(service_name, part, name, required, &sent, shapes);
            inputs.push(self.finished(made, service_name, "body", &all));
        }
        inputs
    }

    fn parameter(&self, parameter: &Parameter, name: &str, shapes: &mut Shapes<'_>) -> Table {
        let schema = plainest(&parameter.schema, self.document);
        let mut table = head(name, &parameter.name);
        table.extend(schema::table(schema::field(
            &schema,
            Way::In,
            shapes,
            &mut Vec::new(),
        )));
        if parameter.place == Place::Path
            && let Some(default) = schema["default"].as_str()
        {
            table.insert("default".to_owned(), short(default));
        }
        if parameter.required {
            table.insert("required".to_owned(), Value::Boolean(true));
        }
        let send = format!("{}:{}", parameter.place.as_str(), parameter.name);
        table.insert("send".to_owned(), Value::String(send));
        if schema["type"] == "array" && !parameter.explode {
            table.insert("array".to_owned(), short("comma"));
        }
        if parameter.deprecated {
            table.insert("deprecated".to_owned(), Value::Boolean(true));
        }
        if parameter.deprecated || parameter.place == Place::Header {
            table.insert("advanced".to_owned(), Value::Boolean(true));
        }
        self.explain(&mut table, &parameter.name, &schema);
        table
    }

    fn part(
        &self,
        service_name: &str,
        part: &Json,
        name: &str,
        required: bool,
        sent: &Sent<'_>,
        shapes: &mut Shapes<'_>,
    ) -> Table {
        let resolved = self.document.resolved(part);
        let mut table = head(name, service_name);
        let mut kind = schema::field(part, Way::In, shapes, &mut Vec::new());
        if kind.as_str() == Some("text") && service_name == "phoneNumber" {
            kind = short("phone");
        }
        table.extend(schema::table(kind));
        if required {
            table.insert("required".to_owned(), Value::Boolean(true));
        }
        let whole =
            service_name == "body" && self.document.resolved(sent.schema)["properties"].is_null();
        let is_file = resolved["format"] == "binary" || resolved["items"]["format"] == "binary";
        let send = match &self.words.json_part {
            _ if whole => "body:".to_owned(),
            Some(json) if !is_file => format!("body:/{json}/{service_name}"),
            _ => format!("body:/{service_name}"),
        };
        table.insert("send".to_owned(), Value::String(send));
        if resolved["deprecated"] == true || part["deprecated"] == true {
            table.insert("deprecated".to_owned(), Value::Boolean(true));
        }
        let long = resolved["maxLength"].as_u64().is_none_or(|most| most > 200);
        let plain_text = resolved["type"] == "string" && resolved["enum"].is_null();
        if plain_text
            && long
            && matches!(service_name, "text" | "message" | "description" | "notes")
        {
            table.insert("multiline".to_owned(), Value::Boolean(true));
        }
        if self
            .hand
            .words
            .secret
            .iter()
            .any(|known| known == service_name)
        {
            table.insert("secret".to_owned(), Value::Boolean(true));
        }
        self.explain(&mut table, service_name, resolved);
        table
    }

    fn explain(&self, table: &mut Table, name: &str, schema: &Json) {
        let help = help::of(name, schema, self.service);
        if !help.is_empty() {
            table.insert("help".to_owned(), Value::String(help));
        }
    }

    /// The input with what is written by hand about it.
    fn finished(&self, mut table: Table, name: &str, place: &str, all: &[String]) -> Value {
        let mut by_hand = Table::new();
        for rule in [self.hand.parameter(place, name), self.words.input.get(name)]
            .into_iter()
            .flatten()
        {
            by_hand.extend(rule.clone());
        }
        if let Some(shape) = by_hand.get("shape").and_then(Value::as_str)
            && let Some(written) = self.hand.shapes.get(shape)
        {
            if kind(written) == kind(&table) || kind(&table) == Some("text") {
                table = over(table, written);
            } else {
                // A list of what the shape is one of.
                by_hand.remove("shape");
                let mut items = Table::new();
                for key in ["kind", "options", "placeholder"] {
                    items.extend(
                        written
                            .get(key)
                            .map(|value| (key.to_owned(), value.clone())),
                    );
                }
                if kind(&table) == Some("list") {
                    table.insert("items".to_owned(), Value::Table(items));
                }
            }
        }
        table.extend(by_hand);
        self.fit_options(&mut table, all);
        Value::Table(ordered(table))
    }

    /// Leaves out of a drop-down what this operation, or the one that lists, does not have.
    fn fit_options(&self, table: &mut Table, all: &[String]) {
        let shape = table.get("shape").and_then(Value::as_str);
        let inherited = shape.and_then(|shape| self.hand.shapes.get(shape)?.get("options"));
        let in_items = table
            .get("items")
            .and_then(|items| items.get("options"))
            .is_some();
        let found = table
            .get("items")
            .and_then(|items| items.get("options"))
            .or_else(|| table.get("options"))
            .or(inherited);
        let Some(live) = found.and_then(Value::as_table).cloned() else {
            return;
        };
        let operation = live
            .get("operation")
            .and_then(Value::as_str)
            .unwrap_or_default();
        let listed = (self.listing)(operation);
        let has = |name: &Value, of: &[String]| {
            name.as_str()
                .is_some_and(|name| of.iter().any(|one| one == name))
        };
        let needed = live
            .get("depends_on")
            .and_then(Value::as_array)
            .into_iter()
            .flatten();
        let mut fitting = live.clone();
        let possible = listed
            .as_ref()
            .is_some_and(|_| needed.clone().all(|name| has(name, all)));
        if let (Some(listed), Some(Value::Array(passes))) = (&listed, fitting.get_mut("passes")) {
            passes.retain(|name| has(name, all) && has(name, listed));
        }
        let value = possible.then_some(Value::Table(fitting));
        if in_items {
            if let Some(Value::Table(items)) = table.get_mut("items") {
                match value {
                    Some(value) => items.insert("options".to_owned(), value),
                    None => items.remove("options"),
                };
            }
            return;
        }
        match value {
            Some(value) if Some(&value) == inherited => {}
            Some(value) => {
                table.insert("options".to_owned(), value);
            }
            None => {
                table.remove("options");
                if inherited.is_some() {
                    table.remove("shape");
                    table.insert("kind".to_owned(), short("text"));
                }
            }
        }
    }
}

/// A parameter that takes several kinds of values takes the first.
fn plainest(schema: &Json, document: &Document) -> Json {
    let schema = document.resolved(schema);
    let first = schema["oneOf"]
        .as_array()
        .or_else(|| schema["anyOf"].as_array());
    match first.and_then(|ways| ways.first()) {
        Some(first) => {
            let mut first = document.resolved(first).clone();
            if first["default"].is_null() && !schema["default"].is_null() {
                first["default"] = schema["default"].clone();
            }
            first
        }
        None => schema.clone(),
    }
}

fn head(name: &str, service_name: &str) -> Table {
    let mut table = Table::new();
    table.insert("name".to_owned(), short(name));
    table.insert("title".to_owned(), Value::String(sentence(service_name)));
    table
}

fn kind(table: &Table) -> Option<&str> {
    table.get("kind").and_then(Value::as_str)
}

/// What a generated input has to say beyond a hand-written shape.
fn over(table: Table, written: &Table) -> Table {
    let worded = ["kind", "title", "help", "placeholder", "default"];
    let keep = |key: &str, value: &Value| match written.get(key) {
        Some(known) => known != value && !worded.contains(&key),
        None => key != "shape",
    };
    table
        .into_iter()
        .filter(|(key, value)| keep(key, value))
        .collect()
}

/// The keys in the order in which people expect them.
fn ordered(mut table: Table) -> Table {
    let mut sorted = Table::new();
    for key in [
        "name", "title", "shape", "kind", "items", "required", "default", "send", "array",
        "advanced", "help",
    ] {
        sorted.extend(table.remove(key).map(|value| (key.to_owned(), value)));
    }
    sorted.extend(table);
    sorted
}
