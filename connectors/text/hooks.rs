//! Texts: each operation is a function of its inputs.

mod address;
mod case;
mod encode;
mod pieces;
mod search;

use patchbay_kit::{
    Hooks,
    model::{Json, event::StepError},
    pure::{self, Inputs},
};
use serde_json::json;

/// The hooks of this connector.
pub(crate) fn hooks() -> impl Hooks {
    pure::hooks(run)
}

fn run(operation: &str, inputs: &mut Inputs) -> Option<Result<Json, StepError>> {
    Some(match operation {
        "change_case" => result(case::change(inputs.text("text"), inputs.text("case"))),
        "slug" => result(case::slug(inputs.text("text"), inputs.text("separator"))),
        "trim" => result(pieces::trim(inputs)),
        "concatenate" => result(pieces::concatenate(inputs)),
        "split" => Ok(pieces::split(inputs)),
        "part" => result(pieces::part(inputs)),
        "pad" => result(pieces::pad(inputs)),
        "shorten" => Ok(pieces::shorten(inputs)),
        "count" => Ok(pieces::count(inputs.text("text"))),
        "contains" => search::contains(inputs),
        "replace" => search::replace(inputs),
        "match_pattern" => search::match_pattern(inputs),
        "replace_pattern" => search::replace_pattern(inputs),
        "encode" => result(encode::encode(inputs.text("text"), inputs.text("format"))),
        "decode" => encode::decode(inputs.text("text"), inputs.text("format")).and_then(result),
        "parse_url" => address::parse_url(inputs.text("url")),
        "build_url" => address::build_url(inputs).and_then(result),
        "parse_email" => address::parse_email(inputs.text("email")),
        _ => return None,
    })
}

fn result(text: String) -> Result<Json, StepError> {
    Ok(json!({ "result": text }))
}
