//! The sealed credential of an authentication: reading it for a use, and saving renewed tokens over it.

use super::{Authentication, State, find, from_row};
use crate::{
    RunScope, Scope, SealedText, Store, StoreError, StoreResult, System, entity::authentications,
};
use patchbay_model::id::{AuthenticationId, OrganisationId};
use sea_orm::{ActiveValue::Set, ColumnTrait, Condition, EntityTrait, QueryFilter};

/// How stale `last_used_at` may get before a use writes it again.
const USED_EVERY_MS: i64 = 60_000;

/// An authentication with its sealed secret.
#[derive(Debug, Clone, PartialEq)]
pub struct StoredCredential {
    pub organisation: OrganisationId,
    /// `owner_name` is left empty.
    pub authentication: Authentication,
    pub credential: SealedText,
    /// Grows with each change of the credential.
    pub version: u64,
}

/// For a use by the asker, such as filling a drop-down.
pub async fn credential(
    store: &Store,
    scope: &Scope,
    id: &AuthenticationId,
) -> StoreResult<StoredCredential> {
    stored(find(store, &scope.organisation, Some(&scope.person), id).await?)
}

/// For a step of a run.
pub async fn credential_for_run(
    store: &Store,
    scope: &RunScope,
    id: &AuthenticationId,
) -> StoreResult<StoredCredential> {
    stored(find(store, &scope.organisation, scope.person.as_ref(), id).await?)
}

/// For whoever renews tokens; a use was allowed before by one of the others.
pub async fn credential_for_worker(
    store: &Store,
    _: &System,
    id: &AuthenticationId,
) -> StoreResult<Option<StoredCredential>> {
    let row = authentications::Entity::find_by_id(id.as_str())
        .one(store.main().read())
        .await?;
    row.map(stored).transpose()
}

/// Saves renewed tokens if the credential is still at `version`; `false` when somebody else was first.
pub async fn save_credential(
    store: &Store,
    _: &System,
    id: &AuthenticationId,
    version: u64,
    SealedText(credential): SealedText,
    expires_at: Option<i64>,
) -> StoreResult<bool> {
    let version = i64::try_from(version).map_err(StoreError::failed)?;
    let saved = authentications::Entity::update_many()
        .set(authentications::ActiveModel {
            credential: Set(credential),
            version: Set(version.saturating_add(1)),
            expires_at: Set(expires_at),
            state: Set(State::Connected.as_str().to_owned()),
            state_reason: Set(None),
            ..Default::default()
        })
        .filter(authentications::Column::Id.eq(id.as_str()))
        .filter(authentications::Column::Version.eq(version))
        .exec(store.main().write())
        .await?;
    Ok(saved.rows_affected > 0)
}

/// Marks that a person has to sign in again.
pub async fn needs_reconnect(
    store: &Store,
    _: &System,
    id: &AuthenticationId,
    reason: &str,
) -> StoreResult<()> {
    authentications::Entity::update_many()
        .set(authentications::ActiveModel {
            state: Set(State::NeedsReconnect.as_str().to_owned()),
            state_reason: Set(Some(reason.to_owned())),
            ..Default::default()
        })
        .filter(authentications::Column::Id.eq(id.as_str()))
        .exec(store.main().write())
        .await?;
    Ok(())
}

/// Notes a use, at most once a minute.
pub async fn touch(store: &Store, _: &System, id: &AuthenticationId) -> StoreResult<()> {
    let now = store.now();
    let used = authentications::Column::LastUsedAt;
    authentications::Entity::update_many()
        .set(authentications::ActiveModel {
            last_used_at: Set(Some(now)),
            ..Default::default()
        })
        .filter(authentications::Column::Id.eq(id.as_str()))
        .filter(
            Condition::any()
                .add(used.is_null())
                .add(used.lte(now - USED_EVERY_MS)),
        )
        .exec(store.main().write())
        .await?;
    Ok(())
}

fn stored(row: authentications::Model) -> StoreResult<StoredCredential> {
    let organisation = OrganisationId::from(row.organisation_id.as_str());
    let credential = SealedText(row.credential.clone());
    let version = u64::try_from(row.version).map_err(StoreError::failed)?;
    Ok(StoredCredential {
        organisation,
        authentication: from_row(row, String::new())?,
        credential,
        version,
    })
}
