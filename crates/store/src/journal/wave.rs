//! Batches of different runs whose headers are set by one statement: statements are what a group commit costs most.

use crate::{StoreError, StoreResult, text::to_json};
use patchbay_engine::port::Batch;
use patchbay_model::{
    event::{Event, RunStatus},
    id::RunId,
};
use sea_orm::{ConnectionTrait, DatabaseTransaction, Statement, sea_query::Value};
use std::{
    collections::{HashMap, HashSet},
    fmt::Write,
};

/// Rows per statement: few sizes, so that the prepared ones are found again.
const SIZES: [usize; 7] = [128, 32, 8, 4, 3, 2, 1];

/// The types of one row of [`Wave::update`], in order.
const TYPES: [&str; 9] = [
    "TEXT", "BIGINT", "BIGINT", "TEXT", "BIGINT", "BIGINT", "BIGINT", "TEXT", "BIGINT",
];

/// How many of the rows that are left go into the next statement.
pub(super) fn statement_size(left: usize) -> usize {
    SIZES.into_iter().find(|size| *size <= left).unwrap_or(1)
}

/// As it stands in a column.
pub(super) fn signed(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

/// Whether the events follow each other without a gap.
pub(super) fn are_consecutive(events: &[Event]) -> bool {
    events.windows(2).all(|pair| pair[1].ord == pair[0].ord + 1)
}

/// A run whose batch may be written.
pub(super) struct Written {
    pub(super) no: i64,
    /// What its success means to the workflow.
    pub(super) origin: i16,
}

/// At most one batch per run.
#[derive(Default)]
pub(super) struct Wave<'a> {
    batches: Vec<(usize, &'a Batch)>,
    runs: HashSet<&'a RunId>,
}

impl<'a> Wave<'a> {
    pub(super) fn contains(&self, run: &RunId) -> bool {
        self.runs.contains(run)
    }

    pub(super) fn push(&mut self, index: usize, batch: &'a Batch) {
        self.runs.insert(&batch.run);
        self.batches.push((index, batch));
    }

    pub(super) fn into_batches(self) -> impl Iterator<Item = (usize, &'a Batch)> {
        self.batches.into_iter()
    }

    /// The runs that end well with these batches.
    pub(super) fn succeeded(&self) -> impl Iterator<Item = &RunId> {
        self.batches
            .iter()
            .filter(|(_, batch)| batch.header.status == RunStatus::Succeeded)
            .map(|(_, batch)| &batch.run)
    }

    /// Sets the headers and gives the numbers of the runs whose batches may be written. The others have another owner,
    /// another last event, or do not exist. Updating the row locks it: a claim waits until these events are there.
    pub(super) async fn update(
        &self,
        transaction: &DatabaseTransaction,
    ) -> StoreResult<HashMap<String, Written>> {
        let mut numbers = HashMap::new();
        let mut left = self.batches.as_slice();
        while !left.is_empty() {
            let (now, later) = left.split_at(statement_size(left.len()));
            left = later;
            let values = now
                .iter()
                .map(|(_, batch)| row(batch))
                .collect::<StoreResult<Vec<_>>>()?;
            let backend = transaction.get_database_backend();
            let statement = Statement::from_sql_and_values(
                backend,
                update_sql(now.len())?,
                values.into_iter().flatten(),
            );
            for row in transaction.query_all_raw(statement).await? {
                let written = Written {
                    no: row.try_get("", "no")?,
                    origin: row.try_get("", "origin")?,
                };
                numbers.insert(row.try_get("", "id")?, written);
            }
        }
        Ok(numbers)
    }
}

/// Both databases name the columns of `VALUES` column1, column2, …
fn update_sql(rows: usize) -> StoreResult<String> {
    let mut sql = "UPDATE runs SET last_ord = COALESCE(v.column3, runs.last_ord), status = v.column4, started_at = v.column5, \
                   finished_at = v.column6, steps_done = v.column7, error = v.column8 FROM (VALUES "
        .to_owned();
    let mut parameter = 0;
    for row in 0..rows {
        sql.push_str(if row == 0 { "(" } else { "), (" });
        for (column, kind) in TYPES.iter().enumerate() {
            parameter += 1;
            let comma = if column == 0 { "" } else { ", " };
            write!(sql, "{comma}CAST(${parameter} AS {kind})").map_err(StoreError::failed)?;
        }
    }
    sql.push_str(
        ")) AS v WHERE runs.id = v.column1 AND runs.epoch = v.column2 \
         AND (v.column9 IS NULL OR runs.last_ord = v.column9) RETURNING runs.id AS id, runs.no AS no, runs.origin AS origin",
    );
    Ok(sql)
}

/// Run, epoch, its new last ord, the header, and the last ord that it must have now; no ords for a bare header.
fn row(batch: &Batch) -> StoreResult<[Value; 9]> {
    let Batch {
        run,
        epoch,
        events,
        header,
        frontier: _,
    } = batch;
    // Events that do not follow each other match no row.
    let before = events.first().map(|first| match are_consecutive(events) {
        true => signed(first.ord) - 1,
        false => -1,
    });
    let last = events.last();
    // The list of unfinished runs goes by this column.
    let finished_at = header.finished_at.or_else(|| {
        last.filter(|_| header.status.is_final())
            .map(|event| event.at)
    });
    Ok([
        run.as_str().into(),
        signed(*epoch).into(),
        last.map(|event| signed(event.ord)).into(),
        header.status.as_str().into(),
        header.started_at.into(),
        finished_at.into(),
        signed(header.steps_done).into(),
        header.error.as_ref().map(to_json).transpose()?.into(),
        before.into(),
    ])
}
