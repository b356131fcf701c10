//! Tokens with which programs act for a person. Only the digest of a token is stored.

use crate::{
    Scope, SignedIn, Store, StoreError, StoreResult, System, entity::api_tokens, people::role_of,
    sessions::signed_in,
};
use patchbay_model::id::{OrganisationId, PersonId};
use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter, QueryOrder};

/// How stale `last_used_at` may get before a request writes it again.
const USED_EVERY_MS: i64 = 60_000;

/// An API token; never the token itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ApiToken {
    pub id: String,
    pub name: String,
    pub created_at: i64,
    pub last_used_at: Option<i64>,
}

/// A token for the asker.
pub async fn create(
    store: &Store,
    scope: &Scope,
    name: &str,
    token_hash: &str,
) -> StoreResult<ApiToken> {
    insert(store, &scope.organisation, &scope.person, name, token_hash).await
}

/// A token for a member, from the command line.
pub async fn create_for(
    store: &Store,
    _: &System,
    organisation: &OrganisationId,
    person: &PersonId,
    name: &str,
    token_hash: &str,
) -> StoreResult<ApiToken> {
    if role_of(store.main().read(), organisation, person)
        .await?
        .is_none()
    {
        return Err(StoreError::NotFound("person"));
    }
    insert(store, organisation, person, name, token_hash).await
}

async fn insert(
    store: &Store,
    organisation: &OrganisationId,
    person: &PersonId,
    name: &str,
    token_hash: &str,
) -> StoreResult<ApiToken> {
    let id = store.fresh_id("tok_")?;
    let created_at = store.now();
    api_tokens::Entity::insert(api_tokens::ActiveModel {
        id: Set(id.clone()),
        token_hash: Set(token_hash.to_owned()),
        name: Set(name.to_owned()),
        person_id: Set(person.to_string()),
        organisation_id: Set(organisation.to_string()),
        created_at: Set(created_at),
        last_used_at: Set(None),
        revoked_at: Set(None),
    })
    .exec_without_returning(store.main().write())
    .await?;
    Ok(ApiToken {
        id,
        name: name.to_owned(),
        created_at,
        last_used_at: None,
    })
}

/// Who holds this token: nobody when it was revoked, or when the person is no longer a member.
pub async fn open(store: &Store, _: &System, token_hash: &str) -> StoreResult<Option<SignedIn>> {
    let now = store.now();
    let Some(token) = api_tokens::Entity::find()
        .filter(api_tokens::Column::TokenHash.eq(token_hash))
        .filter(api_tokens::Column::RevokedAt.is_null())
        .one(store.main().read())
        .await?
    else {
        return Ok(None);
    };
    if token
        .last_used_at
        .is_none_or(|used| now - used >= USED_EVERY_MS)
    {
        api_tokens::Entity::update_many()
            .set(api_tokens::ActiveModel {
                last_used_at: Set(Some(now)),
                ..Default::default()
            })
            .filter(api_tokens::Column::Id.eq(token.id.as_str()))
            .exec(store.main().write())
            .await?;
    }
    signed_in(
        store,
        token.id,
        token.organisation_id.into(),
        token.person_id.into(),
    )
    .await
}

/// The asker's own tokens that work, newest first.
pub async fn list(store: &Store, scope: &Scope) -> StoreResult<Vec<ApiToken>> {
    let rows = api_tokens::Entity::find()
        .filter(api_tokens::Column::OrganisationId.eq(scope.organisation.as_str()))
        .filter(api_tokens::Column::PersonId.eq(scope.person.as_str()))
        .filter(api_tokens::Column::RevokedAt.is_null())
        .order_by_desc(api_tokens::Column::Id)
        .all(store.main().read())
        .await?;
    Ok(rows
        .into_iter()
        .map(|row| ApiToken {
            id: row.id,
            name: row.name,
            created_at: row.created_at,
            last_used_at: row.last_used_at,
        })
        .collect())
}

/// Ends one of the asker's tokens.
pub async fn revoke(store: &Store, scope: &Scope, id: &str) -> StoreResult<()> {
    let changed = api_tokens::Entity::update_many()
        .set(api_tokens::ActiveModel {
            revoked_at: Set(Some(store.now())),
            ..Default::default()
        })
        .filter(api_tokens::Column::Id.eq(id))
        .filter(api_tokens::Column::OrganisationId.eq(scope.organisation.as_str()))
        .filter(api_tokens::Column::PersonId.eq(scope.person.as_str()))
        .filter(api_tokens::Column::RevokedAt.is_null())
        .exec(store.main().write())
        .await?;
    if changed.rows_affected == 0 {
        Err(StoreError::NotFound("token"))
    } else {
        Ok(())
    }
}
