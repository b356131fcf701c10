//! What a loop goes over: a place inside an output that is kept anyway, so that a list is never copied.

use super::View;
use crate::{input::Input, plan::PlanStep};
use patchbay_model::{
    Json,
    event::StepError,
    path::{Path, Root, Segment},
    spec::StepKind,
};
use std::sync::Arc;

/// A list or an object somewhere inside a value.
#[derive(Debug, Clone, PartialEq, Default)]
pub(crate) struct Source {
    owner: Arc<Json>,
    place: Vec<Segment>,
    /// The keys of an object, so that the one at a position is found without counting; empty for a list.
    keys: Vec<String>,
    len: u64,
    /// It goes over nothing, and ends by itself only after `len` items.
    endless: bool,
}

/// Iterations at a time that a loop may ask for.
const MOST_AT_A_TIME: u64 = 256;

/// How a loop begins.
pub(crate) struct Opening {
    pub(crate) source: Source,
    pub(crate) concurrency: u64,
}

impl Source {
    fn new(owner: Arc<Json>, place: Vec<Segment>) -> Self {
        let mut source = Self {
            owner,
            place,
            keys: Vec::new(),
            len: 0,
            endless: false,
        };
        let (keys, len) = match source.get() {
            Json::Array(items) => (Vec::new(), items.len()),
            Json::Object(entries) => (entries.keys().cloned().collect(), entries.len()),
            _ => (Vec::new(), 0),
        };
        source.keys = keys;
        source.len = len as u64;
        source
    }

    /// Nothing to go over: at most so many iterations.
    fn endless(most: u64) -> Self {
        Self {
            len: most,
            endless: true,
            ..Self::default()
        }
    }

    /// Whether it goes over nothing.
    pub(crate) fn is_endless(&self) -> bool {
        self.endless
    }

    /// How many items there are.
    pub(crate) fn len(&self) -> u64 {
        self.len
    }

    /// The list or object.
    pub(crate) fn get(&self) -> &Json {
        descend(&self.owner, &self.place).unwrap_or(&Json::Null)
    }

    /// One item, with its key if this is an object.
    pub(crate) fn item(&self, index: u64) -> Option<(Option<&str>, &Json)> {
        let index = usize::try_from(index).ok()?;
        match self.get() {
            Json::Array(items) => items.get(index).map(|value| (None, value)),
            Json::Object(entries) => {
                let key = self.keys.get(index)?;
                Some((Some(key.as_str()), entries.get(key)?))
            }
            _ => None,
        }
    }

    /// Where an item stands.
    fn place_of(&self, index: u64) -> Option<Vec<Segment>> {
        let segment = match self.item(index)? {
            (Some(key), _) => Segment::from(key),
            (None, _) => Segment::Index(i64::try_from(index).ok()?),
        };
        Some(self.place.iter().cloned().chain([segment]).collect())
    }
}

/// Reads the inputs of a loop.
pub(crate) fn opening(step: &PlanStep, view: &View<'_>) -> Result<Opening, StepError> {
    let field = match step.kind {
        StepKind::LoopObject => "object",
        StepKind::LoopForever | StepKind::LoopUntil => {
            let most = whole_number(step, "max_iterations", view, u64::MAX - 1)?;
            return Ok(Opening {
                source: Source::endless(most.unwrap_or(u64::MAX)),
                concurrency: 1,
            });
        }
        _ => "list",
    };
    let Some(value) = step.value(field) else {
        return Err(invalid(
            field,
            format!("`{field}` is empty. Choose what to go over."),
        ));
    };
    let source = resolve(value, field, view)?;
    let fits = match source.get() {
        Json::Array(_) => field == "list",
        Json::Object(_) => field == "object",
        _ => false,
    };
    if !fits {
        return Err(unfit(field, value, source.get()));
    }
    Ok(Opening {
        source,
        concurrency: concurrency(step, view)?,
    })
}

fn resolve(value: &Input, field: &str, view: &View<'_>) -> Result<Source, StepError> {
    if let Some(source) = value.as_path().and_then(|path| in_place(path, view)) {
        return Ok(source);
    }
    let json = value.resolve(view).map_err(|error| error.in_field(field))?;
    Ok(Source::new(Arc::new(json), Vec::new()))
}

/// The source of a singular path into an output or an item; none if it leads nowhere or is of another sort.
fn in_place(path: &Path, view: &View<'_>) -> Option<Source> {
    path.segments()?;
    let Some(Root::Step(name)) = path.root() else {
        return None;
    };
    let below = path.below_root();
    let (owner, place) = view.layers().find_map(|layer| match layer.item {
        Some(current) if current.step == name => {
            let (first, rest) = below.split_first()?;
            if *first != Segment::from("value") {
                return None;
            }
            let mut place = current.source.place_of(current.index)?;
            place.extend_from_slice(rest);
            Some((Arc::clone(&current.source.owner), place))
        }
        _ => layer
            .known
            .outputs
            .get(name)
            .map(|held| (Arc::clone(&held.value), below.to_vec())),
    })?;
    descend(&owner, &place)?;
    Some(Source::new(owner, place))
}

fn descend<'a>(value: &'a Json, place: &[Segment]) -> Option<&'a Json> {
    place
        .iter()
        .try_fold(value, |value, segment| match (value, segment) {
            (Json::Object(entries), Segment::Name(name)) => entries.get(name),
            (Json::Array(items), Segment::Index(index)) => {
                let from_end = items
                    .len()
                    .checked_sub(usize::try_from(index.unsigned_abs()).ok()?);
                let position = if *index < 0 {
                    from_end?
                } else {
                    usize::try_from(*index).ok()?
                };
                items.get(position)
            }
            _ => None,
        })
}

fn concurrency(step: &PlanStep, view: &View<'_>) -> Result<u64, StepError> {
    let asked = whole_number(step, "concurrency", view, MOST_AT_A_TIME)?;
    Ok(asked.unwrap_or(1).min(MOST_AT_A_TIME))
}

/// A number from 1 on; none where nothing is given.
fn whole_number(
    step: &PlanStep,
    field: &str,
    view: &View<'_>,
    most: u64,
) -> Result<Option<u64>, StepError> {
    let Some(value) = step.value(field) else {
        return Ok(None);
    };
    let json = value.resolve(view).map_err(|error| error.in_field(field))?;
    let number = match &json {
        Json::Null => return Ok(None),
        Json::String(text) => text.trim().parse().ok(),
        other => other.as_u64(),
    };
    match number {
        Some(number) if number >= 1 => Ok(Some(number)),
        _ => {
            let upper = if most < u64::MAX - 1 {
                format!(" to {most}")
            } else {
                " on".to_owned()
            };
            let message = format!("`{field}` is {json}; it must be a whole number from 1{upper}.");
            Err(invalid(field, message))
        }
    }
}

fn unfit(field: &str, value: &Input, found: &Json) -> StepError {
    let what = value.as_path().map_or_else(
        || format!("`{field}`"),
        |path| format!("`{}`", path.as_str()),
    );
    let (needs, hint) = match (field, found) {
        ("list", Json::Object(_)) => ("a list", "Choose a list inside it, or use Loop object."),
        ("object", Json::Array(_)) => ("an object", "Use Loop list for a list."),
        (_, Json::Null) if field == "list" => (
            "a list",
            "Set a default of `[]` if there may be nothing to go over.",
        ),
        (_, Json::Null) => (
            "an object",
            "Set a default of `{}` if there may be nothing to go over.",
        ),
        ("object", _) => ("an object", "Choose an object."),
        _ => ("a list", "Choose a list."),
    };
    let message = format!(
        "{what} is {}; the loop needs {needs}. {hint}",
        kind_of(found)
    );
    StepError {
        path: value.as_path().map(|path| path.as_str().to_owned()),
        ..invalid(field, message)
    }
}

fn kind_of(value: &Json) -> String {
    match value {
        Json::Null => "null".to_owned(),
        Json::Bool(_) => "a yes/no value".to_owned(),
        Json::Number(_) => "a number".to_owned(),
        Json::String(_) => "a text".to_owned(),
        Json::Array(_) => "a list".to_owned(),
        Json::Object(entries) => {
            let keys: Vec<&str> = entries.keys().take(5).map(String::as_str).collect();
            let more = if entries.len() > keys.len() {
                ", …"
            } else {
                ""
            };
            format!("an object with the keys {}{more}", keys.join(", "))
        }
    }
}

fn invalid(field: &str, message: String) -> StepError {
    StepError {
        code: "invalid_input".to_owned(),
        message,
        field: Some(format!("/{field}")),
        ..StepError::default()
    }
}
