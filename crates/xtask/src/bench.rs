//! `cargo xtask bench`: what a person waits for, measured on the release binary.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};

use crate::process::Running;
use crate::site::Manifest;
use crate::workspace::Workspace;
use crate::{cargo, dist, process};

#[derive(clap::Args)]
pub(crate) struct Args {
    /// How often to start the server
    #[arg(long, default_value_t = 9)]
    starts: usize,
}

/// What the builder loads before a person can do something.
const FIRST_LOAD: &[&str] = &["pkg/builder.js", "pkg/builder_bg.wasm", "patchbay.css"];

const COLD_START: Duration = Duration::from_millis(200);
const FIRST_LOAD_BYTES: usize = 600_000;
const BINARY_BYTES: u64 = 60_000_000;
const IDLE_BYTES: u64 = 40_000_000;

pub(crate) fn run(workspace: &Workspace, args: &Args) -> Result<()> {
    anyhow::ensure!(args.starts > 0, "--starts wants at least one start");
    let dist = dist::run(workspace)?;
    let data = workspace.target.join("bench-data");
    let mut times = Vec::new();
    let mut memory = Vec::new();
    for _ in 0..args.starts {
        if data.exists() {
            std::fs::remove_dir_all(&data)?;
        }
        let mut command = Command::new(&dist.binary);
        command.arg("serve").arg("--data").arg(&data);
        let (took, resident) = cold_start(&mut command)?;
        times.push(took);
        memory.extend(resident);
    }
    let start = median(&mut times).context("no start was measured")?;
    println!("\n{:<34} {:>12} {:>12}", "median", "measured", "budget");
    row(
        "cold start to /healthz",
        millis(start),
        millis(COLD_START),
        start <= COLD_START,
    );
    if let Some(resident) = median(&mut memory) {
        row(
            "idle memory",
            megabytes(resident),
            megabytes(IDLE_BYTES),
            resident <= IDLE_BYTES,
        );
    }
    let binary = std::fs::metadata(&dist.binary)?.len();
    row(
        "release binary",
        megabytes(binary),
        megabytes(BINARY_BYTES),
        binary <= BINARY_BYTES,
    );
    let load = first_load(&dist.manifest);
    let budget = dist::kilobytes(FIRST_LOAD_BYTES);
    row(
        "first load, brotli",
        dist::kilobytes(load),
        budget,
        load <= FIRST_LOAD_BYTES,
    );
    run_rest(workspace)
}

/// The end-to-end package may bring measurements that need a whole server.
fn run_rest(workspace: &Workspace) -> Result<()> {
    if !workspace.root.join("tests/src/bin/bench/main.rs").is_file() {
        return Ok(());
    }
    let words = [
        "run",
        "--release",
        "--package",
        "patchbay-tests",
        "--bin",
        "bench",
    ];
    let binary = workspace.root.join("target/dist/patchbay");
    process::run(cargo::command(workspace, &words).env("PATCHBAY_BIN", binary))
}

fn row(what: &str, measured: String, budget: String, within: bool) {
    let mark = if within { "" } else { "  over" };
    println!("{what:<34} {measured:>12} {budget:>12}{mark}");
}

/// Starts the server on an empty data folder: the time until `/healthz` answers 200, and the
/// resident memory then, where the system tells it.
fn cold_start(command: &mut Command) -> Result<(Duration, Option<u64>)> {
    let address = TcpListener::bind("127.0.0.1:0")?.local_addr()?;
    command
        .args(["--addr", &address.to_string()])
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null());
    let started = Instant::now();
    let mut server = Running::start(command)?;
    while !healthy(address) {
        if let Some(status) = server.ended()? {
            bail!("the server ended with {status} before it answered /healthz");
        }
        anyhow::ensure!(
            started.elapsed() < Duration::from_secs(30),
            "no /healthz within 30 s"
        );
        std::thread::sleep(Duration::from_millis(1));
    }
    let took = started.elapsed();
    let memory = resident_bytes(server.id());
    server.stop()?;
    Ok((took, memory))
}

fn healthy(address: SocketAddr) -> bool {
    let ask = || -> std::io::Result<String> {
        let mut stream = TcpStream::connect(address)?;
        stream.set_read_timeout(Some(Duration::from_secs(1)))?;
        stream
            .write_all(b"GET /healthz HTTP/1.1\r\nhost: patchbay\r\nconnection: close\r\n\r\n")?;
        let mut answer = String::new();
        stream.read_to_string(&mut answer)?;
        Ok(answer)
    };
    ask().is_ok_and(|answer| answer.starts_with("HTTP/1.1 200"))
}

/// From `/proc`, so on Linux only.
fn resident_bytes(process: u32) -> Option<u64> {
    let status = std::fs::read_to_string(format!("/proc/{process}/status")).ok()?;
    let line = status
        .lines()
        .find_map(|line| line.strip_prefix("VmRSS:"))?;
    let kilobytes: u64 = line.trim().trim_end_matches(" kB").parse().ok()?;
    Some(kilobytes * 1024)
}

fn first_load(manifest: &Manifest) -> usize {
    manifest
        .files
        .iter()
        .filter(|file| FIRST_LOAD.contains(&file.path.as_str()) || file.path.ends_with(".woff2"))
        .map(|file| file.sizes.br.unwrap_or(file.sizes.raw))
        .sum()
}

fn median<T: Ord + Copy>(values: &mut [T]) -> Option<T> {
    values.sort_unstable();
    values.get(values.len() / 2).copied()
}

fn millis(time: Duration) -> String {
    format!("{:.0} ms", time.as_secs_f64() * 1e3)
}

fn megabytes(bytes: u64) -> String {
    format!("{:.1} MB", bytes as f64 / 1e6)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_median_ignores_one_slow_start() {
        assert_eq!(median(&mut [3, 900, 1]), Some(3));
        assert_eq!(median::<u64>(&mut []), None);
    }

    #[test]
    fn fonts_count_as_first_load_and_icons_do_not() {
        let manifest = serde_json::from_value(serde_json::json!({"files": [
            {"path": "patchbay.css", "hashed": "", "content_type": "", "sha256": "", "sizes": {"raw": 9, "br": 4, "gz": 5}},
            {"path": "fonts/a.woff2", "hashed": "", "content_type": "", "sha256": "", "sizes": {"raw": 10}},
            {"path": "favicon.svg", "hashed": "", "content_type": "", "sha256": "", "sizes": {"raw": 100}},
        ]}));
        assert_eq!(first_load(&manifest.unwrap()), 14);
    }
}
