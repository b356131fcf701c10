//! The batch of one run, written alone: the case of a quiet server, where a run waits for each of its commits.
//!
//! A statement's way to SQLite's thread and back takes longer than the statement itself, so the whole transaction
//! goes there as one. Both changes ask for the owner and the last event themselves: a batch that must not be written
//! changes nothing, and the usual way, which can say why, refuses it.

use super::{
    rows::columns,
    wave::{are_consecutive, signed},
};
use crate::{StoreError, StoreResult, database::Database, text::to_json};
use patchbay_engine::port::Batch;
use sea_orm::{ConnectionTrait, DbBackend, Statement, sea_query::Value};
use std::fmt::Write;

/// The most events that are written this way: few sizes, so that the prepared statements are found again.
const MOST: usize = 8;

/// Columns of an event beside its run.
const COLUMNS: usize = 7;

/// Writes the batch if it is of the kind that can be written alone; gives whether it was.
pub(super) async fn write(database: &Database, batch: &Batch) -> StoreResult<bool> {
    let events = &batch.events;
    let (Some(first), Some(last)) = (events.first(), events.last()) else {
        return Ok(false);
    };
    let usual = database.is_sqlite()
        && are_consecutive(events)
        && events.len() <= MOST
        && batch.frontier.is_none()
        && !batch.header.status.is_final();
    if !usual {
        return Ok(false);
    }
    let mut values: Vec<Value> = vec![
        batch.run.as_str().into(),
        signed(batch.epoch).into(),
        (signed(first.ord) - 1).into(),
        signed(last.ord).into(),
        batch.header.status.as_str().into(),
        batch.header.started_at.into(),
        signed(batch.header.steps_done).into(),
    ];
    let fixed = values.len();
    for event in events {
        values.extend(columns(event, to_json(&event.kind)?));
    }
    let statement =
        Statement::from_sql_and_values(DbBackend::Sqlite, sql(events.len(), fixed)?, values);
    match database.write().query_all_raw(statement).await {
        Ok(rows) => Ok(!rows.is_empty()),
        Err(error) => {
            // What failed may have left the transaction open; when it did not, there is nothing to undo.
            let _ = database.write().execute_unprepared("ROLLBACK").await;
            Err(error.into())
        }
    }
}

fn sql(events: usize, fixed: usize) -> StoreResult<String> {
    let mut sql = "BEGIN IMMEDIATE; \
        INSERT INTO events (run_no, ord, kind, phase, step, iteration, at, payload) \
        SELECT runs.no, v.column1, v.column2, v.column3, v.column4, v.column5, v.column6, v.column7 FROM (VALUES "
        .to_owned();
    let mut parameter = fixed;
    for event in 0..events {
        sql.push_str(if event == 0 { "(" } else { "), (" });
        for column in 0..COLUMNS {
            parameter += 1;
            let comma = if column == 0 { "" } else { ", " };
            write!(sql, "{comma}${parameter}").map_err(StoreError::failed)?;
        }
    }
    sql.push_str(
        ")) AS v JOIN runs ON runs.id = $1 AND runs.epoch = $2 AND runs.last_ord = $3; \
         UPDATE runs SET last_ord = $4, status = $5, started_at = $6, steps_done = $7 \
         WHERE id = $1 AND epoch = $2 AND last_ord = $3 RETURNING no; \
         COMMIT",
    );
    Ok(sql)
}
