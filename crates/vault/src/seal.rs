//! Seals secrets with XChaCha20-Poly1305 under a key that is not in the database.
//!
//! A sealed value reads `v1.<key id>.<base64url of nonce and ciphertext>`. The context (such as
//! `authentication:auth_…`) is authenticated with it, so a value copied to another row does not open.

mod key;
mod key_file;

use crate::fresh;
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use chacha20poly1305::{
    XChaCha20Poly1305, XNonce,
    aead::{Aead, KeyInit, Payload},
};
use key::Key;
use std::{
    fmt,
    path::{Path, PathBuf},
};
use zeroize::Zeroizing;

const VERSION: &str = "v1";
const NONCE: usize = 24;

/// Where the keys come from.
#[derive(Clone)]
pub enum KeySource {
    /// The text of `PATCHBAY_KEY`: one key, or several separated by commas, the newest first. A key is 32 bytes in
    /// hexadecimal or base64; any other text of at least 32 characters is taken as a passphrase and hashed.
    Env(String),
    /// A file with one key per line, the newest first; made with mode 0600 when it does not exist.
    File(PathBuf),
}

impl fmt::Debug for KeySource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Env(_) => f.write_str("Env([secret])"),
            Self::File(path) => f.debug_tuple("File").field(path).finish(),
        }
    }
}

/// A sealed secret as text: safe to store, useless without the key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sealed(String);

impl Sealed {
    /// Takes a text that was stored; whether it opens is for [`Vault::open`] to say.
    pub fn from_text(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// The text to store.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The text to store.
    pub fn into_text(self) -> String {
        self.0
    }

    /// The id of the key it was sealed under.
    pub fn key_id(&self) -> Option<&str> {
        let mut parts = self.0.split('.');
        (parts.next() == Some(VERSION))
            .then(|| parts.next())
            .flatten()
    }
}

/// Why a secret could not be sealed or opened, or the keys not be read.
#[derive(Debug, thiserror::Error)]
pub enum SealError {
    /// The value was sealed under a key that is not here.
    #[error(
        "this secret was sealed under key {0}, which is not among the keys given; start with the key it was made with"
    )]
    UnknownKey(String),
    /// Not a sealed value, or a shortened one.
    #[error("this is not a complete sealed secret; the row it comes from is damaged")]
    Malformed,
    /// The right key, but other bytes or another context.
    #[error("this sealed secret was changed, or belongs to another record")]
    Tampered,
    /// The key text or file is not usable.
    #[error("{0}")]
    Key(String),
    /// The key file could not be read or written.
    #[error("the key file {path} could not be used: {error}")]
    File {
        path: PathBuf,
        error: std::io::Error,
    },
    /// The operating system gave no random bytes.
    #[error(transparent)]
    NoRandomness(#[from] fresh::NoRandomness),
}

/// Seals under the newest key and opens under any of them.
pub struct Vault {
    /// Newest first, never empty.
    keys: Vec<Key>,
}

impl fmt::Debug for Vault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Vault")
            .field("keys", &self.key_ids())
            .finish()
    }
}

impl Vault {
    /// Reads the keys; a key file that does not exist is made.
    pub fn open_or_create(source: KeySource) -> Result<Self, SealError> {
        let keys = match source {
            KeySource::Env(text) => Key::parse_list(&text, "PATCHBAY_KEY")?,
            KeySource::File(path) => key_file::read_or_create(&path)?,
        };
        Ok(Self { keys })
    }

    /// Puts a new key in front of those in the file. Secrets sealed before still open; [`Vault::reseal`] moves them.
    pub fn rotate_file(path: &Path) -> Result<Self, SealError> {
        Ok(Self {
            keys: key_file::rotate(path)?,
        })
    }

    /// Ids of the keys, newest first.
    pub fn key_ids(&self) -> Vec<&str> {
        self.keys.iter().map(Key::id).collect()
    }

    /// Seals `plain` for `context`, under the newest key.
    pub fn seal(&self, plain: &[u8], context: &str) -> Result<Sealed, SealError> {
        let key = self
            .keys
            .first()
            .ok_or_else(|| SealError::Key("there is no key to seal with".to_owned()))?;
        let nonce = fresh::bytes::<NONCE>()?;
        let aad = aad(key.id(), context);
        let cipher = XChaCha20Poly1305::new(key.bytes().into());
        let sealed = cipher
            .encrypt(
                XNonce::from_slice(&nonce),
                Payload {
                    msg: plain,
                    aad: aad.as_bytes(),
                },
            )
            .map_err(|_| SealError::Malformed)?;
        let mut bytes = nonce.to_vec();
        bytes.extend(sealed);
        Ok(Sealed(format!(
            "{VERSION}.{}.{}",
            key.id(),
            URL_SAFE_NO_PAD.encode(bytes)
        )))
    }

    /// Opens what was sealed for the same `context`.
    pub fn open(&self, sealed: &Sealed, context: &str) -> Result<Zeroizing<Vec<u8>>, SealError> {
        let mut parts = sealed.0.split('.');
        let (Some(VERSION), Some(id), Some(body), None) =
            (parts.next(), parts.next(), parts.next(), parts.next())
        else {
            return Err(SealError::Malformed);
        };
        let key = self
            .keys
            .iter()
            .find(|key| key.id() == id)
            .ok_or_else(|| SealError::UnknownKey(id.to_owned()))?;
        let bytes = URL_SAFE_NO_PAD
            .decode(body)
            .map_err(|_| SealError::Malformed)?;
        let Some((nonce, body)) = bytes.split_at_checked(NONCE) else {
            return Err(SealError::Malformed);
        };
        let aad = aad(id, context);
        let cipher = XChaCha20Poly1305::new(key.bytes().into());
        let plain = cipher
            .decrypt(
                XNonce::from_slice(nonce),
                Payload {
                    msg: body,
                    aad: aad.as_bytes(),
                },
            )
            .map_err(|_| SealError::Tampered)?;
        Ok(Zeroizing::new(plain))
    }

    /// The same secret under the newest key; none when it already is.
    pub fn reseal(&self, sealed: &Sealed, context: &str) -> Result<Option<Sealed>, SealError> {
        if sealed.key_id() == self.keys.first().map(Key::id) {
            return Ok(None);
        }
        let plain = self.open(sealed, context)?;
        self.seal(&plain, context).map(Some)
    }
}

fn aad(key_id: &str, context: &str) -> String {
    format!("patchbay/{VERSION}/{key_id}/{context}")
}

#[cfg(test)]
mod tests;
