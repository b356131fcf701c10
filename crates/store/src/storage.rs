//! How much room the data takes, and giving back what is not used any more.

use crate::{
    Store, StoreResult, System,
    blobs::{self, BlobUsage},
    database::Database,
    entity::runs,
};
use sea_orm::{ConnectionTrait, EntityTrait, PaginatorTrait, Statement};

/// Free pages given back to the disk at a time, so that the writer is never held up for long.
const PAGES: i64 = 2_000;

/// The room that data takes, in bytes. With PostgreSQL, `main` is none of it and `journal` all.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Usage {
    pub main: u64,
    pub journal: u64,
    /// Of the journal's room, what is free for new rows.
    pub reusable: u64,
    pub blobs: BlobUsage,
    pub runs: u64,
}

impl Usage {
    /// What runs take: rows and large values.
    pub fn of_runs(&self) -> u64 {
        self.journal.saturating_sub(self.reusable) + self.blobs.bytes
    }
}

pub async fn usage(store: &Store, system: &System) -> StoreResult<Usage> {
    let database = store.journal_database();
    let runs = runs::Entity::find().count(database.read()).await?;
    let blobs = blobs::usage(store, system).await?;
    if !database.is_sqlite() {
        // Files of PostgreSQL do not shrink by deleting; what counts is what the rows hold.
        let journal = number(
            database,
            "SELECT COALESCE(SUM(OCTET_LENGTH(payload) + 100), 0)::BIGINT AS n FROM events",
        )
        .await?;
        return Ok(Usage {
            journal,
            blobs,
            runs,
            ..Usage::default()
        });
    }
    let (main, _) = pages(store.main()).await?;
    let (journal, reusable) = pages(database).await?;
    Ok(Usage {
        main,
        journal,
        reusable,
        blobs,
        runs,
    })
}

/// Bytes of all pages, and of those that are free.
async fn pages(database: &Database) -> StoreResult<(u64, u64)> {
    let size = number(database, "SELECT page_size AS n FROM pragma_page_size").await?;
    let all = number(database, "SELECT page_count AS n FROM pragma_page_count").await?;
    let free = number(
        database,
        "SELECT freelist_count AS n FROM pragma_freelist_count",
    )
    .await?;
    Ok((all * size, free * size))
}

async fn number(database: &Database, sql: &str) -> StoreResult<u64> {
    let connection = database.read();
    let statement = Statement::from_string(connection.get_database_backend(), sql);
    let row = connection.query_one_raw(statement).await?;
    let number: i64 = match row {
        Some(row) => row.try_get("", "n")?,
        None => 0,
    };
    Ok(u64::try_from(number).unwrap_or(0))
}

/// Gives the room of deleted runs back to the disk, a slice at a time.
pub(crate) async fn give_back(store: &Store) -> StoreResult<()> {
    let database = store.journal_database();
    if !database.is_sqlite() {
        return Ok(());
    }
    loop {
        let (_, before) = pages(database).await?;
        if before == 0 {
            break;
        }
        database
            .write()
            .execute_unprepared(&format!("PRAGMA incremental_vacuum({PAGES})"))
            .await?;
        let (_, after) = pages(database).await?;
        if after >= before {
            break;
        }
    }
    // The file only becomes shorter when what is in the log arrives in it.
    database
        .write()
        .execute_unprepared("PRAGMA wal_checkpoint(PASSIVE)")
        .await?;
    Ok(())
}
