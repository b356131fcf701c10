//! Recognises how an operation hands out a long list.

use crate::document::{Document, Operation, Place};
use serde_json::Value as Json;
use toml::{Table, Value};

/// The size of a page when all are wanted: large enough to need few requests, small enough to be answered soon.
const PAGE: u64 = 250;

/// `[paging]` of an operation whose answer has this schema.
pub(crate) fn of(operation: &Operation, answer: &Json, document: &Document) -> Option<Table> {
    let inside = |schema: &Json, name: &str| -> Option<Json> {
        let schema = document.resolved(schema);
        schema["properties"]
            .get(name)
            .map(|part| document.resolved(part).clone())
    };
    if operation.method != "GET" || inside(answer, "records")?["type"] != "array" {
        return None;
    }
    let asked = |name: &str| {
        let mut parameters = operation.parameters.iter();
        parameters.find(|one| one.place == Place::Query && one.name == name)
    };
    let navigation = inside(answer, "navigation").unwrap_or_default();
    let paging = inside(answer, "paging").unwrap_or_default();
    let linked = inside(&navigation, "nextPage").is_some_and(|next| inside(&next, "uri").is_some());
    let mut table = Table::new();
    let mut put = |key: &str, text: &str| {
        table.insert(key.to_owned(), Value::String(text.to_owned()));
    };
    let token = [
        (&navigation, "/navigation/nextPageToken"),
        (&paging, "/paging/nextPageToken"),
    ]
    .into_iter()
    .find(|(part, _)| inside(part, "nextPageToken").is_some());
    let size = if linked {
        put("kind", "next_link");
        put("records", "/records");
        put("next", "/navigation/nextPage/uri");
        asked("perPage")
    } else if let (Some((_, next)), Some(_)) = (token, asked("pageToken")) {
        put("kind", "token");
        put("records", "/records");
        put("next", next);
        put("send", "query:pageToken");
        asked("recordCount").or_else(|| asked("perPage"))
    } else if inside(&paging, "totalPages").is_some() && asked("page").is_some() {
        put("kind", "page");
        put("records", "/records");
        put("send", "query:page");
        asked("perPage")
    } else {
        return None;
    };
    if let Some(size) = size {
        let first = size.schema["oneOf"]
            .as_array()
            .and_then(|ways| ways.first());
        let most = first.unwrap_or(&size.schema)["maximum"]
            .as_u64()
            .unwrap_or(100);
        put("size", &format!("query:{}", size.name));
        let most = i64::try_from(most.min(PAGE)).unwrap_or(100);
        table.insert("page_size".to_owned(), Value::Integer(most));
    }
    Some(table)
}
