//! A delivery that was caught while somebody listened: the sample of what a trigger gives.

use crate::{
    Scope, Store, StoreResult, System,
    entity::trigger_samples,
    text::{from_json, to_json},
};
use patchbay_model::{Json, id::WorkflowId};
use sea_orm::{ActiveValue::Set, EntityTrait, sea_query::OnConflict};

/// What was caught, and when.
#[derive(Debug, Clone, PartialEq)]
pub struct Sample {
    pub output: Json,
    pub at: i64,
}

/// Keeps what was caught in place of what was caught before.
pub async fn save_sample(
    store: &Store,
    _: &System,
    workflow: &WorkflowId,
    output: &Json,
) -> StoreResult<()> {
    let row = trigger_samples::ActiveModel {
        workflow_id: Set(workflow.to_string()),
        output: Set(to_json(output)?),
        at: Set(store.now()),
    };
    trigger_samples::Entity::insert(row)
        .on_conflict(
            OnConflict::column(trigger_samples::Column::WorkflowId)
                .update_columns([trigger_samples::Column::Output, trigger_samples::Column::At])
                .to_owned(),
        )
        .exec_without_returning(store.journal_database().write())
        .await?;
    Ok(())
}

/// What was caught last, if anything was.
pub async fn sample(
    store: &Store,
    scope: &Scope,
    workflow: &WorkflowId,
) -> StoreResult<Option<Sample>> {
    crate::workflows::get(store, scope, workflow).await?;
    let row = trigger_samples::Entity::find_by_id(workflow.as_str())
        .one(store.journal_database().read())
        .await?;
    row.map(|row| {
        Ok(Sample {
            output: from_json("sample", &row.output)?,
            at: row.at,
        })
    })
    .transpose()
}

/// Throws it away: the trigger has become another one.
pub async fn forget_sample(store: &Store, scope: &Scope, workflow: &WorkflowId) -> StoreResult<()> {
    crate::workflows::get(store, scope, workflow).await?;
    trigger_samples::Entity::delete_by_id(workflow.as_str())
        .exec(store.journal_database().write())
        .await?;
    Ok(())
}
