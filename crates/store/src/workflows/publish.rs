//! Publishing: which revision triggers run, and under which webhook key they find it.

use super::{
    find,
    revisions::{self, RevisionKind},
    save::{Head, write_uses},
};
use crate::{
    Scope, Store, StoreError, StoreResult, System,
    entity::{workflow_authentications, workflow_revisions, workflows},
    ids::random_key,
    text::from_json,
};
use patchbay_model::{
    document::Workflow as Document,
    id::{OrganisationId, PersonId, WorkflowId},
};
use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter};

/// How to enable a workflow.
#[derive(Debug, Clone, Copy)]
pub struct Enable {
    /// Which revision triggers run from here on; none: the latest.
    pub revision: Option<i64>,
    /// Whether its trigger is called from outside; a key is made once and kept.
    pub webhook: bool,
}

/// Whether and as what a workflow is published.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Publication {
    pub enabled: bool,
    pub published_revision: Option<i64>,
    pub webhook_key: Option<String>,
}

/// An enabled workflow, for triggers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Published {
    pub id: WorkflowId,
    pub organisation: OrganisationId,
    pub revision: i64,
    pub webhook_key: Option<String>,
    /// Who enabled it: a triggered run acts for them.
    pub published_by: Option<PersonId>,
}

/// Publishes a revision for triggers.
pub async fn enable(
    store: &Store,
    scope: &Scope,
    id: &WorkflowId,
    enable: Enable,
) -> StoreResult<Publication> {
    let transaction = store.main().begin().await?;
    let workflow = find(&transaction, scope, id).await?;
    let number = enable.revision.unwrap_or(workflow.revision);
    let row = revisions::row(&transaction, id, number).await?;
    let document: Document = from_json("workflow", &row.document)?;
    let webhook_key = match workflow.webhook_key {
        None if enable.webhook => Some(random_key()?),
        key => key,
    };
    workflows::Entity::update_many()
        .set(workflows::ActiveModel {
            enabled: Set(true),
            published_revision: Set(Some(number)),
            published_by: Set(Some(scope.person.to_string())),
            webhook_key: Set(webhook_key.clone()),
            ..Default::default()
        })
        .filter(workflows::Column::Id.eq(id.as_str()))
        .exec(&transaction)
        .await?;
    workflow_revisions::Entity::update_many()
        .set(workflow_revisions::ActiveModel {
            kind: Set(RevisionKind::Published.as_str().to_owned()),
            ..Default::default()
        })
        .filter(workflow_revisions::Column::WorkflowId.eq(id.as_str()))
        .filter(workflow_revisions::Column::Number.eq(number))
        .exec(&transaction)
        .await?;
    write_uses(
        &transaction,
        id,
        "published",
        &Head::of(&document)?.authentications,
    )
    .await?;
    transaction.commit().await?;
    Ok(Publication {
        enabled: true,
        published_revision: Some(number),
        webhook_key,
    })
}

/// Stops its triggers. The key stays, so that the address is the same when it is enabled again.
pub async fn disable(store: &Store, scope: &Scope, id: &WorkflowId) -> StoreResult<Publication> {
    let transaction = store.main().begin().await?;
    let workflow = find(&transaction, scope, id).await?;
    workflows::Entity::update_many()
        .set(workflows::ActiveModel {
            enabled: Set(false),
            ..Default::default()
        })
        .filter(workflows::Column::Id.eq(id.as_str()))
        .exec(&transaction)
        .await?;
    workflow_authentications::Entity::delete_many()
        .filter(workflow_authentications::Column::WorkflowId.eq(id.as_str()))
        .filter(workflow_authentications::Column::Kind.eq("published"))
        .exec(&transaction)
        .await?;
    transaction.commit().await?;
    Ok(Publication {
        enabled: false,
        published_revision: workflow.published_revision,
        webhook_key: workflow.webhook_key,
    })
}

/// Every enabled workflow, for the workers at start.
pub async fn enabled(store: &Store, _: &System) -> StoreResult<Vec<Published>> {
    let rows = workflows::Entity::find()
        .filter(workflows::Column::Enabled.eq(true))
        .filter(workflows::Column::DeletedAt.is_null())
        .all(store.main().read())
        .await?;
    rows.into_iter().map(published).collect()
}

/// The enabled workflow that a webhook call is for.
pub async fn by_webhook_key(
    store: &Store,
    _: &System,
    key: &str,
) -> StoreResult<Option<Published>> {
    let row = workflows::Entity::find()
        .filter(workflows::Column::WebhookKey.eq(key))
        .filter(workflows::Column::Enabled.eq(true))
        .filter(workflows::Column::DeletedAt.is_null())
        .one(store.main().read())
        .await?;
    row.map(published).transpose()
}

/// An enabled workflow with the document that its triggers run.
pub async fn published_by_id(
    store: &Store,
    _: &System,
    id: &WorkflowId,
) -> StoreResult<Option<(Published, Document)>> {
    let database = store.main().read();
    let row = workflows::Entity::find_by_id(id.as_str())
        .filter(workflows::Column::Enabled.eq(true))
        .filter(workflows::Column::DeletedAt.is_null())
        .one(database)
        .await?;
    let Some(row) = row else { return Ok(None) };
    let found = published(row)?;
    let document = revisions::document(database, id, found.revision).await?;
    Ok(Some((found, document)))
}

/// The key under which its trigger is called, which is made now if there is none; it is kept for ever.
pub async fn webhook_key(store: &Store, scope: &Scope, id: &WorkflowId) -> StoreResult<String> {
    let transaction = store.main().begin().await?;
    let workflow = find(&transaction, scope, id).await?;
    if let Some(key) = workflow.webhook_key {
        return Ok(key);
    }
    let key = random_key()?;
    workflows::Entity::update_many()
        .set(workflows::ActiveModel {
            webhook_key: Set(Some(key.clone())),
            ..Default::default()
        })
        .filter(workflows::Column::Id.eq(id.as_str()))
        .exec(&transaction)
        .await?;
    transaction.commit().await?;
    Ok(key)
}

fn published(row: workflows::Model) -> StoreResult<Published> {
    let revision = row
        .published_revision
        .ok_or_else(|| StoreError::corrupt("workflow", "enabled without a revision"))?;
    Ok(Published {
        id: row.id.into(),
        organisation: row.organisation_id.into(),
        revision,
        webhook_key: row.webhook_key,
        published_by: row.published_by.map(Into::into),
    })
}
