//! Keys renamed and values translated.

mod keys;
mod table;

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
        "map_keys" => keys::map_keys(inputs),
        "map_list" => keys::map_list(inputs),
        "map_value" => table::map_value(inputs),
        "map_values" => table::map_values(inputs),
        _ => return None,
    })
}
