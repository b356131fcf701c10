//! Named ranges.

use serde_json::{Value, json};

use super::Done;
use crate::google::cells::{grid_range, range_json};
use crate::google::spreadsheet::{NamedRange, Spreadsheet};
use crate::random::token;

/// `NamedRange` of an answer.
pub(crate) fn json(range: &NamedRange) -> Value {
    json!({
        "namedRangeId": range.id,
        "name": range.name,
        "range": range_json(range.sheet, range.area),
    })
}

/// `addNamedRange`; gives the named range.
pub(crate) fn add(file: &mut Spreadsheet, wanted: &Value) -> Done {
    let name = free_name(file, wanted["name"].as_str().unwrap_or_default(), None)?;
    let target = grid_range(file, &wanted["range"])?;
    let sheet = file.sheets.get(target.sheet).map_or(0, |sheet| sheet.id);
    let id = wanted["namedRangeId"].as_str();
    let range = NamedRange {
        id: id.map_or_else(|| token("", 12), str::to_owned),
        name,
        sheet,
        area: target.area,
    };
    let answer = json(&range);
    file.named_ranges.push(range);
    Ok(answer)
}

fn free_name(file: &Spreadsheet, name: &str, but: Option<usize>) -> Result<String, String> {
    let allowed = |letter: char| letter.is_alphanumeric() || letter == '_';
    if name.is_empty()
        || !name.chars().all(allowed)
        || name.starts_with(|letter: char| letter.is_ascii_digit())
    {
        return Err(format!("The named range name \"{name}\" is invalid."));
    }
    let lower = name.to_lowercase();
    let taken = file
        .named_ranges
        .iter()
        .enumerate()
        .any(|(at, range)| Some(at) != but && range.name.to_lowercase() == lower);
    if taken {
        return Err(format!(
            "A named range with name \"{name}\" already exists."
        ));
    }
    Ok(name.to_owned())
}

fn at(file: &Spreadsheet, id: &Value) -> Result<usize, String> {
    let found = file
        .named_ranges
        .iter()
        .position(|range| Some(range.id.as_str()) == id.as_str());
    found.ok_or_else(|| format!("No named range with id: {id}"))
}

/// `updateNamedRange`.
pub(super) fn update(file: &mut Spreadsheet, what: &Value) -> Done {
    let wanted = &what["namedRange"];
    let mask = what["fields"].as_str().unwrap_or_default();
    let takes = |name: &str| {
        mask.split(',')
            .any(|field| field.trim() == name || field.trim() == "*")
    };
    if mask.is_empty() {
        return Err("At least one field must be listed in 'fields'.".to_owned());
    }
    let at = at(file, &wanted["namedRangeId"])?;
    let name = if takes("name") {
        Some(free_name(
            file,
            wanted["name"].as_str().unwrap_or_default(),
            Some(at),
        )?)
    } else {
        None
    };
    let target = if takes("range") {
        Some(grid_range(file, &wanted["range"])?)
    } else {
        None
    };
    let sheet = target
        .and_then(|target| file.sheets.get(target.sheet))
        .map(|sheet| sheet.id);
    if let Some(range) = file.named_ranges.get_mut(at) {
        if let Some(name) = name {
            range.name = name;
        }
        if let (Some(target), Some(sheet)) = (target, sheet) {
            range.area = target.area;
            range.sheet = sheet;
        }
    }
    Ok(Value::Null)
}

/// `deleteNamedRange`.
pub(super) fn delete(file: &mut Spreadsheet, id: &Value) -> Done {
    let at = at(file, id)?;
    file.named_ranges.remove(at);
    Ok(Value::Null)
}
