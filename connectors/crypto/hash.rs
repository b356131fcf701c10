//! Fingerprints, with and without a key.

use crate::bytes;
use md5::Digest;
use patchbay_kit::{
    model::{Json, event::StepError},
    pure::Inputs,
};
use ring::{digest, hmac};
use serde_json::json;

pub(super) fn hash(inputs: &Inputs) -> Result<Json, StepError> {
    let data = data(inputs)?;
    let hash = match inputs.text("algorithm") {
        "md5" => md5::Md5::digest(&data).to_vec(),
        name => {
            let algorithm = match name {
                "sha1" => &digest::SHA1_FOR_LEGACY_USE_ONLY,
                "sha384" => &digest::SHA384,
                "sha512" => &digest::SHA512,
                _ => &digest::SHA256,
            };
            digest::digest(algorithm, &data).as_ref().to_vec()
        }
    };
    Ok(json!({ "result": bytes::write(&hash, inputs.text("encoding")) }))
}

pub(super) fn hmac(inputs: &Inputs) -> Result<Json, StepError> {
    let signature = hmac::sign(&key(inputs)?, &data(inputs)?);
    Ok(json!({ "result": bytes::write(signature.as_ref(), inputs.text("encoding")) }))
}

/// In constant time. A signature that cannot even be read is wrong, not an error: it comes from outside.
pub(super) fn verify_hmac(inputs: &Inputs) -> Result<Json, StepError> {
    let (key, data) = (key(inputs)?, data(inputs)?);
    let given = inputs.text("signature").trim();
    let given = match given.split_once('=') {
        Some((name, rest)) if name.starts_with("sha") && !rest.is_empty() => rest,
        _ => given,
    };
    let right = bytes::read(given, inputs.text("encoding"), "/signature")
        .is_ok_and(|signature| hmac::verify(&key, &data, &signature).is_ok());
    Ok(json!({ "result": right }))
}

fn data(inputs: &Inputs) -> Result<Vec<u8>, StepError> {
    bytes::read(inputs.text("text"), inputs.text("text_is"), "/text")
}

fn key(inputs: &Inputs) -> Result<hmac::Key, StepError> {
    let algorithm = match inputs.text("algorithm") {
        "sha1" => hmac::HMAC_SHA1_FOR_LEGACY_USE_ONLY,
        "sha384" => hmac::HMAC_SHA384,
        "sha512" => hmac::HMAC_SHA512,
        _ => hmac::HMAC_SHA256,
    };
    let secret = bytes::read(inputs.text("key"), inputs.text("key_is"), "/key");
    // The error of a key must not repeat it.
    let secret = secret.map_err(|error| StepError {
        message: "The key is not written in the way that Key is says.".to_owned(),
        ..error
    })?;
    Ok(hmac::Key::new(algorithm, &secret))
}
