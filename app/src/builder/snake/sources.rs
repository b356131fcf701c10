//! What a field can be connected to: the steps that have run before its own, with what they give.

use crate::builder::state::BuilderState;
use leptos::prelude::*;
use patchbay_model::{
    Json, compat,
    path::{Path, Segment},
    reach,
    schema::{Additional, Schema, Type},
    tree,
};
use serde_json::json;

use super::Target;

/// A step with its values.
#[derive(Debug, Clone, PartialEq)]
pub struct Source {
    /// Its name.
    pub step: String,
    pub title: String,
    /// `$.steps.<name>`
    pub base: String,
    pub schema: Schema,
    /// What it gave last.
    pub sample: Option<Json>,
}

impl Source {
    /// The same as the model's tree wants it.
    pub fn tree(&self) -> tree::Source<'_> {
        tree::Source {
            base: &self.base,
            schema: Some(&self.schema),
            sample: self.sample.as_ref(),
        }
    }

    /// Whether the value there may be missing.
    pub fn is_optional(&self, segments: &[Segment]) -> bool {
        let mut schema = Some(&self.schema);
        for segment in segments {
            let Some(here) = schema else { return true };
            // An object that admits no other keys always has all of them: what the engine itself puts there.
            let complete = here.additional == Some(Additional::Any(false));
            if let Segment::Name(name) = segment
                && here.kind == Some(Type::Object)
                && here.properties.contains_key(name)
                && !here.requires(name)
                && !complete
            {
                return true;
            }
            schema = here.at(std::slice::from_ref(segment));
        }
        false
    }

    /// A value of this step as the end of a cable to a field.
    pub fn target(&self, path: &str, segments: &[Segment], field: &Schema) -> Target {
        let fit = match self.schema.at(segments) {
            Some(from) => compat::fits(from, field),
            None => match self.sample_at(segments) {
                Some(sample) => compat::fits(&Schema::infer(sample), field),
                None => compat::Fit::Yes,
            },
        };
        Target {
            path: path.to_owned(),
            fit,
            optional: self.is_optional(segments),
        }
    }

    fn sample_at(&self, segments: &[Segment]) -> Option<&Json> {
        segments
            .iter()
            .try_fold(self.sample.as_ref()?, |at, segment| match (segment, at) {
                (Segment::Name(name), Json::Object(fields)) => fields.get(name),
                (Segment::Index(index), Json::Array(items)) => {
                    items.get(usize::try_from(*index).ok()?)
                }
                _ => None,
            })
    }
}

/// The sources of a step's fields, nearest first. Tracked.
pub fn of(state: BuilderState, step: &str) -> Vec<Source> {
    let shaped = state.shapes.with(|shapes| {
        shapes
            .iter()
            .map(|(step, shape)| {
                (
                    step.clone(),
                    reach::Shaped {
                        inputs: Some(shape.inputs.clone()),
                        output: Some(shape.output.clone()),
                    },
                )
            })
            .collect()
    });
    let samples = state
        .samples
        .with(|samples| samples.steps.clone().into_iter().collect());
    let known = reach::Known { shaped, samples };
    let mut sources: Vec<Source> = state.specs.with(|specs| {
        state.workflow.with(|workflow| {
            reach::scope_schema(workflow, specs, step, &known)
                .into_iter()
                .map(|offer| Source {
                    base: Path::to_step(&offer.name, []).as_str().to_owned(),
                    sample: sample(&offer, &known),
                    step: offer.name,
                    title: offer.title,
                    schema: offer.schema,
                })
                .collect()
        })
    });
    sources.reverse();
    let config = state.workflow.with(|workflow| workflow.config.clone());
    if !config.is_empty() {
        let sample = json!(config);
        sources.push(Source {
            step: "config".to_owned(),
            title: "Constants of this workflow".to_owned(),
            base: "$.config".to_owned(),
            schema: Schema::infer(&sample),
            sample: Some(sample),
        });
    }
    sources
}

/// What a step gave last, if the person may see it from where they stand: of a loop only the first item is kept.
fn sample(offer: &reach::Offer, known: &reach::Known) -> Option<Json> {
    let sample = known.samples.get(&offer.name)?;
    let is_item =
        offer.view == reach::View::Outside && offer.schema.properties.contains_key("succeeded");
    (!is_item).then(|| sample.clone())
}

/// One of them. Tracked.
pub fn one(state: BuilderState, step: &str, source: &str) -> Option<Source> {
    of(state, step)
        .into_iter()
        .find(|found| found.step == source)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_service_need_not_give_may_be_missing_and_what_the_engine_gives_may_not() {
        let schema: Schema = serde_json::from_value(json!({ "type": "object", "additionalProperties": false, "properties": {
            "index": { "type": "integer" },
            "value": { "type": "object", "required": ["direction"], "properties": {
                "direction": { "type": "string" },
                "from": { "type": "object", "properties": { "phoneNumber": { "type": "string" } } } } } } }))
        .unwrap();
        let source = Source {
            step: "loop-1".to_owned(),
            title: String::new(),
            base: "$.steps.loop-1".to_owned(),
            schema,
            sample: None,
        };
        let cases = [
            ("$.steps.loop-1.index", false),
            ("$.steps.loop-1.value", false),
            ("$.steps.loop-1.value.direction", false),
            ("$.steps.loop-1.value.from", true),
            ("$.steps.loop-1.value.from.phoneNumber", true),
        ];
        for (path, expected) in cases {
            let parsed = Path::parse(path).unwrap();
            assert_eq!(source.is_optional(parsed.below_root()), expected, "{path}");
        }
    }
}
