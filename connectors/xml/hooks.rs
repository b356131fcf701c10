//! XML as data and data as XML. Document types and entities of one's own are refused: they reach out of the text.

mod read;
mod write;

use patchbay_kit::{
    Hooks,
    model::{Json, event::StepError},
    pure::{self, Inputs},
};

/// Elements inside elements.
const MOST_DEPTH: usize = 200;

/// The hooks of this connector.
pub(crate) fn hooks() -> impl Hooks {
    pure::hooks(run)
}

fn run(operation: &str, inputs: &mut Inputs) -> Option<Result<Json, StepError>> {
    Some(match operation {
        "parse" => read::parse(inputs),
        "create" => write::create(inputs),
        _ => return None,
    })
}
