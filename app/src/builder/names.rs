//! What a new step begins with.

use patchbay_model::{
    JsonMap,
    document::Step,
    schema::Schema,
    spec::{Branching, OperationSpec},
};

/// A new step of an operation.
pub fn new_step(name: String, connector: &str, operation: &OperationSpec) -> Step {
    let branching = operation.kind.branching();
    let branches = branching.first_names().iter();
    let branches = branches.map(|name| ((*name).to_owned(), Vec::new()));
    Step {
        name,
        title: operation.title.clone(),
        connector: connector.to_owned(),
        operation: operation.name.clone(),
        inputs: required_defaults(&operation.inputs),
        body: operation.kind.has_body().then(Vec::new),
        branches: (branching != Branching::None).then(|| branches.collect()),
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
    use patchbay_model::{Json, schema::Type, spec::StepKind};
    use serde_json::json;

    #[test]
    fn a_step_that_branches_begins_with_its_branches() {
        let branches = |kind| {
            let spec = OperationSpec {
                kind,
                ..OperationSpec::default()
            };
            let step = new_step("s".to_owned(), "c", &spec);
            step.branches
                .map(|branches| branches.into_keys().collect::<Vec<_>>())
        };
        let some = |names: [&str; 2]| Some(names.map(str::to_owned).to_vec());
        assert_eq!(branches(StepKind::Call), None);
        assert_eq!(branches(StepKind::Boolean), some(["true", "false"]));
        assert_eq!(branches(StepKind::Branch), some(["first", "default"]));
        assert_eq!(branches(StepKind::Parallel), some(["first", "second"]));
    }

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
