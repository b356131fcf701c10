//! Tables as text: read and written cell by cell.

mod read;
mod write;

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
        "parse" => read::parse(inputs),
        "create" => write::create(inputs),
        _ => return None,
    })
}

/// One character that people may spell `\t`.
fn delimiter(text: &str) -> Result<u8, StepError> {
    match text {
        "\\t" | "\t" => Ok(b'\t'),
        text if text.len() == 1 && !matches!(text, "\n" | "\r" | "\"") => Ok(text.as_bytes()[0]),
        text => {
            let message = format!(
                "{} cannot divide cells. Write one character such as a comma or a semicolon, or \\t.",
                pure::shown(&Json::from(text))
            );
            Err(pure::invalid("/delimiter", message))
        }
    }
}
