//! A chromedriver of our own, on a port of its own.

use std::path::Path;
use std::process::Stdio;

use anyhow::{Context, Result};
use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::process::{Child, Command};

/// Ends with this value.
pub(crate) struct Driver {
    _child: Child,
    pub(crate) url: String,
}

impl Driver {
    pub(crate) async fn start(program: &Path) -> Result<Self> {
        let mut child = Command::new(program)
            // The driver takes a free port and says which: nobody else can take it in between.
            .arg("--port=0")
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .kill_on_drop(true)
            .spawn()
            .with_context(|| format!("cannot start {}", program.display()))?;
        let output = child.stdout.take().context("chromedriver has no output")?;
        let mut lines = BufReader::new(output).lines();
        let mut said = Vec::new();
        while let Some(line) = lines.next_line().await? {
            if let Some(port) = line.split("started successfully on port ").nth(1) {
                let url = format!("http://127.0.0.1:{}", port.trim_end_matches('.'));
                // Nobody reads on, but a full pipe would stop the driver.
                tokio::spawn(async move { while let Ok(Some(_)) = lines.next_line().await {} });
                return Ok(Self { _child: child, url });
            }
            said.push(line);
        }
        anyhow::bail!("chromedriver did not start:\n{}", said.join("\n"));
    }
}
