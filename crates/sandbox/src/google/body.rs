//! Reading what callers send: bodies with nothing unknown in them, cells that are scalars.

use serde_json::{Map, Value};

use crate::google::errors;
use crate::google::grid::{Cell, Content, Format};
use crate::google::user_entered;
use crate::wire::{Reply, Request};

/// Query parameters that every Google method has.
const COMMON: [&str; 13] = [
    "fields",
    "alt",
    "key",
    "prettyPrint",
    "quotaUser",
    "access_token",
    "oauth_token",
    "callback",
    "uploadType",
    "upload_protocol",
    "userIp",
    "$.xgafv",
    "$alt",
];

/// Refuses query parameters that the method does not have.
pub(crate) fn only_params(request: &Request, known: &[&str]) -> Result<(), Reply> {
    let stray = request
        .query
        .iter()
        .map(|(name, _)| name.as_str())
        .find(|name| !known.contains(name) && !COMMON.contains(name));
    match stray {
        None => Ok(()),
        Some(name) => Err(errors::invalid(&format!(
            "Invalid JSON payload received. Unknown name \"{name}\": Cannot bind query \
             parameter. Field '{name}' could not be found in request message."
        ))),
    }
}

/// The body as an object with these fields and no others; an empty body is an empty object.
pub(crate) fn object(request: &Request, known: &[&str]) -> Result<Map<String, Value>, Reply> {
    if request.body.is_empty() {
        return Ok(Map::new());
    }
    let body = request
        .json()
        .map_err(|problem| errors::invalid(&format!("Invalid JSON payload received. {problem}")))?;
    fields(body, known, "")
}

/// `value` as an object with these fields and no others; `place` says where it stands.
pub(crate) fn fields(
    value: Value,
    known: &[&str],
    place: &str,
) -> Result<Map<String, Value>, Reply> {
    let Value::Object(fields) = value else {
        return Err(errors::invalid(
            "Invalid JSON payload received. Unknown name \"\": Root element must be a message.",
        ));
    };
    match fields.keys().find(|name| !known.contains(&name.as_str())) {
        None => Ok(fields),
        Some(name) => {
            let at = if place.is_empty() {
                String::new()
            } else {
                format!(" at '{place}'")
            };
            Err(errors::bad_field(
                place,
                &format!(
                    "Invalid JSON payload received. Unknown name \"{name}\"{at}: Cannot find field."
                ),
            ))
        }
    }
}

/// How values are taken in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Input {
    Raw,
    UserEntered,
}

impl Input {
    /// Reads `valueInputOption`, which must be there.
    pub(crate) fn of(text: Option<&str>) -> Result<Self, Reply> {
        match text {
            Some("RAW") => Ok(Self::Raw),
            Some("USER_ENTERED") => Ok(Self::UserEntered),
            None | Some("INPUT_VALUE_OPTION_UNSPECIFIED") => Err(errors::invalid(
                "'valueInputOption' is required but not specified",
            )),
            Some(other) => Err(crate::google::render::bad_enum(
                "valueInputOption",
                "ValueInputOption",
                other,
            )),
        }
    }

    /// The cell that a scalar becomes; `None` leaves the cell alone.
    fn cell(self, value: Value, this_year: i16) -> Option<Cell> {
        let plain = |content| {
            Some(Cell {
                content,
                format: Format::General,
            })
        };
        match value {
            Value::Bool(value) => plain(Content::Bool(value)),
            Value::Number(value) => plain(Content::Number(value.as_f64().unwrap_or_default())),
            Value::String(text) if text.is_empty() => Some(Cell::default()),
            Value::String(text) => match self {
                Self::Raw => plain(Content::Text(text)),
                Self::UserEntered => Some(user_entered::read(&text, this_year)),
            },
            Value::Null | Value::Array(_) | Value::Object(_) => None,
        }
    }
}

/// A `ValueRange` that was sent.
#[derive(Debug)]
pub(crate) struct Sent {
    pub(crate) range: Option<String>,
    /// By rows, whichever way they were sent; `None` leaves a cell alone.
    pub(crate) rows: Vec<Vec<Option<Cell>>>,
}

/// The fields of a `ValueRange`.
pub(crate) const VALUE_RANGE: [&str; 3] = ["range", "majorDimension", "values"];

/// Reads a `ValueRange`; `place` is where it stands, for the errors.
pub(crate) fn value_range(
    mut body: Map<String, Value>,
    place: &str,
    input: Input,
    this_year: i16,
) -> Result<Sent, Reply> {
    let columns = major(body.get("majorDimension").and_then(Value::as_str))?;
    let range = match body.remove("range") {
        None | Some(Value::Null) => None,
        Some(Value::String(range)) => Some(range),
        Some(other) => {
            return Err(errors::bad_field(
                &format!("{place}.range"),
                &format!("Invalid value at '{place}.range' (TYPE_STRING), {other}"),
            ));
        }
    };
    let lists = match body.remove("values") {
        None | Some(Value::Null) => Vec::new(),
        Some(Value::Array(lists)) => lists,
        Some(other) => return Err(not_a_list(&format!("{place}.values"), &other)),
    };
    let mut rows = Vec::with_capacity(lists.len());
    for (outer, list) in lists.into_iter().enumerate() {
        let Value::Array(values) = list else {
            return Err(not_a_list(&format!("{place}.values[{outer}]"), &list));
        };
        let mut row = Vec::with_capacity(values.len());
        for (inner, value) in values.into_iter().enumerate() {
            let kind = match &value {
                Value::Object(_) => Some("struct_value"),
                Value::Array(_) => Some("list_value"),
                _ => None,
            };
            if let Some(kind) = kind {
                return Err(errors::bad_field(
                    &format!("{place}.values[{outer}][{inner}]"),
                    &format!("Invalid values[{outer}][{inner}]: {kind} {value}"),
                ));
            }
            row.push(input.cell(value, this_year));
        }
        rows.push(row);
    }
    if columns {
        rows = transposed(rows);
    }
    Ok(Sent { range, rows })
}

/// `majorDimension=COLUMNS`?
pub(crate) fn major(text: Option<&str>) -> Result<bool, Reply> {
    match text {
        None | Some("ROWS" | "DIMENSION_UNSPECIFIED") => Ok(false),
        Some("COLUMNS") => Ok(true),
        Some(other) => Err(crate::google::render::bad_enum(
            "majorDimension",
            "Dimension",
            other,
        )),
    }
}

fn not_a_list(place: &str, value: &Value) -> Reply {
    errors::bad_field(
        place,
        &format!(
            "Invalid value at '{place}' (type.googleapis.com/google.protobuf.ListValue), {value}"
        ),
    )
}

/// Rows from columns; where a column is shorter, cells are left alone.
fn transposed(columns: Vec<Vec<Option<Cell>>>) -> Vec<Vec<Option<Cell>>> {
    let height = columns.iter().map(Vec::len).max().unwrap_or(0);
    (0..height)
        .map(|row| {
            columns
                .iter()
                .map(|column| column.get(row).cloned().flatten())
                .collect()
        })
        .collect()
}
