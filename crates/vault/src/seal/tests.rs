//! What sealing promises: only the right key, the whole value and the same context open a secret.

use super::{KeySource, SealError, Sealed, Vault};

const HEX: &str = "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f";
const BASE64: &str = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";
const OTHER: &str = "ff0102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f";

fn vault(text: &str) -> Vault {
    Vault::open_or_create(KeySource::Env(text.to_owned())).unwrap()
}

#[test]
fn a_sealed_secret_opens_in_its_context() {
    let vault = vault(HEX);
    let sealed = vault.seal(b"hunter2", "authentication:auth_1").unwrap();
    assert!(!sealed.as_str().contains("hunter2"));
    assert_eq!(sealed.key_id(), Some(vault.key_ids()[0]));
    assert_eq!(
        **vault.open(&sealed, "authentication:auth_1").unwrap(),
        *b"hunter2"
    );
}

#[test]
fn the_same_secret_seals_differently_each_time() {
    let vault = vault(HEX);
    assert_ne!(
        vault.seal(b"a", "x").unwrap(),
        vault.seal(b"a", "x").unwrap()
    );
}

#[test]
fn hexadecimal_and_base64_name_the_same_key() {
    assert_eq!(vault(HEX).key_ids(), vault(BASE64).key_ids());
    assert_eq!(vault(HEX).key_ids(), vault(&HEX.to_uppercase()).key_ids());
}

#[test]
fn another_context_does_not_open() {
    let vault = vault(HEX);
    let sealed = vault.seal(b"a", "authentication:auth_1").unwrap();
    assert!(matches!(
        vault.open(&sealed, "authentication:auth_2"),
        Err(SealError::Tampered)
    ));
}

#[test]
fn another_key_is_named_in_the_error() {
    let sealed = vault(HEX).seal(b"a", "x").unwrap();
    let Err(SealError::UnknownKey(id)) = vault(OTHER).open(&sealed, "x") else {
        panic!("opened under a wrong key")
    };
    assert_eq!(Some(id.as_str()), sealed.key_id());
}

#[test]
fn every_shortened_or_changed_value_is_refused() {
    let vault = vault(HEX);
    let sealed = vault.seal(b"a longer secret", "x").unwrap();
    for end in 0..sealed.as_str().len() {
        let cut = Sealed::from_text(&sealed.as_str()[..end]);
        assert!(vault.open(&cut, "x").is_err(), "opened when cut at {end}");
    }
    for index in 0..sealed.as_str().len() {
        let mut bytes = sealed.as_str().as_bytes().to_vec();
        bytes[index] = if bytes[index] == b'A' { b'B' } else { b'A' };
        let changed = Sealed::from_text(String::from_utf8(bytes).unwrap());
        assert!(
            vault.open(&changed, "x").is_err(),
            "opened when changed at {index}"
        );
    }
}

#[test]
fn a_short_passphrase_is_refused_and_a_long_one_taken() {
    let Err(error) = Vault::open_or_create(KeySource::Env("too short".to_owned())) else {
        panic!("accepted")
    };
    assert!(error.to_string().contains("PATCHBAY_KEY"), "{error}");
    assert!(Vault::open_or_create(KeySource::Env("  ,".to_owned())).is_err());
    assert_eq!(
        vault("correct horse battery staple and more")
            .key_ids()
            .len(),
        1
    );
}

#[test]
fn reseal_moves_a_secret_to_the_newest_key() {
    let old = vault(HEX).seal(b"a", "x").unwrap();
    let both = vault(&format!("{OTHER},{HEX}"));
    let new = both
        .reseal(&old, "x")
        .unwrap()
        .expect("it was under the old key");
    assert_eq!(**vault(OTHER).open(&new, "x").unwrap(), *b"a");
    assert_eq!(both.reseal(&new, "x").unwrap(), None);
}

#[test]
fn the_key_file_is_made_once_and_is_private() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("key");
    let first = Vault::open_or_create(KeySource::File(path.clone())).unwrap();
    let sealed = first.seal(b"a", "x").unwrap();
    let second = Vault::open_or_create(KeySource::File(path.clone())).unwrap();
    assert_eq!(**second.open(&sealed, "x").unwrap(), *b"a");
    assert_eq!(
        std::fs::read_dir(folder.path()).unwrap().count(),
        1,
        "a temporary file stayed behind"
    );
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        assert_eq!(
            std::fs::metadata(&path).unwrap().permissions().mode() & 0o777,
            0o600
        );
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o644)).unwrap();
        assert!(
            Vault::open_or_create(KeySource::File(path))
                .unwrap_err()
                .to_string()
                .contains("chmod 600")
        );
    }
}

#[test]
fn rotating_the_file_keeps_the_old_key_readable() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("key");
    let before = Vault::open_or_create(KeySource::File(path.clone())).unwrap();
    let sealed = before.seal(b"a", "x").unwrap();
    let after = Vault::rotate_file(&path).unwrap();
    assert_eq!(after.key_ids().len(), 2);
    assert_eq!(after.key_ids()[1], before.key_ids()[0]);
    let moved = after
        .reseal(&sealed, "x")
        .unwrap()
        .expect("it was under the old key");
    assert!(matches!(
        before.open(&moved, "x"),
        Err(SealError::UnknownKey(_))
    ));
    let reopened = Vault::open_or_create(KeySource::File(path)).unwrap();
    assert_eq!(**reopened.open(&moved, "x").unwrap(), *b"a");
}
