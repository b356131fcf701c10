//! The shapes of a connector, each read when a field first names it, and filled in where fields name them.

use crate::manifest::{self, field::Field, problem::ManifestError};
use indexmap::IndexMap;
use std::{borrow::Cow, sync::OnceLock};

/// The shapes of one connector.
#[derive(Default)]
pub(super) struct Shapes {
    known: IndexMap<String, Shape>,
}

struct Shape {
    /// As errors show it.
    file: String,
    text: Cow<'static, str>,
    read: OnceLock<Result<Field, ManifestError>>,
}

/// Why a field cannot be filled in.
pub(super) struct Unknown {
    /// The shape's name.
    pub(super) name: String,
    pub(super) message: String,
}

impl Shapes {
    pub(super) fn add(&mut self, name: &str, file: String, text: Cow<'static, str>) {
        let read = OnceLock::new();
        self.known
            .insert(name.to_owned(), Shape { file, text, read });
    }

    /// What is wrong with the shapes' own files.
    pub(super) fn problems(&self) -> Vec<ManifestError> {
        let read = self.known.values().map(Shape::read);
        read.filter_map(|read| read.as_ref().err().cloned())
            .collect()
    }

    /// The field with every shape in it replaced by what the shape says.
    pub(super) fn fill(&self, field: Field) -> Result<Field, Unknown> {
        self.fill_within(field, &mut Vec::new())
    }

    fn fill_within(&self, field: Field, within: &mut Vec<String>) -> Result<Field, Unknown> {
        let Some(name) = field.shape.clone() else {
            return self.fill_parts(field, within);
        };
        if within.contains(&name) {
            let message = format!(
                "shape `{name}` contains itself; describe the inner one with kind = \"any\""
            );
            return Err(Unknown { name, message });
        }
        let Some(shape) = self.known.get(&name) else {
            let hint = crate::suggest::did_you_mean(&name, self.known.keys().map(String::as_str));
            let message = format!(
                "`{name}` is neither a kind (text, integer, number, boolean, choice, list, object, date_time, date, \
                 time, url, email, phone, binary, any) nor a shape in shapes/.{hint}"
            );
            return Err(Unknown { name, message });
        };
        let shape = match shape.read() {
            Ok(shape) => shape.clone(),
            Err(problem) => {
                let message = format!("shape `{name}` cannot be read: {problem}");
                return Err(Unknown { name, message });
            }
        };
        within.push(name);
        let filled = self.fill_within(shape, within)?;
        within.pop();
        let field = Field {
            shape: None,
            ..field
        }
        .over(&filled);
        self.fill_parts(field, within)
    }

    fn fill_parts(&self, mut field: Field, within: &mut Vec<String>) -> Result<Field, Unknown> {
        for part in field.fields.values_mut() {
            *part = self.fill_within(std::mem::take(part), within)?;
        }
        for part in [&mut field.items, &mut field.others].into_iter().flatten() {
            **part = self.fill_within(std::mem::take(&mut **part), within)?;
        }
        for part in &mut field.one_of {
            *part = self.fill_within(std::mem::take(part), within)?;
        }
        Ok(field)
    }
}

impl Shape {
    fn read(&self) -> &Result<Field, ManifestError> {
        self.read
            .get_or_init(|| manifest::read(&self.file, &self.text))
    }
}
