//! `patchbay sandbox`

use anyhow::Context;
use patchbay_sandbox::{Config, Sandbox};
use std::{net::SocketAddr, process::ExitCode};

use super::say;
use crate::shutdown;

/// Serves the stand-in until it is interrupted.
pub(super) async fn serve(addr: SocketAddr) -> anyhow::Result<ExitCode> {
    crate::telemetry::start();
    let listener = tokio::net::TcpListener::bind(addr)
        .await
        .with_context(|| format!("cannot listen on {addr}"))?;
    say(&format!(
        "The sandbox is at http://{}",
        listener.local_addr()?
    ));
    Sandbox::new(Config::default())
        .serve(listener, shutdown::signal())
        .await?;
    Ok(ExitCode::SUCCESS)
}
