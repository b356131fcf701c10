//! A workflow that a step of another one calls.

use super::revisions;
use crate::{RunScope, Store, StoreResult, entity::workflows};
use patchbay_model::{document::Workflow as Document, id::WorkflowId};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};

/// A workflow with the document that a call of it runs.
#[derive(Debug, Clone, PartialEq)]
pub struct Called {
    pub name: String,
    pub revision: i64,
    pub document: Document,
}

/// The published revision of a workflow of the run's organisation, or the latest saved one if none is published.
pub async fn called(
    store: &Store,
    scope: &RunScope,
    id: &WorkflowId,
) -> StoreResult<Option<Called>> {
    let database = store.main().read();
    let row = workflows::Entity::find_by_id(id.as_str())
        .filter(workflows::Column::OrganisationId.eq(scope.organisation.as_str()))
        .filter(workflows::Column::DeletedAt.is_null())
        .one(database)
        .await?;
    let Some(row) = row else { return Ok(None) };
    let published = row.published_revision.filter(|_| row.enabled);
    let revision = published.unwrap_or(row.revision);
    let document = revisions::document(database, id, revision).await?;
    Ok(Some(Called {
        name: row.name,
        revision,
        document,
    }))
}
