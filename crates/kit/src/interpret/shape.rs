//! Forms whose fields only the service knows: the columns of the chosen worksheet.

use super::{Kit, Question, options::given, request::plain};
use crate::catalog::trigger;
use patchbay_model::{Json, event::StepError, schema::Schema, spec::OperationSpec};

impl Kit {
    /// The operation's spec with the parts of shaped objects filled in, as far as the form tells what to ask for.
    ///
    /// Errors: those of [`Kit::invoke`]; `missing_value` names the field that has to be chosen first.
    pub async fn shape(&self, question: &Question) -> Result<OperationSpec, StepError> {
        let context = self.context(
            &question.connector,
            &question.operation,
            question.credential.as_ref(),
            &question.target,
        )?;
        if let Some(subscription) = &context.operation.subscription {
            return Ok(trigger::shaped(
                context.spec,
                subscription,
                &question.inputs,
            ));
        }
        let mut spec = context.spec.clone();
        for field in &context.operation.input {
            let (Some(name), Some(columns)) = (field.name.as_deref(), &field.columns) else {
                continue;
            };
            let with = given(
                &context.spec.inputs,
                question,
                &columns.depends_on,
                &columns.passes,
            )?;
            let listed = self.listed(question, &columns.operation, with).await?;
            let names = listed.pointer(&columns.list).and_then(Json::as_array);
            let Some(property) = spec.inputs.properties.get_mut(name) else {
                continue;
            };
            for column in names
                .into_iter()
                .flatten()
                .map(plain)
                .filter(|column| !column.is_empty())
            {
                property
                    .properties
                    .entry(column.clone())
                    .or_insert_with(|| Schema::default().titled(column));
            }
        }
        Ok(spec)
    }
}
