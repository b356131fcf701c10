//! Every operation of Google Sheets is there with the names, types, words and scopes that the service describes.
//!
//! `google_sheets/facts.json` is that description, cut down: for each operation its request, what is sent in the path,
//! the query and the body, and what is answered. A type is a word, a list a list, an object an object; words with `|`
//! between them are an enumeration.

#![expect(
    clippy::expect_used,
    reason = "a fact that cannot be read fails the test, as it should"
)]

use patchbay_connectors::catalog;
use patchbay_kit::{
    Catalog, Credential, Invocation, Kit,
    model::{
        Json,
        event::StepError,
        schema::{Schema, Type},
        spec::OperationSpec,
    },
    secret::Secret,
    testing::{MADE_UP_TOKEN, Replay},
};
use serde_json::json;
use std::{collections::BTreeMap, fs, path::Path, sync::Arc, time::Duration};

const SCOPES: &str = "https://www.googleapis.com/auth/";

fn folder() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn facts() -> Vec<Json> {
    let file = folder().join("tests/google_sheets/facts.json");
    let text = fs::read_to_string(file).expect("the facts are there");
    serde_json::from_str(&text).expect("the facts are JSON")
}

/// Operation id → its spec.
fn by_id(catalog: &Catalog) -> BTreeMap<String, &OperationSpec> {
    let specs = catalog
        .specs()
        .iter()
        .find(|spec| spec.name == "google-sheets");
    let mut found = BTreeMap::new();
    for light in &specs.expect("the connector is installed").operations {
        let spec = catalog
            .find("google-sheets", &light.name)
            .expect("its file can be read");
        if let Some(id) = spec
            .operation_id
            .as_ref()
            .filter(|id| id.starts_with("sheets."))
        {
            assert!(
                found.insert(id.clone(), spec).is_none(),
                "two operations stand for {id}"
            );
        }
    }
    found
}

/// Runs a check for every operation of the service and tells everything that is wrong at once.
fn for_all(check: impl Fn(&Json, &OperationSpec, &str) -> Vec<String>) {
    let catalog = catalog().expect("the connectors are sound");
    let specs = by_id(&catalog);
    let facts = facts();
    assert_eq!((facts.len(), specs.len()), (17, 17));
    let mut wrong = Vec::new();
    for fact in &facts {
        let id = fact["id"].as_str().expect("a fact has an id");
        let Some(spec) = specs.get(id) else {
            wrong.push(format!("{id}: there is no such operation"));
            continue;
        };
        let file = format!("google-sheets/operations/{}.toml", spec.name);
        let text = fs::read_to_string(folder().join(file)).expect("the operation has a file");
        let found = check(fact, spec, &text);
        wrong.extend(
            found
                .into_iter()
                .map(|problem| format!("{}: {problem}", spec.name)),
        );
    }
    assert!(wrong.is_empty(), "\n{}\n", wrong.join("\n"));
}

/// `valueInputOption` → `value_input_option`.
fn snake(name: &str) -> String {
    let mut snake = String::new();
    for letter in name.chars() {
        if letter.is_ascii_uppercase() {
            snake.push('_');
        }
        snake.push(letter.to_ascii_lowercase());
    }
    snake
}

fn type_of(word: &str) -> Option<Type> {
    match word {
        "any" => None,
        "integer" => Some(Type::Integer),
        "number" => Some(Type::Number),
        "boolean" => Some(Type::Boolean),
        "object" => Some(Type::Object),
        _ => Some(Type::String),
    }
}

/// What of a fact the schema does not have. Where the schema describes an object no further, nothing is asked of it.
fn lacks(fact: &Json, schema: &Schema, place: &str, sent: bool) -> Vec<String> {
    match fact {
        Json::Array(items) => {
            let inner = schema.items.as_deref();
            match (schema.kind, inner, items.first()) {
                (Some(Type::Array), Some(inner), Some(fact)) => {
                    lacks(fact, inner, &format!("{place}[]"), sent)
                }
                (Some(Type::Array), ..) => Vec::new(),
                (kind, ..) => vec![format!("{place} is {kind:?} and should be a list")],
            }
        }
        Json::Object(members) => {
            if schema.kind != Some(Type::Object) {
                return vec![format!(
                    "{place} is {:?} and should be an object",
                    schema.kind
                )];
            }
            if schema.properties.is_empty() {
                return Vec::new();
            }
            let missing = |name: &String| vec![format!("{place}/{name} is missing")];
            let member = |(name, fact): (&String, &Json)| match schema.properties.get(name) {
                Some(schema) => lacks(fact, schema, &format!("{place}/{name}"), sent),
                None => missing(name),
            };
            members.iter().flat_map(member).collect()
        }
        Json::String(word) => {
            if schema.kind.is_some() && schema.kind != type_of(word) {
                return vec![format!("{place} is {:?} and should be {word}", schema.kind)];
            }
            let words: Vec<&str> = word.split('|').collect();
            let known: Vec<&str> = schema.values.iter().filter_map(Json::as_str).collect();
            // An answer may bring words that are not known yet; what is sent must be known.
            if words.len() > 1
                && known != words
                && (sent || !known.is_empty())
                && !schema.values.is_empty()
            {
                return vec![format!(
                    "{place} is one of {known:?} and should be one of {words:?}"
                )];
            }
            Vec::new()
        }
        other => vec![format!("{place}: the fact {other} means nothing")],
    }
}

#[test]
fn every_operation_sends_what_the_service_describes() {
    for_all(|fact, spec, _| {
        let mut wrong = Vec::new();
        for part in ["path", "query", "body"] {
            for (name, fact) in fact[part].as_object().expect("a part is an object") {
                let input = snake(name);
                match spec.inputs.properties.get(&input) {
                    Some(schema) => wrong.extend(lacks(fact, schema, &input, true)),
                    None => wrong.push(format!("there is no input {input} for {part} {name}")),
                }
            }
        }
        for name in fact["needed"].as_array().expect("needed is a list") {
            let input = snake(name.as_str().unwrap_or_default());
            let filled = spec
                .inputs
                .properties
                .get(&input)
                .is_some_and(|input| input.default.is_some());
            if !spec.inputs.requires(&input) && !filled {
                wrong.push(format!("{input} is needed and may be left out"));
            }
        }
        wrong
    });
}

#[test]
fn choices_have_the_words_of_the_service() {
    for_all(|fact, spec, _| {
        let all = ["query", "body"]
            .into_iter()
            .filter_map(|part| fact[part].as_object());
        let words = all
            .flatten()
            .filter_map(|(name, fact)| Some((snake(name), fact.as_str()?)))
            .filter(|(_, words)| words.contains('|'));
        let differs = |(input, words): (String, &str)| {
            let known = spec
                .inputs
                .properties
                .get(&input)
                .map(|input| input.values.clone());
            let known: Vec<String> = known
                .into_iter()
                .flatten()
                .filter_map(|word| Some(word.as_str()?.to_owned()))
                .collect();
            (known.join("|") != words)
                .then(|| format!("{input} is one of {known:?} and should be one of {words}"))
        };
        words.filter_map(differs).collect()
    });
}

#[test]
fn every_answer_is_described() {
    for_all(|fact, spec, _| lacks(&fact["answer"], &spec.output, "the answer", false));
}

#[test]
fn requests_and_quotas_are_those_of_the_service() {
    for_all(|fact, _, text| {
        let line = |key: &str, wanted: &Json| format!("{key} = {wanted}");
        [
            line("request", &fact["request"]),
            line("rate_limit", &fact["group"]),
        ]
        .into_iter()
        .filter(|line| !text.lines().any(|written| written == line))
        .map(|line| format!("should say {line}"))
        .collect()
    });
}

#[test]
fn the_narrowest_of_the_scopes_for_spreadsheets_is_asked_for() {
    for_all(|fact, spec, _| {
        let enough: Vec<&str> = fact["scopes"]
            .as_array()
            .into_iter()
            .flatten()
            .filter_map(Json::as_str)
            .collect();
        let narrow = if enough.contains(&"spreadsheets.readonly") {
            "spreadsheets.readonly"
        } else {
            "spreadsheets"
        };
        let wanted = vec![format!("{SCOPES}{narrow}")];
        if spec.scopes == wanted && enough.contains(&narrow) {
            Vec::new()
        } else {
            vec![format!(
                "asks for {:?} and should ask for {wanted:?}",
                spec.scopes
            )]
        }
    });
}

#[test]
fn what_changes_nothing_says_so() {
    for_all(|fact, spec, _| {
        let reads = fact["group"] == "read";
        if spec.reads == reads && (!reads || spec.repeatable) {
            Vec::new()
        } else {
            vec![format!(
                "reads: {}, repeatable: {}",
                spec.reads, spec.repeatable
            )]
        }
    });
}

#[test]
fn a_narrow_scope_will_do_for_every_step_and_the_list_of_files_asks_for_one_more() {
    let catalog = catalog().expect("the connectors are sound");
    let service = catalog.service("google").expect("Google is a service");
    let narrow = [format!("{SCOPES}drive.file")];
    let usual = [format!("{SCOPES}spreadsheets")];
    let connector = catalog
        .specs()
        .iter()
        .find(|spec| spec.name == "google-sheets");
    let operations = &connector.expect("the connector is installed").operations;
    assert!(operations.len() > 30);
    for operation in operations {
        assert!(
            service
                .missing_scopes(&operation.scopes, &narrow)
                .is_empty(),
            "{}",
            operation.name
        );
        let lacking = service.missing_scopes(&operation.scopes, &usual);
        let lists_files = matches!(operation.name.as_str(), "list_spreadsheets" | "get_account");
        assert_eq!(
            !lacking.is_empty(),
            lists_files,
            "{}: {lacking:?}",
            operation.name
        );
    }
    let preset: Vec<&str> = service
        .scopes
        .iter()
        .filter(|scope| scope.default)
        .map(|scope| scope.name.as_str())
        .collect();
    assert_eq!(preset, [usual[0].as_str()]);
}

#[test]
fn google_is_asked_for_a_refresh_token_at_every_sign_in() {
    let catalog = catalog().expect("the connectors are sound");
    let oauth = catalog.oauth("google", None).expect("Google has a sign-in");
    let extra = |name: &str| {
        oauth
            .extra
            .iter()
            .find(|(key, _)| key.as_str() == name)
            .map(|(_, value)| value.clone())
    };
    assert_eq!(extra("access_type").as_deref(), Some("offline"));
    assert_eq!(extra("prompt").as_deref(), Some("consent"));
}

/// Reads a range with an authentication.
async fn read(kit: &Kit, authentication: &str) -> Result<Json, StepError> {
    kit.invoke(Invocation {
        connector: "google-sheets".to_owned(),
        operation: "values_get".to_owned(),
        inputs: json!({ "spreadsheet_id": "1a", "range": "A1" }),
        credential: Some(Credential::bearer(
            authentication,
            Secret::new(MADE_UP_TOKEN),
        )),
        ..Invocation::default()
    })
    .await
}

fn code(result: Result<Json, StepError>) -> Option<String> {
    result.err().map(|error| error.code)
}

/// The service refuses once for this limit and answers all that comes after it.
fn refusing(limit: &str, answers: usize) -> (Kit, Arc<Replay>) {
    let turn = |answer: Json| json!({ "method": "GET", "url": "https://sheets.googleapis.com/v4/spreadsheets/1a/values/A1", "answer": answer });
    let message = format!(
        "Quota exceeded for quota metric 'Read requests' and limit '{limit}' of service 'sheets.googleapis.com' for \
         consumer 'project_number:1'."
    );
    let refusal = json!({ "status": 429, "body": { "error": {
        "code": 429, "message": message, "status": "RESOURCE_EXHAUSTED"
    } } });
    let mut turns = vec![turn(refusal)];
    turns.resize(answers + 1, turn(json!({ "body": { "range": "A1" } })));
    let turns = serde_json::from_value(Json::Array(turns)).expect("these are turns");
    let replay = Arc::new(Replay::new(turns, true));
    let catalog = Arc::new(catalog().expect("the connectors are sound"));
    (Kit::new(catalog, replay.clone()), replay)
}

#[tokio::test(start_paused = true)]
async fn the_quota_of_a_person_holds_others_back_from_nothing() {
    let (kit, replay) = refusing("Read requests per minute per user", 2);
    let error = read(&kit, "auth_1")
        .await
        .expect_err("the quota is used up");
    assert_eq!(
        (error.code.as_str(), error.retry_after_ms),
        ("rate_limited", Some(15_000))
    );
    assert!(error.message.contains("Create rows"), "{}", error.message);
    assert_eq!(code(read(&kit, "auth_2").await), None);
    assert_eq!(
        code(read(&kit, "auth_1").await).as_deref(),
        Some("rate_limited")
    );
    tokio::time::advance(Duration::from_secs(16)).await;
    assert_eq!(code(read(&kit, "auth_1").await), None);
    assert_eq!(replay.finish(), [""; 0]);
}

#[tokio::test(start_paused = true)]
async fn the_quota_of_the_project_holds_everybody_back() {
    let (kit, replay) = refusing("Read requests per minute", 2);
    for authentication in ["auth_1", "auth_2", "auth_1"] {
        assert_eq!(
            code(read(&kit, authentication).await).as_deref(),
            Some("rate_limited")
        );
    }
    tokio::time::advance(Duration::from_secs(16)).await;
    for authentication in ["auth_2", "auth_1"] {
        assert_eq!(code(read(&kit, authentication).await), None);
    }
    assert_eq!(replay.finish(), [""; 0]);
}
