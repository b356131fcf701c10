//! What a run by hand begins with: the trigger's fields are checked, and other triggers get what they would give.

use patchbay_engine::port::Origin;
use patchbay_kit::Starts;
use patchbay_model::{Json, JsonMap, document::Workflow, id::WorkflowId};
use patchbay_store::{Scope, triggers};

use super::{clock, live, resolve};
use crate::{
    error::{Problem, Result},
    state::App,
};

/// Checks the input of a run by hand, or makes one where nothing was given.
///
/// # Errors
/// With every field that is wrong.
pub(crate) async fn by_hand(
    app: &App,
    scope: &Scope,
    id: &WorkflowId,
    document: &Workflow,
    given: Json,
) -> Result<Json> {
    let trigger = &document.trigger;
    let nothing = match &given {
        Json::Null => true,
        Json::Object(map) => map.is_empty(),
        _ => false,
    };
    match app.catalog().starts(&trigger.connector, &trigger.operation) {
        Some(Starts::Manual) => filled(document, given),
        Some(Starts::Schedule) if nothing => scheduled(app, scope, id, document).await,
        Some(Starts::Webhook | Starts::Subscription) if nothing => {
            let sample = triggers::sample(app.store(), scope, id).await?;
            Ok(sample.map_or(given, |sample| sample.output))
        }
        _ => Ok(given),
    }
}

/// Whether a run by hand is what the workflow is for, and no test of it.
pub(crate) fn counts(app: &App, document: &Workflow) -> bool {
    let trigger = &document.trigger;
    let starts = app.catalog().starts(&trigger.connector, &trigger.operation);
    starts == Some(Starts::Manual)
}

/// Where a run by hand comes from.
///
/// # Errors
/// When the store cannot be asked.
pub(crate) async fn origin(
    app: &App,
    scope: &Scope,
    workflow: &WorkflowId,
    counts: bool,
) -> Result<Origin> {
    let last_run_at = triggers::last_run_at(app.store(), &scope.of_run(), workflow).await?;
    Ok(Origin {
        counts,
        last_run_at,
        ..Origin::default()
    })
}

/// The window that a firing now would have; it is not moved.
async fn scheduled(app: &App, scope: &Scope, id: &WorkflowId, document: &Workflow) -> Result<Json> {
    let inputs = resolve::inputs(app, document)?;
    let now = app.store().now();
    let timing = live::timing(&document.trigger.operation, &inputs, document, now)?;
    let row = triggers::get(app.store(), scope, id).await?;
    Ok(clock::output(
        &timing,
        row.and_then(|row| row.since),
        now,
        now,
    ))
}

/// A field of the form.
struct Field<'a> {
    name: &'a str,
    kind: &'a str,
    required: bool,
}

fn fields(document: &Workflow) -> Vec<Field<'_>> {
    let list = document
        .trigger
        .inputs
        .get("fields")
        .and_then(Json::as_array);
    list.into_iter()
        .flatten()
        .filter_map(|field| {
            Some(Field {
                name: field.get("name")?.as_str().map(str::trim)?,
                kind: field.get("kind").and_then(Json::as_str).unwrap_or("text"),
                required: field
                    .get("required")
                    .and_then(Json::as_bool)
                    .unwrap_or(false),
            })
        })
        .filter(|field| !field.name.is_empty())
        .collect()
}

/// Texts that say a number or a truth value are taken as one, as forms send them.
fn filled(document: &Workflow, given: Json) -> Result<Json> {
    let fields = fields(document);
    if fields.is_empty() {
        return Ok(given);
    }
    let mut given = match given {
        Json::Null => JsonMap::new(),
        Json::Object(map) => map,
        _ => {
            return Err(refusal().field("/input", "must be an object with the trigger's fields"));
        }
    };
    let mut wrong = Vec::new();
    for field in &fields {
        let place = || format!("/input/{}", field.name);
        let value = given.remove(field.name).filter(|value| {
            !value.is_null()
                && (value.as_str() != Some("") || field.kind == "text" && !field.required)
        });
        match value {
            None if field.required => wrong.push((place(), "is needed".to_owned())),
            None => {}
            Some(value) => match straightened(value, field.kind) {
                Ok(value) => {
                    given.insert(field.name.to_owned(), value);
                }
                Err(why) => wrong.push((place(), why)),
            },
        }
    }
    if wrong.is_empty() {
        return Ok(Json::Object(given));
    }
    Err(wrong
        .into_iter()
        .fold(refusal(), |refusal, (place, why)| refusal.field(place, why)))
}

fn straightened(value: Json, kind: &str) -> Result<Json, String> {
    let text = value.as_str().map(str::trim);
    let parsed = match (kind, text) {
        ("text", Some(_)) => Some(value.clone()),
        ("text", None) if value.is_number() || value.is_boolean() => {
            Some(Json::String(value.to_string()))
        }
        ("number", None) => Some(value.clone()).filter(Json::is_number),
        ("number", Some(text)) => text
            .parse::<i64>()
            .map(Json::from)
            .or_else(|_| text.parse::<f64>().map(Json::from))
            .ok()
            .filter(Json::is_number),
        ("boolean", None) => Some(value.clone()).filter(Json::is_boolean),
        ("boolean", Some("true" | "yes")) => Some(Json::Bool(true)),
        ("boolean", Some("false" | "no")) => Some(Json::Bool(false)),
        ("date", Some(text)) => text
            .parse::<jiff::civil::Date>()
            .ok()
            .map(|_| value.clone())
            .or_else(|| text.parse::<jiff::Timestamp>().ok().map(|_| value.clone())),
        ("list", None) => Some(value.clone()).filter(Json::is_array),
        ("object", None) => Some(value.clone()).filter(Json::is_object),
        ("list", Some(text)) => serde_json::from_str(text).ok().filter(Json::is_array),
        ("object", Some(text)) => serde_json::from_str(text).ok().filter(Json::is_object),
        _ => None,
    };
    parsed.ok_or_else(|| {
        match kind {
            "number" => "must be a number",
            "boolean" => "must be true or false",
            "date" => "must be a date, such as 2026-01-31",
            "list" => "must be a list, such as [1, 2]",
            "object" => "must be an object, such as {\"a\": 1}",
            _ => "must be text",
        }
        .to_owned()
    })
}

fn refusal() -> Problem {
    Problem::unprocessable("wrong_input", "The input of the run is not complete")
        .detail("Fill in what is listed, then run it again. Nothing was started.")
}

#[cfg(test)]
mod tests {
    use super::*;
    use patchbay_model::document::Trigger;
    use serde_json::json;

    fn document() -> Workflow {
        let fields = json!({ "fields": [
            { "name": "who", "required": true },
            { "name": "count", "kind": "number" },
            { "name": "really", "kind": "boolean" },
            { "name": "on", "kind": "date" },
            { "name": "ids", "kind": "list" },
        ] });
        Workflow {
            trigger: Trigger {
                inputs: fields.as_object().cloned().unwrap(),
                ..Trigger::default()
            },
            ..Workflow::default()
        }
    }

    #[test]
    fn what_a_form_sends_becomes_what_the_fields_say() {
        let given = json!({ "who": "Ann", "count": "12", "really": "yes", "on": "2026-01-31", "ids": "[1]", "more": 1 });
        assert_eq!(
            filled(&document(), given).unwrap(),
            json!({ "more": 1, "who": "Ann", "count": 12, "really": true, "on": "2026-01-31", "ids": [1] })
        );
        let bare = json!({ "who": "Ann", "count": "" });
        assert_eq!(filled(&document(), bare).unwrap(), json!({ "who": "Ann" }));
    }

    #[test]
    fn every_wrong_field_is_told_at_once() {
        let given = json!({ "who": "", "count": "many", "really": 2, "on": "soon", "ids": {} });
        let problem = filled(&document(), given).unwrap_err();
        let places: Vec<&str> = problem
            .details
            .errors
            .iter()
            .map(|error| error.pointer.as_str())
            .collect();
        assert_eq!(
            places,
            [
                "/input/who",
                "/input/count",
                "/input/really",
                "/input/on",
                "/input/ids"
            ]
        );
        assert!(filled(&document(), json!([])).is_err());
    }

    #[test]
    fn without_fields_anything_goes() {
        let any = json!([1, "two"]);
        assert_eq!(filled(&Workflow::default(), any.clone()).unwrap(), any);
    }
}
