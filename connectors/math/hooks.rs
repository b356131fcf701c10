//! Numbers: exact decimal arithmetic where the numbers allow it.

mod decimal;
mod formula;
mod operations;
mod written;

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
        "calculate" => formula::calculate(inputs),
        "add" => operations::add(inputs),
        "subtract" => operations::subtract(inputs),
        "multiply" => operations::multiply(inputs),
        "divide" => operations::divide(inputs),
        "power" => operations::power(inputs),
        "round" => operations::round(inputs),
        "absolute" => operations::absolute(inputs),
        "statistics" => operations::statistics(inputs),
        "random_number" => operations::random_number(inputs),
        "parse_number" => written::parse(inputs),
        "format_number" => written::format(inputs),
        _ => return None,
    })
}
