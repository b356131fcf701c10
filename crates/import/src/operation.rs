//! The file of one operation.

use crate::{
    ImportError, MARK,
    document::{Document, Operation},
    hand::Hand,
    input::{self, Form},
    paging, schema,
    schema::{Way, short},
    shapes::Shapes,
    words::{self, sentence, snake},
    write,
};
use serde_json::Value as Json;
use std::collections::{BTreeMap, HashMap};
use toml::{Table, Value};

/// The operations' names by their ids: the one written by hand, else the document's summary in snake_case, else, when
/// several have that, the id in snake_case.
pub(crate) fn names(
    document: &Document,
    hand: &Hand,
) -> Result<BTreeMap<String, String>, ImportError> {
    let generated = || {
        let all = document.operations.iter();
        all.filter(|operation| hand.stands_for(&operation.id).is_none())
    };
    let wish = |operation: &Operation| {
        let written = hand.operation(&operation.id).name;
        written.unwrap_or_else(|| snake(&operation.summary))
    };
    let mut wanted: HashMap<String, usize> = HashMap::new();
    for name in generated().map(wish).chain(hand.taken.iter().cloned()) {
        *wanted.entry(name).or_default() += 1;
    }
    let mut names = BTreeMap::new();
    for operation in generated() {
        let wish = wish(operation);
        let name = match wanted.get(&wish) {
            Some(1) => wish,
            _ => snake(&operation.id),
        };
        names.insert(operation.id.clone(), name);
    }
    for operation in &document.operations {
        if let Some(name) = hand.stands_for(&operation.id) {
            names.insert(operation.id.clone(), name.to_owned());
        }
    }
    let mut owners: HashMap<&str, &str> = HashMap::new();
    for (id, name) in &names {
        if let Some(other) = owners.insert(name, id) {
            return Err(ImportError::Document {
                place: id.clone(),
                problem: format!(
                    "it would be called `{name}`, and so would {other}; name one of them in import.toml"
                ),
            });
        }
    }
    Ok(names)
}

/// The text of an operation's file.
pub(crate) fn file(
    operation: &Operation,
    document: &Document,
    hand: &Hand,
    names: &BTreeMap<String, String>,
    shapes: &mut Shapes<'_>,
) -> String {
    let words = hand.operation(&operation.id);
    let mut table = head(operation, document, hand);

    let listing = |name: &str| -> Option<Vec<String>> {
        if let Some(inputs) = hand.inputs.get(name) {
            return Some(inputs.clone());
        }
        let (id, _) = names.iter().find(|(_, known)| *known == name)?;
        let listing = document.operations.iter().find(|one| one.id == *id)?;
        Some(input::names(listing, document, hand))
    };
    let form = Form {
        operation,
        document,
        hand,
        words: &words,
        listing: &listing,
        service: &hand.words.service,
    };
    if let Some(sent) = input::sent(operation, hand).filter(|sent| sent.kind != "json") {
        table.insert("body".to_owned(), short(sent.kind));
    }
    let inputs = form.inputs(shapes);
    if !inputs.is_empty() {
        table.insert("input".to_owned(), Value::Array(inputs));
    }
    let answer = Answer::of(operation);
    if let Some(schema) = answer.schema
        && let Some(paging) = paging::of(operation, schema, document)
    {
        table.insert("paging".to_owned(), Value::Table(paging));
    }
    if !answer.rules.is_empty() {
        table.insert("response".to_owned(), Value::Table(answer.rules.clone()));
    }
    if let Some(output) = answer.output(shapes) {
        table.insert("output".to_owned(), Value::Table(output));
    }
    format!(
        "{MARK}; words come from import.toml.\n{}",
        write::document(&table)
    )
}

/// What stands before the inputs.
fn head(operation: &Operation, document: &Document, hand: &Hand) -> Table {
    let words = hand.operation(&operation.id);
    let title = words.title.unwrap_or_else(|| sentence(&operation.summary));
    let summary = words.summary.unwrap_or_else(|| words::telling(&title));
    let mut table = Table::new();
    let mut put = |key: &str, value: Value| {
        table.insert(key.to_owned(), value);
    };
    put("title", Value::String(title));
    put("summary", Value::String(summary));
    put("group", Value::String(sentence(&operation.tag)));
    put("operation_id", short(&operation.id));
    put(
        "request",
        Value::String(format!("{} {}", operation.method, operation.path)),
    );
    if let Some(server) = operation
        .server
        .as_deref()
        .filter(|server| Some(*server) != document.server.as_deref())
        && let Some((_, host)) = hand
            .words
            .hosts
            .iter()
            .find(|(address, _)| address.as_str() == server)
    {
        put("host", short(host));
    }
    let scopes = words.scopes.unwrap_or_else(|| operation.scopes.clone());
    if !scopes.is_empty() {
        put("scopes", texts(scopes));
    }
    if let Some(permission) = &operation.user_permission {
        put("user_permission", short(permission));
    }
    if let Some(group) = operation
        .rate_limit
        .as_deref()
        .filter(|group| *group != "NoThrottling")
    {
        put("rate_limit", short(group));
    }
    if operation.authenticated == Some(false) {
        put("needs_authentication", Value::Boolean(false));
    }
    if let Some(repeatable) = words.repeatable {
        put("repeatable", Value::Boolean(repeatable));
    }
    for (mark, set) in [
        ("irreversible", words.irreversible),
        ("deprecated", operation.deprecated),
        ("hidden", words.hidden),
    ] {
        if set {
            put(mark, Value::Boolean(true));
        }
    }
    let mut keywords = words.keywords;
    keywords.extend(
        hand.words
            .keywords
            .get(&operation.tag)
            .into_iter()
            .flatten()
            .cloned(),
    );
    if !keywords.is_empty() {
        put("keywords", texts(keywords));
    }
    table
}

fn texts(texts: Vec<String>) -> Value {
    Value::Array(texts.into_iter().map(Value::String).collect())
}

/// How the answer is read.
struct Answer<'a> {
    schema: Option<&'a Json>,
    /// Several resources at once are answered by a list of these.
    several: Option<&'a Json>,
    /// `[response]`.
    rules: Table,
}

impl<'a> Answer<'a> {
    fn of(operation: &'a Operation) -> Self {
        let mut answer = Self {
            schema: None,
            several: None,
            rules: Table::new(),
        };
        let is_json = |kind: &str| kind.ends_with("/json") || kind.ends_with("+json");
        let successes = || {
            operation
                .answers
                .iter()
                .filter(|answer| answer.status < 300)
        };
        for one in successes() {
            let json = one.kinds.iter().find(|(kind, _)| is_json(kind));
            match json {
                Some((_, schema)) if one.status == 207 && answer.schema.is_some() => {
                    answer.several = Some(schema);
                }
                Some((_, schema)) if answer.schema.is_none() => answer.schema = Some(schema),
                _ => {}
            }
        }
        let first = successes().flat_map(|one| &one.kinds).next();
        let mut rule = |kind: &str| {
            answer.rules.insert("body".to_owned(), short(kind));
        };
        match first {
            _ if answer.schema.is_some() => {}
            None => rule("none"),
            Some((kind, _)) if kind.starts_with("text/") => rule("text"),
            Some((kind, _)) if is_json(kind) => {}
            Some(_) => rule("binary"),
        }
        if successes().next().is_none() {
            let redirects = operation
                .answers
                .iter()
                .map(|one| Value::Integer(one.status.into()));
            answer
                .rules
                .insert("ok".to_owned(), Value::Array(redirects.collect()));
        }
        answer
    }

    fn output(&self, shapes: &mut Shapes<'_>) -> Option<Table> {
        match self.rules.get("body").and_then(Value::as_str) {
            Some("text") => return Some(schema::table(short("text"))),
            Some("binary") => return Some(schema::table(short("binary"))),
            _ => {}
        }
        let one = schema::field(self.schema?, Way::Out, shapes, &mut Vec::new());
        let Some(several) = self.several else {
            return Some(schema::table(one));
        };
        let several = schema::field(several, Way::Out, shapes, &mut Vec::new());
        let ways = [one, several].map(|value| Value::Table(schema::table(value)));
        let mut table = Table::new();
        table.insert("one_of".to_owned(), Value::Array(ways.into()));
        Some(table)
    }
}
