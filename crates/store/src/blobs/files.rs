//! The files themselves: written whole, flushed and renamed; read whole; never changed.

use crate::{StoreError, StoreResult};
use sha2::{Digest, Sha256};
use std::{
    fmt::Write as _,
    fs, io,
    io::Write as _,
    path::{Path, PathBuf},
    sync::Arc,
    time::{Duration, SystemTime},
};

/// A folder of blobs. Cheap to clone.
#[derive(Debug, Clone)]
pub(crate) struct Blobs {
    folder: Arc<PathBuf>,
    /// Whether a file survives a power cut as soon as it is written.
    full_sync: bool,
}

/// A file in the folder.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct BlobFile {
    pub(crate) hash: String,
    pub(crate) bytes: u64,
}

impl Blobs {
    /// Makes the folder when it does not exist.
    pub(crate) fn open(folder: PathBuf, full_sync: bool) -> StoreResult<Self> {
        fs::create_dir_all(&folder).map_err(|error| StoreError::Folder {
            path: folder.clone(),
            error,
        })?;
        Ok(Self {
            folder: Arc::new(folder),
            full_sync,
        })
    }

    /// Writes a value unless it is there already; gives its hash. It is durable when this returns.
    pub(crate) async fn put(&self, content: Vec<u8>) -> StoreResult<String> {
        let blobs = self.clone();
        blocking(move || blobs.write(&content)).await
    }

    /// Reads a value.
    pub(crate) async fn get(&self, hash: &str) -> StoreResult<Vec<u8>> {
        let path = self.path(hash)?;
        let content = blocking(move || fs::read(path)).await;
        content.map_err(|error| match error {
            StoreError::NotFound(_) => {
                StoreError::corrupt("large value", format!("its file {hash} is gone"))
            }
            other => other,
        })
    }

    /// Deletes a value; one that is gone already does not matter.
    pub(crate) async fn remove(&self, hash: &str) -> StoreResult<()> {
        let path = self.path(hash)?;
        match blocking(move || fs::remove_file(path)).await {
            Err(StoreError::NotFound(_)) => Ok(()),
            other => other,
        }
    }

    /// The files that nobody has touched for so long.
    pub(crate) async fn old(&self, untouched: Duration) -> StoreResult<Vec<BlobFile>> {
        let folder = Arc::clone(&self.folder);
        blocking(move || list(&folder, untouched)).await
    }

    /// Copies a value to another place.
    pub(crate) async fn copy(&self, hash: &str, to: PathBuf) -> StoreResult<()> {
        let from = self.path(hash)?;
        blocking(move || fs::copy(from, to).map(|_| ())).await
    }

    /// Where a value stands: `ab/cdef…`, so that no folder holds too many.
    fn path(&self, hash: &str) -> StoreResult<PathBuf> {
        let sound = hash.len() == 64 && hash.bytes().all(|byte| byte.is_ascii_hexdigit());
        match hash.split_at_checked(2) {
            Some((first, rest)) if sound => Ok(self.folder.join(first).join(rest)),
            _ => Err(StoreError::corrupt("large value", "its name is no hash")),
        }
    }

    fn write(&self, content: &[u8]) -> io::Result<String> {
        let mut hash = String::with_capacity(64);
        for byte in Sha256::digest(content) {
            let _ = write!(hash, "{byte:02x}");
        }
        let (first, rest) = hash.split_at(2);
        let folder = self.folder.join(first);
        let path = folder.join(rest);
        if let Ok(file) = fs::File::options().write(true).open(&path) {
            // Somebody may be about to delete what looks unused; what was touched just now stays.
            file.set_modified(SystemTime::now())?;
            return Ok(hash);
        }
        fs::create_dir_all(&folder)?;
        let mut unique = [0; 8];
        getrandom::fill(&mut unique).map_err(|error| io::Error::other(error.to_string()))?;
        let temporary = self
            .folder
            .join(format!("{:016x}.part", u64::from_le_bytes(unique)));
        let written = self.write_through(&temporary, content);
        if let Err(error) = written.and_then(|()| fs::rename(&temporary, &path)) {
            // What is half written is of no use; a file that cannot even be deleted is swept later.
            let _ = fs::remove_file(&temporary);
            return Err(error);
        }
        if self.full_sync {
            fs::File::open(&folder)?.sync_all()?;
            fs::File::open(self.folder.as_path())?.sync_all()?;
        }
        Ok(hash)
    }

    fn write_through(&self, path: &Path, content: &[u8]) -> io::Result<()> {
        let mut file = fs::File::create_new(path)?;
        file.write_all(content)?;
        if self.full_sync {
            file.sync_all()
        } else {
            Ok(())
        }
    }
}

fn list(folder: &Path, untouched: Duration) -> io::Result<Vec<BlobFile>> {
    let before = SystemTime::now()
        .checked_sub(untouched)
        .unwrap_or(SystemTime::UNIX_EPOCH);
    let mut files = Vec::new();
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let first = entry.file_name().to_string_lossy().into_owned();
        if !entry.file_type()?.is_dir() {
            // What a crash left half written.
            let stale = entry.metadata()?.modified()? < before && !untouched.is_zero();
            if first.ends_with(".part") && stale {
                fs::remove_file(entry.path())?;
            }
            continue;
        }
        for entry in fs::read_dir(entry.path())? {
            let entry = entry?;
            // Somebody else may have deleted it meanwhile.
            let Ok(metadata) = entry.metadata() else {
                continue;
            };
            if metadata.modified()? <= before {
                files.push(BlobFile {
                    hash: format!("{first}{}", entry.file_name().to_string_lossy()),
                    bytes: metadata.len(),
                });
            }
        }
    }
    Ok(files)
}

async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> io::Result<T> + Send + 'static,
) -> StoreResult<T> {
    let done = tokio::task::spawn_blocking(work)
        .await
        .map_err(StoreError::failed)?;
    done.map_err(|error| match error.kind() {
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => StoreError::Full,
        io::ErrorKind::NotFound => StoreError::NotFound("file"),
        _ => StoreError::failed(error),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn blobs() -> (tempfile::TempDir, Blobs) {
        let folder = tempfile::tempdir().unwrap();
        let blobs = Blobs::open(folder.path().join("blobs"), true).unwrap();
        (folder, blobs)
    }

    #[tokio::test]
    async fn equal_values_are_kept_once_and_read_back() {
        let (_folder, blobs) = blobs();
        let first = blobs.put(b"hello".to_vec()).await.unwrap();
        let second = blobs.put(b"hello".to_vec()).await.unwrap();
        let other = blobs.put(b"other".to_vec()).await.unwrap();
        assert_eq!(first, second);
        assert_ne!(first, other);
        assert_eq!(blobs.get(&first).await.unwrap(), b"hello");
        assert_eq!(blobs.old(Duration::ZERO).await.unwrap().len(), 2);
        blobs.remove(&first).await.unwrap();
        blobs.remove(&first).await.unwrap();
        assert!(matches!(
            blobs.get(&first).await,
            Err(StoreError::Corrupt { .. })
        ));
    }

    #[tokio::test]
    async fn what_was_touched_lately_is_not_old() {
        let (_folder, blobs) = blobs();
        let hash = blobs.put(b"young".to_vec()).await.unwrap();
        assert_eq!(blobs.old(Duration::from_secs(60)).await.unwrap(), []);
        let path = blobs.path(&hash).unwrap();
        let hour_ago = SystemTime::now() - Duration::from_secs(3600);
        fs::File::options()
            .write(true)
            .open(path)
            .unwrap()
            .set_modified(hour_ago)
            .unwrap();
        assert_eq!(blobs.old(Duration::from_secs(60)).await.unwrap().len(), 1);
        blobs.put(b"young".to_vec()).await.unwrap();
        assert_eq!(blobs.old(Duration::from_secs(60)).await.unwrap(), []);
    }

    #[tokio::test]
    async fn a_name_that_is_no_hash_reaches_no_file() {
        let (_folder, blobs) = blobs();
        for name in ["", "../../etc/passwd", "zz", &"g".repeat(64)] {
            assert!(
                matches!(blobs.get(name).await, Err(StoreError::Corrupt { .. })),
                "{name}"
            );
        }
    }
}
