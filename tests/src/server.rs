//! The real binary on a data folder of its own, that can be stopped, killed and started again.

use std::fs::{File, OpenOptions};
use std::net::{SocketAddr, TcpListener};
use std::path::{Path, PathBuf};
use std::process::Stdio;

use anyhow::{Context, Result, bail};
use tempfile::TempDir;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::process::{Child, Command};

use crate::patience::until;
use crate::settings::Settings;
use crate::world::World;

/// A running server; it is killed with this value.
pub struct Server {
    program: PathBuf,
    site: PathBuf,
    arguments: Vec<String>,
    address: SocketAddr,
    sandbox: SocketAddr,
    folder: TempDir,
    child: Option<Child>,
}

impl Server {
    /// Starts `patchbay serve` with these further arguments, such as `--demo`.
    pub async fn start(settings: &Settings, arguments: &[&str]) -> Result<Self> {
        let mut server = Self {
            program: settings.server.clone(),
            site: settings.site.clone(),
            arguments: arguments.iter().map(|word| (*word).to_owned()).collect(),
            address: free_address()?,
            sandbox: free_address()?,
            folder: tempfile::tempdir()?,
            child: None,
        };
        server.resume().await?;
        Ok(server)
    }

    /// `http://127.0.0.1:…`, without a slash at the end.
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// The sandbox, if the server was started with `--demo`.
    pub fn world(&self) -> World {
        World::new(format!("http://{}", self.sandbox))
    }

    /// The data folder, the same from start to start.
    pub fn data(&self) -> PathBuf {
        self.folder.path().join("data")
    }

    /// Everything the server printed so far, over all starts.
    pub fn log(&self) -> String {
        std::fs::read_to_string(self.log_file()).unwrap_or_default()
    }

    /// Runs another command of the binary on the same data folder and gives its standard output.
    pub async fn command(&self, arguments: &[&str]) -> Result<String> {
        let output = Command::new(&self.program)
            .args(arguments)
            .arg("--data")
            .arg(self.data())
            .stdin(Stdio::null())
            .output()
            .await?;
        if !output.status.success() {
            let said = String::from_utf8_lossy(&output.stderr);
            bail!(
                "patchbay {} ended with {}: {said}",
                arguments.join(" "),
                output.status
            );
        }
        Ok(String::from_utf8_lossy(&output.stdout).into_owned())
    }

    /// Starts it again on the same address and data.
    pub async fn resume(&mut self) -> Result<()> {
        let log = log_file(&self.log_file())?;
        let child = Command::new(&self.program)
            .arg("serve")
            .args(["--addr", &self.address.to_string()])
            .arg("--data")
            .arg(self.data())
            .args(&self.arguments)
            .env("PATCHBAY_SITE_DIR", &self.site)
            .env("PATCHBAY_SANDBOX_ADDR", self.sandbox.to_string())
            .stdin(Stdio::null())
            .stdout(log.try_clone()?)
            .stderr(log)
            .kill_on_drop(true)
            .spawn()
            .with_context(|| format!("cannot start {}", self.program.display()))?;
        let child = self.child.insert(child);
        let address = self.address;
        let healthy = until("the server to answer /healthz", async || {
            if let Some(status) = child.try_wait()? {
                return Ok(Some(Err(status)));
            }
            Ok(status_of(address, "/healthz")
                .await?
                .filter(|code| *code == 200)
                .map(|_| Ok(())))
        })
        .await;
        match healthy {
            Ok(Ok(())) => Ok(()),
            Ok(Err(status)) => bail!("the server ended with {status}:\n{}", self.log()),
            Err(error) => bail!("{error:#}; the server said:\n{}", self.log()),
        }
    }

    /// Ends it as Ctrl-C does and waits for its end; an error when it ends badly.
    pub async fn stop(&mut self) -> Result<()> {
        let Some(mut child) = self.child.take() else {
            return Ok(());
        };
        if let Some(id) = child.id() {
            Command::new("kill")
                .args(["-INT", &id.to_string()])
                .status()
                .await?;
        }
        let ended = tokio::time::timeout(crate::PATIENCE, child.wait()).await;
        match ended {
            Ok(status) if status.as_ref().is_ok_and(std::process::ExitStatus::success) => Ok(()),
            Ok(status) => bail!("the server ended with {}:\n{}", status?, self.log()),
            Err(_) => bail!("the server did not end after Ctrl-C:\n{}", self.log()),
        }
    }

    /// Ends it as a power cut does.
    pub async fn kill(&mut self) -> Result<()> {
        if let Some(mut child) = self.child.take() {
            child.kill().await?;
        }
        Ok(())
    }

    fn log_file(&self) -> PathBuf {
        self.folder.path().join("log")
    }
}

fn log_file(path: &Path) -> Result<File> {
    Ok(OpenOptions::new().create(true).append(true).open(path)?)
}

/// A loopback address that was free a moment ago.
pub fn free_address() -> Result<SocketAddr> {
    Ok(TcpListener::bind("127.0.0.1:0")?.local_addr()?)
}

/// The status code of a GET, or `None` while nobody listens.
async fn status_of(address: SocketAddr, path: &str) -> Result<Option<u16>> {
    let Ok(mut stream) = TcpStream::connect(address).await else {
        return Ok(None);
    };
    let request = format!("GET {path} HTTP/1.1\r\nhost: {address}\r\nconnection: close\r\n\r\n");
    stream.write_all(request.as_bytes()).await?;
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).await?;
    let answer = String::from_utf8_lossy(&answer);
    Ok(answer.split(' ').nth(1).and_then(|code| code.parse().ok()))
}
