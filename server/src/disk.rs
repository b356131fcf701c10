//! How much room the disk of the data folder has.

use std::path::Path;

/// Bytes on a disk.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Disk {
    pub free: u64,
    pub size: u64,
}

/// The disk on which a folder is; none where that cannot be asked.
#[cfg(unix)]
pub(crate) fn of(folder: &Path) -> Option<Disk> {
    let found = rustix::fs::statvfs(folder).ok()?;
    Some(Disk {
        free: found.f_bavail.saturating_mul(found.f_frsize),
        size: found.f_blocks.saturating_mul(found.f_frsize),
    })
}

/// The disk on which a folder is; none where that cannot be asked.
#[cfg(not(unix))]
pub(crate) fn of(_: &Path) -> Option<Disk> {
    None
}

#[cfg(test)]
mod tests {
    use super::of;

    #[cfg(unix)]
    #[test]
    fn a_folder_is_on_a_disk_and_a_missing_one_on_none() {
        let disk = of(&std::env::temp_dir()).unwrap();
        assert!(disk.size > 0 && disk.free <= disk.size, "{disk:?}");
        assert_eq!(of("/no/such/folder".as_ref()), None);
    }
}
