//! The life of tokens: one refresh at a time, ahead of expiry, and the new pair saved before it is used.

use crate::{
    BoxFuture, Credential, Secret,
    oauth::{OauthError, TokenSet},
};
use std::{
    collections::HashMap,
    fmt,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};
use tokio::sync::{Mutex as AsyncMutex, OwnedMutexGuard};

/// How long before expiry a token is renewed, at most; a tenth of its life when that is shorter.
const AHEAD_MS: i64 = 60_000;
/// How long a loaded credential is trusted before the store is asked again.
const TRUST_MS: i64 = 5_000;
/// A token younger than this that the service refuses would not become better by another refresh.
const YOUNG_MS: i64 = 10_000;
/// Attempts at a token endpoint that is down, and the pause between them.
const ATTEMPTS: u32 = 3;
const PAUSE: Duration = Duration::from_secs(10);
/// The longest wait that a service may impose on a caller; beyond it the caller is told.
const PATIENCE: Duration = Duration::from_secs(60);

/// Where credentials are kept. The store seals nothing and opens nothing: whoever implements this does both.
pub trait TokenStore: Send + Sync + 'static {
    /// The credential and its version; none when the authentication does not exist (any more).
    fn load<'a>(&'a self, id: &'a str) -> BoxFuture<'a, Result<Option<Stored>, String>>;

    /// Saves new tokens if the row is still at `version`; `false` when somebody else saved first.
    fn save<'a>(
        &'a self,
        id: &'a str,
        version: u64,
        credential: &'a Credential,
    ) -> BoxFuture<'a, Result<bool, String>>;

    /// Marks the authentication: a person has to sign in again.
    fn needs_reconnect<'a>(
        &'a self,
        id: &'a str,
        reason: &'a str,
    ) -> BoxFuture<'a, Result<(), String>>;
}

/// A credential as it is stored.
#[derive(Debug, Clone)]
pub struct Stored {
    pub credential: Credential,
    /// Grows with each save.
    pub version: u64,
    /// Whether it was marked by [`TokenStore::needs_reconnect`].
    pub needs_reconnect: bool,
}

/// Asks the service for new tokens: by refresh token or by assertion.
pub trait Renew: Send + Sync + 'static {
    fn renew<'a>(
        &'a self,
        id: &'a str,
        credential: &'a Credential,
    ) -> BoxFuture<'a, Result<TokenSet, OauthError>>;
}

/// Time as the keeper sees it.
pub trait Clock: Send + Sync + 'static {
    /// Unix milliseconds.
    fn now(&self) -> i64;
    /// Completes after `duration`.
    fn sleep(&self, duration: Duration) -> BoxFuture<'static, ()>;
}

/// Why there is no usable credential.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TokenError {
    #[error("this authentication no longer exists; choose another one")]
    NotFound,
    /// Somebody has to sign in again.
    #[error("the service no longer accepts this authentication ({reason}); reconnect it")]
    NeedsReconnect { reason: String },
    /// The service refuses a token that it has only just given.
    #[error(
        "the service refuses a token that it gave a moment ago; check that the account may use this operation"
    )]
    StillRefused,
    /// Anything else that the service said; see [`OauthError::is_transient`].
    #[error(transparent)]
    Service(#[from] OauthError),
    /// The credential could not be read or written.
    #[error("the stored authentication could not be used: {0}")]
    Store(String),
    /// It is of a kind that has no token.
    #[error("this authentication has no token")]
    NoToken,
}

/// Hands out credentials whose tokens are alive.
pub struct Keeper {
    inner: Arc<Inner>,
}

impl fmt::Debug for Keeper {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Keeper")
    }
}

struct Inner {
    store: Arc<dyn TokenStore>,
    renew: Arc<dyn Renew>,
    clock: Arc<dyn Clock>,
    slots: Mutex<HashMap<String, Arc<AsyncMutex<Slot>>>>,
}

/// What is known about one authentication; whoever holds its lock is the only one to refresh.
#[derive(Default)]
struct Slot {
    known: Option<Known>,
    /// Until then the service wants to be left alone, and why.
    blocked: Option<(i64, OauthError)>,
}

struct Known {
    credential: Arc<Credential>,
    version: u64,
    loaded_at: i64,
    /// Renewed at the service but not yet saved: must not be used, must not be lost.
    unsaved: bool,
}

enum Want<'a> {
    /// Any token that is alive.
    Alive,
    /// Another one than this, which the service refused.
    Other(&'a Secret),
}

impl Keeper {
    pub fn new(store: Arc<dyn TokenStore>, renew: Arc<dyn Renew>, clock: Arc<dyn Clock>) -> Self {
        Self {
            inner: Arc::new(Inner {
                store,
                renew,
                clock,
                slots: Mutex::default(),
            }),
        }
    }

    /// The credential, its tokens renewed if they are about to expire.
    pub async fn credential(&self, id: &str) -> Result<Arc<Credential>, TokenError> {
        let slot = self.inner.slot(id).lock_owned().await;
        if let Some(known) = self.inner.trusted(&slot) {
            return Ok(known);
        }
        self.finish(id, slot, None).await
    }

    /// The access token, renewed if it is about to expire.
    pub async fn access_token(&self, id: &str) -> Result<Secret, TokenError> {
        let credential = self.credential(id).await?;
        credential
            .access_token()
            .cloned()
            .ok_or(TokenError::NoToken)
    }

    /// After the service refused `refused` with 401: another token than that one. Call it once per request.
    pub async fn force_refresh(
        &self,
        id: &str,
        refused: &Secret,
    ) -> Result<Arc<Credential>, TokenError> {
        let slot = self.inner.slot(id).lock_owned().await;
        self.finish(id, slot, Some(refused.clone())).await
    }

    /// Forgets what is known, after the authentication was reconnected or deleted.
    pub async fn forget(&self, id: &str) {
        let slot = self.inner.lock_slots().remove(id);
        if let Some(slot) = slot {
            *slot.lock().await = Slot::default();
        }
    }

    /// Runs on a task of its own: a caller who is cancelled in between must not lose a pair that the service has
    /// already exchanged.
    async fn finish(
        &self,
        id: &str,
        mut slot: OwnedMutexGuard<Slot>,
        refused: Option<Secret>,
    ) -> Result<Arc<Credential>, TokenError> {
        let inner = Arc::clone(&self.inner);
        let id = id.to_owned();
        let task = tokio::spawn(async move {
            let want = refused.as_ref().map_or(Want::Alive, Want::Other);
            inner.obtain(&id, &mut slot, &want).await
        });
        task.await.unwrap_or_else(|error| {
            Err(TokenError::Store(format!(
                "the refresh was interrupted: {error}"
            )))
        })
    }
}

impl Inner {
    fn lock_slots(&self) -> std::sync::MutexGuard<'_, HashMap<String, Arc<AsyncMutex<Slot>>>> {
        self.slots.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn slot(&self, id: &str) -> Arc<AsyncMutex<Slot>> {
        Arc::clone(self.lock_slots().entry(id.to_owned()).or_default())
    }

    /// What may be handed out without asking anybody.
    fn trusted(&self, slot: &Slot) -> Option<Arc<Credential>> {
        let known = slot.known.as_ref()?;
        let now = self.clock.now();
        let recent = (0..TRUST_MS).contains(&(now - known.loaded_at));
        (recent && !known.unsaved && !is_due(&known.credential, now))
            .then(|| Arc::clone(&known.credential))
    }

    async fn obtain(
        &self,
        id: &str,
        slot: &mut Slot,
        want: &Want<'_>,
    ) -> Result<Arc<Credential>, TokenError> {
        self.save_pending(id, slot).await?;
        let stored = self
            .store
            .load(id)
            .await
            .map_err(TokenError::Store)?
            .ok_or(TokenError::NotFound)?;
        if stored.needs_reconnect {
            slot.known = None;
            return Err(TokenError::NeedsReconnect {
                reason: "it was marked so earlier".to_owned(),
            });
        }
        let now = self.clock.now();
        let Stored {
            credential,
            version,
            ..
        } = stored;
        let credential = Arc::new(credential);
        slot.known = Some(Known {
            credential: Arc::clone(&credential),
            version,
            loaded_at: now,
            unsaved: false,
        });
        let must = match want {
            Want::Alive => is_due(&credential, now),
            Want::Other(refused) if credential.access_token() != Some(*refused) => {
                is_due(&credential, now)
            }
            Want::Other(_) => {
                match credential.tokens() {
                    Some(tokens) if now - tokens.issued_at < YOUNG_MS => {
                        return Err(TokenError::StillRefused);
                    }
                    Some(_) => {}
                    None => return self.give_up(id, slot, "it refuses the token").await,
                }
                true
            }
        };
        if !must {
            return Ok(credential);
        }
        match self.renewed(id, slot, &credential).await {
            Ok(tokens) => {
                let renewed = Arc::new(credential.with_tokens(tokens));
                slot.known = Some(Known {
                    credential: Arc::clone(&renewed),
                    version,
                    loaded_at: self.clock.now(),
                    unsaved: true,
                });
                self.save_pending(id, slot).await?;
                slot.known
                    .as_ref()
                    .map(|known| Arc::clone(&known.credential))
                    .ok_or(TokenError::NotFound)
            }
            Err(OauthError::InvalidGrant { description }) => {
                self.give_up(id, slot, &description).await
            }
            // Ahead of expiry there is still a token that works.
            Err(error)
                if error.is_transient()
                    && matches!(want, Want::Alive)
                    && !is_expired(&credential, self.clock.now()) =>
            {
                Ok(credential)
            }
            Err(error) => Err(error.into()),
        }
    }

    /// Saves a pair that an earlier attempt could not save. The old one is dead at the service.
    async fn save_pending(&self, id: &str, slot: &mut Slot) -> Result<(), TokenError> {
        let Some(known) = slot.known.as_mut().filter(|known| known.unsaved) else {
            return Ok(());
        };
        let saved = self
            .store
            .save(id, known.version, &known.credential)
            .await
            .map_err(TokenError::Store)?;
        if saved {
            known.version += 1;
            known.unsaved = false;
            return Ok(());
        }
        // Another process refreshed, or the authentication was reconnected or deleted: what is stored now counts.
        let stored = self
            .store
            .load(id)
            .await
            .map_err(TokenError::Store)?
            .ok_or(TokenError::NotFound)?;
        slot.known = Some(Known {
            credential: Arc::new(stored.credential),
            version: stored.version,
            loaded_at: self.clock.now(),
            unsaved: false,
        });
        Ok(())
    }

    async fn give_up<T>(&self, id: &str, slot: &mut Slot, reason: &str) -> Result<T, TokenError> {
        slot.known = None;
        self.store
            .needs_reconnect(id, reason)
            .await
            .map_err(TokenError::Store)?;
        Err(TokenError::NeedsReconnect {
            reason: reason.to_owned(),
        })
    }

    /// Asks the service, patiently, and leaves it alone afterwards when it stays down.
    async fn renewed(
        &self,
        id: &str,
        slot: &mut Slot,
        credential: &Credential,
    ) -> Result<TokenSet, OauthError> {
        if let Some((until, error)) = &slot.blocked
            && self.clock.now() < *until
        {
            return Err(error.clone());
        }
        slot.blocked = None;
        let mut attempt = 1;
        loop {
            let error = match self.renew.renew(id, credential).await {
                Ok(tokens) => return Ok(tokens),
                Err(error) if error.is_transient() => error,
                Err(error) => return Err(error),
            };
            let pause = match &error {
                OauthError::Busy {
                    retry_after_ms: Some(ms),
                } => Duration::from_millis(*ms),
                _ => PAUSE,
            };
            if attempt == ATTEMPTS || pause > PATIENCE || !is_expired(credential, self.clock.now())
            {
                tracing::warn!(authentication = id, attempt, error = %error, "token refresh failed");
                let pause = i64::try_from(pause.as_millis()).unwrap_or(i64::MAX);
                slot.blocked = Some((self.clock.now().saturating_add(pause), error.clone()));
                return Err(error);
            }
            self.clock.sleep(pause).await;
            attempt += 1;
        }
    }
}

/// Whether the tokens should be renewed now. Credentials without tokens never are; an assertion without tokens is.
fn is_due(credential: &Credential, now: i64) -> bool {
    match credential {
        Credential::Jwt { tokens: None, .. } => true,
        _ => credential.tokens().is_some_and(|tokens| {
            let Some(expires_at) = tokens.expires_at else {
                return false;
            };
            let life = expires_at.saturating_sub(tokens.issued_at).max(0);
            now >= expires_at.saturating_sub(AHEAD_MS.min(life / 10))
        }),
    }
}

fn is_expired(credential: &Credential, now: i64) -> bool {
    match credential.tokens() {
        Some(tokens) => tokens
            .expires_at
            .is_some_and(|expires_at| now >= expires_at),
        None => matches!(credential, Credential::Jwt { .. }),
    }
}

#[cfg(test)]
mod tests;
