//! Who asks: every query starts from one of these.

use crate::{organisations::Organisation, people::Person, text::words};
use patchbay_model::id::{OrganisationId, PersonId};

words! {
    /// What a member may do; each one includes those before it.
    Role("role") {
        /// Sees workflows and runs.
        Viewer = "viewer",
        /// Also edits and runs workflows and uses organisational authentications.
        Builder = "builder",
        /// Also manages people, environments and organisational authentications.
        Admin = "admin",
        /// Also cannot be removed by others.
        Owner = "owner",
    }
}

/// A person in an organisation. Comes from a session or a token: [`crate::sessions::open`], [`crate::api_tokens::open`].
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Scope {
    pub organisation: OrganisationId,
    pub person: PersonId,
    pub role: Role,
}

/// A run: it sees what its organisation shares, and what belongs to the person it runs for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RunScope {
    pub organisation: OrganisationId,
    pub person: Option<PersonId>,
}

/// Nobody in particular: sign-in before it is known who asks, start-up, workers, key rotation.
#[derive(Debug, Clone, Copy)]
pub struct System(());

impl System {
    /// Sees across organisations, so a handler of a signed-in person has no business with it.
    pub fn for_sign_in_and_workers() -> Self {
        Self(())
    }
}

impl Scope {
    pub(crate) fn new(organisation: OrganisationId, person: PersonId, role: Role) -> Self {
        Self {
            organisation,
            person,
            role,
        }
    }

    /// The scope of a run that this person starts.
    pub fn of_run(&self) -> RunScope {
        RunScope {
            organisation: self.organisation.clone(),
            person: Some(self.person.clone()),
        }
    }
}

/// Somebody who showed a session or a token.
#[derive(Debug, Clone)]
pub struct SignedIn {
    /// Id of the session or of the token.
    pub id: String,
    pub person: Person,
    pub organisation: Organisation,
    pub scope: Scope,
}
