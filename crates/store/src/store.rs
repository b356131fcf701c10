//! The store itself: two databases, a clock, and where ids come from.

use crate::{
    DataDir, SqlJournal, StoreError, StoreResult,
    blobs::Blobs,
    database::{Database, SqliteSettings},
    ids::Ids,
};
use patchbay_migrations::{JournalMigrator, MainMigrator, MigratorTrait};
use sea_orm::ConnectionTrait;
use std::{
    fmt,
    path::PathBuf,
    sync::Arc,
    time::{SystemTime, UNIX_EPOCH},
};

/// Unix milliseconds now.
pub type Clock = Arc<dyn Fn() -> i64 + Send + Sync>;

/// Where the data is.
#[derive(Debug, Clone)]
pub enum Place {
    /// SQLite: `patchbay.db` and `journal.db` in this folder, which is made when missing.
    Folder(PathBuf),
    /// `postgres://…`, or `sqlite:FOLDER` which is the same as [`Place::Folder`].
    Url(String),
}

/// What a committed event survives. On PostgreSQL that is the server's `synchronous_commit`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Durability {
    /// A power cut.
    #[default]
    Power,
    /// The end of the process, however it ends.
    Process,
}

#[derive(Clone)]
pub struct Options {
    pub place: Place,
    pub durability: Durability,
    pub clock: Clock,
    /// Where values too large for a row are kept; none: in `blobs` of the folder, and with PostgreSQL in their rows.
    pub blobs: Option<PathBuf>,
    /// Bytes that each SQLite file may take; beyond, writes are refused as if the disk were full.
    pub largest_file: Option<u64>,
}

impl Options {
    /// Durable against power cuts, on the system's clock.
    pub fn new(place: Place) -> Self {
        Self {
            place,
            durability: Durability::default(),
            clock: Arc::new(system_clock),
            blobs: None,
            largest_file: None,
        }
    }
}

fn system_clock() -> i64 {
    let now = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .unwrap_or_default();
    i64::try_from(now.as_millis()).unwrap_or(i64::MAX)
}

/// Everything Patchbay remembers. Cheap to clone.
#[derive(Clone)]
pub struct Store {
    inner: Arc<Inner>,
}

struct Inner {
    main: Database,
    journal_database: Database,
    journal: Arc<SqlJournal>,
    clock: Clock,
    ids: Ids,
}

impl fmt::Debug for Store {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Store")
            .field("backend", &self.main().read().get_database_backend())
            .finish()
    }
}

impl Store {
    /// Opens the databases and brings their tables up to date.
    pub async fn open(options: Options) -> StoreResult<Self> {
        let Options {
            place,
            durability,
            clock,
            blobs,
            largest_file,
        } = options;
        let full_sync = durability == Durability::Power;
        let mut blob_folder = blobs;
        let (main, journal_database) = match place {
            Place::Folder(path) => {
                blob_folder.get_or_insert_with(|| path.join("blobs"));
                open_folder(path, durability, largest_file).await?
            }
            Place::Url(url)
                if url.starts_with("postgres://") || url.starts_with("postgresql://") =>
            {
                let database = Database::postgres(&url).await?;
                migrate::<MainMigrator>(&database).await?;
                migrate::<JournalMigrator>(&database).await?;
                (database.clone(), database)
            }
            Place::Url(url) => match url.strip_prefix("sqlite:") {
                Some(path) => {
                    let path = PathBuf::from(path.trim_start_matches("//"));
                    blob_folder.get_or_insert_with(|| path.join("blobs"));
                    open_folder(path, durability, largest_file).await?
                }
                // Not quoted whole: an address may carry a password.
                None => {
                    return Err(StoreError::Address(
                        url.split(':').next().unwrap_or_default().to_owned(),
                    ));
                }
            },
        };
        let blobs = blob_folder
            .map(|folder| Blobs::open(folder, full_sync))
            .transpose()?;
        let journal_database = journal_database.with_blobs(blobs);
        let journal = Arc::new(SqlJournal::new(journal_database.clone()));
        Ok(Self {
            inner: Arc::new(Inner {
                main,
                journal_database,
                journal,
                clock,
                ids: Ids::default(),
            }),
        })
    }

    /// Unix milliseconds.
    pub fn now(&self) -> i64 {
        (self.inner.clock)()
    }

    /// `prefix` and 26 characters, ordered by the time they were made.
    pub fn fresh_id(&self, prefix: &str) -> StoreResult<String> {
        self.inner.ids.fresh(prefix, self.now())
    }

    /// The record of runs, for the engine.
    pub fn journal(&self) -> Arc<SqlJournal> {
        Arc::clone(&self.inner.journal)
    }

    /// Whether both databases answer.
    pub async fn ping(&self) -> StoreResult<()> {
        self.main().read().ping().await?;
        Ok(self.journal_database().read().ping().await?)
    }

    /// Lets what is queued be written and closes the connections. Not needed for safety.
    pub async fn close(&self) -> StoreResult<()> {
        self.inner.journal.finish().await;
        self.main().close().await?;
        self.journal_database().close().await
    }

    pub(crate) fn main(&self) -> &Database {
        &self.inner.main
    }

    pub(crate) fn journal_database(&self) -> &Database {
        &self.inner.journal_database
    }
}

async fn open_folder(
    path: PathBuf,
    durability: Durability,
    largest_file: Option<u64>,
) -> StoreResult<(Database, Database)> {
    let folder = DataDir::create(path)?;
    let full_sync = durability == Durability::Power;
    let main_file = folder.path().join("patchbay.db");
    let journal_file = folder.path().join("journal.db");
    let waiting = folder.clone();
    let lock = tokio::task::spawn_blocking(move || waiting.lock_for_migration())
        .await
        .map_err(StoreError::failed)??;
    let main = Database::sqlite(
        &main_file,
        SqliteSettings {
            full_sync,
            shrinks: false,
            largest_file,
        },
    )
    .await?;
    let journal = Database::sqlite(
        &journal_file,
        SqliteSettings {
            full_sync,
            shrinks: true,
            largest_file,
        },
    )
    .await?;
    migrate::<MainMigrator>(&main).await?;
    migrate::<JournalMigrator>(&journal).await?;
    drop(lock);
    Ok((main, journal))
}

/// Brings the tables up to date; on PostgreSQL one process at a time.
async fn migrate<M: MigratorTrait>(database: &Database) -> StoreResult<()> {
    if database.is_sqlite() {
        return Ok(M::up(database.write(), None).await?);
    }
    let transaction = database.begin().await?;
    transaction
        .execute_unprepared("SELECT pg_advisory_xact_lock(7482301)")
        .await?;
    M::up(&transaction, None).await?;
    Ok(transaction.commit().await?)
}

/// Part of a list, and where the next part begins.
#[derive(Debug, Clone, PartialEq)]
pub struct Page<T> {
    pub items: Vec<T>,
    /// Give it back to get what follows; none at the end.
    pub next: Option<String>,
}

impl<T> Page<T> {
    /// From one more row than was asked for; `cursor` gives the place of a row.
    pub(crate) fn cut(mut items: Vec<T>, limit: u64, cursor: impl Fn(&T) -> String) -> Self {
        let limit = usize::try_from(limit).unwrap_or(usize::MAX);
        let next = (items.len() > limit)
            .then(|| items.get(limit.saturating_sub(1)).map(cursor))
            .flatten();
        items.truncate(limit);
        Self { items, next }
    }
}
