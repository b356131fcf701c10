//! The folder that holds everything, and the lock that keeps a second server out of it.

use crate::{StoreError, StoreResult};
use std::{
    fs::{self, File, TryLockError},
    path::{Path, PathBuf},
};

/// A data folder that exists and is this user's alone.
#[derive(Debug, Clone)]
pub struct DataDir {
    path: PathBuf,
}

/// A data folder that this process serves, until the value is dropped or the process ends.
#[derive(Debug)]
pub struct LockedDataDir {
    folder: DataDir,
    _lock: File,
}

impl DataDir {
    /// Makes the folder (mode 0700) when it does not exist.
    pub fn create(path: impl Into<PathBuf>) -> StoreResult<Self> {
        let path = path.into();
        let mut builder = fs::DirBuilder::new();
        builder.recursive(true);
        #[cfg(unix)]
        {
            use std::os::unix::fs::DirBuilderExt;
            builder.mode(0o700);
        }
        builder.create(&path).map_err(|error| StoreError::Folder {
            path: path.clone(),
            error,
        })?;
        Ok(Self { path })
    }

    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Takes the folder for serving. The operating system frees it when the process ends, however it ends.
    pub fn lock(self) -> StoreResult<LockedDataDir> {
        let file = self.lock_file("serve.lock")?;
        match file.try_lock() {
            Ok(()) => Ok(LockedDataDir {
                folder: self,
                _lock: file,
            }),
            Err(TryLockError::WouldBlock) => Err(StoreError::Locked(self.path)),
            Err(TryLockError::Error(error)) => Err(StoreError::Folder {
                path: self.path,
                error,
            }),
        }
    }

    /// Waits until no other process is changing the schema, and keeps others from it.
    pub(crate) fn lock_for_migration(&self) -> StoreResult<File> {
        let file = self.lock_file("migrate.lock")?;
        file.lock().map_err(|error| StoreError::Folder {
            path: self.path.clone(),
            error,
        })?;
        Ok(file)
    }

    fn lock_file(&self, name: &str) -> StoreResult<File> {
        let mut options = File::options();
        options.create(true).truncate(false).write(true);
        options
            .open(self.path.join(name))
            .map_err(|error| StoreError::Folder {
                path: self.path.clone(),
                error,
            })
    }
}

impl LockedDataDir {
    pub fn path(&self) -> &Path {
        self.folder.path()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_second_server_is_refused_until_the_first_ends() {
        let folder = tempfile::tempdir().unwrap();
        let first = DataDir::create(folder.path().join("data"))
            .unwrap()
            .lock()
            .unwrap();
        let second = DataDir::create(first.path()).unwrap().lock();
        assert!(matches!(second, Err(StoreError::Locked(path)) if path == first.path()));
        let path = first.path().to_owned();
        drop(first);
        DataDir::create(path).unwrap().lock().unwrap();
    }
}
