//! The demo: a stand-in for RingCentral and Google beside the server, and environments that lead to it.

use anyhow::Context;
use patchbay_model::id::EnvironmentId;
use patchbay_sandbox::{Config, Sandbox};
use patchbay_store::{SealedText, Store, System, environments};
use patchbay_vault::Vault;
use std::{net::SocketAddr, path::Path};
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

use crate::credentials::secret_context;

/// The services that the stand-in plays, with what people read.
const SERVICES: &[(&str, &str)] = &[("ringcentral", "Demo sandbox"), ("google", "Demo sandbox")];

/// A running stand-in.
pub struct Demo {
    /// Without a trailing slash.
    pub url: String,
    pub sandbox: Sandbox,
}

/// Starts the stand-in. When the address is taken by something else, a free port is used.
///
/// # Errors
/// When no port can be had.
pub async fn start(
    addr: SocketAddr,
    folder: &Path,
    stop: CancellationToken,
) -> anyhow::Result<Demo> {
    let listener = match TcpListener::bind(addr).await {
        Ok(listener) => listener,
        Err(_) => TcpListener::bind((addr.ip(), 0))
            .await
            .context("the sandbox found no port to listen on")?,
    };
    let url = format!("http://{}", listener.local_addr()?);
    // Kept beside the data, so that authentications and rows are still good after a restart.
    let sandbox = Sandbox::new(Config {
        state_file: Some(folder.join("sandbox.json")),
        ..Config::default()
    });
    let serving = sandbox.clone();
    tokio::spawn(async move {
        if let Err(error) = serving.serve(listener, stop.cancelled_owned()).await {
            tracing::error!(%error, "the sandbox stopped");
        }
    });
    Ok(Demo { url, sandbox })
}

/// Offers the stand-in as an environment of each service that it plays.
///
/// # Errors
/// When the environments cannot be saved.
pub async fn offer(store: &Store, vault: &Vault, url: &str) -> anyhow::Result<()> {
    let config = Config::default();
    for (service, title) in SERVICES {
        let id = EnvironmentId::new(format!("env_demo_{service}"));
        let secret = vault.seal(
            config.client_secret.as_bytes(),
            &secret_context(id.as_str()),
        )?;
        let environment = environments::NewEnvironment {
            service: (*service).to_owned(),
            title: (*title).to_owned(),
            base_url: Some(url.to_owned()),
            authorize_url: None,
            token_url: None,
            revoke_url: None,
            client_id: config.client_id.clone(),
            client_secret: Some(SealedText::from(secret.into_text())),
            is_default: true,
        };
        environments::put_built_in(
            store,
            &System::for_sign_in_and_workers(),
            &id,
            environment,
            true,
        )
        .await?;
    }
    Ok(())
}
