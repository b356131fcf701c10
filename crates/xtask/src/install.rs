//! Gets what is missing on this machine, or says exactly what to install.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Result, bail};

use crate::process;
use crate::progress::step;
use crate::workspace::Workspace;

const WASM: &str = "wasm32-unknown-unknown";

/// The standard library for wasm. With rustup, `rust-toolchain.toml` has brought it already.
pub(crate) fn wasm_target(workspace: &Workspace) -> Result<()> {
    let folder = process::read(
        Command::new("rustc")
            .args(["--print", "target-libdir", "--target", WASM])
            .current_dir(&workspace.root),
    )?;
    if Path::new(folder.trim()).is_dir() {
        return Ok(());
    }
    if on_path("rustup").is_none() {
        bail!(
            "the Rust toolchain has no standard library for {WASM}. \
             Install rustup (https://rustup.rs), or the package of your system that carries it \
             (Debian: libstd-rust-dev-wasm32)"
        );
    }
    step("install the wasm target", || {
        process::run(
            Command::new("rustup")
                .args(["target", "add", WASM])
                .current_dir(&workspace.root),
        )
    })
}

/// A browser and the program that drives it.
pub(crate) struct Browser {
    pub(crate) chromium: PathBuf,
    pub(crate) driver: PathBuf,
}

/// Finds Chromium and its driver; on Debian they are installed when missing.
pub(crate) fn browser() -> Result<Browser> {
    if let Some(browser) = find_browser() {
        return Ok(browser);
    }
    let packages = ["chromium", "chromium-driver", "fonts-dejavu-core"];
    apt_install(&packages)?;
    match find_browser() {
        Some(browser) => Ok(browser),
        None => bail!(
            "the end-to-end tests need Chromium and its driver on the path. Install them:\n  \
             Debian, Ubuntu: sudo apt-get install {}\n  \
             Fedora:         sudo dnf install chromium chromedriver\n  \
             Arch:           sudo pacman -S chromium\n  \
             macOS:          brew install --cask chromium chromedriver\n\
             or name them in PATCHBAY_CHROMIUM and PATCHBAY_CHROMEDRIVER",
            packages.join(" ")
        ),
    }
}

fn find_browser() -> Option<Browser> {
    let chromium = named("PATCHBAY_CHROMIUM")
        .or_else(|| on_path("chromium"))
        .or_else(|| on_path("chromium-browser"))
        .or_else(|| on_path("google-chrome"))?;
    let driver = named("PATCHBAY_CHROMEDRIVER").or_else(|| on_path("chromedriver"))?;
    Some(Browser { chromium, driver })
}

/// The folder of PostgreSQL's `initdb` and `postgres`, installed on Debian when missing.
/// `Err` says why there is none; the tests on SQLite do not need it.
pub(crate) fn postgres() -> Result<PathBuf> {
    if let Some(folder) = find_postgres() {
        return Ok(folder);
    }
    apt_install(&["postgresql"])?;
    match find_postgres() {
        Some(folder) => Ok(folder),
        None => bail!("PostgreSQL is not installed (Debian: sudo apt-get install postgresql)"),
    }
}

fn find_postgres() -> Option<PathBuf> {
    if let Some(initdb) = on_path("initdb") {
        return initdb.parent().map(Path::to_path_buf);
    }
    // Debian keeps the server's programs off the path, one folder per major version.
    let mut found: Vec<PathBuf> = fs::read_dir("/usr/lib/postgresql")
        .ok()?
        .filter_map(|entry| Some(entry.ok()?.path().join("bin")))
        .filter(|folder| folder.join("initdb").is_file())
        .collect();
    found.sort();
    found.pop()
}

/// Installs Debian packages if this is Debian and we may; otherwise does nothing, and the caller
/// says what is missing.
fn apt_install(packages: &[&str]) -> Result<()> {
    if on_path("apt-get").is_none() {
        return Ok(());
    }
    let Some(prefix) = as_root() else {
        return Ok(());
    };
    step(&format!("install {}", packages.join(", ")), || {
        let apt = |args: &[&str]| {
            let mut words = prefix.clone();
            words.extend([
                "env",
                "DEBIAN_FRONTEND=noninteractive",
                "apt-get",
                "--quiet",
            ]);
            words.extend(args);
            process::run(
                Command::new(words[0])
                    .args(&words[1..])
                    .stdin(Stdio::null())
                    .stdout(Stdio::null()),
            )
        };
        let mut install = vec!["install", "--yes", "--no-install-recommends"];
        install.extend(packages);
        // Fresh machines have no package lists; machines in use often need no new ones.
        apt(&install).or_else(|_| {
            apt(&["update"])?;
            apt(&install)
        })
    })
}

/// The words to put before a command that needs root; `None` when a password would be asked for.
fn as_root() -> Option<Vec<&'static str>> {
    if is_root() {
        return Some(Vec::new());
    }
    process::read(Command::new("sudo").args(["-n", "true"])).ok()?;
    Some(vec!["sudo", "-n"])
}

pub(crate) fn is_root() -> bool {
    process::read(Command::new("id").arg("-u")).is_ok_and(|id| id.trim() == "0")
}

fn named(variable: &str) -> Option<PathBuf> {
    env::var_os(variable).map(PathBuf::from)
}

/// Where a program is on the path.
pub(crate) fn on_path(program: &str) -> Option<PathBuf> {
    let path = env::var_os("PATH")?;
    env::split_paths(&path)
        .map(|folder| folder.join(program))
        .find(|file| file.is_file())
}
