//! People: accounts for signing in, and the members of an organisation.

use crate::{
    Role, Scope, Store, StoreError, StoreResult, System,
    entity::{memberships, people, sessions},
};
use patchbay_model::id::{OrganisationId, PersonId};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, PaginatorTrait, QueryFilter,
    QueryOrder, QuerySelect,
};
use std::collections::HashMap;

/// A person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Person {
    pub id: PersonId,
    pub name: String,
    pub email: String,
    pub created_at: i64,
}

/// A person as sign-in sees them.
#[derive(Clone)]
pub struct Account {
    pub person: Person,
    pub password_hash: String,
    /// Oldest first.
    pub memberships: Vec<(OrganisationId, Role)>,
}

/// A member of the asker's organisation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Member {
    pub person: Person,
    pub role: Role,
    pub last_seen_at: Option<i64>,
}

/// Whether anybody has an account yet.
pub async fn any(store: &Store, _: &System) -> StoreResult<bool> {
    Ok(people::Entity::find()
        .limit(1)
        .count(store.main().read())
        .await?
        > 0)
}

/// The account with this address, whatever its spelling in capitals.
pub async fn by_email(store: &Store, _: &System, email: &str) -> StoreResult<Option<Account>> {
    let database = store.main().read();
    let Some(row) = people::Entity::find()
        .filter(people::Column::EmailKey.eq(email_key(email)))
        .one(database)
        .await?
    else {
        return Ok(None);
    };
    let memberships = memberships::Entity::find()
        .filter(memberships::Column::PersonId.eq(row.id.as_str()))
        .order_by_asc(memberships::Column::CreatedAt)
        .all(database)
        .await?
        .into_iter()
        .map(|row| Ok((row.organisation_id.into(), Role::parse(&row.role)?)))
        .collect::<StoreResult<_>>()?;
    let password_hash = row.password_hash.clone();
    Ok(Some(Account {
        person: row.into(),
        password_hash,
        memberships,
    }))
}

/// The members of the organisation, by name.
pub async fn list(store: &Store, scope: &Scope) -> StoreResult<Vec<Member>> {
    let database = store.main().read();
    let roles: HashMap<String, String> = memberships::Entity::find()
        .filter(memberships::Column::OrganisationId.eq(scope.organisation.as_str()))
        .all(database)
        .await?
        .into_iter()
        .map(|row| (row.person_id, row.role))
        .collect();
    let seen: HashMap<String, Option<i64>> = sessions::Entity::find()
        .filter(sessions::Column::OrganisationId.eq(scope.organisation.as_str()))
        .select_only()
        .column(sessions::Column::PersonId)
        .column_as(sessions::Column::LastSeenAt.max(), "last_seen_at")
        .group_by(sessions::Column::PersonId)
        .into_tuple::<(String, Option<i64>)>()
        .all(database)
        .await?
        .into_iter()
        .collect();
    people::Entity::find()
        .filter(people::Column::Id.is_in(roles.keys()))
        .order_by_asc(people::Column::Name)
        .all(database)
        .await?
        .into_iter()
        .map(|row| {
            let role = Role::parse(roles.get(&row.id).map(String::as_str).unwrap_or_default())?;
            let last_seen_at = seen.get(&row.id).copied().flatten();
            Ok(Member {
                person: row.into(),
                role,
                last_seen_at,
            })
        })
        .collect()
}

/// Changes a member's role. The last owner stays one.
pub async fn set_role(
    store: &Store,
    scope: &Scope,
    person: &PersonId,
    role: Role,
) -> StoreResult<()> {
    let transaction = store.main().begin().await?;
    let current = role_of(&transaction, &scope.organisation, person)
        .await?
        .ok_or(StoreError::NotFound("person"))?;
    if current == Role::Owner && role != Role::Owner {
        keep_an_owner(&transaction, &scope.organisation).await?;
    }
    memberships::Entity::update_many()
        .set(memberships::ActiveModel {
            role: Set(role.as_str().to_owned()),
            ..Default::default()
        })
        .filter(memberships::Column::OrganisationId.eq(scope.organisation.as_str()))
        .filter(memberships::Column::PersonId.eq(person.as_str()))
        .exec(&transaction)
        .await?;
    Ok(transaction.commit().await?)
}

/// Takes a member out of the organisation and ends their sessions and tokens there. The last owner stays.
pub async fn remove(store: &Store, scope: &Scope, person: &PersonId) -> StoreResult<()> {
    use crate::entity::api_tokens;
    let transaction = store.main().begin().await?;
    let current = role_of(&transaction, &scope.organisation, person)
        .await?
        .ok_or(StoreError::NotFound("person"))?;
    if current == Role::Owner {
        keep_an_owner(&transaction, &scope.organisation).await?;
    }
    let organisation = scope.organisation.as_str();
    memberships::Entity::delete_by_id((organisation.to_owned(), person.as_str().to_owned()))
        .exec(&transaction)
        .await?;
    sessions::Entity::delete_many()
        .filter(sessions::Column::OrganisationId.eq(organisation))
        .filter(sessions::Column::PersonId.eq(person.as_str()))
        .exec(&transaction)
        .await?;
    api_tokens::Entity::delete_many()
        .filter(api_tokens::Column::OrganisationId.eq(organisation))
        .filter(api_tokens::Column::PersonId.eq(person.as_str()))
        .exec(&transaction)
        .await?;
    Ok(transaction.commit().await?)
}

/// Changes the asker's own name.
pub async fn rename(store: &Store, scope: &Scope, name: &str) -> StoreResult<()> {
    change_self(
        store,
        scope,
        people::ActiveModel {
            name: Set(name.to_owned()),
            ..Default::default()
        },
    )
    .await
}

/// Changes the asker's own password.
pub async fn set_password(store: &Store, scope: &Scope, password_hash: &str) -> StoreResult<()> {
    change_self(
        store,
        scope,
        people::ActiveModel {
            password_hash: Set(password_hash.to_owned()),
            ..Default::default()
        },
    )
    .await
}

async fn change_self(store: &Store, scope: &Scope, change: people::ActiveModel) -> StoreResult<()> {
    people::Entity::update_many()
        .set(change)
        .filter(people::Column::Id.eq(scope.person.as_str()))
        .exec(store.main().write())
        .await?;
    Ok(())
}

async fn keep_an_owner(
    database: &impl ConnectionTrait,
    organisation: &OrganisationId,
) -> StoreResult<()> {
    let owners = memberships::Entity::find()
        .filter(memberships::Column::OrganisationId.eq(organisation.as_str()))
        .filter(memberships::Column::Role.eq(Role::Owner.as_str()))
        .count(database)
        .await?;
    if owners < 2 {
        return Err(StoreError::Forbidden(
            "an organisation needs an owner; make somebody else an owner first",
        ));
    }
    Ok(())
}

pub(crate) async fn role_of(
    database: &impl ConnectionTrait,
    organisation: &OrganisationId,
    person: &PersonId,
) -> StoreResult<Option<Role>> {
    memberships::Entity::find_by_id((organisation.as_str().to_owned(), person.as_str().to_owned()))
        .one(database)
        .await?
        .map(|row| Role::parse(&row.role))
        .transpose()
}

/// Names by id, for people of whichever organisation: used only on ids that a scoped query has given.
pub(crate) async fn names(
    database: &impl ConnectionTrait,
    ids: impl IntoIterator<Item = String>,
) -> StoreResult<HashMap<String, String>> {
    let rows = people::Entity::find()
        .filter(people::Column::Id.is_in(ids))
        .select_only()
        .column(people::Column::Id)
        .column(people::Column::Name)
        .into_tuple::<(String, String)>()
        .all(database)
        .await?;
    Ok(rows.into_iter().collect())
}

pub(crate) fn email_key(email: &str) -> String {
    email.trim().to_lowercase()
}

pub(crate) fn row(
    id: String,
    email: &str,
    name: String,
    password_hash: String,
    now: i64,
) -> people::ActiveModel {
    people::ActiveModel {
        id: Set(id),
        email: Set(email.trim().to_owned()),
        email_key: Set(email_key(email)),
        name: Set(name),
        password_hash: Set(password_hash),
        created_at: Set(now),
    }
}

pub(crate) fn membership(
    organisation: &str,
    person: &str,
    role: Role,
    now: i64,
) -> memberships::ActiveModel {
    memberships::ActiveModel {
        organisation_id: Set(organisation.to_owned()),
        person_id: Set(person.to_owned()),
        role: Set(role.as_str().to_owned()),
        created_at: Set(now),
    }
}

impl From<people::Model> for Person {
    fn from(row: people::Model) -> Self {
        let people::Model {
            id,
            email,
            email_key: _,
            name,
            password_hash: _,
            created_at,
        } = row;
        Self {
            id: id.into(),
            name,
            email,
            created_at,
        }
    }
}
