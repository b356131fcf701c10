//! Making and renewing authentications.

mod modal;

pub use modal::AuthenticationModal;
