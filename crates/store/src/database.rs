//! Connections: on SQLite one that writes and a few that read, on PostgreSQL a pool.
//!
//! The only file that begins transactions. On SQLite they begin immediate: a deferred one that reads before it writes
//! fails at once when another write came between.

use crate::{StoreError, StoreResult, blobs::Blobs};
use sea_orm::{
    ConnectOptions, ConnectionTrait, DatabaseConnection, DatabaseTransaction, DbBackend,
    SqliteTransactionMode, Statement, TransactionOptions, TransactionTrait,
    sqlx::sqlite::{SqliteAutoVacuum, SqliteJournalMode, SqliteSynchronous},
};
use std::{
    path::{Path, PathBuf},
    sync::Arc,
    time::Duration,
};

/// Older versions can corrupt a database in WAL mode.
pub(crate) const SQLITE_NEEDED: &str = "3.51.3";
/// Bytes of a page, as SQLite chooses it.
const PAGE: u64 = 4096;
const READERS: u32 = 4;
/// Bytes of the write-ahead log beyond which it is started over.
const LARGEST_LOG: u64 = 128 * 1024 * 1024;
const POSTGRES_CONNECTIONS: u32 = 16;
const PATIENCE: Duration = Duration::from_secs(5);

/// One database: the main one, the journal, or (on PostgreSQL) both.
#[derive(Debug, Clone)]
pub(crate) struct Database {
    writer: DatabaseConnection,
    reader: DatabaseConnection,
    /// Of SQLite.
    file: Option<Arc<PathBuf>>,
    /// Where values stand that are too large for a row; none: in their rows all the same.
    blobs: Option<Blobs>,
}

/// How a SQLite file is opened.
#[derive(Debug, Clone, Copy)]
pub(crate) struct SqliteSettings {
    /// Whether a commit survives a power cut, and not only the end of the process.
    pub(crate) full_sync: bool,
    /// Whether deleted pages can be given back in slices.
    pub(crate) shrinks: bool,
    /// Bytes that the file may take.
    pub(crate) largest_file: Option<u64>,
}

impl Database {
    pub(crate) async fn sqlite(path: &Path, settings: SqliteSettings) -> StoreResult<Self> {
        let writer = sea_orm::Database::connect(sqlite_options(path, settings, true)).await?;
        check_version(&writer).await?;
        let reader = sea_orm::Database::connect(sqlite_options(path, settings, false)).await?;
        Ok(Self {
            writer,
            reader,
            file: Some(Arc::new(path.to_owned())),
            blobs: None,
        })
    }

    pub(crate) async fn postgres(url: &str) -> StoreResult<Self> {
        let mut options = ConnectOptions::new(url);
        options
            .max_connections(POSTGRES_CONNECTIONS)
            .acquire_timeout(2 * PATIENCE)
            .sqlx_logging(false);
        let pool = sea_orm::Database::connect(options).await?;
        Ok(Self {
            writer: pool.clone(),
            reader: pool,
            file: None,
            blobs: None,
        })
    }

    /// With a folder for large values.
    pub(crate) fn with_blobs(self, blobs: Option<Blobs>) -> Self {
        Self { blobs, ..self }
    }

    pub(crate) fn blobs(&self) -> Option<&Blobs> {
        self.blobs.as_ref()
    }

    /// The file of a SQLite database.
    pub(crate) fn file(&self) -> Option<&Path> {
        self.file.as_deref().map(PathBuf::as_path)
    }

    /// Starts the write-ahead log over when it has grown large, which readers kept it from doing by itself.
    pub(crate) async fn cap_log(&self) -> StoreResult<()> {
        let Some(file) = self.file() else {
            return Ok(());
        };
        let mut log = file.as_os_str().to_owned();
        log.push("-wal");
        let size = std::fs::metadata(log).map_or(0, |metadata| metadata.len());
        if size > LARGEST_LOG {
            self.writer
                .execute_unprepared("PRAGMA wal_checkpoint(RESTART)")
                .await?;
        }
        Ok(())
    }

    /// For queries that change nothing.
    pub(crate) fn read(&self) -> &DatabaseConnection {
        &self.reader
    }

    /// For a single statement that changes something.
    pub(crate) fn write(&self) -> &DatabaseConnection {
        &self.writer
    }

    /// For several statements that stand or fall together.
    pub(crate) async fn begin(&self) -> StoreResult<DatabaseTransaction> {
        let options = TransactionOptions {
            sqlite_transaction_mode: self.is_sqlite().then_some(SqliteTransactionMode::Immediate),
            ..TransactionOptions::default()
        };
        Ok(self.writer.begin_with_options(options).await?)
    }

    pub(crate) fn is_sqlite(&self) -> bool {
        self.writer.get_database_backend() == DbBackend::Sqlite
    }

    pub(crate) async fn close(&self) -> StoreResult<()> {
        self.reader.close_by_ref().await?;
        Ok(self.writer.close_by_ref().await?)
    }
}

fn sqlite_options(path: &Path, settings: SqliteSettings, writes: bool) -> ConnectOptions {
    let path = path.to_owned();
    let mut options = ConnectOptions::new("sqlite::memory:");
    options
        .max_connections(if writes { 1 } else { READERS })
        .min_connections(1)
        .acquire_timeout(6 * PATIENCE)
        // A connection that is closed and opened again would lose its place in the WAL for nothing.
        .idle_timeout(None)
        .max_lifetime(None)
        .test_before_acquire(false)
        .sqlx_logging(false)
        .map_sqlx_sqlite_opts(move |options| {
            let synchronous = if settings.full_sync {
                SqliteSynchronous::Full
            } else {
                SqliteSynchronous::Normal
            };
            let options = options
                .in_memory(false)
                .shared_cache(false)
                .filename(&path)
                .create_if_missing(writes)
                .synchronous(synchronous)
                .busy_timeout(PATIENCE)
                .foreign_keys(true)
                .pragma("temp_store", "MEMORY");
            if writes {
                let vacuum = if settings.shrinks {
                    SqliteAutoVacuum::Incremental
                } else {
                    SqliteAutoVacuum::None
                };
                let options = match settings.largest_file {
                    Some(bytes) => {
                        options.pragma("max_page_count", (bytes / PAGE).max(1).to_string())
                    }
                    None => options,
                };
                options
                    .journal_mode(SqliteJournalMode::Wal)
                    .auto_vacuum(vacuum)
                    .pragma("wal_autocheckpoint", "4000")
                    .pragma("journal_size_limit", "67108864")
                    .pragma("cache_size", "-16384")
            } else {
                options
                    .pragma("query_only", "ON")
                    .pragma("cache_size", "-4096")
            }
        });
    options
}

async fn check_version(connection: &DatabaseConnection) -> StoreResult<()> {
    let statement = Statement::from_string(DbBackend::Sqlite, "SELECT sqlite_version() AS version");
    let row = connection.query_one_raw(statement).await?;
    let found: String = match row {
        Some(row) => row.try_get("", "version")?,
        None => return Err(StoreError::failed("SQLite did not say its version")),
    };
    require_version(&found)
}

/// Refuses SQLite before [`SQLITE_NEEDED`].
pub(crate) fn require_version(found: &str) -> StoreResult<()> {
    let parts = |text: &str| -> Vec<u32> {
        text.split('.')
            .map(|part| part.parse().unwrap_or(0))
            .collect()
    };
    if parts(found) < parts(SQLITE_NEEDED) {
        return Err(StoreError::OldSqlite {
            found: found.to_owned(),
            needed: SQLITE_NEEDED,
        });
    }
    Ok(())
}
