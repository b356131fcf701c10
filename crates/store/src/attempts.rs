//! Sign-ins at a service that have begun: bound to the browser session, good for one return.

use crate::{
    Scope, SealedText, Store, StoreError, StoreResult, System,
    entity::authorisation_attempts as attempts,
    sessions::signed_in,
    text::{from_json, to_json, words},
};
use patchbay_model::{Json, id::AuthenticationId};
use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter};

words! {
    /// How it went.
    Status("status") {
        Pending = "pending",
        Connected = "connected",
        /// The person said no at the service.
        Refused = "refused",
        /// Anything else; the message says what.
        Failed = "failed",
        /// Nobody came back in time.
        Expired = "expired",
    }
}

/// A sign-in to begin.
#[derive(Debug, Clone)]
pub struct NewAttempt {
    /// Digest of the `state` parameter.
    pub state_hash: String,
    /// Digest of the browser session that began it; only that one may come back.
    pub session_hash: String,
    /// The PKCE verifier.
    pub verifier: SealedText,
    /// What to do when it succeeds: name, service, environment, scopes, …
    pub request: Json,
    pub expires_at: i64,
}

/// A sign-in as the person who began it sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attempt {
    pub id: String,
    pub status: Status,
    pub message: String,
    pub missing_scopes: Vec<String>,
    pub authentication: Option<AuthenticationId>,
}

/// A sign-in that came back.
#[derive(Debug, Clone)]
pub struct Taken {
    pub id: String,
    /// Of the person who began it.
    pub scope: Scope,
    pub verifier: SealedText,
    pub request: Json,
}

/// Why a return was not accepted.
#[derive(Debug, thiserror::Error)]
pub enum TakeError {
    #[error("this sign-in was not begun here; start again from Patchbay")]
    Unknown,
    #[error("this sign-in was begun in another browser or session; start again here")]
    OtherSession,
    #[error("this sign-in was finished already")]
    Used,
    #[error("this sign-in took too long; start again")]
    Expired,
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// How a sign-in ended.
#[derive(Debug, Clone)]
pub struct Outcome {
    pub status: Status,
    pub message: String,
    pub missing_scopes: Vec<String>,
    pub authentication: Option<AuthenticationId>,
}

/// Notes that the asker was sent to a service, and gives the id to ask for.
pub async fn create(store: &Store, scope: &Scope, attempt: NewAttempt) -> StoreResult<String> {
    let id = store.fresh_id("att_")?;
    attempts::Entity::insert(attempts::ActiveModel {
        id: Set(id.clone()),
        organisation_id: Set(scope.organisation.to_string()),
        person_id: Set(scope.person.to_string()),
        state_hash: Set(attempt.state_hash),
        session_hash: Set(attempt.session_hash),
        verifier: Set(attempt.verifier.0),
        request: Set(to_json(&attempt.request)?),
        status: Set(Status::Pending.as_str().to_owned()),
        message: Set(String::new()),
        missing_scopes: Set("[]".to_owned()),
        authentication_id: Set(None),
        created_at: Set(store.now()),
        expires_at: Set(attempt.expires_at),
        used_at: Set(None),
    })
    .exec_without_returning(store.main().write())
    .await?;
    Ok(id)
}

/// Takes the sign-in with this state, once. A return in another session leaves it for the right one.
pub async fn take(
    store: &Store,
    _: &System,
    state_hash: &str,
    session_hash: &str,
) -> Result<Taken, TakeError> {
    let now = store.now();
    let row = attempts::Entity::find()
        .filter(attempts::Column::StateHash.eq(state_hash))
        .one(store.main().read())
        .await
        .map_err(StoreError::from)?
        .ok_or(TakeError::Unknown)?;
    if row.session_hash != session_hash {
        return Err(TakeError::OtherSession);
    }
    if row.used_at.is_some() {
        return Err(TakeError::Used);
    }
    if row.expires_at <= now {
        return Err(TakeError::Expired);
    }
    let taken = attempts::Entity::update_many()
        .set(attempts::ActiveModel {
            used_at: Set(Some(now)),
            ..Default::default()
        })
        .filter(attempts::Column::Id.eq(row.id.as_str()))
        .filter(attempts::Column::UsedAt.is_null())
        .exec(store.main().write())
        .await
        .map_err(StoreError::from)?;
    if taken.rows_affected == 0 {
        return Err(TakeError::Used);
    }
    let signed_in = signed_in(
        store,
        String::new(),
        row.organisation_id.into(),
        row.person_id.into(),
    )
    .await?;
    let scope = signed_in.ok_or(TakeError::Unknown)?.scope;
    Ok(Taken {
        id: row.id,
        scope,
        verifier: SealedText(row.verifier),
        request: from_json("request", &row.request)?,
    })
}

/// Notes how it ended, and forgets the verifier.
pub async fn finish(store: &Store, _: &System, id: &str, outcome: Outcome) -> StoreResult<()> {
    attempts::Entity::update_many()
        .set(attempts::ActiveModel {
            status: Set(outcome.status.as_str().to_owned()),
            message: Set(outcome.message),
            missing_scopes: Set(to_json(&outcome.missing_scopes)?),
            authentication_id: Set(outcome.authentication.map(|id| id.to_string())),
            verifier: Set(String::new()),
            ..Default::default()
        })
        .filter(attempts::Column::Id.eq(id))
        .exec(store.main().write())
        .await?;
    Ok(())
}

/// One of the asker's own.
pub async fn get(store: &Store, scope: &Scope, id: &str) -> StoreResult<Attempt> {
    let row = attempts::Entity::find_by_id(id)
        .filter(attempts::Column::OrganisationId.eq(scope.organisation.as_str()))
        .filter(attempts::Column::PersonId.eq(scope.person.as_str()))
        .one(store.main().read())
        .await?
        .ok_or(StoreError::NotFound("sign-in"))?;
    let status = match Status::parse(&row.status)? {
        Status::Pending if row.expires_at <= store.now() => Status::Expired,
        status => status,
    };
    Ok(Attempt {
        id: row.id,
        status,
        message: row.message,
        missing_scopes: from_json("list of scopes", &row.missing_scopes)?,
        authentication: row.authentication_id.map(Into::into),
    })
}

/// Deletes those that ended an hour ago or more.
pub async fn sweep(store: &Store, _: &System) -> StoreResult<u64> {
    let deleted = attempts::Entity::delete_many()
        .filter(attempts::Column::ExpiresAt.lte(store.now() - 3_600_000))
        .exec(store.main().write())
        .await?;
    Ok(deleted.rows_affected)
}
