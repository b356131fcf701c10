//! What has been asked for, allowed and issued: pending sign-ins, codes, sessions and tokens.

use std::collections::HashMap;

use indexmap::IndexMap;
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use crate::oauth::Service;
use crate::people::Person;
use crate::random::token;

/// Seconds a code may be exchanged in (RingCentral documents 60).
pub(crate) const CODE_LIFE: i64 = 60;
/// Seconds an access token works for.
pub(crate) const ACCESS_LIFE: i64 = 3_600;
/// Seconds a RingCentral refresh token works for: seven days.
pub(crate) const REFRESH_LIFE: i64 = 604_800;
/// Seconds a replaced refresh token lives on while its replacement was never used.
const GRACE_UNUSED: i64 = 3_600;
/// Seconds a replaced refresh token lives on once its replacement was used.
const GRACE_USED: i64 = 10;
/// Seconds a person may take on the sign-in pages.
const PENDING_LIFE: i64 = 1_800;

/// `at` plus so many seconds.
pub(crate) fn after(at: Timestamp, seconds: i64) -> Timestamp {
    at.saturating_add(SignedDuration::from_secs(seconds))
        .unwrap_or(at)
}

/// Whole seconds from `now` until `until`, at least 0.
pub(crate) fn seconds_left(now: Timestamp, until: Timestamp) -> i64 {
    until.duration_since(now).as_secs().max(0)
}

/// A checked authorisation request, waiting for a person.
#[derive(Debug, Clone)]
pub(crate) struct Pending {
    pub(crate) service: Service,
    pub(crate) client_id: String,
    pub(crate) redirect_uri: String,
    pub(crate) state: Option<String>,
    pub(crate) scopes: Vec<String>,
    pub(crate) challenge: Option<String>,
    /// Google: a refresh token is wanted.
    pub(crate) offline: bool,
    /// Google: ask again even if the person has allowed this before.
    pub(crate) force_consent: bool,
    /// Google: earlier allowed scopes are added.
    pub(crate) include_granted: bool,
    /// Chosen on the first page.
    pub(crate) person: Option<Person>,
    pub(crate) expires_at: Timestamp,
}

/// A code given to the browser.
#[derive(Debug, Clone)]
pub(crate) struct Code {
    pub(crate) pending: Pending,
    pub(crate) person: Person,
    pub(crate) scopes: Vec<String>,
    pub(crate) with_refresh: bool,
    pub(crate) expires_at: Timestamp,
}

/// What one consent started; ends as a whole.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Session {
    pub(crate) id: String,
    pub(crate) service: Service,
    pub(crate) client_id: String,
    pub(crate) person: Person,
    pub(crate) scopes: Vec<String>,
    pub(crate) refresh: Option<String>,
    pub(crate) refresh_expires_at: Timestamp,
    /// The newest access token.
    pub(crate) access: String,
    /// The refresh token before `refresh`, and when it was replaced.
    previous: Option<(String, Timestamp)>,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
struct Access {
    session: String,
    expires_at: Timestamp,
    first_used_at: Option<Timestamp>,
}

/// Who a valid access token speaks for.
#[derive(Debug, Clone)]
pub(crate) struct Identity {
    pub(crate) person: Person,
    pub(crate) client_id: String,
    pub(crate) scopes: Vec<String>,
}

/// Why an access token is not good.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum TokenProblem {
    Unknown,
    Expired,
}

/// Everything issued so far.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(crate) struct Grants {
    #[serde(skip)]
    pending: HashMap<String, Pending>,
    #[serde(skip)]
    codes: HashMap<String, Code>,
    sessions: IndexMap<String, Session>,
    access: HashMap<String, Access>,
    /// Google: what each person has allowed each client, as `client person → scopes`.
    consents: HashMap<String, Vec<String>>,
}

fn consent_key(client_id: &str, person: Person) -> String {
    format!("{client_id} {}", person.key())
}

impl Grants {
    /// Keeps a request until the person has decided; the answer is its handle for the forms.
    pub(crate) fn begin(&mut self, mut pending: Pending, now: Timestamp) -> String {
        self.pending.retain(|_, old| old.expires_at > now);
        pending.expires_at = after(now, PENDING_LIFE);
        let handle = token("", 18);
        self.pending.insert(handle.clone(), pending);
        handle
    }

    pub(crate) fn pending(&mut self, handle: &str, now: Timestamp) -> Option<&mut Pending> {
        self.pending
            .get_mut(handle)
            .filter(|pending| pending.expires_at > now)
    }

    pub(crate) fn finish(&mut self, handle: &str) {
        self.pending.remove(handle);
    }

    /// Issues a single-use code for what the person has allowed.
    pub(crate) fn issue_code(
        &mut self,
        pending: &Pending,
        person: Person,
        scopes: Vec<String>,
        with_refresh: bool,
        now: Timestamp,
    ) -> String {
        let prefix = match pending.service {
            Service::RingCentral => "U0pDMTFQMDFQQVMwMXxBQUJ",
            Service::Google => "4/0A",
        };
        let code = token(prefix, 32);
        self.codes.insert(
            code.clone(),
            Code {
                pending: pending.clone(),
                person,
                scopes,
                with_refresh,
                expires_at: after(now, CODE_LIFE),
            },
        );
        code
    }

    /// Takes a code out: whatever comes of it, it is used up.
    pub(crate) fn take_code(&mut self, service: Service, code: &str) -> Option<Code> {
        if self.codes.get(code)?.pending.service == service {
            self.codes.remove(code)
        } else {
            None
        }
    }

    /// Looks at a code without using it up.
    pub(crate) fn peek_code(&self, code: &str) -> Option<&Code> {
        self.codes.get(code)
    }

    /// Starts a session with its first tokens.
    pub(crate) fn open(&mut self, opening: Opening, now: Timestamp) -> Session {
        let Opening {
            service,
            client_id,
            person,
            scopes,
            with_refresh,
            lives,
        } = opening;
        let id = token("", 16);
        let session = Session {
            id: id.clone(),
            service,
            client_id,
            person,
            scopes,
            refresh: with_refresh.then(|| new_refresh(service)),
            refresh_expires_at: after(now, lives.refresh),
            access: self.mint(service, &id, lives.access, now),
            previous: None,
        };
        self.sessions.insert(id, session.clone());
        session
    }

    /// Ends the oldest RingCentral sessions of this person and client above `most`.
    pub(crate) fn keep_newest(&mut self, client_id: &str, person: Person, most: usize) {
        let mine: Vec<String> = self
            .sessions
            .values()
            .filter(|session| {
                session.service == Service::RingCentral
                    && session.client_id == client_id
                    && session.person == person
            })
            .map(|session| session.id.clone())
            .collect();
        for id in mine.iter().take(mine.len().saturating_sub(most)) {
            self.end(id);
        }
    }

    fn mint(&mut self, service: Service, session_id: &str, life: i64, now: Timestamp) -> String {
        let prefix = match service {
            Service::RingCentral => "U0pDMTFQMDFQQVMwMXxBQUE",
            Service::Google => "ya29.a0A",
        };
        let minted = token(prefix, 48);
        self.access
            .retain(|_, access| access.expires_at > after(now, -86_400));
        self.access.insert(
            minted.clone(),
            Access {
                session: session_id.to_owned(),
                expires_at: after(now, life),
                first_used_at: None,
            },
        );
        minted
    }

    /// The session that `refresh_token` belongs to, now or until its last replacement.
    pub(crate) fn session_of_refresh(
        &self,
        service: Service,
        refresh_token: &str,
    ) -> Option<&Session> {
        self.sessions.values().find(|session| {
            session.service == service
                && (session.refresh.as_deref() == Some(refresh_token)
                    || session
                        .previous
                        .as_ref()
                        .is_some_and(|(old, _)| old == refresh_token))
        })
    }

    /// RingCentral's refresh: the token is single use, the old access token dies at once, and a
    /// replaced token still yields the same new pair for a while.
    pub(crate) fn rotate(
        &mut self,
        session_id: &str,
        refresh_token: &str,
        lives: Lives,
        now: Timestamp,
    ) -> Result<Session, TokenProblem> {
        let session = self.sessions.get(session_id).ok_or(TokenProblem::Unknown)?;
        if session.refresh.as_deref() != Some(refresh_token) {
            let replaced_at = session.previous.as_ref().map_or(now, |(_, at)| *at);
            let used_at = self
                .access
                .get(&session.access)
                .and_then(|access| access.first_used_at);
            let ends_at = match used_at {
                Some(used_at) => after(used_at, GRACE_USED).min(after(replaced_at, GRACE_UNUSED)),
                None => after(replaced_at, GRACE_UNUSED),
            };
            return if now < ends_at {
                Ok(session.clone())
            } else {
                Err(TokenProblem::Unknown)
            };
        }
        if session.refresh_expires_at <= now {
            return Err(TokenProblem::Expired);
        }
        self.access.remove(&session.access);
        let minted = self.mint(Service::RingCentral, session_id, lives.access, now);
        let session = self
            .sessions
            .get_mut(session_id)
            .ok_or(TokenProblem::Unknown)?;
        session.access = minted;
        session.previous = Some((refresh_token.to_owned(), now));
        session.refresh = Some(new_refresh(Service::RingCentral));
        session.refresh_expires_at = after(now, lives.refresh);
        Ok(session.clone())
    }

    /// Google's refresh: one more access token, the refresh token stays.
    pub(crate) fn renew(&mut self, session_id: &str, now: Timestamp) -> Option<Session> {
        let minted = self.mint(Service::Google, session_id, ACCESS_LIFE, now);
        let session = self.sessions.get_mut(session_id)?;
        session.access = minted;
        Some(session.clone())
    }

    /// Seconds that `access_token` will still work for.
    pub(crate) fn access_left(&self, access_token: &str, now: Timestamp) -> i64 {
        self.access
            .get(access_token)
            .map_or(0, |access| seconds_left(now, access.expires_at))
    }

    /// Who `access_token` speaks for; notes that it was used.
    pub(crate) fn identify(
        &mut self,
        service: Service,
        access_token: &str,
        now: Timestamp,
    ) -> Result<Identity, TokenProblem> {
        let access = self
            .access
            .get_mut(access_token)
            .ok_or(TokenProblem::Unknown)?;
        let session = self
            .sessions
            .get(&access.session)
            .filter(|session| session.service == service)
            .ok_or(TokenProblem::Unknown)?;
        if access.expires_at <= now {
            return Err(TokenProblem::Expired);
        }
        access.first_used_at.get_or_insert(now);
        Ok(Identity {
            person: session.person,
            client_id: session.client_id.clone(),
            scopes: session.scopes.clone(),
        })
    }

    /// Whose token this is, good or not, for the request log.
    pub(crate) fn owner(&self, access_token: &str) -> Option<Person> {
        let access = self.access.get(access_token)?;
        Some(self.sessions.get(&access.session)?.person)
    }

    /// The session any of whose tokens is `token`.
    pub(crate) fn session_of_any(&self, service: Service, token: &str) -> Option<&Session> {
        if let Some(access) = self.access.get(token) {
            return self
                .sessions
                .get(&access.session)
                .filter(|session| session.service == service);
        }
        self.session_of_refresh(service, token)
    }

    /// Ends a session and every token of it.
    pub(crate) fn end(&mut self, session_id: &str) {
        self.sessions.shift_remove(session_id);
        self.access.retain(|_, access| access.session != session_id);
    }

    /// Google: forgets that the person allowed the client, and ends all that followed from it.
    pub(crate) fn withdraw(&mut self, client_id: &str, person: Person) {
        self.consents.remove(&consent_key(client_id, person));
        let ended: Vec<String> = self
            .sessions
            .values()
            .filter(|session| {
                session.service == Service::Google
                    && session.client_id == client_id
                    && session.person == person
            })
            .map(|session| session.id.clone())
            .collect();
        for id in &ended {
            self.end(id);
        }
    }

    /// Google: what the person has allowed the client so far; `None` before the first consent.
    pub(crate) fn consented(&self, client_id: &str, person: Person) -> Option<&[String]> {
        self.consents
            .get(&consent_key(client_id, person))
            .map(Vec::as_slice)
    }

    /// Google: remembers what was allowed.
    pub(crate) fn consent(&mut self, client_id: &str, person: Person, scopes: &[String]) {
        let allowed = self
            .consents
            .entry(consent_key(client_id, person))
            .or_default();
        for scope in scopes {
            if !allowed.contains(scope) {
                allowed.push(scope.clone());
            }
        }
    }

    /// Makes every access token too old, as if an hour had passed.
    pub(crate) fn expire_access_tokens(&mut self) {
        for access in self.access.values_mut() {
            access.expires_at = Timestamp::UNIX_EPOCH;
        }
    }

    /// Ends every session and forgets every consent.
    pub(crate) fn revoke_all(&mut self) {
        *self = Self::default();
    }
}

/// What a session is opened with.
#[derive(Debug)]
pub(crate) struct Opening {
    pub(crate) service: Service,
    pub(crate) client_id: String,
    pub(crate) person: Person,
    pub(crate) scopes: Vec<String>,
    pub(crate) with_refresh: bool,
    pub(crate) lives: Lives,
}

/// How long the tokens of one answer live, in seconds.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Lives {
    pub(crate) access: i64,
    pub(crate) refresh: i64,
}

impl Default for Lives {
    fn default() -> Self {
        Self {
            access: ACCESS_LIFE,
            refresh: REFRESH_LIFE,
        }
    }
}

fn new_refresh(service: Service) -> String {
    match service {
        Service::RingCentral => token("U0pDMTFQMDFQQVMwMXxBQUM", 48),
        Service::Google => token("1//0g", 48),
    }
}
