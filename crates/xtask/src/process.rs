//! Children and signals: one Ctrl-C ends what was started, and nothing is left behind.
//!
//! A Ctrl-C typed in a terminal reaches the whole process group, so the child has it already and a
//! second signal would look like impatience. A signal sent to us alone (`kill`, a supervisor) has to
//! be handed on.

use std::collections::BTreeSet;
use std::io::IsTerminal;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use anyhow::{Context, Result, bail};
use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM};
use signal_hook::iterator::Signals;

static CHILDREN: Mutex<BTreeSet<u32>> = Mutex::new(BTreeSet::new());
static STOPPING: AtomicBool = AtomicBool::new(false);
static SIGNALS: AtomicUsize = AtomicUsize::new(0);

/// Whether the person asked us to end.
pub(crate) fn stopping() -> bool {
    STOPPING.load(Ordering::SeqCst)
}

/// Starts listening for Ctrl-C and its relatives.
pub(crate) fn watch_signals() -> Result<()> {
    let mut signals = Signals::new([SIGINT, SIGTERM, SIGHUP]).context("cannot watch signals")?;
    std::thread::spawn(move || {
        for signal in signals.forever() {
            on_signal(signal);
        }
    });
    Ok(())
}

fn on_signal(signal: i32) {
    STOPPING.store(true, Ordering::SeqCst);
    let first = SIGNALS.fetch_add(1, Ordering::SeqCst) == 0;
    let children = children();
    if children.is_empty() {
        std::process::exit(130);
    }
    let child_has_it = first && signal == SIGINT && std::io::stdin().is_terminal();
    if !child_has_it {
        for child in children {
            interrupt(child);
        }
    }
}

fn children() -> Vec<u32> {
    match CHILDREN.lock() {
        Ok(children) => children.iter().copied().collect(),
        Err(_) => Vec::new(),
    }
}

/// Asks a child to end, as Ctrl-C would.
pub(crate) fn interrupt(child: u32) {
    // A child that ended in the meantime is what we want, so a failure is no news.
    let _ = Command::new("kill")
        .args(["-INT", &child.to_string()])
        .stderr(Stdio::null())
        .status();
}

/// A started child that the signal watcher knows of.
pub(crate) struct Running {
    child: Child,
}

impl Running {
    pub(crate) fn start(command: &mut Command) -> Result<Self> {
        let child = command
            .spawn()
            .with_context(|| format!("cannot start {}", name_of(command)))?;
        if let Ok(mut children) = CHILDREN.lock() {
            children.insert(child.id());
        }
        Ok(Self { child })
    }

    pub(crate) fn id(&self) -> u32 {
        self.child.id()
    }

    pub(crate) fn wait(mut self) -> Result<ExitStatus> {
        let status = self.child.wait().context("cannot wait for a child")?;
        Ok(status)
    }

    /// `None` while it runs.
    pub(crate) fn ended(&mut self) -> Result<Option<ExitStatus>> {
        self.child.try_wait().context("cannot ask for a child")
    }

    /// Asks it to end and waits until it has.
    pub(crate) fn stop(self) -> Result<ExitStatus> {
        interrupt(self.child.id());
        self.wait()
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        if let Ok(mut children) = CHILDREN.lock() {
            children.remove(&self.child.id());
        }
    }
}

/// Runs a command to its end; a failure names the command.
pub(crate) fn run(command: &mut Command) -> Result<()> {
    if stopping() {
        bail!("stopped");
    }
    let status = Running::start(command)?.wait()?;
    if stopping() {
        bail!("stopped");
    }
    if !status.success() {
        bail!("{} ended with {status}", name_of(command));
    }
    Ok(())
}

/// Runs a command to its end and gives its standard output; what it says on standard error is shown
/// only when it fails.
pub(crate) fn read(command: &mut Command) -> Result<String> {
    let output = command
        .stdin(Stdio::null())
        .output()
        .with_context(|| format!("cannot start {}", name_of(command)))?;
    if !output.status.success() {
        bail!(
            "{} ended with {}\n{}",
            name_of(command),
            output.status,
            String::from_utf8_lossy(&output.stderr)
        );
    }
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}

/// The command as a person would type it, without folders in front of the program.
fn name_of(command: &Command) -> String {
    let program = std::path::Path::new(command.get_program())
        .file_name()
        .unwrap_or(command.get_program())
        .to_string_lossy()
        .into_owned();
    let mut words = vec![program];
    words.extend(
        command
            .get_args()
            .map(|arg| arg.to_string_lossy().into_owned()),
    );
    words.join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_failed_command_is_named_as_a_person_would_type_it() {
        let error = run(Command::new("/bin/sh").args(["-c", "exit 3"])).unwrap_err();
        assert!(error.to_string().starts_with("sh -c exit 3 ended with"));
    }

    #[test]
    fn stopping_a_child_waits_for_its_end() {
        let running = Running::start(Command::new("sleep").arg("600")).unwrap();
        assert!(!running.stop().unwrap().success());
    }
}
