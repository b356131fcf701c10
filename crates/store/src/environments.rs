//! Environments: which deployment of a service, and which OAuth app there.

use crate::{
    RunScope, Scope, SealedText, Store, StoreError, StoreResult, System,
    entity::{authentications, environments},
    error::is_reference,
};
use patchbay_model::id::EnvironmentId;
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, Condition, EntityTrait, PaginatorTrait,
    QueryFilter, QueryOrder,
};

/// An environment; its secret sealed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Environment {
    pub id: EnvironmentId,
    /// Built in and offered to every organisation; not to be edited.
    pub built_in: bool,
    pub service: String,
    pub title: String,
    /// None: the service's own addresses.
    pub base_url: Option<String>,
    pub authorize_url: Option<String>,
    pub token_url: Option<String>,
    pub revoke_url: Option<String>,
    pub client_id: String,
    pub client_secret: Option<SealedText>,
    pub is_default: bool,
    pub demo: bool,
}

/// An environment to make, or what one is changed to.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct NewEnvironment {
    pub service: String,
    pub title: String,
    pub base_url: Option<String>,
    pub authorize_url: Option<String>,
    pub token_url: Option<String>,
    pub revoke_url: Option<String>,
    pub client_id: String,
    /// None on a change: the stored one stays.
    pub client_secret: Option<SealedText>,
    pub is_default: bool,
}

/// An id for an environment that is about to be made; its secret is sealed for it.
pub fn fresh_id(store: &Store) -> StoreResult<EnvironmentId> {
    Ok(store.fresh_id(EnvironmentId::PREFIX)?.into())
}

/// The organisation's own and the built-in ones; the default of each service first.
pub async fn list(
    store: &Store,
    scope: &Scope,
    service: Option<&str>,
) -> StoreResult<Vec<Environment>> {
    let mut query = environments::Entity::find().filter(visible(scope.organisation.as_str()));
    if let Some(service) = service {
        query = query.filter(environments::Column::Service.eq(service));
    }
    let rows = query
        .order_by_asc(environments::Column::Service)
        .order_by_desc(environments::Column::IsDefault)
        .order_by_asc(environments::Column::Title)
        .all(store.main().read())
        .await?;
    Ok(rows.into_iter().map(Into::into).collect())
}

pub async fn get(store: &Store, scope: &Scope, id: &EnvironmentId) -> StoreResult<Environment> {
    find(store, scope.organisation.as_str(), id).await
}

/// The environment of an authentication that a run uses.
pub async fn for_run(
    store: &Store,
    scope: &RunScope,
    id: &EnvironmentId,
) -> StoreResult<Environment> {
    find(store, scope.organisation.as_str(), id).await
}

/// For workers that renew tokens: across organisations.
pub async fn for_worker(store: &Store, _: &System, id: &EnvironmentId) -> StoreResult<Environment> {
    let row = environments::Entity::find_by_id(id.as_str())
        .one(store.main().read())
        .await?;
    row.map(Into::into)
        .ok_or(StoreError::NotFound("environment"))
}

/// Makes an environment under an id from [`fresh_id`].
pub async fn create(
    store: &Store,
    scope: &Scope,
    id: EnvironmentId,
    environment: NewEnvironment,
) -> StoreResult<Environment> {
    let now = store.now();
    let transaction = store.main().begin().await?;
    if environment.is_default {
        clear_default(&transaction, scope, &environment.service).await?;
    }
    let mut row = columns(environment);
    row.id = Set(id.to_string());
    row.organisation_id = Set(Some(scope.organisation.to_string()));
    row.demo = Set(false);
    row.created_at = Set(now);
    row.updated_at = Set(now);
    if row.client_secret.is_not_set() {
        row.client_secret = Set(None);
    }
    environments::Entity::insert(row)
        .exec_without_returning(&transaction)
        .await?;
    transaction.commit().await?;
    get(store, scope, &id).await
}

/// Changes one of the organisation's own.
pub async fn change(
    store: &Store,
    scope: &Scope,
    id: &EnvironmentId,
    environment: NewEnvironment,
) -> StoreResult<Environment> {
    own(store, scope, id).await?;
    let transaction = store.main().begin().await?;
    if environment.is_default {
        clear_default(&transaction, scope, &environment.service).await?;
    }
    let mut row = columns(environment);
    row.updated_at = Set(store.now());
    environments::Entity::update_many()
        .set(row)
        .filter(environments::Column::Id.eq(id.as_str()))
        .filter(environments::Column::OrganisationId.eq(scope.organisation.as_str()))
        .exec(&transaction)
        .await?;
    transaction.commit().await?;
    get(store, scope, id).await
}

/// Deletes one of the organisation's own; [`StoreError::InUse`] while authentications stand on it.
pub async fn delete(store: &Store, scope: &Scope, id: &EnvironmentId) -> StoreResult<()> {
    own(store, scope, id).await?;
    let users = authentications::Entity::find()
        .filter(authentications::Column::EnvironmentId.eq(id.as_str()))
        .count(store.main().read())
        .await?;
    let in_use =
        || StoreError::InUse("authentications use this environment; delete them first".to_owned());
    if users > 0 {
        return Err(in_use());
    }
    let deleted = environments::Entity::delete_many()
        .filter(environments::Column::Id.eq(id.as_str()))
        .filter(environments::Column::OrganisationId.eq(scope.organisation.as_str()))
        .exec(store.main().write())
        .await;
    match deleted {
        Err(error) if is_reference(&error) => Err(in_use()),
        other => Ok(other.map(|_| ())?),
    }
}

/// Makes or renews an environment that every organisation is offered, under an id of the server's choice.
pub async fn put_built_in(
    store: &Store,
    _: &System,
    id: &EnvironmentId,
    environment: NewEnvironment,
    demo: bool,
) -> StoreResult<()> {
    let now = store.now();
    let transaction = store.main().begin().await?;
    let stored = environments::Entity::find_by_id(id.as_str())
        .one(&transaction)
        .await?;
    let mut row = columns(environment);
    row.demo = Set(demo);
    row.updated_at = Set(now);
    match stored {
        Some(stored) if stored.organisation_id.is_some() => {
            return Err(StoreError::Exists(
                "an organisation has an environment with this id",
            ));
        }
        Some(_) => {
            row.id = sea_orm::ActiveValue::Unchanged(id.to_string());
            row.update(&transaction).await?;
        }
        None => {
            row.id = Set(id.to_string());
            row.organisation_id = Set(None);
            row.created_at = Set(now);
            if row.client_secret.is_not_set() {
                row.client_secret = Set(None);
            }
            environments::Entity::insert(row)
                .exec_without_returning(&transaction)
                .await?;
        }
    }
    Ok(transaction.commit().await?)
}

async fn find(store: &Store, organisation: &str, id: &EnvironmentId) -> StoreResult<Environment> {
    let row = environments::Entity::find_by_id(id.as_str())
        .filter(visible(organisation))
        .one(store.main().read())
        .await?;
    row.map(Into::into)
        .ok_or(StoreError::NotFound("environment"))
}

async fn own(store: &Store, scope: &Scope, id: &EnvironmentId) -> StoreResult<()> {
    if get(store, scope, id).await?.built_in {
        return Err(StoreError::Forbidden(
            "this environment is built in and cannot be changed",
        ));
    }
    Ok(())
}

async fn clear_default(
    database: &impl sea_orm::ConnectionTrait,
    scope: &Scope,
    service: &str,
) -> StoreResult<()> {
    environments::Entity::update_many()
        .set(environments::ActiveModel {
            is_default: Set(false),
            ..Default::default()
        })
        .filter(environments::Column::OrganisationId.eq(scope.organisation.as_str()))
        .filter(environments::Column::Service.eq(service))
        .exec(database)
        .await?;
    Ok(())
}

fn visible(organisation: &str) -> Condition {
    Condition::any()
        .add(environments::Column::OrganisationId.eq(organisation))
        .add(environments::Column::OrganisationId.is_null())
}

fn columns(environment: NewEnvironment) -> environments::ActiveModel {
    let NewEnvironment {
        service,
        title,
        base_url,
        authorize_url,
        token_url,
        revoke_url,
        client_id,
        client_secret,
        is_default,
    } = environment;
    let mut row = environments::ActiveModel {
        service: Set(service),
        title: Set(title),
        base_url: Set(base_url),
        authorize_url: Set(authorize_url),
        token_url: Set(token_url),
        revoke_url: Set(revoke_url),
        client_id: Set(client_id),
        is_default: Set(is_default),
        ..Default::default()
    };
    if let Some(SealedText(secret)) = client_secret {
        row.client_secret = Set(Some(secret));
    }
    row
}

impl From<environments::Model> for Environment {
    fn from(row: environments::Model) -> Self {
        Self {
            id: row.id.into(),
            built_in: row.organisation_id.is_none(),
            service: row.service,
            title: row.title,
            base_url: row.base_url,
            authorize_url: row.authorize_url,
            token_url: row.token_url,
            revoke_url: row.revoke_url,
            client_id: row.client_id,
            client_secret: row.client_secret.map(SealedText),
            is_default: row.is_default,
            demo: row.demo,
        }
    }
}
