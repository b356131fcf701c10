//! What a run was started with, so that it can be done again.

use super::{events, find};
use crate::{Scope, Store, StoreError, StoreResult, entity::plans, text::from_json};
use patchbay_model::{Json, event::EventKind, id::RunId};
use sea_orm::EntityTrait;

/// The plan that was pinned when the run was accepted.
pub async fn plan(store: &Store, scope: &Scope, id: &RunId) -> StoreResult<Json> {
    let run = find(store, scope, id).await?;
    let row = plans::Entity::find_by_id(run.plan_hash)
        .one(store.journal_database().read())
        .await?
        .ok_or(StoreError::NotFound("plan of this run"))?;
    from_json("plan", &row.plan)
}

/// The output of its trigger.
pub async fn input(store: &Store, scope: &Scope, id: &RunId) -> StoreResult<Json> {
    let first = events(store, scope, id, 0, 1).await?;
    match first.into_iter().next().map(|event| event.kind) {
        Some(EventKind::RunAccepted { input }) => Ok(input),
        _ => Err(StoreError::corrupt("run", "its first event is missing")),
    }
}
