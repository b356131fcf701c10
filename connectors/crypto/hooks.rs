//! Hashes, signatures, encryption and chance, on the library that also secures our own connections.

mod chance;
mod hash;
mod seal;

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
        "hash" => hash::hash(inputs),
        "hmac" => hash::hmac(inputs),
        "verify_hmac" => hash::verify_hmac(inputs),
        "encrypt" => seal::encrypt(inputs),
        "decrypt" => seal::decrypt(inputs),
        "uuid" => chance::uuid(inputs),
        "random_text" => chance::random_text(inputs),
        _ => return None,
    })
}
