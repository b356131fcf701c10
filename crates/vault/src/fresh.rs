//! Random tokens for sessions, invitations and the API, and the digest under which they are stored.

use crate::Secret;
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use sha2::{Digest, Sha256};

/// The operating system gave no random bytes.
#[derive(Debug, thiserror::Error)]
#[error("the operating system gave no random numbers: {0}")]
pub struct NoRandomness(String);

/// `N` bytes from the operating system.
pub fn bytes<const N: usize>() -> Result<[u8; N], NoRandomness> {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).map_err(|error| NoRandomness(error.to_string()))?;
    Ok(bytes)
}

/// A token with 256 bits of randomness, such as `pb_3q2-7w…`.
pub fn token(prefix: &str) -> Result<Secret, NoRandomness> {
    Ok(Secret::new(format!(
        "{prefix}{}",
        URL_SAFE_NO_PAD.encode(bytes::<32>()?)
    )))
}

/// SHA-256 in hexadecimal: how a random token is stored and looked up. Not for passwords.
pub fn digest(text: &str) -> String {
    hex(&Sha256::digest(text.as_bytes()))
}

pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::{digest, token};

    #[test]
    fn tokens_differ_and_carry_their_prefix() {
        let (a, b) = (token("pb_").unwrap(), token("pb_").unwrap());
        assert_ne!(a, b);
        assert!(a.expose().starts_with("pb_") && a.expose().len() == 46);
    }

    #[test]
    fn digest_is_sha_256_in_hexadecimal() {
        assert_eq!(
            digest("abc"),
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
        );
    }
}
