//! Fills in the shapes that fields name.

use crate::manifest::field::Field;
use indexmap::IndexMap;

/// The shapes of one connector.
#[derive(Default)]
pub(super) struct Shapes {
    pub(super) known: IndexMap<String, Field>,
}

/// Why a field cannot be filled in.
pub(super) struct Unknown {
    /// The shape's name.
    pub(super) name: String,
    pub(super) message: String,
}

impl Shapes {
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
        within.push(name);
        let filled = self.fill_within(shape.clone(), within)?;
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
