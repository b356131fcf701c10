//! The one place where the kit names the type that holds a secret.

pub use patchbay_vault::secret::Secret;
