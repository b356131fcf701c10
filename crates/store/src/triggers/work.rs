//! What the workers do with triggers: which are due, and what became of them.

use super::{Trigger, TriggerKind, TriggerState, rows};
use crate::{SealedText, Store, StoreResult, System, entity::triggers};
use patchbay_model::id::WorkflowId;
use sea_orm::{
    ActiveValue::Set, ColumnTrait, Condition, EntityTrait, QueryFilter, QuerySelect,
    sea_query::Expr,
};

/// Triggers that are on, for the start of the server.
pub async fn listed(store: &Store, _: &System) -> StoreResult<Vec<Trigger>> {
    let on = triggers::Column::State.ne(TriggerState::Off.as_str());
    rows(store, Condition::all().add(on), u64::MAX / 2).await
}

/// One of them.
pub async fn for_worker(
    store: &Store,
    _: &System,
    workflow: &WorkflowId,
) -> StoreResult<Option<Trigger>> {
    let row = triggers::Entity::find_by_id(workflow.as_str())
        .one(store.journal_database().read())
        .await?;
    row.map(Trigger::try_from).transpose()
}

/// Triggers of a kind whose time has come, the most overdue first.
pub async fn due(
    store: &Store,
    _: &System,
    kind: TriggerKind,
    now: i64,
    limit: u64,
) -> StoreResult<Vec<Trigger>> {
    let filter = Condition::all()
        .add(triggers::Column::Kind.eq(kind.as_str()))
        .add(triggers::Column::State.ne(TriggerState::Off.as_str()))
        .add(triggers::Column::NextAt.lte(now));
    rows(store, filter, limit).await
}

/// When the next trigger of a kind after an instant is due.
pub async fn earliest(
    store: &Store,
    _: &System,
    kind: TriggerKind,
    after: i64,
) -> StoreResult<Option<i64>> {
    let next = triggers::Entity::find()
        .filter(triggers::Column::Kind.eq(kind.as_str()))
        .filter(triggers::Column::State.ne(TriggerState::Off.as_str()))
        .filter(triggers::Column::NextAt.gt(after))
        .select_only()
        .column_as(triggers::Column::NextAt.min(), "next_at")
        .into_tuple::<Option<i64>>()
        .one(store.journal_database().read())
        .await?;
    Ok(next.flatten())
}

/// Moves a schedule on without a run, unless it has been moved already.
pub async fn skip(
    store: &Store,
    _: &System,
    workflow: &WorkflowId,
    planned: i64,
    next: Option<i64>,
) -> StoreResult<()> {
    triggers::Entity::update_many()
        .col_expr(triggers::Column::NextAt, Expr::value(next))
        .filter(triggers::Column::WorkflowId.eq(workflow.as_str()))
        .filter(triggers::Column::NextAt.eq(planned))
        .exec(store.journal_database().write())
        .await?;
    Ok(())
}

/// Sets when a registration is looked at again.
pub async fn postpone(
    store: &Store,
    _: &System,
    workflow: &WorkflowId,
    next: Option<i64>,
) -> StoreResult<()> {
    triggers::Entity::update_many()
        .col_expr(triggers::Column::NextAt, Expr::value(next))
        .filter(triggers::Column::WorkflowId.eq(workflow.as_str()))
        .exec(store.journal_database().write())
        .await?;
    Ok(())
}

/// It is registered at its service and works.
pub async fn save_registration(
    store: &Store,
    _: &System,
    workflow: &WorkflowId,
    registration: Option<SealedText>,
    renew_at: Option<i64>,
) -> StoreResult<()> {
    triggers::Entity::update_many()
        .set(triggers::ActiveModel {
            state: Set(TriggerState::Active.as_str().to_owned()),
            registration: Set(registration.map(|sealed| sealed.0)),
            next_at: Set(renew_at),
            error: Set(None),
            error_at: Set(None),
            ..Default::default()
        })
        .filter(triggers::Column::WorkflowId.eq(workflow.as_str()))
        .exec(store.journal_database().write())
        .await?;
    Ok(())
}

/// Something went wrong; `failing` when it starts no runs because of it.
pub async fn save_trouble(
    store: &Store,
    _: &System,
    workflow: &WorkflowId,
    message: &str,
    failing: bool,
) -> StoreResult<()> {
    let mut row = triggers::ActiveModel {
        error: Set(Some(message.to_owned())),
        error_at: Set(Some(store.now())),
        ..Default::default()
    };
    if failing {
        row.state = Set(TriggerState::Failing.as_str().to_owned());
    }
    triggers::Entity::update_many()
        .set(row)
        .filter(triggers::Column::WorkflowId.eq(workflow.as_str()))
        .filter(triggers::Column::State.ne(TriggerState::Off.as_str()))
        .exec(store.journal_database().write())
        .await?;
    Ok(())
}

/// It works again.
pub async fn well(store: &Store, _: &System, workflow: &WorkflowId) -> StoreResult<()> {
    triggers::Entity::update_many()
        .set(triggers::ActiveModel {
            state: Set(TriggerState::Active.as_str().to_owned()),
            error: Set(None),
            error_at: Set(None),
            ..Default::default()
        })
        .filter(triggers::Column::WorkflowId.eq(workflow.as_str()))
        .filter(triggers::Column::State.ne(TriggerState::Off.as_str()))
        .exec(store.journal_database().write())
        .await?;
    Ok(())
}
