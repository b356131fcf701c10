//! Every operation that needs no service shows what it does, and does what it shows; no value makes one panic.

use patchbay_connectors::catalog;
use patchbay_kit::{
    Catalog, Invocation, Kit,
    model::{
        Json,
        schema::{Schema, Type},
        spec::StepKind,
    },
    testing::{Replay, examples},
};
use proptest::{prelude::*, test_runner::TestRunner};
use serde_json::json;
use std::sync::Arc;

/// What is carried out by calling the connector, without a service.
fn shaping(catalog: &Catalog) -> Vec<(&str, &str, &Schema)> {
    let connectors = catalog.specs().iter().filter(|spec| spec.service.is_none());
    connectors
        .flat_map(|spec| {
            let operations = spec.operations.iter();
            operations
                .filter(|operation| operation.kind == StepKind::Call)
                .filter_map(|operation| catalog.find(&spec.name, &operation.name))
                .map(|operation| (&*spec.name, &*operation.name, &operation.inputs))
        })
        .collect()
}

#[tokio::test]
async fn every_example_does_what_it_shows() {
    match examples::run_all(&Arc::new(catalog().expect("the connectors are sound"))).await {
        Ok(count) => assert!(count > 200, "examples are missing"),
        Err(problems) => panic!("\n{}\n", problems.join("\n")),
    }
}

/// Any value, up to three levels deep.
fn any_json() -> impl Strategy<Value = Json> {
    let leaf = prop_oneof![
        Just(Json::Null),
        any::<bool>().prop_map(Json::from),
        any::<i64>().prop_map(Json::from),
        (-5i64..20).prop_map(Json::from),
        any::<f64>().prop_map(Json::from),
        "\\PC{0,12}".prop_map(Json::from),
        "[a-z0-9<>{}()+*%.,:T-]{0,12}".prop_map(Json::from),
        Just(json!("2026-03-29T02:30:00")),
        Just(json!("Europe/Berlin")),
    ];
    leaf.prop_recursive(3, 24, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Json::from),
            prop::collection::vec(("[a-c]{1,2}", inner), 0..4)
                .prop_map(|entries| Json::Object(entries.into_iter().collect())),
        ]
    })
}

/// Any value for an input, mostly of its type.
fn value_for(schema: &Schema) -> BoxedStrategy<Json> {
    if !schema.values.is_empty() {
        return prop::sample::select(schema.values.clone()).boxed();
    }
    let fitting = match schema.kind {
        Some(Type::String) => prop_oneof!["\\PC{0,20}", "[a-zA-Z0-9<>/ =\"'{}|.,-]{0,20}"]
            .prop_map(Json::from)
            .boxed(),
        Some(Type::Integer) => prop_oneof![-3i64..40, any::<i64>()]
            .prop_map(Json::from)
            .boxed(),
        Some(Type::Number) => any::<f64>().prop_map(Json::from).boxed(),
        Some(Type::Boolean) => any::<bool>().prop_map(Json::from).boxed(),
        Some(Type::Array) => prop::collection::vec(any_json(), 0..5)
            .prop_map(Json::from)
            .boxed(),
        _ => any_json().boxed(),
    };
    prop_oneof![9 => fitting, 1 => any_json()].boxed()
}

#[test]
fn no_value_makes_an_operation_panic() {
    let catalog = Arc::new(catalog().expect("the connectors are sound"));
    let operations = shaping(&catalog);
    assert!(operations.len() > 90);
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    let kit = Kit::new(catalog.clone(), Arc::new(Replay::new(Vec::new(), false)));
    let mut runner = TestRunner::new(ProptestConfig {
        cases: 40,
        failure_persistence: None,
        ..ProptestConfig::default()
    });
    for (connector, operation, schema) in operations {
        let fields: Vec<BoxedStrategy<(String, Json)>> = schema
            .properties
            .iter()
            .map(|(name, property)| {
                let name = name.clone();
                value_for(property)
                    .prop_map(move |value| (name.clone(), value))
                    .boxed()
            })
            .collect();
        let result = runner.run(&fields, |fields| {
            let inputs = Json::Object(fields.into_iter().collect());
            let result = runtime.block_on(kit.invoke(Invocation {
                connector: connector.to_owned(),
                operation: operation.to_owned(),
                inputs,
                ..Invocation::default()
            }));
            // What goes wrong inside says so with a code of its own.
            prop_assert!(result.err().is_none_or(|error| error.code != "internal"));
            Ok(())
        });
        if let Err(error) = result {
            panic!("{connector}.{operation}: {error}");
        }
    }
}
