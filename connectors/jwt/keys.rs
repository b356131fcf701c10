//! Keys in the forms that people have, and the signatures they make.

use crate::bytes;
use patchbay_kit::{
    model::event::StepError,
    pure::{failed, invalid},
};
use ring::{
    hmac,
    rand::SystemRandom,
    signature::{self, EcdsaKeyPair, Ed25519KeyPair, RsaKeyPair, UnparsedPublicKey},
};

/// Signs with the shared secret or private key.
pub(super) fn sign(algorithm: &str, key: &str, message: &[u8]) -> Result<Vec<u8>, StepError> {
    if let Some(shared) = shared(algorithm) {
        let key = hmac::Key::new(shared, key.as_bytes());
        return Ok(hmac::sign(&key, message).as_ref().to_vec());
    }
    let wrong = |reason: String| {
        invalid(
            "/key",
            format!(
                "The key cannot be used for {algorithm}: {reason}. It must be a private key in PEM (PKCS #8)."
            ),
        )
    };
    let der = pem(key, "PRIVATE KEY").ok_or_else(|| wrong("it is not in PEM".to_owned()))?;
    let rejected = |error: ring::error::KeyRejected| wrong(error.to_string());
    let broken = |_| failed("internal", "The token cannot be signed.");
    let random = SystemRandom::new();
    match algorithm {
        "EdDSA" => {
            let pair = Ed25519KeyPair::from_pkcs8_maybe_unchecked(&der).map_err(rejected)?;
            Ok(pair.sign(message).as_ref().to_vec())
        }
        "ES256" | "ES384" => {
            let kind = match algorithm {
                "ES256" => &signature::ECDSA_P256_SHA256_FIXED_SIGNING,
                _ => &signature::ECDSA_P384_SHA384_FIXED_SIGNING,
            };
            let pair = EcdsaKeyPair::from_pkcs8(kind, &der, &random).map_err(rejected)?;
            let signature = pair.sign(&random, message).map_err(broken)?;
            Ok(signature.as_ref().to_vec())
        }
        _ => {
            let kind: &dyn signature::RsaEncoding = match algorithm {
                "RS384" => &signature::RSA_PKCS1_SHA384,
                "RS512" => &signature::RSA_PKCS1_SHA512,
                "PS256" => &signature::RSA_PSS_SHA256,
                _ => &signature::RSA_PKCS1_SHA256,
            };
            let pair = RsaKeyPair::from_pkcs8(&der)
                .or_else(|_| RsaKeyPair::from_der(&der))
                .map_err(rejected)?;
            let mut signature = vec![0; pair.public().modulus_len()];
            pair.sign(kind, &random, message, &mut signature)
                .map_err(broken)?;
            Ok(signature)
        }
    }
}

/// Whether the signature is right, by the shared secret or public key.
pub(super) fn is_right(
    algorithm: &str,
    key: &str,
    message: &[u8],
    signature: &[u8],
) -> Result<bool, StepError> {
    if let Some(shared) = shared(algorithm) {
        let key = hmac::Key::new(shared, key.as_bytes());
        return Ok(hmac::verify(&key, message, signature).is_ok());
    }
    let wrong = || {
        invalid(
            "/key",
            format!(
                "The key cannot be used for {algorithm}. It must be a public key in PEM (\"BEGIN PUBLIC KEY\")."
            ),
        )
    };
    let der = pem(key, "PUBLIC KEY").ok_or_else(wrong)?;
    let (kind, prefix): (&dyn signature::VerificationAlgorithm, usize) = match algorithm {
        "EdDSA" => (&signature::ED25519, 32),
        "ES256" => (&signature::ECDSA_P256_SHA256_FIXED, 65),
        "ES384" => (&signature::ECDSA_P384_SHA384_FIXED, 97),
        "RS384" => (&signature::RSA_PKCS1_2048_8192_SHA384, 0),
        "RS512" => (&signature::RSA_PKCS1_2048_8192_SHA512, 0),
        "PS256" => (&signature::RSA_PSS_2048_8192_SHA256, 0),
        _ => (&signature::RSA_PKCS1_2048_8192_SHA256, 0),
    };
    // The key itself ends the SubjectPublicKeyInfo: curve points have a fixed length, RSA keys are a sequence.
    let key = match prefix {
        0 => rsa_within(&der).ok_or_else(wrong)?,
        length => der
            .len()
            .checked_sub(length)
            .map(|at| &der[at..])
            .ok_or_else(wrong)?,
    };
    Ok(UnparsedPublicKey::new(kind, key)
        .verify(message, signature)
        .is_ok())
}

fn shared(algorithm: &str) -> Option<hmac::Algorithm> {
    match algorithm {
        "HS256" => Some(hmac::HMAC_SHA256),
        "HS384" => Some(hmac::HMAC_SHA384),
        "HS512" => Some(hmac::HMAC_SHA512),
        _ => None,
    }
}

/// What stands between `BEGIN … KIND` and `END`.
fn pem(text: &str, kind: &str) -> Option<Vec<u8>> {
    let (_, rest) = text.split_once("-----BEGIN ")?;
    let (label, rest) = rest.split_once("-----")?;
    let (body, _) = rest.split_once("-----END")?;
    label.ends_with(kind).then_some(())?;
    bytes::read(body, "base64", "/key").ok()
}

/// The RSAPublicKey (`SEQUENCE { n, e }`) in a SubjectPublicKeyInfo, or the whole if it is one already.
fn rsa_within(der: &[u8]) -> Option<&[u8]> {
    let inside = contents(der, 0x30)?;
    if inside.first() == Some(&0x02) {
        return Some(der);
    }
    let (algorithm, rest) = inside.split_at_checked(whole_length(inside)?)?;
    contents(algorithm, 0x30)?;
    contents(rest, 0x03)?.strip_prefix(&[0])
}

/// The contents of a DER value with this tag.
fn contents(der: &[u8], tag: u8) -> Option<&[u8]> {
    let (header, length) = lengths(der)?;
    (der.first() == Some(&tag)).then_some(())?;
    der.get(header..header.checked_add(length)?)
}

fn whole_length(der: &[u8]) -> Option<usize> {
    let (header, length) = lengths(der)?;
    header.checked_add(length)
}

/// How long the header of a DER value is, and how long its contents.
fn lengths(der: &[u8]) -> Option<(usize, usize)> {
    let first = usize::from(*der.get(1)?);
    if first < 0x80 {
        return Some((2, first));
    }
    let count = first & 0x7f;
    if count > 4 {
        return None;
    }
    let bytes = der.get(2..2 + count)?;
    let length = bytes
        .iter()
        .fold(0, |length, byte| length << 8 | usize::from(*byte));
    Some((2 + count, length))
}
