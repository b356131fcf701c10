//! Consistent copies of everything, made while the server works.

use crate::{Store, StoreError, StoreResult, System, database::Database, entity::run_blobs};
use sea_orm::{ConnectionTrait, EntityTrait, QueryOrder, QuerySelect};
use std::path::{Path, PathBuf};

/// What a copy holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Copied {
    pub blobs: u64,
    /// Large values that were deleted while the copy was made, together with their runs.
    pub gone: u64,
}

/// Copies both databases and the large values into an empty folder, as `patchbay.db`, `journal.db` and `blobs`.
///
/// The journal is copied first: what it speaks of is in the main database, which is copied after it.
/// [`StoreError::InUse`] with PostgreSQL, which has tools of its own for this.
pub async fn copy(store: &Store, _: &System, folder: &Path) -> StoreResult<Copied> {
    let journal = store.journal_database();
    if !journal.is_sqlite() {
        return Err(StoreError::InUse(
            "with PostgreSQL, back the database up with pg_dump, and copy the folder of large values".to_owned(),
        ));
    }
    copy_file(journal, &folder.join("journal.db")).await?;
    copy_file(store.main(), &folder.join("patchbay.db")).await?;
    let mut copied = Copied::default();
    let Some(blobs) = journal.blobs() else {
        return Ok(copied);
    };
    let hashes: Vec<String> = run_blobs::Entity::find()
        .select_only()
        .column(run_blobs::Column::Hash)
        .distinct()
        .order_by_asc(run_blobs::Column::Hash)
        .into_tuple()
        .all(journal.read())
        .await?;
    for hash in hashes {
        let Some((first, rest)) = hash.split_at_checked(2) else {
            continue;
        };
        let to: PathBuf = folder.join("blobs").join(first);
        std::fs::create_dir_all(&to).map_err(|error| StoreError::Folder {
            path: to.clone(),
            error,
        })?;
        match blobs.copy(&hash, to.join(rest)).await {
            Ok(()) => copied.blobs += 1,
            Err(StoreError::NotFound(_)) => copied.gone += 1,
            Err(error) => return Err(error),
        }
    }
    Ok(copied)
}

/// One file as it is at this moment, without what is free in it.
async fn copy_file(database: &Database, to: &Path) -> StoreResult<()> {
    let name = to.to_string_lossy().replace('\'', "''");
    database
        .write()
        .execute_unprepared(&format!("VACUUM INTO '{name}'"))
        .await?;
    Ok(())
}
