//! Fills drop-downs by asking the service.

use super::{Invocation, Kit, Question, inputs::missing, request::plain};
use crate::{
    catalog::trigger::EVENTS,
    manifest::{
        field::Field,
        options::{Live, Options},
    },
};
use patchbay_model::{Json, JsonMap, event::StepError};
use serde::Serialize;

/// One entry of a drop-down.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Choice {
    /// What is written into the field.
    pub value: Json,
    /// What people read.
    pub title: String,
    /// A second, quieter line.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hint: Option<String>,
}

/// Entries that are shown at most; a longer list has to be searched.
const MOST: usize = 200;

impl Kit {
    /// The entries of an input's drop-down, asked from the service and remembered for a minute.
    ///
    /// `field` is the input's name. Errors: those of [`Kit::invoke`]; `missing_value` names the field that has to
    /// be chosen first; `no_options` when the field has no drop-down.
    pub async fn options(
        &self,
        question: &Question,
        field: &str,
        search: Option<&str>,
    ) -> Result<Vec<Choice>, StepError> {
        let context = self.context(
            &question.connector,
            &question.operation,
            question.credential.as_ref(),
            &question.target,
        )?;
        let name = field
            .trim_start_matches('/')
            .split('/')
            .next()
            .unwrap_or(field);
        let found = context
            .operation
            .input
            .iter()
            .find(|field| field.name.as_deref() == Some(name));
        let listened = context.operation.subscription.as_ref();
        let found = found.or_else(|| {
            // `/events/0/extension_id`: a parameter of one of the events of a trigger.
            let parameter = field
                .strip_prefix(&format!("/{EVENTS}/"))?
                .split('/')
                .nth(1)?;
            listened?.parameter.get(parameter)
        });
        let search = search.map(str::trim).filter(|text| !text.is_empty());
        match found.and_then(options_of) {
            Some(Options::Fixed(entries)) => Ok(entries
                .iter()
                .map(entry)
                .filter(|choice| choice.fits(search))
                .collect()),
            Some(Options::Live(live)) => {
                let mut with = given(
                    &context.spec.inputs,
                    question,
                    &live.depends_on,
                    &live.passes,
                )?;
                with.extend(live.with.clone());
                if let (Some(input), Some(search)) = (&live.search, search) {
                    with.insert(input.clone(), Json::from(search));
                }
                let listed = self.listed(question, &live.operation, with).await?;
                Ok(live.choices(&listed, search))
            }
            None => Err(StepError {
                code: "no_options".to_owned(),
                message: format!("The field \"{name}\" has no drop-down."),
                field: Some(format!("/{name}")),
                ..StepError::default()
            }),
        }
    }

    /// The output of a listing operation, asked at most once a minute.
    pub(super) async fn listed(
        &self,
        question: &Question,
        operation: &str,
        inputs: JsonMap,
    ) -> Result<Json, StepError> {
        let inputs = Json::Object(inputs);
        let credential = question.credential.as_ref();
        let key = self
            .context(&question.connector, operation, credential, &question.target)?
            .cache_key(&format!("list {operation} {inputs}"));
        if let Some(known) = self.cache.get(&key) {
            return Ok(known);
        }
        let invocation = Invocation {
            connector: question.connector.clone(),
            operation: operation.to_owned(),
            inputs,
            credential: question.credential.clone(),
            target: question.target.clone(),
            idempotency_key: None,
        };
        let output = self.invoke(invocation).await?;
        self.cache.put(key, output.clone());
        Ok(output)
    }
}

/// The inputs that a listing operation gets from the form; those in `needed` must be there.
pub(super) fn given(
    form: &patchbay_model::schema::Schema,
    question: &Question,
    needed: &[String],
    passed: &[String],
) -> Result<JsonMap, StepError> {
    let mut with = JsonMap::new();
    let needed = needed.iter().map(|name| (name, true));
    let passed = passed.iter().map(|name| (name, false));
    for (name, needed) in needed.chain(passed) {
        let property = form.properties.get(name);
        let filled = |value: &&Json| !value.is_null() && value.as_str() != Some("");
        let value = question.inputs.get(name).filter(filled);
        let value = value.or_else(|| property.and_then(|property| property.default.as_ref()));
        // A path or a text with holes gets its value only when the workflow runs.
        let known = value.filter(|value| !comes_later(value));
        if let Some(known) = known {
            with.insert(name.clone(), known.clone());
        } else if needed {
            let title = property
                .and_then(|property| property.title.as_deref())
                .unwrap_or(name);
            let mut error = missing(&format!("/{name}"), title);
            error.message = match value {
                Some(_) => format!(
                    "\"{title}\" gets its value when the workflow runs, so this cannot be listed now."
                ),
                None => format!("Choose \"{title}\" first."),
            };
            return Err(error);
        }
    }
    Ok(with)
}

fn comes_later(value: &Json) -> bool {
    value
        .as_object()
        .is_some_and(|map| map.keys().any(|key| key.starts_with('$')))
}

fn options_of(field: &Field) -> Option<&Options> {
    field
        .options
        .as_ref()
        .or_else(|| field.items.as_ref()?.options.as_ref())
}

fn entry(entry: &crate::manifest::options::Entry) -> Choice {
    let title = entry.title.clone().unwrap_or_else(|| plain(&entry.value));
    Choice {
        value: entry.value.clone(),
        title,
        hint: None,
    }
}

impl Choice {
    fn fits(&self, search: Option<&str>) -> bool {
        let Some(search) = search.map(str::to_lowercase) else {
            return true;
        };
        let within = |text: &str| text.to_lowercase().contains(&search);
        within(&self.title) || self.hint.as_deref().is_some_and(within)
    }
}

impl Live {
    fn choices(&self, output: &Json, search: Option<&str>) -> Vec<Choice> {
        let items = output.pointer(&self.list).and_then(Json::as_array);
        // What the service has searched need not contain the text as such.
        let here = if self.search.is_some() { None } else { search };
        let listed = items
            .into_iter()
            .flatten()
            .filter_map(|item| self.choice(item));
        let first = self
            .first
            .iter()
            .map(entry)
            .filter(|choice| choice.fits(search));
        first
            .chain(listed.filter(|choice| choice.fits(here)))
            .take(MOST)
            .collect()
    }

    fn choice(&self, item: &Json) -> Option<Choice> {
        let value = item
            .pointer(&self.value)
            .filter(|value| !value.is_null())?
            .clone();
        // A field takes a number's digits as text.
        let value = if value.is_number() {
            Json::String(plain(&value))
        } else {
            value
        };
        let text = |pointer: &str| {
            item.pointer(pointer)
                .map(plain)
                .filter(|text| !text.is_empty())
        };
        let title = Some(self.label.as_str())
            .filter(|pointer| !pointer.is_empty())
            .and_then(text);
        let title = title.unwrap_or_else(|| plain(&value));
        Some(Choice {
            hint: self.hint.as_deref().and_then(text),
            value,
            title,
        })
    }
}
