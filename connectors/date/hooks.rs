//! Dates and times: each operation is a function of its inputs, apart from the one that asks the clock.

mod arithmetic;
mod pattern;
mod reading;
mod writing;

use jiff::Timestamp;
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
        "now" => writing::now(inputs, Timestamp::now()),
        "format" => writing::format(inputs),
        "parse" => reading::parse(inputs),
        "parts" => writing::parts(inputs),
        "add" => arithmetic::add(inputs),
        "difference" => arithmetic::difference(inputs),
        "compare" => arithmetic::compare(inputs),
        "boundary" => arithmetic::boundary(inputs),
        "list_dates" => arithmetic::list_dates(inputs),
        _ => return None,
    })
}
