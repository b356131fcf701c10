//! The data that paths see: outputs of steps, constants, platform values, errors.

use crate::Json;
use std::{borrow::Cow, collections::BTreeMap, sync::Arc};

/// What can be looked up by a name of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Names {
    /// `$.steps.<name>`
    Steps,
    /// `$.errors.<step>`
    Errors,
}

/// The data that a path is evaluated over.
pub trait Scope {
    /// The output of a step (the trigger included), or the error of one.
    fn named(&self, names: Names, name: &str) -> Option<Node<'_>>;
    /// Which names there are; asked only to explain a miss or to answer `$.steps`.
    fn names(&self, names: Names) -> Vec<String>;
    /// `$.config`
    fn config(&self) -> Option<&Json>;
    /// `$.env`
    fn env(&self) -> Option<&Json>;
    /// The whole scope, if it happens to be one JSON object: then paths walk that.
    fn as_json(&self) -> Option<&Json> {
        None
    }
}

/// What stands under a name.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Node<'a> {
    /// A value.
    Json(&'a Json),
    /// A loop, seen from inside its body.
    Item(Item<'a>),
}

impl Node<'_> {
    /// The value, cloned.
    pub fn to_json(&self) -> Json {
        match self {
            Self::Json(value) => (*value).clone(),
            Self::Item(item) => item.to_json(),
        }
    }
}

/// What a loop offers inside its body: the item is borrowed from the list, never copied.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Item<'a> {
    /// `value`; of a loop over something only.
    pub value: Option<&'a Json>,
    /// `key`; of a loop over an object only.
    pub key: Option<&'a str>,
    /// `index`, from 0.
    pub index: u64,
    /// `count`: how many items there are in all; of a loop over something only.
    pub count: Option<u64>,
}

impl<'a> Item<'a> {
    /// The names of what the loop offers.
    pub fn fields(&self) -> &'static [&'static str] {
        match (self.value, self.key) {
            (None, _) => &["index", "is_first"],
            (_, Some(_)) => &["value", "key", "index", "is_first", "is_last", "count"],
            (_, None) => &["value", "index", "is_first", "is_last", "count"],
        }
    }

    /// One of them.
    pub fn field(&self, name: &str) -> Option<Cow<'a, Json>> {
        let value = match name {
            "value" => return self.value.map(Cow::Borrowed),
            "key" => Json::from(self.key?),
            "index" => Json::from(self.index),
            "is_first" => Json::from(self.index == 0),
            "is_last" => Json::from(self.index + 1 == self.count?),
            "count" => Json::from(self.count?),
            _ => return None,
        };
        Some(Cow::Owned(value))
    }

    /// All of them as an object; clones the item.
    pub fn to_json(&self) -> Json {
        let fields = self.fields().iter();
        let entries =
            fields.filter_map(|name| Some(((*name).to_owned(), self.field(name)?.into_owned())));
        Json::Object(entries.collect())
    }
}

/// A scope that is one JSON object `{steps, config, env, errors}`: for previews, `evaluate` and tests.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct JsonScope(pub Json);

impl Scope for JsonScope {
    fn named(&self, names: Names, name: &str) -> Option<Node<'_>> {
        self.0.get(names.key())?.get(name).map(Node::Json)
    }

    fn names(&self, names: Names) -> Vec<String> {
        match self.0.get(names.key()) {
            Some(Json::Object(map)) => map.keys().cloned().collect(),
            _ => Vec::new(),
        }
    }

    fn config(&self) -> Option<&Json> {
        self.0.get("config")
    }

    fn env(&self) -> Option<&Json> {
        self.0.get("env")
    }

    fn as_json(&self) -> Option<&Json> {
        Some(&self.0)
    }
}

impl Names {
    fn key(self) -> &'static str {
        match self {
            Self::Steps => "steps",
            Self::Errors => "errors",
        }
    }
}

/// The scope of a run, in layers: one for the top level, one for each iteration of a loop inside it.
///
/// Outputs are shared, so a layer costs what its own steps put into it; dropping it at the end of an
/// iteration forgets them.
#[derive(Debug, Clone, Default)]
pub struct Frame {
    outer: Option<Arc<Frame>>,
    steps: BTreeMap<String, Arc<Json>>,
    errors: BTreeMap<String, Arc<Json>>,
    config: Option<Arc<Json>>,
    env: Option<Arc<Json>>,
    current: Option<Current>,
}

/// Which item of which loop a layer stands for.
#[derive(Debug, Clone)]
struct Current {
    step: String,
    /// The list or object that the loop goes over.
    source: Arc<Json>,
    index: usize,
}

impl Frame {
    /// The top level of a run; the trigger's output is set like any other step's.
    pub fn top(config: Json, env: Json) -> Self {
        Self {
            config: Some(Arc::new(config)),
            env: Some(Arc::new(env)),
            ..Self::default()
        }
    }

    /// The layer of one iteration of `step` over the items of a list or the entries of an object.
    pub fn iteration(
        outer: Arc<Frame>,
        step: impl Into<String>,
        source: Arc<Json>,
        index: usize,
    ) -> Self {
        let current = Some(Current {
            step: step.into(),
            source,
            index,
        });
        Self {
            outer: Some(outer),
            current,
            ..Self::default()
        }
    }

    /// Records a step's output in this layer.
    pub fn set_step(&mut self, name: impl Into<String>, output: Arc<Json>) {
        self.steps.insert(name.into(), output);
    }

    /// Records a step's error in this layer.
    pub fn set_error(&mut self, name: impl Into<String>, error: Arc<Json>) {
        self.errors.insert(name.into(), error);
    }

    /// The shared output of a step, from this layer outwards.
    pub fn step(&self, name: &str) -> Option<&Arc<Json>> {
        self.layers().find_map(|layer| layer.steps.get(name))
    }

    fn layers(&self) -> impl Iterator<Item = &Frame> {
        std::iter::successors(Some(self), |layer| layer.outer.as_deref())
    }

    fn own(&self, names: Names, name: &str) -> Option<Node<'_>> {
        let current = self
            .current
            .as_ref()
            .filter(|current| names == Names::Steps && current.step == name);
        if let Some(item) = current.and_then(Current::item) {
            return Some(Node::Item(item));
        }
        let map = match names {
            Names::Steps => &self.steps,
            Names::Errors => &self.errors,
        };
        map.get(name).map(|value| Node::Json(value))
    }
}

impl Current {
    fn item(&self) -> Option<Item<'_>> {
        let (value, key, count) = match &*self.source {
            Json::Array(items) => (items.get(self.index)?, None, items.len()),
            Json::Object(entries) => {
                let (key, value) = entries.iter().nth(self.index)?;
                (value, Some(key.as_str()), entries.len())
            }
            _ => return None,
        };
        Some(Item {
            value: Some(value),
            key,
            index: self.index as u64,
            count: Some(count as u64),
        })
    }
}

impl Scope for Frame {
    fn named(&self, names: Names, name: &str) -> Option<Node<'_>> {
        self.layers().find_map(|layer| layer.own(names, name))
    }

    fn names(&self, names: Names) -> Vec<String> {
        let mut all = Vec::new();
        for layer in self.layers() {
            let loop_name = layer
                .current
                .iter()
                .filter(|_| names == Names::Steps)
                .map(|current| &current.step);
            let map = match names {
                Names::Steps => &layer.steps,
                Names::Errors => &layer.errors,
            };
            all.extend(loop_name.chain(map.keys()).cloned());
        }
        all.sort();
        all.dedup();
        all
    }

    fn config(&self) -> Option<&Json> {
        self.layers().find_map(|layer| layer.config.as_deref())
    }

    fn env(&self) -> Option<&Json> {
        self.layers().find_map(|layer| layer.env.as_deref())
    }
}
