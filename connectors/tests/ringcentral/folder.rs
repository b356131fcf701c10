//! An operation's own file, for what its spec does not say: which input goes where.

use std::{fs, path::Path};
use toml::{Table, Value};

pub(crate) struct Written {
    table: Table,
    /// Name and place of every input.
    sent: Vec<(String, String)>,
}

fn read(file: &str) -> Table {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("ringcentral")
        .join(file);
    let text =
        fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    toml::from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

impl Written {
    pub(crate) fn read(operation: &str) -> Self {
        let table = read(&format!("operations/{operation}.toml"));
        let sent = sent(&table);
        Self { table, sent }
    }

    pub(crate) fn text(&self, key: &str) -> String {
        self.table
            .get(key)
            .and_then(Value::as_str)
            .unwrap_or_default()
            .to_owned()
    }

    pub(crate) fn input_that_sends(&self, wanted: &str) -> Option<(String, String)> {
        let mut all = self.sent.iter();
        all.find(|(_, place)| place == wanted).cloned()
    }

    /// The input that fills a property of the body, and whether it is the property itself rather than a part of it.
    pub(crate) fn input_that_fills(&self, property: &str) -> Option<(String, bool)> {
        let exact = [
            format!("body:/{property}"),
            format!("body:/json/{property}"),
        ];
        let whole = property == "body";
        let found = self
            .sent
            .iter()
            .find(|(_, place)| exact.contains(place) || (whole && place == "body:"))
            .cloned();
        if let Some((name, _)) = found {
            let inputs = self.table.get("input").and_then(Value::as_array);
            let wraps = inputs.into_iter().flatten().any(|input| {
                let own = input.get("name").and_then(Value::as_str) == Some(&name);
                own && input
                    .get("items")
                    .is_some_and(|items| items.get("wrap").is_some())
            });
            return Some((name, !wraps));
        }
        let inside = format!("body:/{property}/");
        let mut all = self.sent.iter();
        let (name, _) = all.find(|(_, place)| place.starts_with(&inside))?;
        Some((name.clone(), false))
    }
}

fn sent(operation: &Table) -> Vec<(String, String)> {
    let inputs = operation.get("input").and_then(Value::as_array);
    let sent = inputs.into_iter().flatten().filter_map(|input| {
        let name = input.get("name")?.as_str()?.to_owned();
        let own = input.get("send").and_then(Value::as_str);
        let own = own.map(str::to_owned);
        let shape = || {
            let shape = input.get("shape")?.as_str()?;
            let shape = read(&format!("shapes/{shape}.toml"));
            Some(shape.get("send")?.as_str()?.to_owned())
        };
        Some((name, own.or_else(shape)?))
    });
    sent.collect()
}
