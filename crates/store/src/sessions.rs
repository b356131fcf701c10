//! Signed-in browsers. Only the digest of a session's token is stored.

use crate::{
    Scope, SignedIn, Store, StoreResult, System,
    entity::{organisations, people, sessions},
    people::role_of,
};
use patchbay_model::id::{OrganisationId, PersonId};
use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter};

/// How stale `last_seen_at` may get before a request writes it again.
const SEEN_EVERY_MS: i64 = 60_000;

/// A session to begin.
#[derive(Debug, Clone)]
pub struct NewSession {
    pub token_hash: String,
    pub person: PersonId,
    pub organisation: OrganisationId,
    pub expires_at: i64,
}

/// Begins a session and gives its id.
pub async fn create(store: &Store, _: &System, session: NewSession) -> StoreResult<String> {
    let id = store.fresh_id("ses_")?;
    let now = store.now();
    sessions::Entity::insert(sessions::ActiveModel {
        id: Set(id.clone()),
        token_hash: Set(session.token_hash),
        person_id: Set(session.person.to_string()),
        organisation_id: Set(session.organisation.to_string()),
        created_at: Set(now),
        last_seen_at: Set(now),
        expires_at: Set(session.expires_at),
    })
    .exec_without_returning(store.main().write())
    .await?;
    Ok(id)
}

/// Who holds this session: nobody when it has expired, or when the person is no longer a member.
pub async fn open(store: &Store, _: &System, token_hash: &str) -> StoreResult<Option<SignedIn>> {
    let database = store.main().read();
    let now = store.now();
    let Some(session) = sessions::Entity::find()
        .filter(sessions::Column::TokenHash.eq(token_hash))
        .filter(sessions::Column::ExpiresAt.gt(now))
        .one(database)
        .await?
    else {
        return Ok(None);
    };
    if now - session.last_seen_at >= SEEN_EVERY_MS {
        sessions::Entity::update_many()
            .set(sessions::ActiveModel {
                last_seen_at: Set(now),
                ..Default::default()
            })
            .filter(sessions::Column::Id.eq(session.id.as_str()))
            .exec(store.main().write())
            .await?;
    }
    signed_in(
        store,
        session.id,
        session.organisation_id.into(),
        session.person_id.into(),
    )
    .await
}

/// Ends the session.
pub async fn end(store: &Store, _: &System, token_hash: &str) -> StoreResult<()> {
    sessions::Entity::delete_many()
        .filter(sessions::Column::TokenHash.eq(token_hash))
        .exec(store.main().write())
        .await?;
    Ok(())
}

/// Ends the asker's other sessions, after a change of password.
pub async fn end_others(store: &Store, scope: &Scope, keep_token_hash: &str) -> StoreResult<()> {
    sessions::Entity::delete_many()
        .filter(sessions::Column::PersonId.eq(scope.person.as_str()))
        .filter(sessions::Column::TokenHash.ne(keep_token_hash))
        .exec(store.main().write())
        .await?;
    Ok(())
}

/// Deletes expired sessions and says how many.
pub async fn sweep(store: &Store, _: &System) -> StoreResult<u64> {
    let deleted = sessions::Entity::delete_many()
        .filter(sessions::Column::ExpiresAt.lte(store.now()))
        .exec(store.main().write())
        .await?;
    Ok(deleted.rows_affected)
}

/// Looks the person up as a member; a former one is not signed in.
pub(crate) async fn signed_in(
    store: &Store,
    id: String,
    organisation: OrganisationId,
    person: PersonId,
) -> StoreResult<Option<SignedIn>> {
    let database = store.main().read();
    let Some(role) = role_of(database, &organisation, &person).await? else {
        return Ok(None);
    };
    let person_row = people::Entity::find_by_id(person.as_str())
        .one(database)
        .await?;
    let organisation_row = organisations::Entity::find_by_id(organisation.as_str())
        .one(database)
        .await?;
    let (Some(person_row), Some(organisation_row)) = (person_row, organisation_row) else {
        return Ok(None);
    };
    Ok(Some(SignedIn {
        id,
        person: person_row.into(),
        organisation: organisation_row.into(),
        scope: Scope::new(organisation, person, role),
    }))
}
