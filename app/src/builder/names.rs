//! What a new step begins with.

use patchbay_model::{JsonMap, document::Step, schema::Schema, spec::OperationSpec};

/// A new step of an operation.
pub fn new_step(name: String, connector: &str, operation: &OperationSpec) -> Step {
    Step {
        name,
        title: operation.title.clone(),
        connector: connector.to_owned(),
        operation: operation.name.clone(),
        inputs: required_defaults(&operation.inputs),
        body: operation.kind.has_body().then(Vec::new),
        ..Step::default()
    }
}

/// The defaults of required fields. Others stay out of the document: the connector knows them.
pub fn required_defaults(schema: &Schema) -> JsonMap {
    let required = schema
        .properties
        .iter()
        .filter(|(name, _)| schema.requires(name));
    required
        .filter_map(|(name, field)| Some((name.clone(), field.default.clone()?)))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use patchbay_model::{Json, schema::Type};
    use serde_json::json;

    #[test]
    fn only_required_fields_begin_with_their_default() {
        let field = |default| Schema {
            default: Some(json!(default)),
            ..Schema::of(Type::String)
        };
        let mut schema = Schema::object([
            ("account_id".to_owned(), field("~")),
            ("view".to_owned(), field("Simple")),
            ("spreadsheet_id".to_owned(), Schema::of(Type::String)),
        ]);
        schema.required = vec!["account_id".to_owned(), "spreadsheet_id".to_owned()];
        assert_eq!(
            Json::Object(required_defaults(&schema)),
            json!({ "account_id": "~" })
        );
    }
}
