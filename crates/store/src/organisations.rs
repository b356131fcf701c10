//! Organisations, and how the first one comes to be.

use crate::{
    Role, Scope, Store, StoreError, StoreResult, System,
    entity::{memberships, organisations, people},
};
use patchbay_model::id::{OrganisationId, PersonId};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder,
};

/// An organisation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Organisation {
    pub id: OrganisationId,
    pub name: String,
    pub created_at: i64,
}

/// The first organisation and its owner.
#[derive(Clone)]
pub struct Founding {
    pub organisation: String,
    pub name: String,
    pub email: String,
    pub password_hash: String,
}

/// Makes the first organisation with its owner. [`StoreError::Exists`] when somebody was first.
pub async fn found(
    store: &Store,
    _: &System,
    founding: Founding,
) -> StoreResult<(OrganisationId, PersonId)> {
    let now = store.now();
    let organisation = store.fresh_id(OrganisationId::PREFIX)?;
    let person = store.fresh_id(PersonId::PREFIX)?;
    let transaction = store.main().begin().await?;
    if people::Entity::find().count(&transaction).await? > 0 {
        return Err(StoreError::Exists(
            "the first account exists already; sign in, or ask its owner for an invitation",
        ));
    }
    organisations::Entity::insert(organisations::ActiveModel {
        id: Set(organisation.clone()),
        name: Set(founding.organisation),
        created_at: Set(now),
    })
    .exec_without_returning(&transaction)
    .await?;
    let row = crate::people::row(
        person.clone(),
        &founding.email,
        founding.name,
        founding.password_hash,
        now,
    );
    people::Entity::insert(row)
        .exec_without_returning(&transaction)
        .await?;
    memberships::Entity::insert(crate::people::membership(
        &organisation,
        &person,
        Role::Owner,
        now,
    ))
    .exec_without_returning(&transaction)
    .await?;
    transaction.commit().await?;
    Ok((organisation.into(), person.into()))
}

/// The oldest organisation and its first owner: for commands that act without a sign-in.
pub async fn first_owner(
    store: &Store,
    _: &System,
) -> StoreResult<Option<(OrganisationId, PersonId)>> {
    let membership = memberships::Entity::find()
        .filter(memberships::Column::Role.eq(Role::Owner.as_str()))
        .order_by_asc(memberships::Column::CreatedAt)
        .order_by_asc(memberships::Column::OrganisationId)
        .one(store.main().read())
        .await?;
    Ok(membership.map(|row| (row.organisation_id.into(), row.person_id.into())))
}

pub async fn get(store: &Store, scope: &Scope) -> StoreResult<Organisation> {
    let row = organisations::Entity::find_by_id(scope.organisation.as_str())
        .one(store.main().read())
        .await?;
    row.map(Into::into)
        .ok_or(StoreError::NotFound("organisation"))
}

pub async fn rename(store: &Store, scope: &Scope, name: &str) -> StoreResult<()> {
    organisations::Entity::update_many()
        .set(organisations::ActiveModel {
            name: Set(name.to_owned()),
            ..Default::default()
        })
        .filter(organisations::Column::Id.eq(scope.organisation.as_str()))
        .exec(store.main().write())
        .await?;
    Ok(())
}

impl From<organisations::Model> for Organisation {
    fn from(row: organisations::Model) -> Self {
        let organisations::Model {
            id,
            name,
            created_at,
        } = row;
        Self {
            id: id.into(),
            name,
            created_at,
        }
    }
}
