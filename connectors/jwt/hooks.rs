//! JSON Web Tokens (RFC 7519) with the signatures of RFC 7518 and RFC 8037.

mod keys;
mod token;

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
    let now = jiff::Timestamp::now().as_second();
    Some(match operation {
        "sign" => token::sign(inputs, now),
        "verify" => token::verify(inputs, now),
        "decode" => token::decode(inputs),
        _ => return None,
    })
}
