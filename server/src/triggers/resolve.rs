//! The inputs of a trigger as plain values: paths lead to the workflow's constants only, since no step has run.

use patchbay_model::{
    Json, JsonMap,
    document::{Trigger, Workflow},
    scope::JsonScope,
    spec::OperationSpec,
    value::Value,
};
use serde_json::json;

use crate::{
    error::{Problem, Result},
    state::App,
};

/// Resolved, with the defaults of what is not given.
///
/// # Errors
/// With every input that cannot be resolved.
pub(crate) fn inputs(app: &App, document: &Workflow) -> Result<JsonMap> {
    let spec = app
        .catalog()
        .find(&document.trigger.connector, &document.trigger.operation);
    resolved(&document.trigger, &document.config, spec)
}

fn resolved(trigger: &Trigger, config: &JsonMap, spec: Option<&OperationSpec>) -> Result<JsonMap> {
    let scope = JsonScope(json!({ "config": config, "steps": {}, "env": {}, "errors": {} }));
    let mut found = JsonMap::new();
    let mut wrong = Vec::new();
    for (name, given) in &trigger.inputs {
        let value = Value::parse(given)
            .map_err(|error| error.message)
            .and_then(|value| value.resolve(&scope).map_err(|error| error.message));
        match value {
            Ok(Json::Null) => {}
            Ok(value) => {
                found.insert(name.clone(), value);
            }
            Err(message) => wrong.push((format!("/trigger/inputs/{name}"), message)),
        }
    }
    if !wrong.is_empty() {
        let refusal =
            Problem::unprocessable("broken_trigger", "The trigger's inputs cannot be read");
        return Err(wrong
            .into_iter()
            .fold(refusal, |refusal, (place, message)| {
                refusal.field(place, message)
            }));
    }
    let properties = spec.map(|spec| &spec.inputs.properties);
    for (name, property) in properties.into_iter().flatten() {
        if let Some(default) = &property.default
            && !found.contains_key(name)
        {
            found.insert(name.clone(), default.clone());
        }
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn constants_are_filled_in_and_everything_else_is_refused_by_name() {
        let trigger = |inputs: Json| Trigger {
            inputs: inputs.as_object().cloned().unwrap(),
            ..Trigger::default()
        };
        let config = json!({ "zone": "Europe/Berlin" })
            .as_object()
            .cloned()
            .unwrap();
        let good =
            trigger(json!({ "time_zone": { "$path": "$.config.zone" }, "every": 5, "unit": null }));
        assert_eq!(
            Json::from(resolved(&good, &config, None).unwrap()),
            json!({ "time_zone": "Europe/Berlin", "every": 5 })
        );
        let bad = trigger(json!({ "every": { "$path": "$.steps.a.b" } }));
        let problem = resolved(&bad, &config, None).unwrap_err();
        assert_eq!(problem.details.errors[0].pointer, "/trigger/inputs/every");
    }
}
