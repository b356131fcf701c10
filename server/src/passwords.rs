//! Passwords: argon2id, with the parameters of the OWASP cheat sheet (19 MiB, 2 passes).

use argon2::{
    Argon2, PasswordHash, PasswordHasher, PasswordVerifier,
    password_hash::{SaltString, rand_core::OsRng},
};

use crate::error::Problem;

/// The shortest password that is accepted.
pub(crate) const SHORTEST: usize = 10;
/// The longest: beyond this somebody is only trying to keep the server busy.
const LONGEST: usize = 1024;

/// Refuses passwords that are too short to protect anything.
///
/// # Errors
/// A problem at `/password`.
pub(crate) fn check_strength(password: &str) -> Result<(), Problem> {
    let length = password.chars().count();
    if (SHORTEST..=LONGEST).contains(&length) {
        return Ok(());
    }
    let message = if length < SHORTEST {
        format!("Use at least {SHORTEST} characters; a few words in a row are easy to remember.")
    } else {
        format!("Use at most {LONGEST} characters.")
    };
    Err(
        Problem::unprocessable("weak_password", "This password cannot be used")
            .field("/password", message),
    )
}

/// Hashes on a blocking thread.
///
/// # Errors
/// When the machine has no randomness or no memory.
pub(crate) async fn hash(password: String) -> Result<String, Problem> {
    tokio::task::spawn_blocking(move || {
        let salt = SaltString::generate(&mut OsRng);
        Argon2::default()
            .hash_password(password.as_bytes(), &salt)
            .map(|hash| hash.to_string())
    })
    .await
    .map_err(Problem::internal)?
    .map_err(Problem::internal)
}

/// Whether the password belongs to the hash. Without a hash it takes the same time and says no.
pub(crate) async fn verify(password: String, hash: Option<String>) -> bool {
    // The hash of nothing anybody knows, so that an unknown address cannot be told by a quick answer.
    const NOBODY: &str = "$argon2id$v=19$m=19456,t=2,p=1$c29tZXNhbHRzb21lc2FsdA$Wg9lWc3zQ2T9DkqI6PWoGf9Qx8kqz0rj0hVg1XQbM2c";
    let known = hash.is_some();
    let hash = hash.unwrap_or_else(|| NOBODY.to_owned());
    let fits = tokio::task::spawn_blocking(move || {
        PasswordHash::new(&hash).is_ok_and(|parsed| {
            Argon2::default()
                .verify_password(password.as_bytes(), &parsed)
                .is_ok()
        })
    })
    .await
    .unwrap_or(false);
    known && fits
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_password_fits_its_own_hash_only() {
        let hashed = hash("correct horse battery".to_owned())
            .await
            .expect("hashing works");
        assert!(hashed.starts_with("$argon2id$"), "{hashed}");
        assert!(verify("correct horse battery".to_owned(), Some(hashed.clone())).await);
        assert!(!verify("correct horse".to_owned(), Some(hashed)).await);
        assert!(!verify("correct horse battery".to_owned(), None).await);
    }

    #[test]
    fn short_and_endless_passwords_are_refused_at_their_field() {
        for bad in ["short", &"x".repeat(2000)] {
            let problem = check_strength(bad).expect_err("must be refused");
            assert_eq!(problem.details.errors[0].pointer, "/password");
        }
        assert!(check_strength("long enough").is_ok());
    }
}
