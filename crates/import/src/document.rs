//! Reads OpenAPI 3: its operations with parameters, bodies and answers, and the schemas that they name.

use crate::ImportError;
use indexmap::IndexMap;
use serde_json::{Map, Value};

/// A described service.
pub struct Document {
    pub operations: Vec<Operation>,
    /// `components.schemas`, in the document's order.
    pub schemas: IndexMap<String, Value>,
    /// The first of `servers`.
    pub server: Option<String>,
}

/// One operation.
pub struct Operation {
    /// `operationId`.
    pub id: String,
    /// In capitals.
    pub method: String,
    pub path: String,
    pub tag: String,
    /// The document's short name of it.
    pub summary: String,
    pub deprecated: bool,
    /// Scopes of `security`, or of the extension `x-app-permission`.
    pub scopes: Vec<String>,
    /// `x-user-permission`.
    pub user_permission: Option<String>,
    /// `x-throttling-group`.
    pub rate_limit: Option<String>,
    /// None: as the document says for all; otherwise whether a token is sent.
    pub authenticated: Option<bool>,
    /// A server of its own.
    pub server: Option<String>,
    pub parameters: Vec<Parameter>,
    pub body: Option<Body>,
    pub answers: Vec<Answer>,
}

/// One parameter of a path, query or header.
pub struct Parameter {
    pub name: String,
    pub place: Place,
    pub required: bool,
    pub deprecated: bool,
    pub schema: Value,
    /// Whether a list repeats the key.
    pub explode: bool,
}

/// Where a parameter goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    Path,
    Query,
    Header,
}

impl Place {
    /// As `send` spells it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Path => "path",
            Self::Query => "query",
            Self::Header => "header",
        }
    }
}

/// A request's body.
pub struct Body {
    pub required: bool,
    /// Content type and schema, in the document's order.
    pub kinds: Vec<(String, Value)>,
}

/// One answer that means success.
pub struct Answer {
    pub status: u16,
    pub kinds: Vec<(String, Value)>,
}

impl Document {
    /// Reads a document. References to other documents are not followed.
    pub fn read(document: &Value) -> Result<Self, ImportError> {
        let version = document["openapi"].as_str().unwrap_or_default();
        if !version.starts_with("3.") {
            return Err(problem(
                "/openapi",
                "this is no OpenAPI 3 document; convert older ones first",
            ));
        }
        let paths = document["paths"].as_object();
        let paths = paths.ok_or_else(|| problem("/paths", "there are no paths"))?;
        let schemas = document["components"]["schemas"].as_object();
        let mut read = Self {
            operations: Vec::new(),
            schemas: schemas
                .into_iter()
                .flatten()
                .map(|(name, schema)| (name.clone(), schema.clone()))
                .collect(),
            server: server(document),
        };
        for (path, item) in paths {
            let shared = parameters(document, item)?;
            for (method, operation) in item.as_object().into_iter().flatten() {
                if matches!(
                    method.as_str(),
                    "get" | "head" | "post" | "put" | "patch" | "delete"
                ) {
                    let found = one(document, path, method, operation, &shared)?;
                    read.operations.push(found);
                }
            }
        }
        Ok(read)
    }

    /// What `$ref` names, or the schema itself.
    pub fn resolved<'a>(&'a self, schema: &'a Value) -> &'a Value {
        let mut schema = schema;
        // A chain of references is short; one that leads back to itself ends here too.
        for _ in 0..16 {
            match reference(schema).and_then(|name| self.schemas.get(name)) {
                Some(named) => schema = named,
                None => break,
            }
        }
        schema
    }
}

/// The name of the schema that a `$ref` leads to.
pub fn reference(schema: &Value) -> Option<&str> {
    schema["$ref"]
        .as_str()?
        .strip_prefix("#/components/schemas/")
}

fn problem(place: impl Into<String>, problem: impl Into<String>) -> ImportError {
    ImportError::Document {
        place: place.into(),
        problem: problem.into(),
    }
}

fn server(of: &Value) -> Option<String> {
    Some(of["servers"][0]["url"].as_str()?.to_owned())
}

/// Follows a `$ref` to any place in the document.
fn followed<'a>(document: &'a Value, value: &'a Value) -> Result<&'a Value, ImportError> {
    let Some(text) = value["$ref"].as_str() else {
        return Ok(value);
    };
    let found = text.strip_prefix('#').and_then(|at| document.pointer(at));
    found.ok_or_else(|| problem(text, "there is nothing at this place of the document"))
}

fn one(
    document: &Value,
    path: &str,
    method: &str,
    operation: &Value,
    shared: &[Parameter],
) -> Result<Operation, ImportError> {
    let place = format!("{} {path}", method.to_uppercase());
    let id = operation["operationId"]
        .as_str()
        .map_or_else(|| crate::words::id_of(method, path), str::to_owned);
    let text = |key: &str| operation[key].as_str().map(str::to_owned);
    let own = parameters(document, operation)?;
    let mut all: Vec<Parameter> = Vec::new();
    for parameter in own.into_iter().chain(shared.iter().map(Parameter::again)) {
        let same =
            |known: &Parameter| known.name == parameter.name && known.place == parameter.place;
        if !all.iter().any(same) {
            all.push(parameter);
        }
    }
    let mut answers = Vec::new();
    for (status, answer) in operation["responses"].as_object().into_iter().flatten() {
        let answer = followed(document, answer)?;
        let status = match status.as_str() {
            "2XX" | "default" => 200,
            other => other.parse().unwrap_or(0),
        };
        if (200..400).contains(&status) {
            let kinds = kinds(&answer["content"]);
            answers.push(Answer { status, kinds });
        }
    }
    answers.sort_by_key(|answer| answer.status);
    let body = match operation.get("requestBody") {
        None => None,
        Some(body) => {
            let body = followed(document, body)?;
            Some(Body {
                required: body["required"] == true,
                kinds: kinds(&body["content"]),
            })
        }
    };
    let (scopes, authenticated) = security(document, operation);
    Ok(Operation {
        summary: text("summary").unwrap_or_else(|| crate::words::sentence(&id)),
        id,
        method: method.to_uppercase(),
        path: path.to_owned(),
        tag: operation["tags"][0].as_str().unwrap_or("Other").to_owned(),
        deprecated: operation["deprecated"] == true,
        scopes,
        user_permission: text("x-user-permission"),
        rate_limit: text("x-throttling-group"),
        authenticated,
        server: server(operation),
        parameters: all,
        body,
        answers,
    })
    .and_then(|found: Operation| {
        let holes = crate::words::holes(&found.path);
        let filled = |hole: &&String| {
            let fills = |one: &Parameter| one.place == Place::Path && one.name == **hole;
            found.parameters.iter().any(fills)
        };
        match holes.iter().find(|hole| !filled(hole)) {
            Some(hole) => Err(problem(place, format!("nothing describes {{{hole}}}"))),
            None => Ok(found),
        }
    })
}

fn kinds(content: &Value) -> Vec<(String, Value)> {
    let kinds = content.as_object().into_iter().flatten();
    kinds
        .map(|(kind, media)| (kind.clone(), media["schema"].clone()))
        .collect()
}

/// The scopes that are needed, and whether a token is sent at all.
fn security(document: &Value, operation: &Value) -> (Vec<String>, Option<bool>) {
    let own = operation.get("security").and_then(Value::as_array);
    let wanted = own.or_else(|| document["security"].as_array());
    let schemes = wanted
        .and_then(|list| list.first())
        .and_then(Value::as_object);
    let mut scopes: Vec<String> = schemes
        .into_iter()
        .flat_map(Map::values)
        .filter_map(Value::as_array)
        .flatten()
        .filter_map(Value::as_str)
        .map(str::to_owned)
        .collect();
    if let Some(permission) = operation["x-app-permission"].as_str() {
        scopes = vec![permission.to_owned()];
    }
    // A client's own credential is no token of a person either.
    let bearer = own.map(|list| {
        let none = |one: &Value| one.as_object().is_none_or(|one| one.contains_key("client"));
        !list.iter().all(none)
    });
    (scopes, bearer)
}

fn parameters(document: &Value, of: &Value) -> Result<Vec<Parameter>, ImportError> {
    let mut read = Vec::new();
    for parameter in of["parameters"].as_array().into_iter().flatten() {
        let parameter = followed(document, parameter)?;
        let name = parameter["name"].as_str().unwrap_or_default().to_owned();
        let place = match parameter["in"].as_str() {
            Some("path") => Place::Path,
            Some("query") => Place::Query,
            Some("header") => Place::Header,
            // A cookie is the browser's business.
            _ => continue,
        };
        let form = parameter["style"].as_str().unwrap_or("form") == "form";
        let explode = parameter["explode"].as_bool();
        read.push(Parameter {
            required: parameter["required"] == true || place == Place::Path,
            deprecated: parameter["deprecated"] == true,
            schema: parameter["schema"].clone(),
            explode: explode.unwrap_or(form && place == Place::Query),
            name,
            place,
        });
    }
    Ok(read)
}

impl Parameter {
    fn again(&self) -> Self {
        Self {
            name: self.name.clone(),
            schema: self.schema.clone(),
            ..*self
        }
    }
}
