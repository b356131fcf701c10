//! `cargo xtask test`: every test there is, with everything they need.

use std::fs;
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};

use crate::process::Running;
use crate::progress::{Steps, step};
use crate::site::{self, Quality};
use crate::workspace::Workspace;
use crate::{cargo, install, process, serve};

#[derive(clap::Args)]
pub(crate) struct Args {
    /// Leave out the stories in a real browser
    #[arg(long, conflicts_with = "stories")]
    crates: bool,
    /// Only the stories in a real browser
    #[arg(long)]
    stories: bool,
    /// Only tests with this in their name
    filter: Option<String>,
}

/// The screen alone is not part of it: natively its crate is empty.
const ELSEWHERE: &[&str] = &[
    "--exclude",
    "patchbay-frontend",
    "--exclude",
    "patchbay-tests",
];

pub(crate) fn run(workspace: &Workspace, args: &Args) -> Result<()> {
    let mut steps = Steps::default();
    let filter: Vec<&str> = args.filter.as_deref().into_iter().collect();
    if args.stories {
        steps.skip("tests of the crates", "--stories");
    } else {
        crates(workspace, &filter, &mut steps);
    }
    if args.crates {
        steps.skip("stories in a browser", "--crates");
    } else {
        stories(workspace, &filter, &mut steps);
    }
    steps.summary()
}

fn crates(workspace: &Workspace, filter: &[&str], steps: &mut Steps) {
    let postgres = match Postgres::start(&workspace.target) {
        Ok(postgres) => Some(postgres),
        Err(error) => {
            steps.skip("store on PostgreSQL", &format!("{error:#}"));
            None
        }
    };
    steps.run("tests of the crates", || {
        let mut words = vec!["test", "--workspace", "--no-fail-fast"];
        words.extend(ELSEWHERE);
        words.extend(filter);
        let mut command = cargo::command(workspace, &words);
        if let Some(postgres) = &postgres {
            command.env("PATCHBAY_TEST_POSTGRES_URL", postgres.url());
        }
        process::run(&mut command)
    });
}

fn stories(workspace: &Workspace, filter: &[&str], steps: &mut Steps) {
    steps.run("stories in a browser", || {
        let browser = install::browser()?;
        let site = site::build(workspace, Quality::Work)?;
        serve::server(workspace, false)?;
        let mut words = vec!["test", "--package", "patchbay-tests", "--no-fail-fast"];
        words.extend(filter);
        // One browser at a time: stories also share the address of the demo's sandbox.
        words.extend(["--", "--test-threads=1"]);
        process::run(
            cargo::command(workspace, &words)
                .env("PATCHBAY_SITE_DIR", &site.folder)
                .env("PATCHBAY_BIN", workspace.server_binary(false))
                .env("PATCHBAY_CHROMIUM", &browser.chromium)
                .env("PATCHBAY_CHROMEDRIVER", &browser.driver)
                .env("PATCHBAY_SCREENSHOTS", workspace.target.join("screenshots")),
        )
    });
}

/// A throw-away PostgreSQL for the tests of the store; it ends and is removed with this value.
struct Postgres {
    folder: PathBuf,
    programs: PathBuf,
    user: Option<&'static str>,
    port: u16,
    server: Option<Running>,
}

impl Postgres {
    fn start(target: &Path) -> Result<Self> {
        let programs = install::postgres()?;
        step("start a PostgreSQL for the tests", || {
            let mut postgres = Self {
                folder: target.join("postgres"),
                programs,
                user: install::is_root().then_some("postgres"),
                port: free_port()?,
                server: None,
            };
            postgres.create()?;
            postgres.serve()?;
            Ok(postgres)
        })
    }

    fn url(&self) -> String {
        format!("postgres://patchbay@127.0.0.1:{}/postgres", self.port)
    }

    fn create(&mut self) -> Result<()> {
        if self.folder.exists() {
            fs::remove_dir_all(&self.folder)?;
        }
        if self.user.is_some() {
            // PostgreSQL refuses to run as root, and its own user may not read every folder.
            self.folder = PathBuf::from(format!("/tmp/patchbay-postgres-{}", std::process::id()));
        }
        let mut command = self.program("initdb");
        command.args([
            "--auth=trust",
            "--username=patchbay",
            "--encoding=UTF8",
            "--no-sync",
        ]);
        command.arg("--pgdata").arg(&self.folder);
        process::read(&mut command).map(|_| ())
    }

    fn serve(&mut self) -> Result<()> {
        let mut command = self.program("postgres");
        command
            .arg("-D")
            .arg(&self.folder)
            .args(["-h", "127.0.0.1", "-p", &self.port.to_string()])
            // Nothing here outlives the tests, so nothing has to reach the disk.
            .args(["-c", "fsync=off", "-c", "unix_socket_directories="])
            .args(["-c", "max_connections=200", "-c", "log_min_messages=fatal"])
            .stdin(Stdio::null())
            .stdout(Stdio::null());
        let mut server = Running::start(&mut command)?;
        let until = Instant::now() + Duration::from_secs(20);
        while std::net::TcpStream::connect(("127.0.0.1", self.port)).is_err() {
            if let Some(status) = server.ended()? {
                bail!("PostgreSQL ended with {status}");
            }
            anyhow::ensure!(Instant::now() < until, "PostgreSQL did not start in 20 s");
            std::thread::sleep(Duration::from_millis(50));
        }
        self.server = Some(server);
        Ok(())
    }

    /// A program of PostgreSQL, as a user that it accepts.
    fn program(&self, name: &str) -> Command {
        let path = self.programs.join(name);
        let mut command = match self.user {
            Some(user) => {
                let mut command = Command::new("setpriv");
                command
                    .args(["--reuid", user, "--regid", user, "--init-groups"])
                    .arg(path);
                command
            }
            None => Command::new(path),
        };
        command.current_dir("/");
        command
    }
}

impl Drop for Postgres {
    fn drop(&mut self) {
        if let Some(server) = self.server.take() {
            let _ = server.stop();
        }
        let _ = fs::remove_dir_all(&self.folder);
    }
}

fn free_port() -> Result<u16> {
    let listener = TcpListener::bind("127.0.0.1:0").context("no free port")?;
    Ok(listener.local_addr()?.port())
}
