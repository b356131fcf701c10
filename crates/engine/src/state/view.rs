//! The scope that paths see at one place of a run: layers over the state, nothing copied.

use super::{Known, Source};
use crate::plan::Plan;
use patchbay_model::{
    Json,
    scope::{Item, Names, Node, Scope},
};

/// The layers from the top level down to one iteration.
#[derive(Clone)]
pub(crate) struct View<'a> {
    config: &'a Json,
    env: &'a Json,
    layers: Vec<Layer<'a>>,
}

/// The top level, or one iteration of a loop.
#[derive(Clone, Copy)]
pub(crate) struct Layer<'a> {
    pub(crate) known: &'a Known,
    pub(crate) item: Option<Current<'a>>,
}

/// Which item of which loop a layer stands for.
#[derive(Clone, Copy)]
pub(crate) struct Current<'a> {
    pub(crate) step: &'a str,
    pub(crate) source: &'a Source,
    pub(crate) index: u64,
}

impl<'a> View<'a> {
    pub(crate) fn new(config: &'a Json, env: &'a Json, top: Layer<'a>) -> Self {
        Self {
            config,
            env,
            layers: vec![top],
        }
    }

    /// The top level of a run, over what is given to its plan.
    pub(crate) fn over(plan: &'a Plan, env: &'a Json, known: &'a Known) -> Self {
        let top = Layer { known, item: None };
        match plan.given() {
            Some(given) => {
                let below = Layer {
                    known: given,
                    item: None,
                };
                let mut view = Self::new(plan.config(), env, below);
                view.push(top);
                view
            }
            None => Self::new(plan.config(), env, top),
        }
    }

    pub(crate) fn push(&mut self, layer: Layer<'a>) {
        self.layers.push(layer);
    }

    pub(crate) fn pop(&mut self) {
        self.layers.pop();
    }

    /// From the innermost layer outwards.
    pub(super) fn layers(&self) -> impl Iterator<Item = &Layer<'a>> {
        self.layers.iter().rev()
    }
}

impl<'a> Layer<'a> {
    /// The layer of one iteration.
    pub(crate) fn of_item(known: &'a Known, step: &'a str, source: &'a Source, index: u64) -> Self {
        Self {
            known,
            item: Some(Current {
                step,
                source,
                index,
            }),
        }
    }
}

impl<'a> Layer<'a> {
    /// The layer of a branch that runs beside others.
    pub(crate) fn of_strand(known: &'a Known) -> Self {
        Self { known, item: None }
    }
}

impl Layer<'_> {
    fn get(&self, names: Names, name: &str) -> Option<Node<'_>> {
        let map = match names {
            Names::Steps => {
                if let Some(current) = self.item.filter(|current| current.step == name) {
                    return current.item().map(Node::Item);
                }
                &self.known.outputs
            }
            Names::Errors => &self.known.errors,
        };
        map.get(name).map(|held| Node::Json(&held.value))
    }
}

impl<'a> Current<'a> {
    pub(super) fn item(&self) -> Option<Item<'a>> {
        if self.source.is_endless() {
            return Some(Item {
                value: None,
                key: None,
                index: self.index,
                count: None,
            });
        }
        let (key, value) = self.source.item(self.index)?;
        Some(Item {
            value: Some(value),
            key,
            index: self.index,
            count: Some(self.source.len()),
        })
    }
}

impl Scope for View<'_> {
    fn named(&self, names: Names, name: &str) -> Option<Node<'_>> {
        self.layers().find_map(|layer| layer.get(names, name))
    }

    fn names(&self, names: Names) -> Vec<String> {
        let mut all = Vec::new();
        for layer in self.layers() {
            let map = match names {
                Names::Steps => &layer.known.outputs,
                Names::Errors => &layer.known.errors,
            };
            let current = layer.item.filter(|_| names == Names::Steps);
            all.extend(current.map(|current| current.step.to_owned()));
            all.extend(map.keys().cloned());
        }
        all.sort();
        all.dedup();
        all
    }

    fn config(&self) -> Option<&Json> {
        Some(self.config)
    }

    fn env(&self) -> Option<&Json> {
        Some(self.env)
    }
}
