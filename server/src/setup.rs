//! The code that the first account needs when the browser is not on this machine.

use patchbay_vault::{Secret, fresh};

/// Printed once when the server starts without an account.
pub struct SetupCode(Secret);

impl SetupCode {
    /// A fresh code.
    ///
    /// # Errors
    /// When the machine has no randomness.
    pub fn fresh() -> Result<Self, fresh::NoRandomness> {
        Ok(Self(fresh::token("setup-")?))
    }

    /// The code as it is printed.
    pub fn shown(&self) -> &str {
        self.0.expose()
    }

    /// Whether this is the code.
    pub fn fits(&self, given: &str) -> bool {
        self.0 == Secret::new(given.trim())
    }
}
