//! Forgetting old runs, a few at a time.

use super::find;
use crate::{
    Scope, Store, StoreError, StoreResult, System,
    entity::{events, frontiers, plans, runs},
};
use patchbay_model::id::RunId;
use sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect,
    sea_query::Query,
};

/// Runs deleted in one transaction, so that the writer is never held up for long.
const SLICE: usize = 20;

/// Deletes a run that has ended.
pub async fn delete(store: &Store, scope: &Scope, id: &RunId) -> StoreResult<()> {
    let run = find(store, scope, id).await?;
    if run.finished_at.is_none() {
        return Err(StoreError::InUse(
            "the run has not ended yet; cancel it first".to_owned(),
        ));
    }
    delete_all(store, &[run.no]).await
}

/// Keeps the newest runs of each workflow and deletes the others that have ended. Says how many.
pub async fn prune(store: &Store, _: &System, keep_per_workflow: u64) -> StoreResult<u64> {
    let database = store.journal_database().read();
    let workflows: Vec<String> = runs::Entity::find()
        .select_only()
        .column(runs::Column::WorkflowId)
        .distinct()
        .into_tuple()
        .all(database)
        .await?;
    let mut deleted = 0;
    for workflow in workflows {
        let kept: Option<String> = match keep_per_workflow {
            0 => None,
            keep => {
                runs::Entity::find()
                    .filter(runs::Column::WorkflowId.eq(workflow.as_str()))
                    .order_by_desc(runs::Column::Id)
                    .offset(keep - 1)
                    .limit(1)
                    .select_only()
                    .column(runs::Column::Id)
                    .into_tuple()
                    .one(database)
                    .await?
            }
        };
        let mut query = runs::Entity::find()
            .filter(runs::Column::WorkflowId.eq(workflow.as_str()))
            .filter(runs::Column::FinishedAt.is_not_null());
        match kept {
            Some(kept) => query = query.filter(runs::Column::Id.lt(kept)),
            None if keep_per_workflow > 0 => continue,
            None => {}
        }
        let old: Vec<i64> = query
            .select_only()
            .column(runs::Column::No)
            .into_tuple()
            .all(database)
            .await?;
        for slice in old.chunks(SLICE) {
            delete_all(store, slice).await?;
            deleted += u64::try_from(slice.len()).unwrap_or(0);
        }
    }
    if deleted > 0 && store.journal_database().is_sqlite() {
        store
            .journal_database()
            .write()
            .execute_unprepared("PRAGMA incremental_vacuum(2000)")
            .await?;
    }
    Ok(deleted)
}

async fn delete_all(store: &Store, nos: &[i64]) -> StoreResult<()> {
    let transaction = store.journal_database().begin().await?;
    let no = || nos.iter().copied();
    events::Entity::delete_many()
        .filter(events::Column::RunNo.is_in(no()))
        .exec(&transaction)
        .await?;
    frontiers::Entity::delete_many()
        .filter(frontiers::Column::RunNo.is_in(no()))
        .exec(&transaction)
        .await?;
    runs::Entity::delete_many()
        .filter(runs::Column::No.is_in(no()))
        .exec(&transaction)
        .await?;
    if !store.journal_database().is_sqlite() {
        // A run that is being accepted may rely on a plan that no committed run uses.
        transaction
            .execute_unprepared("LOCK TABLE plans IN SHARE ROW EXCLUSIVE MODE")
            .await?;
    }
    let used = Query::select()
        .column(runs::Column::PlanHash)
        .from(runs::Entity)
        .to_owned();
    plans::Entity::delete_many()
        .filter(plans::Column::Hash.not_in_subquery(used))
        .exec(&transaction)
        .await?;
    Ok(transaction.commit().await?)
}
