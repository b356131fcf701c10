//! What a mapped value comes to with the data of the last run: shown under its field.

use crate::builder::{panel::form, state::BuilderState};
use leptos::{prelude::*, task::spawn_local};
use patchbay_api::workflows::Evaluate;
use patchbay_model::{
    Json, JsonMap,
    path::Root,
    scope::{Names, Node, Scope},
    value::Value,
};
use serde_json::json;
use std::time::Duration;

/// How long after the last change the server is asked.
const PAUSE: Duration = Duration::from_millis(350);

/// A line under a field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Now {
    /// What it comes to.
    Value(String),
    /// Why it comes to nothing.
    Missing(String),
    /// There is no data yet.
    NoData,
    /// The server is asked.
    Asking,
}

/// The constants of the workflow, shared by all fields of a form.
#[derive(Clone, Copy)]
pub struct Constants(pub Memo<Json>);

impl Constants {
    /// Follows the workflow.
    pub fn of(state: BuilderState) -> Self {
        Self(Memo::new(move |_| {
            state
                .workflow
                .with(|workflow| Json::Object(workflow.config.clone()))
        }))
    }
}

/// The line under a field while its value and the samples change; none: nothing is mapped.
pub fn follow(state: BuilderState, value: Memo<Option<Json>>) -> Signal<Option<Now>> {
    let constants = use_context::<Constants>().unwrap_or_else(|| Constants::of(state));
    let here = Memo::new(move |_| {
        value.with(|value| {
            constants
                .0
                .with(|constants| here(state, value.as_ref(), constants))
        })
    });
    let answer = RwSignal::new(None::<Now>);
    let asked = StoredValue::new(0_u64);
    Effect::new(move |_| {
        let question = match here.get() {
            Here::Server(question) => question,
            Here::Known(_) => return,
        };
        answer.set(Some(Now::Asking));
        let number = asked.try_update_value(|asked| {
            *asked += 1;
            *asked
        });
        let is_latest = move || number.is_some() && asked.try_get_value() == number;
        set_timeout(
            move || {
                if !is_latest() {
                    return;
                }
                spawn_local(async move {
                    let now = ask(state, question).await;
                    if is_latest() {
                        answer.set(now);
                    }
                });
            },
            PAUSE,
        );
    });
    Signal::derive(move || match here.get() {
        Here::Known(now) => now,
        Here::Server(_) => answer.get(),
    })
}

/// What this side can say.
#[derive(Debug, Clone, PartialEq)]
enum Here {
    Known(Option<Now>),
    /// Only the server has the engine for this.
    Server(Question),
}

/// What the server is asked.
#[derive(Debug, Clone, PartialEq)]
struct Question {
    path: Option<String>,
    text: Option<String>,
    /// The steps whose data is needed; none: all of them.
    steps: Option<Vec<String>>,
}

fn here(state: BuilderState, value: Option<&Json>, constants: &Json) -> Here {
    let Some(parsed) = value.and_then(|value| Value::parse(value).ok()) else {
        return Here::Known(None);
    };
    let mut names: Vec<String> = Vec::new();
    let mut everything = false;
    let mut uses = 0;
    for used in parsed.paths() {
        uses += 1;
        match used.path.root() {
            Some(Root::Step(name)) => names.push(name.to_owned()),
            Some(Root::Config) => {}
            // Known only while a run is under way.
            Some(Root::Env | Root::Error(_)) => return Here::Known(Some(Now::NoData)),
            None => everything = true,
        }
    }
    if uses == 0 {
        return Here::Known(None);
    }
    state.samples.with(|samples| {
        if names.iter().any(|name| !samples.steps.contains_key(name)) {
            return Here::Known(Some(Now::NoData));
        }
        match parsed.resolve(&Seen {
            steps: &samples.steps,
            constants,
        }) {
            Ok(found) => Here::Known(Some(Now::Value(form::brief(&found)))),
            Err(error) if error.needs_server => Here::Server(Question {
                path: value.and_then(form::path_of).map(str::to_owned),
                text: value.and_then(form::text_of).map(str::to_owned),
                steps: (!everything).then_some(names),
            }),
            Err(error) => Here::Known(Some(Now::Missing(error.message))),
        }
    })
}

async fn ask(state: BuilderState, question: Question) -> Option<Now> {
    let steps: JsonMap = state
        .samples
        .try_with_untracked(|samples| match &question.steps {
            None => samples.steps.clone(),
            Some(names) => names
                .iter()
                .filter_map(|name| Some((name.clone(), samples.steps.get(name)?.clone())))
                .collect(),
        })?;
    let config = state
        .workflow
        .try_with_untracked(|workflow| workflow.config.clone())?;
    let evaluate = Evaluate {
        path: question.path,
        text: question.text,
        scope: Some(json!({ "steps": steps, "config": config, "env": {} })),
        ..Evaluate::default()
    };
    match state.client().evaluate(&evaluate).await {
        Ok(found) if found.found => Some(Now::Value(form::brief(&found.value))),
        Ok(found) => Some(Now::Missing(
            found
                .problem
                .unwrap_or_else(|| "There is no such value.".to_owned()),
        )),
        // Not worth a word: the field works without.
        Err(_) => None,
    }
}

/// The data of the last run, without copying it.
struct Seen<'a> {
    steps: &'a JsonMap,
    constants: &'a Json,
}

impl Scope for Seen<'_> {
    fn named(&self, names: Names, name: &str) -> Option<Node<'_>> {
        match names {
            Names::Steps => self.steps.get(name).map(Node::Json),
            Names::Errors => None,
        }
    }

    fn names(&self, names: Names) -> Vec<String> {
        match names {
            Names::Steps => self.steps.keys().cloned().collect(),
            Names::Errors => Vec::new(),
        }
    }

    fn config(&self) -> Option<&Json> {
        Some(self.constants)
    }

    fn env(&self) -> Option<&Json> {
        None
    }
}
