//! Every operation of RingCentral is there as the service describes it, sends what it says, and reads what it answers.

#![expect(
    clippy::expect_used,
    clippy::panic,
    reason = "a fact that cannot be read fails the test, as it should"
)]

#[path = "ringcentral/facts.rs"]
mod facts;
#[path = "ringcentral/folder.rs"]
mod folder;
#[path = "ringcentral/service.rs"]
mod service;

use facts::{Facts, Operation, Place};
use folder::Written;
use patchbay_connectors::catalog;
use patchbay_kit::{
    Catalog, Credential, CredentialKind, Invocation, Kit,
    model::{
        Json, JsonMap,
        schema::{Schema, Type},
        spec::OperationSpec,
    },
    secret::Secret,
    testing::conforms,
};
use serde_json::json;
use service::Service;
use std::{collections::BTreeMap, sync::Arc};

fn installed() -> Arc<Catalog> {
    Arc::new(catalog().expect("the connectors are sound"))
}

/// Operation id → its spec.
fn by_id(catalog: &Catalog) -> BTreeMap<String, &OperationSpec> {
    let specs = catalog
        .specs()
        .iter()
        .find(|spec| spec.name == "ringcentral");
    let mut found = BTreeMap::new();
    for light in &specs.expect("the connector is installed").operations {
        let spec = catalog
            .find("ringcentral", &light.name)
            .expect("its file can be read");
        if let Some(id) = &spec.operation_id {
            let before = found.insert(id.clone(), spec);
            assert!(before.is_none(), "two operations stand for {id}");
        }
    }
    found
}

/// Runs a check for every described operation and tells everything that is wrong at once.
fn for_all(mut check: impl FnMut(&Facts, &Operation<'_>, &OperationSpec, &Written) -> Vec<String>) {
    let (catalog, facts) = (installed(), Facts::read());
    let specs = by_id(&catalog);
    let mut wrong = Vec::new();
    let operations = facts.operations();
    assert_eq!(operations.len(), 520);
    for operation in &operations {
        let Some(spec) = specs.get(operation.id) else {
            wrong.push(format!("{}: there is no such operation", operation.id));
            continue;
        };
        let written = Written::read(&spec.name);
        let found = check(&facts, operation, spec, &written);
        wrong.extend(
            found
                .into_iter()
                .map(|problem| format!("{} ({}): {problem}", spec.name, operation.id)),
        );
    }
    assert!(
        wrong.is_empty(),
        "{} problems:\n{}\n",
        wrong.len(),
        wrong.join("\n")
    );
}

#[test]
fn every_operation_is_described_as_the_service_describes_it() {
    for_all(|_, operation, spec, written| {
        let mut wrong = Vec::new();
        let mut same = |what: &str, found: String, wanted: String| {
            if found != wanted {
                wrong.push(format!("{what} is `{found}` and should be `{wanted}`"));
            }
        };
        let facts = operation.facts;
        let text = |key: &str| facts[key].as_str().unwrap_or_default().to_owned();
        same(
            "request",
            written.text("request"),
            format!("{} {}", operation.method, operation.path),
        );
        same(
            "user_permission",
            written.text("user_permission"),
            text("x-user-permission"),
        );
        let limit = text("x-throttling-group").replace("NoThrottling", "");
        same("rate_limit", written.text("rate_limit"), limit);
        same(
            "deprecated",
            spec.deprecated.to_string(),
            (facts["deprecated"] == true).to_string(),
        );
        let permission = text("x-app-permission");
        let scopes: Vec<&str> = spec.scopes.iter().map(String::as_str).collect();
        // Webhooks need a permission that the description leaves out.
        if !(permission.is_empty() && scopes == ["SubscriptionWebhook"]) {
            same("scopes", scopes.join(" "), permission);
        }
        same(
            "needs_authentication",
            spec.needs_authentication.to_string(),
            operation.needs_a_token().to_string(),
        );
        wrong
    });
}

#[test]
fn every_parameter_is_an_input_of_its_type() {
    for_all(|facts, operation, spec, written| {
        let mut wrong = Vec::new();
        for parameter in operation.parameters() {
            let sent = format!("{}:{}", parameter.place.as_str(), parameter.name);
            let Some((name, _)) = written.input_that_sends(&sent) else {
                wrong.push(format!("no input sends {sent}"));
                continue;
            };
            let schema = &spec.inputs.properties[&name];
            wrong.extend(differences(facts, parameter.schema, schema, &name, 0));
            let default = schema.default.is_some();
            if parameter.required != spec.inputs.requires(&name) && !default {
                wrong.push(format!("{name}: required should be {}", parameter.required));
            }
            if parameter.deprecated != schema.deprecated {
                wrong.push(format!(
                    "{name}: deprecated should be {}",
                    parameter.deprecated
                ));
            }
        }
        for (name, part, required) in
            operation.body_parts(facts, written.text("body") == "multipart")
        {
            let Some((input, exactly)) = written.input_that_fills(&name) else {
                wrong.push(format!("no input fills {name} of the body"));
                continue;
            };
            let schema = &spec.inputs.properties[&input];
            // A hand-written input may fill only a part, or wrap its items.
            if exactly {
                wrong.extend(differences(facts, part, schema, &input, 0));
            }
            if required && !spec.inputs.requires(&input) {
                wrong.push(format!("{input}: should be required"));
            }
        }
        wrong
    });
}

#[test]
fn every_answer_is_described_in_full() {
    for_all(|facts, operation, spec, _| {
        let Some((_, kind, schema)) = operation.answer() else {
            return Vec::new();
        };
        if !facts::is_json(kind) {
            return Vec::new();
        }
        let output = spec.output.one_of.first().unwrap_or(&spec.output);
        differences(facts, schema, output, "output", 0)
    });
}

/// How a schema of ours differs from the described one.
fn differences(
    facts: &Facts,
    described: &Json,
    ours: &Schema,
    place: &str,
    depth: usize,
) -> Vec<String> {
    let described = facts.resolved(described);
    let say = |what: String| vec![format!("{place}: {what}")];
    if depth > 4 || described["oneOf"].is_array() || described["anyOf"].is_array() {
        return Vec::new();
    }
    // Where a schema contains itself, the inner one takes anything.
    let Some(kind) = ours.kind else {
        let open = described["type"].is_null() || depth > 0 || !ours.one_of.is_empty();
        return if open {
            Vec::new()
        } else {
            say("has no type".to_owned())
        };
    };
    let file = described["format"] == "binary" && kind == Type::Object;
    let wanted = match described["type"].as_str() {
        Some("integer") => Type::Integer,
        Some("number") => Type::Number,
        Some("boolean") => Type::Boolean,
        Some("array") => Type::Array,
        Some("object") => Type::Object,
        Some("string") => Type::String,
        _ => return Vec::new(),
    };
    if kind != wanted && !file {
        return say(format!("is {kind:?} and should be {wanted:?}"));
    }
    let mut wrong = Vec::new();
    if let Some(values) = described["enum"].as_array() {
        let mut unknown = values.iter().filter(|value| !ours.values.contains(value));
        if let Some(value) = unknown.next() {
            wrong.extend(say(format!("does not offer {value}")));
        }
    }
    match described["format"].as_str() {
        Some("date-time") if ours.format.as_deref() != Some("date-time") => {
            wrong.extend(say("should be an instant".to_owned()));
        }
        _ => {}
    }
    if kind == Type::Array
        && let Some(items) = &ours.items
    {
        wrong.extend(differences(
            facts,
            &described["items"],
            items,
            &format!("{place}[]"),
            depth + 1,
        ));
    }
    if ours.additional.is_none() || !ours.properties.is_empty() {
        for (name, part) in described["properties"].as_object().into_iter().flatten() {
            match ours.properties.get(name) {
                Some(schema) => {
                    wrong.extend(differences(
                        facts,
                        part,
                        schema,
                        &format!("{place}.{name}"),
                        depth + 1,
                    ));
                }
                None if part["readOnly"] == true || part["writeOnly"] == true => {}
                None => wrong.extend(say(format!("has no `{name}`"))),
            }
        }
    }
    wrong
}

/// Carries an operation out at a made-up service and says what is wrong with what it sent and gave.
async fn carried_out(
    catalog: &Arc<Catalog>,
    facts: &Facts,
    operation: &Operation<'_>,
    spec: &OperationSpec,
    written: &Written,
    everything: bool,
) -> Vec<String> {
    let multipart = written.text("body") == "multipart";
    let mut inputs = JsonMap::new();
    let mut path = operation.path.to_owned();
    let mut query = Vec::new();
    for parameter in operation.parameters() {
        if !parameter.required && !everything {
            continue;
        }
        let sent = format!("{}:{}", parameter.place.as_str(), parameter.name);
        let Some((name, _)) = written.input_that_sends(&sent) else {
            continue;
        };
        let value = facts.example(parameter.schema, everything, 0);
        let spelt = facts::spelt(&value);
        match (parameter.place, &value) {
            (Place::Path, _) => {
                path = path.replace(&format!("{{{}}}", parameter.name), &spelt.join(","))
            }
            (Place::Query, _) if parameter.explode => {
                query.extend(
                    spelt
                        .into_iter()
                        .map(|text| (parameter.name.to_owned(), text)),
                );
            }
            (Place::Query, _) => query.push((parameter.name.to_owned(), spelt.join(","))),
            (Place::Header, _) => {}
        }
        inputs.insert(name, value);
    }
    let mut body = JsonMap::new();
    for (name, part, required) in operation.body_parts(facts, multipart) {
        let Some((input, exactly)) = written.input_that_fills(&name) else {
            continue;
        };
        if !required && !everything {
            continue;
        }
        let value = if exactly {
            facts.example(part, everything, 1)
        } else {
            service::fitting(&spec.inputs.properties[&input])
        };
        if exactly {
            body.insert(name, value.clone());
        }
        inputs.insert(input, value);
    }
    if spec.inputs.properties.contains_key("all_pages") {
        inputs.insert("all_pages".to_owned(), json!(false));
    }
    let answer = operation.answer();
    let said = answer.map(|(_, _, schema)| facts.answer(schema));
    let service = Arc::new(Service::new(operation, said.clone()));
    let kit = Kit::new(catalog.clone(), service.clone());
    let result = kit
        .invoke(Invocation {
            connector: "ringcentral".to_owned(),
            operation: spec.name.clone(),
            inputs: Json::Object(inputs),
            credential: spec.needs_authentication.then(|| Credential {
                key: "test".to_owned(),
                kind: CredentialKind::Bearer,
                secret: Secret::new("made-up-token"),
            }),
            ..Invocation::default()
        })
        .await;
    let mut wrong = service.differences(&path, &mut query, &body, &written.text("body"));
    match result {
        Err(error) => wrong.push(format!("fails: {} {}", error.code, error.message)),
        Ok(output) => {
            wrong.extend(conforms::mismatches(&spec.output, &output));
            let json = answer.is_some_and(|(_, kind, _)| facts::is_json(kind));
            if let Some(said) = said.filter(|_| json) {
                let lost = service::lost(&said, &output);
                wrong.extend(lost.map(|place| format!("the output lost {place}")));
            }
        }
    }
    wrong
}

fn exchanges(everything: bool) {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build();
    let (runtime, catalog) = (runtime.expect("tokio starts"), installed());
    for_all(|facts, operation, spec, written| {
        runtime.block_on(carried_out(
            &catalog, facts, operation, spec, written, everything,
        ))
    });
}

#[test]
fn every_operation_sends_what_it_must_and_reads_the_answer() {
    exchanges(false);
}

#[test]
fn every_operation_sends_all_that_it_can() {
    exchanges(true);
}
