//! Invitations: a link that lets somebody in once. Only the digest of its token is stored.

use crate::{
    Role, Scope, Store, StoreError, StoreResult, System,
    entity::{invitations, memberships, organisations, people},
    error::is_duplicate,
};
use patchbay_model::id::{OrganisationId, PersonId};
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter,
    QueryOrder,
};

/// An invitation to make.
#[derive(Debug, Clone)]
pub struct NewInvitation {
    pub token_hash: String,
    pub role: Role,
    /// A remark; nothing is sent.
    pub email: Option<String>,
    pub expires_at: i64,
}

/// An invitation that still works.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Invitation {
    pub id: String,
    pub organisation: OrganisationId,
    pub organisation_name: String,
    pub role: Role,
    pub email: Option<String>,
    pub created_at: i64,
    pub expires_at: i64,
}

/// Who comes in.
#[derive(Clone)]
pub struct NewPerson {
    pub name: String,
    pub email: String,
    pub password_hash: String,
}

pub async fn create(
    store: &Store,
    scope: &Scope,
    invitation: NewInvitation,
) -> StoreResult<Invitation> {
    let row = invitations::Model {
        id: store.fresh_id("inv_")?,
        organisation_id: scope.organisation.to_string(),
        token_hash: invitation.token_hash,
        role: invitation.role.as_str().to_owned(),
        email: invitation.email,
        invited_by: scope.person.to_string(),
        created_at: store.now(),
        expires_at: invitation.expires_at,
        used_at: None,
        used_by: None,
    };
    let active: invitations::ActiveModel = row.clone().into();
    invitations::Entity::insert(active.reset_all())
        .exec_without_returning(store.main().write())
        .await?;
    named(store.main().read(), row).await
}

/// Those that still work, newest first.
pub async fn list(store: &Store, scope: &Scope) -> StoreResult<Vec<Invitation>> {
    let database = store.main().read();
    let rows = invitations::Entity::find()
        .filter(invitations::Column::OrganisationId.eq(scope.organisation.as_str()))
        .filter(invitations::Column::UsedAt.is_null())
        .filter(invitations::Column::ExpiresAt.gt(store.now()))
        .order_by_desc(invitations::Column::Id)
        .all(database)
        .await?;
    let mut found = Vec::with_capacity(rows.len());
    for row in rows {
        found.push(named(database, row).await?);
    }
    Ok(found)
}

pub async fn revoke(store: &Store, scope: &Scope, id: &str) -> StoreResult<()> {
    let deleted = invitations::Entity::delete_many()
        .filter(invitations::Column::Id.eq(id))
        .filter(invitations::Column::OrganisationId.eq(scope.organisation.as_str()))
        .filter(invitations::Column::UsedAt.is_null())
        .exec(store.main().write())
        .await?;
    if deleted.rows_affected == 0 {
        Err(StoreError::NotFound("invitation"))
    } else {
        Ok(())
    }
}

/// The invitation behind a link, if it still works.
pub async fn find(store: &Store, _: &System, token_hash: &str) -> StoreResult<Invitation> {
    let database = store.main().read();
    named(database, usable(database, token_hash, store.now()).await?).await
}

/// Makes the account and the membership, and uses the invitation up, all or nothing.
pub async fn accept(
    store: &Store,
    _: &System,
    token_hash: &str,
    person: NewPerson,
) -> StoreResult<(OrganisationId, PersonId)> {
    let now = store.now();
    let id = store.fresh_id(PersonId::PREFIX)?;
    let transaction = store.main().begin().await?;
    let invitation = usable(&transaction, token_hash, now).await?;
    let used = invitations::Entity::update_many()
        .set(invitations::ActiveModel {
            used_at: Set(Some(now)),
            used_by: Set(Some(id.clone())),
            ..Default::default()
        })
        .filter(invitations::Column::Id.eq(invitation.id.as_str()))
        .filter(invitations::Column::UsedAt.is_null())
        .exec(&transaction)
        .await?;
    if used.rows_affected == 0 {
        return Err(StoreError::NotFound("invitation"));
    }
    let row = crate::people::row(
        id.clone(),
        &person.email,
        person.name,
        person.password_hash,
        now,
    );
    match people::Entity::insert(row)
        .exec_without_returning(&transaction)
        .await
    {
        Err(error) if is_duplicate(&error) => {
            return Err(StoreError::Exists(
                "there is an account with this e-mail address already",
            ));
        }
        other => other?,
    };
    let role = Role::parse(&invitation.role)?;
    memberships::Entity::insert(crate::people::membership(
        &invitation.organisation_id,
        &id,
        role,
        now,
    ))
    .exec_without_returning(&transaction)
    .await?;
    transaction.commit().await?;
    Ok((invitation.organisation_id.into(), id.into()))
}

async fn usable(
    database: &impl ConnectionTrait,
    token_hash: &str,
    now: i64,
) -> StoreResult<invitations::Model> {
    invitations::Entity::find()
        .filter(invitations::Column::TokenHash.eq(token_hash))
        .filter(invitations::Column::UsedAt.is_null())
        .filter(invitations::Column::ExpiresAt.gt(now))
        .one(database)
        .await?
        .ok_or(StoreError::NotFound("invitation"))
}

async fn named(
    database: &impl ConnectionTrait,
    row: invitations::Model,
) -> StoreResult<Invitation> {
    let organisation = organisations::Entity::find_by_id(row.organisation_id.as_str())
        .one(database)
        .await?
        .ok_or(StoreError::NotFound("organisation"))?;
    Ok(Invitation {
        id: row.id,
        organisation: row.organisation_id.into(),
        organisation_name: organisation.name,
        role: Role::parse(&row.role)?,
        email: row.email,
        created_at: row.created_at,
        expires_at: row.expires_at,
    })
}
