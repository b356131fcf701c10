//! Encryption with a password: Argon2id makes a key of it, AES-256-GCM seals.
//!
//! The bytes are: the version 1, 16 bytes of salt, 12 of nonce, the sealed text with its tag.

use crate::bytes;
use argon2::Argon2;
use patchbay_kit::{
    model::{Json, event::StepError},
    pure::{Inputs, failed, invalid},
};
use ring::aead::{AES_256_GCM, Aad, LessSafeKey, Nonce, UnboundKey};
use serde_json::json;

const VERSION: u8 = 1;
const SALT: usize = 16;
const NONCE: usize = 12;

pub(super) fn encrypt(inputs: &Inputs) -> Result<Json, StepError> {
    let (salt, nonce) = (bytes::random::<SALT>()?, bytes::random::<NONCE>()?);
    let key = key(inputs.text("password"), &salt)?;
    let mut sealed = inputs.text("text").as_bytes().to_vec();
    key.seal_in_place_append_tag(
        Nonce::assume_unique_for_key(nonce),
        Aad::from([VERSION]),
        &mut sealed,
    )
    .map_err(|_| failed("internal", "The text cannot be encrypted."))?;
    let whole = [&[VERSION][..], &salt, &nonce, &sealed].concat();
    Ok(json!({ "result": bytes::write(&whole, "base64") }))
}

pub(super) fn decrypt(inputs: &Inputs) -> Result<Json, StepError> {
    let foreign = || {
        invalid(
            "/text",
            "This text was not made by Encrypt, or is not whole.",
        )
    };
    let whole = bytes::read(inputs.text("text"), "base64", "/text")?;
    let rest = whole.strip_prefix(&[VERSION]).ok_or_else(foreign)?;
    let (salt, rest) = rest.split_first_chunk::<SALT>().ok_or_else(foreign)?;
    let (nonce, sealed) = rest.split_first_chunk::<NONCE>().ok_or_else(foreign)?;
    if sealed.len() < AES_256_GCM.tag_len() {
        return Err(foreign());
    }
    let key = key(inputs.text("password"), salt)?;
    let mut sealed = sealed.to_vec();
    let text = key
        .open_in_place(
            Nonce::assume_unique_for_key(*nonce),
            Aad::from([VERSION]),
            &mut sealed,
        )
        .map_err(|_| {
            invalid(
                "/password",
                "The password is not the right one, or the text was changed.",
            )
        })?;
    Ok(json!({ "result": String::from_utf8_lossy(text) }))
}

fn key(password: &str, salt: &[u8; SALT]) -> Result<LessSafeKey, StepError> {
    let mut key = [0; 32];
    Argon2::default()
        .hash_password_into(password.as_bytes(), salt, &mut key)
        .map_err(|error| {
            invalid(
                "/password",
                format!("The password cannot be used: {error}."),
            )
        })?;
    let key = UnboundKey::new(&AES_256_GCM, &key)
        .map_err(|_| failed("internal", "The key cannot be used."))?;
    Ok(LessSafeKey::new(key))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn with(value: Json) -> Inputs {
        value.as_object().cloned().unwrap().into()
    }

    #[test]
    fn what_is_encrypted_is_read_with_the_same_password_alone() {
        let sealed = encrypt(&with(json!({"text": "Grüße", "password": "a"}))).unwrap();
        let again = encrypt(&with(json!({"text": "Grüße", "password": "a"}))).unwrap();
        assert_ne!(sealed, again, "salt and nonce are new every time");
        let text = sealed["result"].as_str().unwrap();
        let open = |text: &str, password: &str| {
            decrypt(&with(json!({"text": text, "password": password})))
        };
        assert_eq!(open(text, "a").unwrap()["result"], "Grüße");
        assert_eq!(
            open(text, "b").unwrap_err().field.as_deref(),
            Some("/password")
        );
        let mut changed = bytes::read(text, "base64", "/text").unwrap();
        changed[40] ^= 1;
        assert!(open(&bytes::write(&changed, "base64"), "a").is_err());
    }
}
