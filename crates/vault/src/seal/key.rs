//! One key: 32 bytes, and the id that every value sealed under it carries.

use super::SealError;
use crate::fresh;
use base64::{
    Engine,
    engine::general_purpose::{STANDARD, STANDARD_NO_PAD, URL_SAFE, URL_SAFE_NO_PAD},
};
use sha2::{Digest, Sha256};
use zeroize::Zeroizing;

const BYTES: usize = 32;
/// A passphrase shorter than this could be guessed.
const PASSPHRASE: usize = 32;

pub(super) struct Key {
    bytes: Zeroizing<[u8; BYTES]>,
    id: String,
}

impl Key {
    pub(super) fn random() -> Result<Self, SealError> {
        Ok(Self::from_bytes(fresh::bytes::<BYTES>()?))
    }

    /// Keys separated by commas or line ends, lines with `#` left out; `what` names the source in errors.
    pub(super) fn parse_list(text: &str, what: &str) -> Result<Vec<Self>, SealError> {
        let keys: Vec<Self> = text
            .lines()
            .filter(|line| !line.trim_start().starts_with('#'))
            .flat_map(|line| line.split(','))
            .map(str::trim)
            .filter(|part| !part.is_empty())
            .map(|part| Self::parse(part, what))
            .collect::<Result<_, _>>()?;
        if keys.is_empty() {
            return Err(SealError::Key(format!(
                "{what} holds no key; give 32 random bytes in base64 or hexadecimal"
            )));
        }
        Ok(keys)
    }

    fn parse(text: &str, what: &str) -> Result<Self, SealError> {
        if let Some(bytes) = from_hex(text).or_else(|| from_base64(text)) {
            return Ok(Self::from_bytes(bytes));
        }
        if text.chars().count() < PASSPHRASE {
            return Err(SealError::Key(format!(
                "{what} is neither 32 bytes in base64 or hexadecimal nor a passphrase of at least {PASSPHRASE} characters; \
                 `openssl rand -base64 32` makes a good key"
            )));
        }
        let mut hash = Sha256::new();
        hash.update(b"patchbay passphrase\0");
        hash.update(text.as_bytes());
        Ok(Self::from_bytes(hash.finalize().into()))
    }

    fn from_bytes(bytes: [u8; BYTES]) -> Self {
        let mut hash = Sha256::new();
        hash.update(b"patchbay key id\0");
        hash.update(bytes);
        let id = fresh::hex(&hash.finalize()[..4]);
        Self {
            bytes: Zeroizing::new(bytes),
            id,
        }
    }

    pub(super) fn id(&self) -> &str {
        &self.id
    }

    pub(super) fn bytes(&self) -> &[u8; BYTES] {
        &self.bytes
    }

    pub(super) fn to_text(&self) -> Zeroizing<String> {
        Zeroizing::new(STANDARD.encode(*self.bytes))
    }
}

fn from_hex(text: &str) -> Option<[u8; BYTES]> {
    if text.len() != 2 * BYTES || !text.is_ascii() {
        return None;
    }
    let mut bytes = [0; BYTES];
    for (index, byte) in bytes.iter_mut().enumerate() {
        *byte = u8::from_str_radix(text.get(2 * index..2 * index + 2)?, 16).ok()?;
    }
    Some(bytes)
}

fn from_base64(text: &str) -> Option<[u8; BYTES]> {
    [STANDARD, STANDARD_NO_PAD, URL_SAFE, URL_SAFE_NO_PAD]
        .iter()
        .find_map(|engine| engine.decode(text).ok())
        .and_then(|bytes| bytes.try_into().ok())
}
