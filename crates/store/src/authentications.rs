//! Authentications: stored credentials, sealed. A personal one exists for its owner only.

mod credential;

pub use credential::{
    StoredCredential, credential, credential_for_run, credential_for_worker, needs_reconnect,
    save_credential, touch,
};

use crate::{
    Role, Scope, SealedText, Store, StoreError, StoreResult,
    entity::authentications,
    people::names,
    text::{from_json, from_word, to_json, to_word, words},
};
use patchbay_model::{
    id::{AuthenticationId, EnvironmentId, OrganisationId, PersonId},
    spec::MethodKind,
};
use sea_orm::{ActiveValue::Set, ColumnTrait, Condition, EntityTrait, QueryFilter, QueryOrder};

words! {
    /// Who may use it.
    Ownership("ownership") {
        /// Its owner alone.
        Personal = "personal",
        /// Members of the organisation, by role.
        Organisational = "organisational",
    }
}

words! {
    /// Whether it works.
    State("state") {
        Connected = "connected",
        /// The service no longer accepts it; a person has to sign in again.
        NeedsReconnect = "needs_reconnect",
    }
}

/// An authentication without its secret.
#[derive(Debug, Clone, PartialEq)]
pub struct Authentication {
    pub id: AuthenticationId,
    pub ownership: Ownership,
    pub owner: PersonId,
    pub owner_name: String,
    pub name: String,
    pub service: String,
    pub environment: Option<EnvironmentId>,
    /// Given inline with the person's own credential.
    pub base_url: Option<String>,
    pub method: MethodKind,
    pub requested_scopes: Vec<String>,
    pub granted_scopes: Vec<String>,
    /// When its access token ends.
    pub expires_at: Option<i64>,
    pub state: State,
    pub state_reason: Option<String>,
    /// As whom it acts.
    pub account: Option<String>,
    pub created_at: i64,
    pub updated_at: i64,
    pub last_used_at: Option<i64>,
}

impl Authentication {
    /// Whether the asker may rename, reconnect and delete it.
    pub fn manageable_by(&self, scope: &Scope) -> bool {
        self.owner == scope.person
            || (self.ownership == Ownership::Organisational && scope.role >= Role::Admin)
    }
}

/// An authentication to make, under an id from [`fresh_id`] for which the credential was sealed.
#[derive(Debug, Clone)]
pub struct NewAuthentication {
    pub id: AuthenticationId,
    pub ownership: Ownership,
    pub name: String,
    pub service: String,
    pub environment: Option<EnvironmentId>,
    pub base_url: Option<String>,
    pub method: MethodKind,
    pub requested_scopes: Vec<String>,
    pub connected: Connected,
}

/// What a successful sign-in leaves.
#[derive(Debug, Clone)]
pub struct Connected {
    pub credential: SealedText,
    pub granted_scopes: Vec<String>,
    pub expires_at: Option<i64>,
    pub account: Option<String>,
}

pub fn fresh_id(store: &Store) -> StoreResult<AuthenticationId> {
    Ok(store.fresh_id(AuthenticationId::PREFIX)?.into())
}

/// Those the asker may use, by name.
pub async fn list(
    store: &Store,
    scope: &Scope,
    service: Option<&str>,
) -> StoreResult<Vec<Authentication>> {
    let mut query =
        authentications::Entity::find().filter(visible(&scope.organisation, Some(&scope.person)));
    if let Some(service) = service {
        query = query.filter(authentications::Column::Service.eq(service));
    }
    let rows = query
        .order_by_asc(authentications::Column::Name)
        .order_by_asc(authentications::Column::Id)
        .all(store.main().read())
        .await?;
    named(store, rows).await
}

pub async fn get(
    store: &Store,
    scope: &Scope,
    id: &AuthenticationId,
) -> StoreResult<Authentication> {
    let row = find(store, &scope.organisation, Some(&scope.person), id).await?;
    named(store, vec![row])
        .await?
        .pop()
        .ok_or(StoreError::NotFound("authentication"))
}

/// Makes one that belongs to the asker.
pub async fn create(
    store: &Store,
    scope: &Scope,
    new: NewAuthentication,
) -> StoreResult<Authentication> {
    let now = store.now();
    let NewAuthentication {
        id,
        ownership,
        name,
        service,
        environment,
        base_url,
        method,
        requested_scopes,
        connected,
    } = new;
    let Connected {
        credential: SealedText(credential),
        granted_scopes,
        expires_at,
        account,
    } = connected;
    if let Some(environment) = &environment {
        crate::environments::get(store, scope, environment).await?;
    }
    authentications::Entity::insert(authentications::ActiveModel {
        id: Set(id.to_string()),
        organisation_id: Set(scope.organisation.to_string()),
        ownership: Set(ownership.as_str().to_owned()),
        owner_id: Set(scope.person.to_string()),
        name: Set(name),
        service: Set(service),
        environment_id: Set(environment.map(|id| id.to_string())),
        base_url: Set(base_url),
        method: Set(to_word(&method)?),
        requested_scopes: Set(to_json(&requested_scopes)?),
        granted_scopes: Set(to_json(&granted_scopes)?),
        credential: Set(credential),
        version: Set(1),
        expires_at: Set(expires_at),
        state: Set(State::Connected.as_str().to_owned()),
        state_reason: Set(None),
        account: Set(account),
        created_at: Set(now),
        updated_at: Set(now),
        last_used_at: Set(None),
    })
    .exec_without_returning(store.main().write())
    .await?;
    get(store, scope, &id).await
}

/// Puts a new credential in the place of the old one, after another sign-in.
pub async fn reconnect(
    store: &Store,
    scope: &Scope,
    id: &AuthenticationId,
    requested_scopes: &[String],
    connected: Connected,
) -> StoreResult<Authentication> {
    manageable(store, scope, id).await?;
    let Connected {
        credential: SealedText(credential),
        granted_scopes,
        expires_at,
        account,
    } = connected;
    let mut row = authentications::ActiveModel {
        requested_scopes: Set(to_json(requested_scopes)?),
        granted_scopes: Set(to_json(&granted_scopes)?),
        credential: Set(credential),
        expires_at: Set(expires_at),
        state: Set(State::Connected.as_str().to_owned()),
        state_reason: Set(None),
        updated_at: Set(store.now()),
        ..Default::default()
    };
    if account.is_some() {
        row.account = Set(account);
    }
    let version = authentications::Column::Version;
    authentications::Entity::update_many()
        .set(row)
        .col_expr(
            version,
            sea_orm::sea_query::ExprTrait::add(sea_orm::sea_query::Expr::col(version), 1),
        )
        .filter(authentications::Column::Id.eq(id.as_str()))
        .exec(store.main().write())
        .await?;
    get(store, scope, id).await
}

pub async fn rename(
    store: &Store,
    scope: &Scope,
    id: &AuthenticationId,
    name: &str,
) -> StoreResult<Authentication> {
    manageable(store, scope, id).await?;
    authentications::Entity::update_many()
        .set(authentications::ActiveModel {
            name: Set(name.to_owned()),
            updated_at: Set(store.now()),
            ..Default::default()
        })
        .filter(authentications::Column::Id.eq(id.as_str()))
        .exec(store.main().write())
        .await?;
    get(store, scope, id).await
}

/// Deletes it and gives back what it was, so that the service can be told.
pub async fn delete(
    store: &Store,
    scope: &Scope,
    id: &AuthenticationId,
) -> StoreResult<StoredCredential> {
    manageable(store, scope, id).await?;
    let stored = credential(store, scope, id).await?;
    authentications::Entity::delete_by_id(id.to_string())
        .exec(store.main().write())
        .await?;
    Ok(stored)
}

async fn manageable(store: &Store, scope: &Scope, id: &AuthenticationId) -> StoreResult<()> {
    if get(store, scope, id).await?.manageable_by(scope) {
        return Ok(());
    }
    Err(StoreError::Forbidden(
        "only its owner or an administrator may change this authentication",
    ))
}

/// What belongs to the organisation, and what belongs to the person.
fn visible(organisation: &OrganisationId, person: Option<&PersonId>) -> Condition {
    let mut owners = Condition::any()
        .add(authentications::Column::Ownership.eq(Ownership::Organisational.as_str()));
    if let Some(person) = person {
        owners = owners.add(authentications::Column::OwnerId.eq(person.as_str()));
    }
    Condition::all()
        .add(authentications::Column::OrganisationId.eq(organisation.as_str()))
        .add(owners)
}

async fn find(
    store: &Store,
    organisation: &OrganisationId,
    person: Option<&PersonId>,
    id: &AuthenticationId,
) -> StoreResult<authentications::Model> {
    authentications::Entity::find_by_id(id.as_str())
        .filter(visible(organisation, person))
        .one(store.main().read())
        .await?
        .ok_or(StoreError::NotFound("authentication"))
}

async fn named(
    store: &Store,
    rows: Vec<authentications::Model>,
) -> StoreResult<Vec<Authentication>> {
    let owners = names(
        store.main().read(),
        rows.iter().map(|row| row.owner_id.clone()),
    )
    .await?;
    rows.into_iter()
        .map(|row| {
            let owner_name = owners.get(&row.owner_id).cloned().unwrap_or_default();
            from_row(row, owner_name)
        })
        .collect()
}

fn from_row(row: authentications::Model, owner_name: String) -> StoreResult<Authentication> {
    Ok(Authentication {
        id: row.id.into(),
        ownership: Ownership::parse(&row.ownership)?,
        owner: row.owner_id.into(),
        owner_name,
        name: row.name,
        service: row.service,
        environment: row.environment_id.map(Into::into),
        base_url: row.base_url,
        method: from_word("method", &row.method)?,
        requested_scopes: from_json("list of scopes", &row.requested_scopes)?,
        granted_scopes: from_json("list of scopes", &row.granted_scopes)?,
        expires_at: row.expires_at,
        state: State::parse(&row.state)?,
        state_reason: row.state_reason,
        account: row.account,
        created_at: row.created_at,
        updated_at: row.updated_at,
        last_used_at: row.last_used_at,
    })
}
