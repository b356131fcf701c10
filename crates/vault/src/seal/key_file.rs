//! The key file: one key per line, newest first, readable by its owner alone.

use super::{SealError, key::Key};
use crate::fresh;
use std::{
    fs, io,
    io::Write,
    path::{Path, PathBuf},
};
use zeroize::Zeroizing;

pub(super) fn read_or_create(path: &Path) -> Result<Vec<Key>, SealError> {
    match read(path) {
        Err(SealError::File { error, .. }) if error.kind() == io::ErrorKind::NotFound => {
            create(path)?;
            // Somebody else may have been first; what is there now counts.
            read(path)
        }
        other => other,
    }
}

pub(super) fn rotate(path: &Path) -> Result<Vec<Key>, SealError> {
    let mut keys = read_or_create(path)?;
    keys.insert(0, Key::random()?);
    let temporary = write_temporary(path, &keys)?;
    fs::rename(&temporary, path).map_err(|error| failed(path, error))?;
    sync_folder(path)?;
    Ok(keys)
}

fn read(path: &Path) -> Result<Vec<Key>, SealError> {
    check_mode(path)?;
    let text = Zeroizing::new(fs::read_to_string(path).map_err(|error| failed(path, error))?);
    Key::parse_list(&text, &format!("the key file {}", path.display()))
}

fn create(path: &Path) -> Result<(), SealError> {
    let temporary = write_temporary(path, &[Key::random()?])?;
    // A link refuses to replace a file that appeared meanwhile, and the file is never seen half written.
    let linked = fs::hard_link(&temporary, path);
    fs::remove_file(&temporary).map_err(|error| failed(path, error))?;
    match linked {
        Err(error) if error.kind() != io::ErrorKind::AlreadyExists => Err(failed(path, error)),
        _ => sync_folder(path),
    }
}

fn write_temporary(path: &Path, keys: &[Key]) -> Result<PathBuf, SealError> {
    let temporary = path.with_extension(format!("tmp-{}", fresh::hex(&fresh::bytes::<6>()?)));
    let mut text = Zeroizing::new(
        "# The keys under which Patchbay seals secrets, newest first. Without them, stored authentications are lost.\n".to_owned(),
    );
    for key in keys {
        text.push_str(&key.to_text());
        text.push('\n');
    }
    let mut options = fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt;
        options.mode(0o600);
    }
    let write = || {
        let mut file = options.open(&temporary)?;
        file.write_all(text.as_bytes())?;
        file.sync_all()
    };
    write().map_err(|error| failed(path, error))?;
    Ok(temporary)
}

/// The name of a file is durable only when its folder is.
fn sync_folder(path: &Path) -> Result<(), SealError> {
    #[cfg(unix)]
    if let Some(folder) = path.parent() {
        let folder = if folder.as_os_str().is_empty() {
            Path::new(".")
        } else {
            folder
        };
        fs::File::open(folder)
            .and_then(|folder| folder.sync_all())
            .map_err(|error| failed(path, error))?;
    }
    Ok(())
}

fn check_mode(path: &Path) -> Result<(), SealError> {
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let mode = fs::metadata(path)
            .map_err(|error| failed(path, error))?
            .permissions()
            .mode();
        if mode & 0o077 != 0 {
            return Err(SealError::Key(format!(
                "the key file {0} can be read by others (mode {1:o}); run `chmod 600 {0}`",
                path.display(),
                mode & 0o777
            )));
        }
    }
    Ok(())
}

fn failed(path: &Path, error: io::Error) -> SealError {
    SealError::File {
        path: path.to_owned(),
        error,
    }
}
