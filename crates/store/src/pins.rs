//! Sample outputs that people pinned to the steps of a workflow.

use crate::{
    Scope, Store, StoreResult,
    entity::pins,
    text::{from_json, to_json},
    workflows,
};
use patchbay_model::{
    Json,
    id::{PersonId, WorkflowId},
};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter, QueryOrder, sea_query::OnConflict,
};

/// A pinned output.
#[derive(Debug, Clone, PartialEq)]
pub struct Pin {
    pub step: String,
    pub output: Json,
    /// Who pinned it last.
    pub person: PersonId,
    pub at: i64,
}

/// By step name.
pub async fn list(store: &Store, scope: &Scope, workflow: &WorkflowId) -> StoreResult<Vec<Pin>> {
    known(store, scope, workflow).await?;
    let rows = pins::Entity::find()
        .filter(pins::Column::WorkflowId.eq(workflow.as_str()))
        .order_by_asc(pins::Column::Step)
        .all(store.main().read())
        .await?;
    rows.into_iter()
        .map(|row| {
            Ok(Pin {
                output: from_json("pinned output", &row.output)?,
                step: row.step,
                person: row.person_id.into(),
                at: row.at,
            })
        })
        .collect()
}

/// Pins an output, in place of what was pinned before.
pub async fn put(
    store: &Store,
    scope: &Scope,
    workflow: &WorkflowId,
    step: &str,
    output: &Json,
) -> StoreResult<Pin> {
    known(store, scope, workflow).await?;
    let at = store.now();
    let row = pins::ActiveModel {
        workflow_id: Set(workflow.to_string()),
        step: Set(step.to_owned()),
        output: Set(to_json(output)?),
        person_id: Set(scope.person.to_string()),
        at: Set(at),
    };
    let replace = OnConflict::columns([pins::Column::WorkflowId, pins::Column::Step])
        .update_columns([
            pins::Column::Output,
            pins::Column::PersonId,
            pins::Column::At,
        ])
        .to_owned();
    pins::Entity::insert(row)
        .on_conflict(replace)
        .exec_without_returning(store.main().write())
        .await?;
    Ok(Pin {
        step: step.to_owned(),
        output: output.clone(),
        person: scope.person.clone(),
        at,
    })
}

/// Unpins; without a pin there is nothing to do.
pub async fn remove(
    store: &Store,
    scope: &Scope,
    workflow: &WorkflowId,
    step: &str,
) -> StoreResult<()> {
    known(store, scope, workflow).await?;
    pins::Entity::delete_many()
        .filter(pins::Column::WorkflowId.eq(workflow.as_str()))
        .filter(pins::Column::Step.eq(step))
        .exec(store.main().write())
        .await?;
    Ok(())
}

async fn known(store: &Store, scope: &Scope, workflow: &WorkflowId) -> StoreResult<()> {
    workflows::get(store, scope, workflow).await.map(|_| ())
}
