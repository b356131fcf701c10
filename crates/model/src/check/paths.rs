//! Whether each path leads to something that is there when the step runs, and of a type that the field takes.

use super::{Check, Target, inputs::Field};
use crate::{
    Json,
    condition::Comparison,
    document::{Lane, Step, TRIGGER},
    path::{Path, Root, Segment, spell},
    problem::Severity,
    reach::{Sight, config_schema},
    schema::{Lookup, Schema, Type},
    spec::StepKind,
    suggest::{closest, listed},
};
use serde::Deserialize;

impl<'a> Check<'a> {
    /// `whole`: the value found becomes the field's value as it is.
    pub(super) fn path(
        &mut self,
        target: Target<'a>,
        field: Field<'_>,
        path: &Path,
        whole: bool,
        defaulted: bool,
    ) {
        let at = Use {
            target,
            field,
            path,
            whole,
            defaulted: defaulted || asks_whether_it_is_there(target, field.pointer),
        };
        match path.root() {
            Some(Root::Step(name)) => self.step_path(at, name),
            Some(Root::Error(name)) => self.error_path(at, name),
            Some(Root::Config) => self.config_path(at),
            Some(Root::Env) => {}
            None => self.rootless(at),
        }
    }

    fn step_path(&mut self, at: Use<'a, '_>, name: &str) {
        match self
            .reach
            .sight_of_field(at.target.name, at.field.pointer, name)
        {
            Sight::Visible(view) => {
                let schema = self.reach.schema(self.catalog, self.known, name, view);
                self.below(at, &schema, 2);
                if !at.defaulted {
                    self.uncertain(at, name);
                }
            }
            Sight::Unknown => self.unknown_step(at, name),
            Sight::Itself => {
                self.problem(
                    at,
                    "self_path",
                    format!(
                        "`{}` is this step's own output, which is not there yet",
                        at.path
                    ),
                );
            }
            Sight::Later if at.target.name == TRIGGER => {
                let message = format!(
                    "`{}` is not there yet when the trigger is read: no step has run",
                    at.path
                );
                self.problem(at, "forward_path", message);
            }
            Sight::Later => {
                let message = format!(
                    "step `{name}` runs only after this one; move it up, or choose a step that runs before"
                );
                self.problem(at, "forward_path", message);
            }
            Sight::InsideLoop(looped) => {
                let message = format!(
                    "step `{name}` runs inside the loop `{looped}`, whose items cannot be seen from out here; the loop itself offers count, succeeded and failed"
                );
                self.problem(at, "out_of_scope", message);
            }
            Sight::OtherBranch(parent) => {
                let message = format!(
                    "step `{name}` stands in another branch of `{parent}`, which this branch cannot see"
                );
                self.problem(at, "out_of_scope", message);
            }
            Sight::Failed => {
                let message = format!(
                    "step `{name}` has failed when this one runs, so it has no output; its error is at `$.errors.{name}`"
                );
                self.problem(at, "out_of_scope", message).suggestion =
                    Some(format!("$.errors.{name}"));
            }
        }
    }

    /// A step whose branch may not have been taken gives nothing then.
    fn uncertain(&mut self, at: Use<'a, '_>, name: &str) {
        let catalog = self.catalog;
        let all_run = |step: &Step| {
            let spec = catalog.operation(&step.connector, &step.operation);
            spec.is_some_and(|spec| spec.kind == StepKind::Parallel)
        };
        let message = match self.reach.uncertain(at.target.name, name, all_run) {
            Some((parent, Lane::Branch(branch))) => format!(
                "step `{name}` runs only when `{parent}` takes the branch `{branch}`; set a default for when it does not"
            ),
            Some((parent, _)) => format!(
                "step `{name}` runs only when `{parent}` fails; set a default for when it does not"
            ),
            None => return,
        };
        let message = at.sentence(&message);
        self.report.warning(
            "may_be_missing",
            at.target.name,
            Some(at.field.pointer),
            message,
        );
    }

    fn unknown_step(&mut self, at: Use<'a, '_>, name: &str) {
        let seen = self
            .reach
            .upstream_of_field(at.target.name, at.field.pointer);
        let near = closest(name, seen.iter().map(crate::reach::Upstream::name));
        let near = near.and_then(|near| at.path.with_step(name, near));
        let message = format!("there is no step `{name}`");
        self.problem(at, "unknown_step", message).suggestion = near.map(|path| path.to_string());
    }

    fn error_path(&mut self, at: Use<'a, '_>, name: &str) {
        let here = self.reach.errors(at.target.name);
        if here.contains(&name) {
            return;
        }
        if self.reach.step(name).is_none() {
            let near = closest(name, here).and_then(|near| at.path.with_step(name, near));
            let message = format!("there is no step `{name}`");
            self.problem(at, "unknown_step", message).suggestion =
                near.map(|path| path.to_string());
        } else {
            let message = format!("the error of `{name}` can be seen only in its own error branch");
            self.problem(at, "out_of_scope", message);
        }
    }

    fn config_path(&mut self, at: Use<'a, '_>) {
        let mut schema = config_schema(self.reach.workflow());
        // Constants are all there is: nothing adds a key while the workflow runs.
        schema.additional = Some(crate::schema::Additional::Any(false));
        self.below(at, &schema, 1);
    }

    /// `$.foo`: neither steps nor config nor env nor errors.
    fn rootless(&mut self, at: Use<'a, '_>) {
        let first = match at.path.leading().first() {
            Some(Segment::Name(first)) => first.as_str(),
            Some(Segment::Index(_)) => "",
            None => return,
        };
        if matches!(first, "steps" | "errors") {
            return;
        }
        let is_step = first == TRIGGER || self.reach.step(first).is_some();
        let mut segments = at.path.leading().to_vec();
        let near = if is_step {
            segments.insert(0, "steps".into());
            Some(spell(&segments))
        } else {
            closest(first, ["steps", "config", "env", "errors"]).map(|root| {
                segments[0] = root.into();
                spell(&segments)
            })
        };
        let message =
            "a path starts with `$.steps.…`, `$.config.…`, `$.env.…` or `$.errors.…`".to_owned();
        self.problem(at, "bad_path", message).suggestion = near.filter(|_| at.path.is_singular());
    }

    /// Follows the path into what its root offers; `skipped` segments lead to that root.
    fn below(&mut self, at: Use<'a, '_>, schema: &Schema, skipped: usize) {
        let segments = at.path.leading().get(skipped..).unwrap_or_default();
        match schema.lookup(segments) {
            Lookup::Found(_) if !at.path.is_singular() => {
                self.typed(at, &Schema::list(Schema::default()))
            }
            Lookup::Found(found) => self.typed(at, found),
            Lookup::Open => {}
            Lookup::Unlisted { walked, within } => {
                self.unknown_key(at, Severity::Warning, skipped + walked, within)
            }
            Lookup::Absent { walked, within } => {
                let severity = if at.defaulted {
                    Severity::Warning
                } else {
                    Severity::Error
                };
                self.unknown_key(at, severity, skipped + walked, within);
            }
        }
    }

    fn typed(&mut self, at: Use<'a, '_>, found: &Schema) {
        if at.whole {
            self.fitting(at.target, at.field, found);
        }
    }

    fn unknown_key(
        &mut self,
        at: Use<'a, '_>,
        severity: Severity,
        position: usize,
        within: &Schema,
    ) {
        if severity == Severity::Warning && at.defaulted {
            // Whoever gave a default expects that the key may not be there.
            return;
        }
        let leading = at.path.leading();
        let inside = spell(leading.get(..position).unwrap_or_default());
        let shown = match leading.get(position) {
            Some(Segment::Name(name)) => format!("`{name}`"),
            Some(Segment::Index(index)) => format!("item [{index}]"),
            None => return,
        };
        let (message, near) = match (within.effective_kind(), leading.get(position)) {
            (Some(Type::Object), Some(Segment::Name(name))) => {
                let keys = || within.properties.keys().map(String::as_str);
                let near = closest(name, keys());
                let known = if near.is_some() {
                    String::new()
                } else {
                    format!("; it has {}", listed(keys()))
                };
                (
                    format!("{inside} has no {shown} as far as is known{known}"),
                    near.map(Segment::from),
                )
            }
            (Some(Type::Array), _) => (
                format!(
                    "{inside} is a list and has no {shown}; take one item, like [0], or loop over it"
                ),
                None,
            ),
            _ => (
                format!(
                    "{inside} is {}, so there is no {shown} in it",
                    within.a_type()
                ),
                None,
            ),
        };
        let near = near.filter(|_| at.path.is_singular()).map(|near| {
            let mut segments = leading.to_vec();
            segments[position] = near;
            spell(&segments)
        });
        let message = at.sentence(&message);
        let problem = self.report.add(
            severity,
            "unknown_key",
            at.target.name,
            Some(at.field.pointer),
            message,
        );
        problem.suggestion = near;
    }

    fn problem(
        &mut self,
        at: Use<'a, '_>,
        code: &str,
        message: String,
    ) -> &mut crate::problem::Problem {
        let message = at.sentence(&message);
        self.report
            .error(code, at.target.name, Some(at.field.pointer), message)
    }
}

/// Whether the value is the one of a condition that asks whether there is a value.
fn asks_whether_it_is_there(target: Target<'_>, pointer: &str) -> bool {
    let Some(condition) = pointer.strip_suffix("/value_a") else {
        return false;
    };
    let mut keys = condition.split('/').skip(1);
    let first = keys.next().and_then(|key| target.inputs.get(key));
    let found = keys.try_fold(first, |at, key| match at? {
        Json::Object(map) => Some(map.get(key)),
        Json::Array(items) => Some(items.get(key.parse::<usize>().ok()?)),
        _ => None,
    });
    found
        .flatten()
        .and_then(|condition| condition.get("comparison"))
        .and_then(|word| Comparison::deserialize(word).ok())
        .is_some_and(Comparison::takes_missing)
}

/// A path where it is used.
#[derive(Clone, Copy)]
struct Use<'a, 'f> {
    target: Target<'a>,
    field: Field<'f>,
    path: &'f Path,
    whole: bool,
    defaulted: bool,
}

impl Use<'_, '_> {
    fn sentence(&self, message: &str) -> String {
        format!("{}: {message}.", self.field.label)
    }
}
