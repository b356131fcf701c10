//! Seals and opens secrets, and keeps OAuth tokens alive; nothing here knows a database, a service or an HTTP library.
//!
//! - [`secret`]: a text that cannot be printed or serialised by accident.
//! - [`seal`]: XChaCha20-Poly1305 under a key that is not in the database; several keys for rotation.
//! - [`credential`]: what an authentication holds, and its sealed form.
//! - [`oauth`]: sign-in with PKCE, exchange, refresh, revocation; the HTTP sender is an argument.
//! - [`tokens`]: one refresh at a time, ahead of expiry, saved before it is used.
//! - [`fresh`]: random tokens, and the digest under which they are stored.

pub mod credential;
pub mod fresh;
pub mod oauth;
pub mod seal;
pub mod secret;
pub mod tokens;

pub use credential::Credential;
pub use seal::{KeySource, Sealed, Vault};
pub use secret::Secret;

use std::{future::Future, pin::Pin};

/// A boxed future, so that the ports can be used as trait objects.
pub type BoxFuture<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;
