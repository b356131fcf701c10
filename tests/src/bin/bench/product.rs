//! The release binary on a data folder of its own, with a token for its API.

use crate::client::Client;
use anyhow::{Context, Result, ensure};
use std::{
    net::SocketAddr,
    path::PathBuf,
    process::Stdio,
    time::{Duration, Instant},
};
use tempfile::TempDir;
use tokio::process::{Child, Command};

/// A running server; killed with this value.
pub(crate) struct Product {
    program: PathBuf,
    folder: TempDir,
    address: SocketAddr,
    token: String,
    child: Option<Child>,
}

impl Product {
    pub(crate) async fn start() -> Result<Self> {
        let program = PathBuf::from(
            std::env::var_os("PATCHBAY_BIN")
                .context("PATCHBAY_BIN names no binary; use cargo xtask bench")?,
        );
        let folder = tempfile::tempdir()?;
        let made = Command::new(&program)
            .args(["token", "create", "--name", "bench", "--data"])
            .arg(folder.path())
            .stderr(Stdio::null())
            .output()
            .await?;
        ensure!(made.status.success(), "no token was made");
        let token = String::from_utf8(made.stdout)?.trim().to_owned();
        let mut product = Self {
            program,
            folder,
            address: patchbay_tests::free_address()?,
            token,
            child: None,
        };
        product.resume().await?;
        Ok(product)
    }

    /// Starts the binary on what is in the folder; returns when it is healthy.
    pub(crate) async fn resume(&mut self) -> Result<()> {
        let child = Command::new(&self.program)
            .args(["serve", "--allow-private-network", "--addr"])
            .arg(self.address.to_string())
            .arg("--data")
            .arg(self.folder.path())
            .env("RUST_LOG", "error")
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .kill_on_drop(true)
            .spawn()?;
        self.child = Some(child);
        let http = reqwest::Client::new();
        let asked = Instant::now();
        while http
            .get(format!("{}/healthz", self.url()))
            .send()
            .await
            .is_err()
        {
            ensure!(
                asked.elapsed() < Duration::from_secs(30),
                "the server does not answer"
            );
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
        Ok(())
    }

    /// Ends the process as a power cut of its own would.
    pub(crate) async fn kill(&mut self) -> Result<()> {
        if let Some(mut child) = self.child.take() {
            child.kill().await?;
        }
        Ok(())
    }

    pub(crate) fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    pub(crate) fn address(&self) -> SocketAddr {
        self.address
    }

    pub(crate) fn client(&self) -> Result<Client> {
        Client::new(&self.url(), &self.token)
    }

    /// Resident bytes; 0 where the system does not tell.
    pub(crate) fn resident(&self) -> u64 {
        let id = self.child.as_ref().and_then(Child::id).unwrap_or(0);
        let status = std::fs::read_to_string(format!("/proc/{id}/status")).unwrap_or_default();
        let kilobytes = status
            .lines()
            .find_map(|line| line.strip_prefix("VmRSS:"))
            .and_then(|rest| rest.trim().trim_end_matches(" kB").parse::<u64>().ok());
        kilobytes.unwrap_or(0) * 1024
    }

    /// Bytes of all files in the data folder.
    pub(crate) fn stored(&self) -> Result<u64> {
        let mut open = vec![self.folder.path().to_owned()];
        let mut bytes = 0;
        while let Some(folder) = open.pop() {
            for entry in std::fs::read_dir(folder)? {
                let entry = entry?;
                let about = entry.metadata()?;
                if about.is_dir() {
                    open.push(entry.path());
                } else {
                    bytes += about.len();
                }
            }
        }
        Ok(bytes)
    }
}
