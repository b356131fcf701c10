//! Workflows: what people made, every revision of it, and which revision triggers run.

mod called;
mod publish;
mod read;
mod revisions;
mod save;

pub use called::{Called, called};
pub use publish::{
    Enable, Publication, Published, by_webhook_key, disable, enable, enabled, published_by_id,
    webhook_key,
};
pub use read::{
    UsedBy, Workflow, WorkflowSummary, delete, get, list, names, published_for_worker,
    using_authentication,
};
pub use revisions::{
    LoggedEdits, Revision, RevisionKind, edits_since, restore, revision, revisions,
};
pub use save::{Change, EditLog, Saved, create, save};

use crate::{Scope, StoreError, StoreResult, entity::workflows};
use patchbay_model::id::WorkflowId;
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter};

/// The one way in which this module reaches a workflow: by id, in the asker's organisation, not deleted.
async fn find(
    database: &impl ConnectionTrait,
    scope: &Scope,
    id: &WorkflowId,
) -> StoreResult<workflows::Model> {
    workflows::Entity::find_by_id(id.as_str())
        .filter(workflows::Column::OrganisationId.eq(scope.organisation.as_str()))
        .filter(workflows::Column::DeletedAt.is_null())
        .one(database)
        .await?
        .ok_or(StoreError::NotFound("workflow"))
}
