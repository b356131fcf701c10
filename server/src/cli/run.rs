//! `patchbay run FILE`

use anyhow::{Context, bail};
use patchbay_engine::{plan, runner::NewRunRequest};
use patchbay_model::{event::RunStatus, id::WorkflowId, problem::Severity};
use patchbay_store::{Options, Place, Store, System, organisations, runs};
use serde_json::json;
use std::{
    path::PathBuf,
    process::ExitCode,
    sync::Arc,
    time::{Duration, Instant},
};

use super::{check, complain, say};
use crate::boot::{self, Assembly};

/// The longest that a run may take.
const LONGEST: Duration = Duration::from_secs(24 * 60 * 60);

/// Runs a file in a data folder of its own, which is gone afterwards; prints the outcome as JSON.
pub(super) async fn run(
    file: PathBuf,
    input: String,
    allow_private_network: bool,
) -> anyhow::Result<ExitCode> {
    let input = serde_json::from_str(&input).context("--input is not JSON")?;
    let document = check::read(&file)?;
    let folder = TemporaryFolder::new()?;
    let store = Store::open(Options {
        durability: patchbay_store::Durability::Process,
        ..Options::new(Place::Folder(folder.0.clone()))
    })
    .await?;
    let app = boot::assemble(Assembly {
        store: store.clone(),
        vault: Arc::new(boot::open_vault(&folder.0)?),
        demo_url: None,
        public_url: "http://localhost".to_owned(),
        allow_private_network,
        max_concurrent_runs: 1,
        limits: Default::default(),
        max_queued_runs: 1_000,
        started: Instant::now(),
        data_folder: None,
        keep: crate::config::KeepArgs::default(),
    })?;
    let problems = patchbay_model::check::check(
        &document,
        app.catalog(),
        &patchbay_model::check::Context::default(),
    );
    let errors: Vec<_> = problems
        .iter()
        .filter(|problem| problem.severity == Severity::Error)
        .collect();
    if !errors.is_empty() {
        errors
            .iter()
            .for_each(|problem| complain(&check::line(problem)));
        bail!("{} cannot be run", file.display());
    }
    let plan = plan::compile(&document, app.catalog()).map_err(|problems| {
        anyhow::anyhow!(
            problems
                .iter()
                .map(check::line)
                .collect::<Vec<_>>()
                .join("\n")
        )
    })?;
    let system = System::for_sign_in_and_workers();
    let founding = organisations::Founding {
        organisation: "Command line".to_owned(),
        name: "Command line".to_owned(),
        email: "nobody@localhost".to_owned(),
        password_hash: String::new(),
    };
    let (organisation, person) = organisations::found(&store, &system, founding).await?;
    let request = NewRunRequest {
        id: Some(runs::fresh_id(&store)?),
        organisation,
        workflow: WorkflowId::new(store.fresh_id(WorkflowId::PREFIX)?),
        revision: 1,
        cause: "command_line".to_owned(),
        person: Some(person),
        plan: Arc::new(plan),
        input,
        origin: Default::default(),
    };
    let id = app.runner().accept(request).await?;
    let status = app.runner().wait(&id, LONGEST).await;
    let progress = app.runner().progress(&id);
    let journal = store.journal();
    let outcome = outcome(&*journal, &id, status, progress).await?;
    app.runner().shutdown(Duration::ZERO).await;
    store.close().await?;
    say(&serde_json::to_string_pretty(&outcome)?);
    Ok(if status == Some(RunStatus::Succeeded) {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}

/// Status, error, and the last output of every step.
async fn outcome(
    journal: &dyn patchbay_engine::port::Journal,
    id: &patchbay_model::id::RunId,
    status: Option<RunStatus>,
    progress: Option<patchbay_model::progress::Progress>,
) -> anyhow::Result<serde_json::Value> {
    use patchbay_model::event::EventKind;
    const PAGE: usize = 1_000;
    let mut outputs = serde_json::Map::new();
    let mut error = progress.and_then(|progress| progress.error);
    let mut after = 0;
    loop {
        let events = journal.events(id, after, PAGE).await?;
        let Some(last) = events.last() else { break };
        after = last.ord;
        for event in events {
            match event.kind {
                EventKind::StepSucceeded { step, output, .. } => {
                    outputs.insert(step, output);
                }
                EventKind::RunFinished { error: why, .. } => error = why,
                _ => {}
            }
        }
    }
    Ok(json!({ "id": id, "status": status, "error": error, "outputs": outputs }))
}

/// A folder that is deleted with everything in it when it is dropped.
struct TemporaryFolder(PathBuf);

impl TemporaryFolder {
    fn new() -> anyhow::Result<Self> {
        let name = patchbay_vault::fresh::token("patchbay-run-")?;
        let folder = std::env::temp_dir().join(name.expose());
        std::fs::create_dir(&folder)
            .with_context(|| format!("cannot make {}", folder.display()))?;
        Ok(Self(folder))
    }
}

impl Drop for TemporaryFolder {
    fn drop(&mut self) {
        // What cannot be deleted is the system's to clean up, like everything in its temporary folder.
        let _ = std::fs::remove_dir_all(&self.0);
    }
}
