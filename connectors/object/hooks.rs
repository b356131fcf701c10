//! Objects and JSON: each operation is a function of its inputs.

mod combine;
mod differences;
mod flat;
mod json;
mod keys;

use patchbay_kit::{
    Hooks,
    model::{Json, event::StepError},
    pure::{self, Inputs},
};

/// The hooks of this connector.
pub(crate) fn hooks() -> impl Hooks {
    pure::hooks(run)
}

fn run(operation: &str, inputs: &mut Inputs) -> Option<Result<Json, StepError>> {
    Some(match operation {
        "get_value" => keys::get_value(inputs),
        "set_value" => keys::set_value(inputs),
        "remove_keys" => Ok(keys::remove_keys(inputs)),
        "pick_keys" => keys::pick_keys(inputs),
        "has_keys" => Ok(keys::has_keys(inputs)),
        "entries" => Ok(keys::entries(inputs)),
        "merge" => Ok(combine::merge(inputs)),
        "remove_empty" => Ok(combine::remove_empty(inputs)),
        "compare" => Ok(differences::compare(inputs)),
        "flatten" => Ok(flat::flatten(inputs)),
        "unflatten" => flat::unflatten(inputs),
        "parse_json" => json::parse(inputs),
        "to_json" => Ok(json::write(inputs)),
        _ => return None,
    })
}
