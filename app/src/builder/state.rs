//! What every part of the builder shares: the workflow and all that is known about it, as signals, and the ways to
//! change it. Parts read from here and send [`Edit`]s here; none of them talks to another directly.
//!
//! All of it lives in the browser: [`BuilderState`] is made when the page is mounted there and handed round by
//! context (`expect_context::<BuilderState>()`).

mod canvas_api;
mod checking;
mod editing;
mod loading;
mod pinning;
mod running;
mod saving;

pub use canvas_api::{CanvasApi, ClientRect};
pub use editing::Notice;
pub use running::LiveRun;
pub use saving::SaveState;

use crate::builder::{history::History, offers::Offer, outbox::Outbox, picking::Pick, tree};
use leptos::prelude::*;
use patchbay_api::{
    Client,
    authentications::Authentication,
    connectors::{ConnectorSummary, Shape},
    runs::Run,
    workflows::Samples,
};
use patchbay_model::{
    document::{Step, TRIGGER, Workflow},
    edit::Settings,
    problem::{Problem, Severity},
    schema::Schema,
    spec::{Catalog, ConnectorSpec, OperationSpec},
};
use std::collections::{HashMap, HashSet};

/// Everything the builder knows. Copy it freely: it is a bundle of handles.
#[derive(Clone, Copy)]
pub struct BuilderState {
    /// The API.
    pub client: StoredValue<Client>,
    /// The workflow's id, `wf_…`.
    pub id: StoredValue<String>,
    /// The document as it stands on the screen, unsaved edits included. Change it by [`BuilderState::edit`] only.
    pub workflow: RwSignal<Workflow>,
    /// The revision that the server has.
    pub revision: RwSignal<i64>,
    /// Whether triggers run it, and which revision.
    pub publication: RwSignal<PublicationState>,
    /// Whether what is on the screen is saved.
    pub save_state: RwSignal<SaveState>,
    /// What is wrong with the document: checked here after each edit, confirmed by the server's answer.
    pub problems: RwSignal<Vec<Problem>>,
    /// The selected step's name; `trigger` for the trigger.
    pub selected: RwSignal<Option<String>>,
    /// All connectors, without operations.
    pub connectors: RwSignal<Vec<ConnectorSummary>>,
    /// The connectors that were needed so far, with operations and schemas; see [`BuilderState::ensure_connector`].
    pub specs: RwSignal<Vec<ConnectorSpec>>,
    /// Every authentication the person may use. After making one, put it in here.
    pub authentications: RwSignal<Vec<Authentication>>,
    /// What the steps gave last.
    pub samples: RwSignal<Samples>,
    /// Schemas that the service worked out for a step's present inputs, by step name; see [`BuilderState::shape_of`].
    pub shapes: RwSignal<HashMap<String, Shape>>,
    /// The run that the cards show: the one followed now, else the latest.
    pub run: RwSignal<Option<LiveRun>>,
    /// Recent runs of this workflow, newest first.
    pub runs: RwSignal<Vec<Run>>,
    /// The canvas, for whoever draws over it.
    pub canvas: CanvasApi,
    /// A value that is being dragged out of an output (drawer, Output tab) towards a field.
    pub dragged_value: RwSignal<Option<DraggedValue>>,
    /// The field that the panel should show and focus: set by whoever points at a problem, cleared by the panel.
    pub focus_field: RwSignal<Option<FocusField>>,
    /// Bottom drawer and dialogs.
    pub drawer: RwSignal<Drawer>,
    /// A message at the rim of the screen; see [`BuilderState::say`].
    pub notice: RwSignal<Option<Notice>>,
    /// Whether a run is being started.
    pub starting: RwSignal<bool>,
    /// Everything that can be picked, as far as it has arrived; see [`BuilderState::load_offers`].
    pub(in crate::builder) offers: RwSignal<Vec<Offer>>,
    /// The trigger that would replace the present one, while the person is asked.
    pub(in crate::builder) asking: RwSignal<Option<Pick>>,
    /// The present, unix milliseconds; moves while a run does.
    pub now: RwSignal<i64>,
    /// Connectors whose operations were asked for.
    offered: StoredValue<HashSet<String>>,
    /// What can be undone and redone.
    pub(in crate::builder) history: RwSignal<History>,
    /// What is not saved yet.
    pub(in crate::builder) outbox: RwSignal<Outbox>,
    /// Connectors being fetched.
    pub(in crate::builder) fetching: StoredValue<HashSet<String>>,
    /// Whether the workflow has arrived.
    pub(in crate::builder) phase: RwSignal<Phase>,
    /// Which tab this is; see [`crate::builder::tab`].
    tab: StoredValue<String>,
    /// Whether the authentications have arrived.
    authentications_known: StoredValue<bool>,
    /// Counts changes, to check after the last one.
    checks_asked: StoredValue<u64>,
    /// Counts edits, to save after the last one.
    edits_made: StoredValue<u64>,
    /// The event stream of the run being followed.
    stream: StoredValue<Option<running::Stream>, LocalStorage>,
}

/// Whether there is something to build on.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Phase {
    #[default]
    Loading,
    Ready,
    /// The sentence to show.
    Failed(String),
}

/// What triggers run.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct PublicationState {
    pub enabled: bool,
    pub published_revision: Option<i64>,
    /// Whether the draft differs from what is published.
    pub edited_since: bool,
    pub webhook_url: Option<String>,
    /// How the trigger is, since it was looked at last.
    pub trigger: Option<patchbay_api::triggers::TriggerStatus>,
}

/// A value on its way from an output to a field.
#[derive(Debug, Clone, PartialEq)]
pub struct DraggedValue {
    /// The whole path, `$.steps.loop-1.value.direction`.
    pub path: String,
    /// Where the drag began, in client coordinates.
    pub from: patchbay_layout::ScreenPoint,
}

/// A field to be shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FocusField {
    pub step: String,
    /// JSON pointer below `inputs`; `auth` for the authentication.
    pub field: String,
}

/// The bottom drawer.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Drawer {
    pub open: bool,
    /// The run shown; none: the live one.
    pub run: Option<String>,
}

impl BuilderState {
    /// An empty state for a workflow; [`BuilderState::load`] fills it.
    pub(in crate::builder) fn new(client: Client, id: String) -> Self {
        let workflow = RwSignal::new(Workflow::default());
        let specs = RwSignal::new(Vec::new());
        Self {
            client: StoredValue::new(client),
            id: StoredValue::new(id),
            workflow,
            revision: RwSignal::new(0),
            publication: RwSignal::default(),
            save_state: RwSignal::new(SaveState::Saved),
            problems: RwSignal::default(),
            selected: RwSignal::default(),
            connectors: RwSignal::default(),
            specs,
            authentications: RwSignal::default(),
            samples: RwSignal::default(),
            shapes: RwSignal::default(),
            run: RwSignal::default(),
            runs: RwSignal::default(),
            canvas: CanvasApi::new(workflow, specs),
            dragged_value: RwSignal::default(),
            focus_field: RwSignal::default(),
            drawer: RwSignal::default(),
            history: RwSignal::default(),
            outbox: RwSignal::default(),
            tab: StoredValue::default(),
            authentications_known: StoredValue::default(),
            checks_asked: StoredValue::default(),
            fetching: StoredValue::default(),
            phase: RwSignal::default(),
            notice: RwSignal::default(),
            starting: RwSignal::default(),
            offers: RwSignal::default(),
            asking: RwSignal::default(),
            now: RwSignal::default(),
            offered: StoredValue::default(),
            edits_made: StoredValue::default(),
            stream: StoredValue::new_local(None),
        }
    }

    /// The API client.
    pub fn client(&self) -> Client {
        self.client.get_value()
    }

    /// The workflow's id.
    pub fn workflow_id(&self) -> String {
        self.id.get_value()
    }

    /// A step without the steps inside it (`body`, `branches`, `on_error_steps` are empty where they exist).
    /// The trigger comes as a step named `trigger`. Tracked: for a field of it, make a `Memo` over this.
    pub fn step(&self, name: &str) -> Option<Step> {
        self.workflow.with(|workflow| tree::shallow(workflow, name))
    }

    /// What the Settings tab shows of a step. Tracked.
    pub fn settings_of(&self, name: &str) -> Option<Settings> {
        self.workflow.with(|workflow| {
            let step = workflow.step(name)?;
            Some(Settings {
                on_error: step.on_error,
                retry: step.retry.clone(),
                timeout: step.timeout,
                on_interrupt: step.on_interrupt,
                notes: step.notes.clone(),
                on_error_steps: step.on_error_steps.clone(),
            })
        })
    }

    /// What a step's operation is, if its connector has been fetched; asks for the connector otherwise. Tracked.
    pub fn spec_of(&self, step: &str) -> Option<OperationSpec> {
        let (connector, operation) = self
            .workflow
            .with(|workflow| tree::operation(workflow, step))?;
        let found = self
            .specs
            .with(|specs| specs.operation(&connector, &operation).cloned());
        if found.is_none() {
            self.ensure_connector(&connector);
        }
        found
    }

    /// The connector of a step, if it has been fetched. Tracked.
    pub fn connector_of(&self, step: &str) -> Option<ConnectorSpec> {
        let (connector, _) = self
            .workflow
            .with(|workflow| tree::operation(workflow, step))?;
        let found = self
            .specs
            .with(|specs| specs.connector(&connector).cloned());
        if found.is_none() {
            self.ensure_connector(&connector);
        }
        found
    }

    /// The schemas of a step's inputs and output: as the service worked them out for its present inputs when the panel
    /// has asked (see [`BuilderState::set_shape`]), else as the connector declares them. Tracked.
    pub fn shape_of(&self, step: &str) -> Option<Shape> {
        let asked = self.shapes.with(|shapes| shapes.get(step).cloned());
        asked.or_else(|| {
            self.spec_of(step).map(|spec| Shape {
                inputs: spec.inputs,
                output: spec.output,
            })
        })
    }

    /// Remembers the schemas for a step's present inputs.
    pub fn set_shape(&self, step: &str, shape: Shape) {
        self.shapes.update(|shapes| {
            shapes.insert(step.to_owned(), shape);
        });
    }

    /// Output schemas by step name as far as they are known, for checks and the connector-snake. Tracked.
    pub fn output_shapes(&self) -> HashMap<String, Schema> {
        self.shapes.with(|shapes| {
            shapes
                .iter()
                .map(|(step, shape)| (step.clone(), shape.output.clone()))
                .collect()
        })
    }

    /// The connector's icon, a complete `<svg>` element; empty until the list has arrived. Tracked.
    pub fn icon_of(&self, connector: &str) -> String {
        self.connectors.with(|all| {
            all.iter()
                .find(|summary| summary.name == connector)
                .map(|summary| summary.icon.clone())
                .unwrap_or_default()
        })
    }

    /// Whether the workflow has arrived. Tracked.
    pub fn is_ready(&self) -> bool {
        self.phase.with(|phase| *phase == Phase::Ready)
    }

    /// What is wrong with one step. Tracked.
    pub fn problems_of(&self, step: &str) -> Vec<Problem> {
        self.problems.with(|problems| {
            problems
                .iter()
                .filter(|found| found.step.as_deref() == Some(step))
                .cloned()
                .collect()
        })
    }

    /// The first problem that keeps a run from starting. Tracked.
    pub fn first_error(&self) -> Option<Problem> {
        self.problems.with(|problems| {
            problems
                .iter()
                .find(|found| found.severity == Severity::Error)
                .cloned()
        })
    }

    /// Selects a step and brings it into view.
    pub fn select(&self, step: &str) {
        if self
            .selected
            .with_untracked(|selected| selected.as_deref() != Some(step))
        {
            self.selected.set(Some(step.to_owned()));
        }
        self.canvas.reveal(step);
    }

    /// Selects the step of a problem and asks the panel to show its field.
    pub fn show_problem(&self, problem: &Problem) {
        let step = problem.step.clone().unwrap_or_else(|| TRIGGER.to_owned());
        self.select(&step);
        if let Some(field) = problem.field.clone() {
            self.focus_field.set(Some(FocusField { step, field }));
        }
    }

    /// Begins a cable from a value of an output panel; `path` is the whole path, `from` in client coordinates.
    pub fn begin_cable_from_value(&self, path: String, from: patchbay_layout::ScreenPoint) {
        self.dragged_value.set(Some(DraggedValue { path, from }));
    }
}
