//! `patchbay key rotate`

use anyhow::bail;
use patchbay_store::{
    DataDir, SealedText, Store, System,
    secrets::{self, Holder},
};
use patchbay_vault::{Sealed, Vault};
use std::process::ExitCode;

use super::{complain, say};
use crate::{boot, config, config::DataArgs, credentials, triggers};

/// Puts a new key in front of the others and seals every secret under it. With `PATCHBAY_KEY` the person puts the
/// new key in front; this moves the secrets to it.
///
/// The server must not run: it would go on sealing under the key it knows.
pub(super) async fn rotate(data: DataArgs) -> anyhow::Result<ExitCode> {
    let folder = data.folder();
    let _lock = DataDir::create(folder.clone())?.lock()?;
    let from_environment = std::env::var_os("PATCHBAY_KEY").is_some_and(|key| !key.is_empty());
    let vault = if from_environment {
        boot::open_vault(&folder)?
    } else {
        Vault::rotate_file(&folder.join("patchbay.key"))?
    };
    let store = boot::open_store(&data, config::Durability::Power).await?;
    let moved = reseal(&store, &vault).await;
    store.close().await?;
    let moved = moved?;
    let ids = vault.key_ids();
    let Some((newest, older)) = ids.split_first() else {
        bail!("there is no key");
    };
    say(&format!(
        "{moved} secrets are now sealed under key {newest}"
    ));
    if !older.is_empty() {
        let place = if from_environment {
            "PATCHBAY_KEY"
        } else {
            "the key file"
        };
        complain(&format!(
            "Older keys ({}) are still in {place}: backups made before need them. Take them out when you do not need those any more.",
            older.join(", ")
        ));
    }
    Ok(ExitCode::SUCCESS)
}

/// Seals every secret under the newest key; gives how many were not before. It can be broken off and begun again.
pub(crate) async fn reseal(store: &Store, vault: &Vault) -> anyhow::Result<usize> {
    let system = System::for_sign_in_and_workers();
    let mut moved = 0;
    for secret in secrets::all(store, &system).await? {
        let context = match &secret.holder {
            Holder::Authentication(id) => credentials::context(id),
            Holder::Environment(id) => credentials::secret_context(id.as_str()),
            Holder::Registration(id) => triggers::registration_context(id),
        };
        let sealed = Sealed::from_text(secret.sealed.0.clone());
        if let Some(fresh) = vault.reseal(&sealed, &context)? {
            let replaced =
                secrets::replace(store, &system, &secret, &SealedText(fresh.into_text())).await?;
            moved += usize::from(replaced);
        }
    }
    Ok(moved)
}
