//! Writes TOML as people write it here: short tables in one line, long ones under a heading.

use std::fmt::Write as _;
use toml::{Table, Value};

/// The longest line that a table is put into.
const WIDTH: usize = 160;

/// A document with these keys.
pub(crate) fn document(table: &Table) -> String {
    let mut text = String::new();
    body(&mut text, "", table);
    text
}

fn body(text: &mut String, path: &str, table: &Table) {
    let mut later = Vec::new();
    for (key, value) in table {
        let line = format!("{} = {}", bare(key), inline(value));
        if is_long(value, &line, path.is_empty()) {
            later.push((key, value));
        } else {
            let _ = writeln!(text, "{line}");
        }
    }
    for (key, value) in later {
        let path = match path {
            "" => bare(key),
            path => format!("{path}.{}", bare(key)),
        };
        match value {
            Value::Array(items) => {
                for item in items.iter().filter_map(Value::as_table) {
                    let _ = writeln!(text, "\n[[{path}]]");
                    body(text, &path, item);
                }
            }
            Value::Table(table) => {
                // A table of tables needs no heading of its own.
                if !table.iter().all(|(key, value)| {
                    is_long(value, &format!("{} = {}", bare(key), inline(value)), false)
                }) {
                    let _ = writeln!(text, "\n[{path}]");
                }
                body(text, &path, table);
            }
            _ => {}
        }
    }
}

fn is_long(value: &Value, line: &str, top: bool) -> bool {
    match value {
        Value::Table(table) => !table.is_empty() && (top || line.len() > WIDTH),
        Value::Array(items) => {
            let tables = !items.is_empty() && items.iter().all(Value::is_table);
            tables && (top || line.len() > WIDTH)
        }
        _ => false,
    }
}

fn bare(key: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '-';
    if !key.is_empty() && key.chars().all(plain) {
        key.to_owned()
    } else {
        quoted(key)
    }
}

fn inline(value: &Value) -> String {
    match value {
        Value::String(text) => quoted(text),
        Value::Array(items) => {
            let items: Vec<String> = items.iter().map(inline).collect();
            format!("[{}]", items.join(", "))
        }
        Value::Table(table) if table.is_empty() => "{}".to_owned(),
        Value::Table(table) => {
            let pairs = table
                .iter()
                .map(|(key, value)| format!("{} = {}", bare(key), inline(value)));
            format!("{{ {} }}", pairs.collect::<Vec<_>>().join(", "))
        }
        Value::Float(number) if number.fract() == 0.0 && number.abs() < 1e15 => {
            format!("{number:.0}")
        }
        other => other.to_string(),
    }
}

fn quoted(text: &str) -> String {
    let mut quoted = String::from("\"");
    for letter in text.chars() {
        match letter {
            '"' => quoted.push_str("\\\""),
            '\\' => quoted.push_str("\\\\"),
            '\n' => quoted.push_str("\\n"),
            '\t' => quoted.push_str("\\t"),
            letter if letter.is_control() => {
                let _ = write!(quoted, "\\u{:04X}", u32::from(letter));
            }
            letter => quoted.push(letter),
        }
    }
    quoted.push('"');
    quoted
}

#[cfg(test)]
mod tests {
    use super::document;
    use toml::Table;

    #[test]
    fn what_is_written_reads_back_as_it_was() {
        let long = "x".repeat(200);
        let text = format!(
            "title = \"A \\\"b\\\" \\\\ c\"\nlist = [\"a\", \"b\"]\n[[input]]\nname = \"n\"\nfields = {{ a = \"text\", \
             \"b c\" = {{ kind = \"list\", items = {{ help = \"{long}\", one_of = [{{ kind = \"text\" }}, {{ help = \
             \"{long}\" }}] }} }} }}\n[output.fields]\nid = \"text\"\nnumber = {{ min = 1.5 }}\n"
        );
        let table: Table = toml::from_str(&text).unwrap();
        let written = document(&table);
        assert_eq!(
            toml::from_str::<Table>(&written).unwrap(),
            table,
            "{written}"
        );
        assert!(written.lines().all(|line| line.len() < 260), "{written}");
    }
}
