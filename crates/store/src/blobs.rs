//! Values too large for a row: each in a file of its own, named by the SHA-256 of its content.
//!
//! A file is complete and flushed before the row that names it is committed, so a row never names a file that is not
//! there. The other way round happens (a crash in between, a run that was deleted), and [`sweep`] cleans it up.

mod files;
mod spill;

pub(crate) use files::Blobs;
pub(crate) use spill::{Spilled, Values, fill, spill, spill_input};

use crate::{Store, StoreResult, System, entity::run_blobs};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QuerySelect};
use std::{collections::HashSet, time::Duration};

/// Files looked up at a time.
const SLICE: usize = 200;

/// How large all of them are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct BlobUsage {
    pub files: u64,
    pub bytes: u64,
}

/// Deletes the files that no run uses and that nobody has touched for `untouched`: what is about to be committed is
/// younger. Gives the bytes that became free.
pub async fn sweep(store: &Store, _: &System, untouched: Duration) -> StoreResult<u64> {
    let database = store.journal_database();
    let Some(blobs) = database.blobs() else {
        return Ok(0);
    };
    let mut freed = 0;
    for slice in blobs.old(untouched).await?.chunks(SLICE) {
        let used: HashSet<String> = run_blobs::Entity::find()
            .filter(run_blobs::Column::Hash.is_in(slice.iter().map(|file| file.hash.as_str())))
            .select_only()
            .column(run_blobs::Column::Hash)
            .distinct()
            .into_tuple::<String>()
            .all(database.read())
            .await?
            .into_iter()
            .collect();
        for file in slice.iter().filter(|file| !used.contains(&file.hash)) {
            blobs.remove(&file.hash).await?;
            freed += file.bytes;
        }
    }
    Ok(freed)
}

/// How much room the files take.
pub async fn usage(store: &Store, _: &System) -> StoreResult<BlobUsage> {
    match store.journal_database().blobs() {
        Some(blobs) => {
            let files = blobs.old(Duration::ZERO).await?;
            Ok(BlobUsage {
                files: u64::try_from(files.len()).unwrap_or(u64::MAX),
                bytes: files.iter().map(|file| file.bytes).sum(),
            })
        }
        None => Ok(BlobUsage::default()),
    }
}
