//! One operation's file: its head, which lists and searches need, is read at start; its inputs and output when the
//! operation is first used. A connector may have hundreds of operations, and a workflow uses a handful.

use super::{
    build::{self, Draft},
    shapes::Shapes,
};
use crate::manifest::{self, operation::Operation, problem::ManifestError};
use patchbay_model::spec::OperationSpec;
use std::{borrow::Cow, sync::OnceLock};

/// The file of one operation or trigger.
pub(crate) struct Entry {
    /// The file's name without folder and ending.
    pub(super) name: String,
    pub(super) is_trigger: bool,
    /// As errors show it.
    file: String,
    text: Cow<'static, str>,
    parts: OnceLock<Option<Box<Parts>>>,
}

/// An operation, read whole.
pub(crate) struct Parts {
    pub(crate) spec: OperationSpec,
    /// With its shapes filled in.
    pub(crate) manifest: Operation,
}

impl Entry {
    /// The entry of a file of the folder; none for files that describe no operation.
    pub(super) fn of(connector: &str, path: &str, text: Cow<'static, str>) -> Option<Self> {
        let (is_trigger, rest) = match path.strip_prefix("operations/") {
            Some(rest) => (false, rest),
            None => (true, path.strip_prefix("triggers/")?),
        };
        Some(Self {
            name: rest.strip_suffix(".toml")?.to_owned(),
            is_trigger,
            file: format!("{connector}/{path}"),
            text,
            parts: OnceLock::new(),
        })
    }

    /// What stands before the first table: title, group, scopes, keywords, the request; neither inputs nor output.
    pub(super) fn head(&self) -> Result<Operation, ManifestError> {
        manifest::read(&self.file, head_of(&self.text))
    }

    /// The whole operation, its shapes filled in.
    pub(super) fn draft<'a>(&'a self, shapes: &Shapes) -> Result<Draft<'a>, ManifestError> {
        let mut operation: Operation = manifest::read(&self.file, &self.text)?;
        let (parameters, bodies) = match operation.subscription.as_deref_mut() {
            Some(subscription) => (
                Some(&mut subscription.parameter),
                Some(&mut subscription.body),
            ),
            None => (None, None),
        };
        let listened = parameters.into_iter().chain(bodies);
        let fields = operation.input.iter_mut().chain(&mut operation.output);
        for field in fields.chain(listened.flat_map(|fields| fields.values_mut())) {
            *field = shapes.fill(std::mem::take(field)).map_err(|unknown| {
                let needle = format!("\"{}", unknown.name);
                ManifestError::near(&self.file, &self.text, &needle, unknown.message)
            })?;
        }
        Ok(Draft {
            name: self.name.clone(),
            is_trigger: self.is_trigger,
            file: self.file.clone(),
            text: &self.text,
            operation,
        })
    }

    /// The whole operation, read at most once; none if its file is unsound, which [`super::Catalog::load`] tells.
    pub(super) fn parts(&self, shapes: &Shapes, has_service: bool) -> Option<&Parts> {
        let read = || {
            let manifest = self.draft(shapes).ok()?.operation;
            let spec = build::operation(&self.name, &manifest, has_service);
            Some(Box::new(Parts { spec, manifest }))
        };
        self.parts.get_or_init(read).as_deref()
    }
}

/// Keys of the top level can only stand before the first table, and a table begins with a bracket at a line's start.
fn head_of(text: &str) -> &str {
    if text.starts_with('[') {
        return "";
    }
    text.find("\n[").map_or(text, |end| &text[..=end])
}

#[cfg(test)]
mod tests {
    use super::head_of;

    #[test]
    fn the_head_ends_where_the_first_table_begins() {
        for (text, head) in [
            (
                "title = \"A\"\n\n[[input]]\nname = \"a\"\n",
                "title = \"A\"\n\n",
            ),
            ("title = \"A\"\n[output]\n", "title = \"A\"\n"),
            ("keywords = [\n  \"a\",\n]\n", "keywords = [\n  \"a\",\n]\n"),
            ("[[input]]\nname = \"a\"", ""),
            ("", ""),
        ] {
            assert_eq!(head_of(text), head);
        }
    }
}
