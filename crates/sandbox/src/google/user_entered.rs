//! `USER_ENTERED`: what a text becomes when it is read as if typed into the sheet.

use crate::google::dates;
use crate::google::grid::{Cell, Content, Format};

/// Reads `text` as typed in the locale `en_US`. `this_year` completes dates like `1/31`.
pub(crate) fn read(text: &str, this_year: i16) -> Cell {
    let cell = |content, format| Cell { content, format };
    if text.is_empty() {
        return Cell::default();
    }
    if let Some(literal) = text.strip_prefix('\'') {
        return cell(Content::Text(literal.to_owned()), Format::General);
    }
    if text.len() > 1 && text.starts_with('=') {
        return cell(Content::Formula(text.to_owned()), Format::General);
    }
    let trimmed = text.trim();
    if trimmed.eq_ignore_ascii_case("true") || trimmed.eq_ignore_ascii_case("false") {
        return cell(
            Content::Bool(trimmed.eq_ignore_ascii_case("true")),
            Format::General,
        );
    }
    if let Some((number, format)) = read_number(trimmed) {
        return cell(Content::Number(number), format);
    }
    if let Some((serial, format)) = read_moment(trimmed, this_year) {
        return cell(Content::Number(serial), format);
    }
    // "+" followed by a cell or a function is typed for "=+…".
    if let Some(rest) = trimmed.strip_prefix('+')
        && rest.starts_with(|letter: char| letter.is_ascii_alphabetic())
        && rest.contains(|letter: char| letter.is_ascii_digit() || letter == '(')
        && !rest.contains(' ')
    {
        return cell(Content::Formula(format!("={trimmed}")), Format::General);
    }
    cell(Content::Text(text.to_owned()), Format::General)
}

/// `12`, `-3.5`, `+16505550100`, `1,234.5`, `12%`, `$9.99`, `(5)`, `1e3`.
fn read_number(text: &str) -> Option<(f64, Format)> {
    let (negative, rest) = match text
        .strip_prefix('(')
        .and_then(|rest| rest.strip_suffix(')'))
    {
        Some(inside) => (true, inside),
        None => match text.strip_prefix('-') {
            Some(rest) => (true, rest),
            None => (false, text.strip_prefix('+').unwrap_or(text)),
        },
    };
    let (rest, currency) = match rest.strip_prefix('$') {
        Some(rest) => (rest, true),
        None => (rest, false),
    };
    let (rest, percent) = match rest.strip_suffix('%') {
        Some(rest) => (rest.trim_end(), true),
        None => (rest, false),
    };
    let (plain, grouped) = ungroup(rest)?;
    let mut number: f64 = plain.parse().ok()?;
    if !number.is_finite() {
        return None;
    }
    if percent {
        number /= 100.0;
    }
    if negative {
        number = -number;
    }
    let format = if percent {
        Format::Percent
    } else if currency {
        Format::Currency
    } else if grouped {
        Format::Grouped
    } else {
        Format::General
    };
    Some((number, format))
}

/// The number without its thousands separators, and whether it had any; `None` for other text.
fn ungroup(text: &str) -> Option<(String, bool)> {
    let whole_end = text.find(['.', 'e', 'E']).unwrap_or(text.len());
    let (whole, rest) = text.split_at(whole_end);
    let exponent = rest.find(['e', 'E']).map(|at| &rest[at + 1..]);
    let fraction = rest
        .strip_prefix('.')
        .map(|rest| rest.split(['e', 'E']).next().unwrap_or_default());
    let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    let exponent_ok = exponent.is_none_or(|text| {
        let text = text.strip_prefix(['+', '-']).unwrap_or(text);
        !text.is_empty() && digits(text)
    });
    if !exponent_ok || !fraction.is_none_or(digits) {
        return None;
    }
    if whole.is_empty() && fraction.is_none_or(str::is_empty) {
        return None;
    }
    let mut groups = whole.split(',');
    let first = groups.next().unwrap_or_default();
    let rest_ok = groups.all(|group| group.len() == 3 && digits(group));
    let grouped = whole.contains(',');
    if !digits(first) || !rest_ok || (grouped && !(1..=3).contains(&first.len())) {
        return None;
    }
    Some((text.replace(',', ""), grouped))
}

fn read_moment(text: &str, this_year: i16) -> Option<(f64, Format)> {
    if let Some(day) = dates::read_date(text, this_year) {
        return Some((dates::of_date(day), Format::Date));
    }
    if let Some(time) = dates::read_time(text) {
        return Some((dates::of_time(time), Format::Time));
    }
    // The time is what follows the last blank, or the last but one for "1:05 PM".
    for (at, _) in text.match_indices(' ') {
        let (day, time) = (&text[..at], &text[at + 1..]);
        if let (Some(day), Some(time)) = (dates::read_date(day, this_year), dates::read_time(time))
        {
            return Some((dates::of_date(day) + dates::of_time(time), Format::DateTime));
        }
    }
    None
}
