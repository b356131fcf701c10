//! Forgetting old runs, a few at a time.

use super::find;
use crate::{
    Scope, Store, StoreError, StoreResult, System,
    entity::{events, frontiers, plans, run_blobs, runs},
    storage,
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

/// Which runs are kept. Those that have not ended always are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Retention {
    /// Milliseconds since their end.
    pub age: Option<i64>,
    /// The newest of each workflow.
    pub per_workflow: Option<u64>,
    /// Bytes that the journal and its large values may take before the oldest are deleted.
    pub bytes: Option<u64>,
}

/// Deletes the runs that are not kept, and gives their room back to the disk. Says how many. Files of large values
/// stay until [`crate::blobs::sweep`].
pub async fn prune(store: &Store, system: &System, keep: &Retention) -> StoreResult<u64> {
    let mut deleted = 0;
    if let Some(age) = keep.age {
        let before = store.now().saturating_sub(age);
        loop {
            let old = ended(store, before, SLICE).await?;
            delete_all(store, &old).await?;
            deleted += count(&old);
            if old.len() < SLICE {
                break;
            }
        }
    }
    if let Some(keep) = keep.per_workflow {
        deleted += prune_workflows(store, keep).await?;
    }
    if let Some(most) = keep.bytes {
        // Each round is measured: what one run takes is not known before it is gone.
        while storage::usage(store, system).await?.of_runs() > most {
            let oldest = ended(store, i64::MAX, SLICE).await?;
            if oldest.is_empty() {
                break;
            }
            delete_all(store, &oldest).await?;
            deleted += count(&oldest);
        }
    }
    if deleted > 0 {
        storage::give_back(store).await?;
    }
    Ok(deleted)
}

/// Numbers of the runs that ended first, before an instant.
async fn ended(store: &Store, before: i64, limit: usize) -> StoreResult<Vec<i64>> {
    Ok(runs::Entity::find()
        .filter(runs::Column::FinishedAt.lt(before))
        .order_by_asc(runs::Column::FinishedAt)
        .limit(u64::try_from(limit).unwrap_or(u64::MAX))
        .select_only()
        .column(runs::Column::No)
        .into_tuple()
        .all(store.journal_database().read())
        .await?)
}

fn count(nos: &[i64]) -> u64 {
    u64::try_from(nos.len()).unwrap_or(0)
}

async fn prune_workflows(store: &Store, keep: u64) -> StoreResult<u64> {
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
        let kept: Option<String> = match keep {
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
            None if keep > 0 => continue,
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
            deleted += count(slice);
        }
    }
    Ok(deleted)
}

async fn delete_all(store: &Store, nos: &[i64]) -> StoreResult<()> {
    if nos.is_empty() {
        return Ok(());
    }
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
    run_blobs::Entity::delete_many()
        .filter(run_blobs::Column::RunNo.is_in(no()))
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
