//! Looking at workflows: the list, one with its draft, and which of them use an authentication.

use super::{find, revisions};
use crate::{
    Scope, Store, StoreError, StoreResult, System,
    entity::{workflow_authentications, workflows},
    people::names as people_names,
    text::from_json,
};
use patchbay_model::{
    document::Workflow as Document,
    id::{AuthenticationId, OrganisationId, PersonId, WorkflowId},
};
use sea_orm::{
    ActiveValue::Set,
    ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect,
    sea_query::{Expr, ExprTrait, Func, LikeExpr, Query},
};
use std::collections::HashMap;

/// A workflow in the list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WorkflowSummary {
    pub id: WorkflowId,
    pub name: String,
    pub description: String,
    /// In order of first use, the trigger's first.
    pub connectors: Vec<String>,
    pub enabled: bool,
    /// The latest saved one.
    pub revision: i64,
    /// The one that triggers run.
    pub published_revision: Option<i64>,
    /// Once it was enabled with a webhook trigger.
    pub webhook_key: Option<String>,
    pub created_at: i64,
    pub updated_at: i64,
    pub updated_by: PersonId,
    pub updated_by_name: String,
}

/// A workflow with its draft.
#[derive(Debug, Clone, PartialEq)]
pub struct Workflow {
    pub summary: WorkflowSummary,
    pub document: Document,
}

/// A workflow that uses an authentication.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UsedBy {
    pub id: WorkflowId,
    pub name: String,
    pub enabled: bool,
}

/// Last changed first. `search` is looked for in names and descriptions, whatever the capitals.
pub async fn list(
    store: &Store,
    scope: &Scope,
    search: Option<&str>,
) -> StoreResult<Vec<WorkflowSummary>> {
    let mut query = workflows::Entity::find()
        .filter(workflows::Column::OrganisationId.eq(scope.organisation.as_str()))
        .filter(workflows::Column::DeletedAt.is_null());
    if let Some(search) = search.map(str::trim).filter(|search| !search.is_empty()) {
        let escaped: String = search.to_lowercase().chars().flat_map(escape).collect();
        let like = || LikeExpr::new(format!("%{escaped}%")).escape('\\');
        let lower = |column| Expr::from(Func::lower(Expr::col(column)));
        query = query.filter(
            lower(workflows::Column::Name)
                .like(like())
                .or(lower(workflows::Column::Description).like(like())),
        );
    }
    let rows = query
        .order_by_desc(workflows::Column::UpdatedAt)
        .order_by_desc(workflows::Column::Id)
        .all(store.main().read())
        .await?;
    summaries(store, rows).await
}

/// One with its draft.
pub async fn get(store: &Store, scope: &Scope, id: &WorkflowId) -> StoreResult<Workflow> {
    let database = store.main().read();
    let row = find(database, scope, id).await?;
    let document = revisions::document(database, id, row.revision).await;
    // A save between the two reads may have replaced the row of the draft.
    let (row, document) = match document {
        Err(StoreError::NotFound(_)) => {
            let row = find(database, scope, id).await?;
            let document = revisions::document(database, id, row.revision).await?;
            (row, document)
        }
        document => (row, document?),
    };
    let summary = summaries(store, vec![row])
        .await?
        .pop()
        .ok_or(StoreError::NotFound("workflow"))?;
    Ok(Workflow { summary, document })
}

/// Hides it for good; its runs stay.
pub async fn delete(store: &Store, scope: &Scope, id: &WorkflowId) -> StoreResult<()> {
    let transaction = store.main().begin().await?;
    find(&transaction, scope, id).await?;
    workflows::Entity::update_many()
        .set(workflows::ActiveModel {
            deleted_at: Set(Some(store.now())),
            enabled: Set(false),
            webhook_key: Set(None),
            ..Default::default()
        })
        .filter(workflows::Column::Id.eq(id.as_str()))
        .exec(&transaction)
        .await?;
    workflow_authentications::Entity::delete_many()
        .filter(workflow_authentications::Column::WorkflowId.eq(id.as_str()))
        .exec(&transaction)
        .await?;
    Ok(transaction.commit().await?)
}

/// The workflows whose draft or published revision uses an authentication, by name.
pub async fn using_authentication(
    store: &Store,
    scope: &Scope,
    authentication: &AuthenticationId,
) -> StoreResult<Vec<UsedBy>> {
    let users = Query::select()
        .column(workflow_authentications::Column::WorkflowId)
        .from(workflow_authentications::Entity)
        .and_where(workflow_authentications::Column::AuthenticationId.eq(authentication.as_str()))
        .to_owned();
    let rows = workflows::Entity::find()
        .filter(workflows::Column::OrganisationId.eq(scope.organisation.as_str()))
        .filter(workflows::Column::DeletedAt.is_null())
        .filter(workflows::Column::Id.in_subquery(users))
        .order_by_asc(workflows::Column::Name)
        .all(store.main().read())
        .await?;
    Ok(rows
        .into_iter()
        .map(|row| UsedBy {
            id: row.id.into(),
            name: row.name,
            enabled: row.enabled,
        })
        .collect())
}

/// Names by id, deleted ones included, for lists of runs.
pub async fn names(
    store: &Store,
    scope: &Scope,
    ids: impl IntoIterator<Item = WorkflowId>,
) -> StoreResult<HashMap<WorkflowId, String>> {
    let rows = workflows::Entity::find()
        .filter(workflows::Column::OrganisationId.eq(scope.organisation.as_str()))
        .filter(workflows::Column::Id.is_in(ids.into_iter().map(|id| id.to_string())))
        .select_only()
        .column(workflows::Column::Id)
        .column(workflows::Column::Name)
        .into_tuple::<(String, String)>()
        .all(store.main().read())
        .await?;
    Ok(rows
        .into_iter()
        .map(|(id, name)| (id.into(), name))
        .collect())
}

/// A published revision's document and organisation, for workers that start runs.
pub async fn published_for_worker(
    store: &Store,
    _: &System,
    id: &WorkflowId,
) -> StoreResult<Option<(OrganisationId, i64, Document)>> {
    let database = store.main().read();
    let row = workflows::Entity::find_by_id(id.as_str())
        .filter(workflows::Column::DeletedAt.is_null())
        .filter(workflows::Column::Enabled.eq(true))
        .one(database)
        .await?;
    let Some((organisation, number)) =
        row.and_then(|row| Some((row.organisation_id, row.published_revision?)))
    else {
        return Ok(None);
    };
    Ok(Some((
        organisation.into(),
        number,
        revisions::document(database, id, number).await?,
    )))
}

async fn summaries(
    store: &Store,
    rows: Vec<workflows::Model>,
) -> StoreResult<Vec<WorkflowSummary>> {
    let people = people_names(
        store.main().read(),
        rows.iter().map(|row| row.updated_by.clone()),
    )
    .await?;
    rows.into_iter()
        .map(|row| {
            Ok(WorkflowSummary {
                id: row.id.into(),
                name: row.name,
                description: row.description,
                connectors: from_json("list of connectors", &row.connectors)?,
                enabled: row.enabled,
                revision: row.revision,
                published_revision: row.published_revision,
                webhook_key: row.webhook_key,
                created_at: row.created_at,
                updated_at: row.updated_at,
                updated_by_name: people.get(&row.updated_by).cloned().unwrap_or_default(),
                updated_by: row.updated_by.into(),
            })
        })
        .collect()
}

fn escape(letter: char) -> impl Iterator<Item = char> {
    let marked = matches!(letter, '%' | '_' | '\\');
    marked.then_some('\\').into_iter().chain([letter])
}
