//! The operations reference as Markdown, made from what the connectors' folders say.
//!
//! One page per connector; a connector with many operations gets a page per group, with an index beside them.

use crate::catalog::Catalog;
use patchbay_model::{
    schema::{Additional, Schema, Type},
    spec::{ConnectorSpec, OperationSpec},
};
use std::{collections::BTreeMap, fmt::Write as _};

/// More operations than this go to pages by group.
const LONG: usize = 40;

/// The pages, by path below `docs/operations/`.
pub fn pages(catalog: &Catalog) -> BTreeMap<String, String> {
    let mut pages = BTreeMap::new();
    let mut start = String::from(
        "# Operations\n\nMade from the connectors' folders by `cargo xtask reference`; changes belong there.\n\n",
    );
    for connector in catalog.specs() {
        let (link, count) = (first_page(connector), connector.operations.len());
        let _ = writeln!(
            start,
            "- [{}]({link}): {} {} triggers, {count} operations.",
            connector.title,
            connector.summary,
            connector.triggers.len()
        );
        add(catalog, connector, &mut pages);
    }
    pages.insert("README.md".to_owned(), start);
    pages
}

fn is_long(connector: &ConnectorSpec) -> bool {
    connector.operations.len() > LONG
}

fn first_page(connector: &ConnectorSpec) -> String {
    if is_long(connector) {
        format!("{}/README.md", connector.name)
    } else {
        format!("{}.md", connector.name)
    }
}

fn add(catalog: &Catalog, connector: &ConnectorSpec, pages: &mut BTreeMap<String, String>) {
    let mut groups: BTreeMap<&str, Vec<&OperationSpec>> = BTreeMap::new();
    let full = |light: &OperationSpec| catalog.find(&connector.name, &light.name);
    for spec in connector.operations.iter().filter_map(full) {
        if !spec.hidden {
            groups.entry(&spec.group).or_default().push(spec);
        }
    }
    let mut text = format!("# {}\n\n{}\n\n", connector.title, connector.summary);
    let triggers: Vec<_> = connector.triggers.iter().filter_map(full).collect();
    if !triggers.is_empty() {
        text.push_str("## Triggers\n\n");
        triggers.iter().for_each(|spec| operation(&mut text, spec));
    }
    if !is_long(connector) {
        for (group, specs) in groups {
            let heading = if group.is_empty() {
                "Operations"
            } else {
                group
            };
            let _ = writeln!(text, "## {heading}\n");
            specs.iter().for_each(|spec| operation(&mut text, spec));
        }
        pages.insert(first_page(connector), text);
        return;
    }
    for (group, specs) in groups {
        let page = format!("{}.md", slug(group));
        let _ = writeln!(text, "## [{group}]({page})\n");
        let mut own = format!("# {}: {group}\n\n", connector.title);
        for spec in specs {
            let _ = writeln!(
                text,
                "- [{}]({page}#{}): {}",
                spec.title,
                slug(&spec.title),
                spec.summary
            );
            operation(&mut own, spec);
        }
        text.push('\n');
        pages.insert(format!("{}/{page}", connector.name), own);
    }
    pages.insert(first_page(connector), text);
}

fn operation(text: &mut String, spec: &OperationSpec) {
    let _ = writeln!(text, "### {}\n\n{}\n", spec.title, spec.summary);
    let mut facts = vec![format!("Name `{}`", spec.name)];
    facts.extend(
        spec.operation_id
            .as_ref()
            .map(|id| format!("the service's `{id}`")),
    );
    if !spec.scopes.is_empty() {
        facts.push(format!("needs `{}`", spec.scopes.join("`, `")));
    }
    for (set, word) in [
        (spec.irreversible, "cannot be undone"),
        (spec.deprecated, "deprecated"),
    ] {
        facts.extend(set.then(|| word.to_owned()));
    }
    let _ = writeln!(text, "{}.\n", facts.join("; "));
    if !spec.inputs.properties.is_empty() {
        text.push_str("| input | kind | |\n|---|---|---|\n");
        for (name, schema) in &spec.inputs.properties {
            let needed = if spec.inputs.requires(name) {
                ", required"
            } else {
                ""
            };
            let help = schema.description.as_deref().unwrap_or_default();
            let _ = writeln!(
                text,
                "| `{name}` | {}{needed} | {} |",
                kind(schema),
                cell(help)
            );
        }
        text.push('\n');
    }
    let output = output(&spec.output);
    if !output.is_empty() {
        let _ = writeln!(text, "Output: {output}.\n");
    }
}

fn output(schema: &Schema) -> String {
    let names: Vec<String> = schema
        .properties
        .keys()
        .map(|name| format!("`{name}`"))
        .collect();
    match (names.is_empty(), schema.kind) {
        (false, _) => names.join(", "),
        (true, None) if schema.one_of.is_empty() => String::new(),
        (true, _) => kind(schema),
    }
}

/// What a value is, in a word or two.
fn kind(schema: &Schema) -> String {
    if !schema.values.is_empty() {
        let shown: Vec<String> = schema
            .values
            .iter()
            .take(8)
            .map(|value| format!("`{}`", plain(value)))
            .collect();
        let more = schema.values.len().saturating_sub(shown.len());
        let more = if more > 0 {
            format!(" and {more} more")
        } else {
            String::new()
        };
        return format!("{}{more}", shown.join(", "));
    }
    if !schema.one_of.is_empty() {
        let mut ways: Vec<String> = schema.one_of.iter().map(kind).collect();
        ways.dedup();
        return ways.join(" or ");
    }
    let word = match (schema.kind, schema.format.as_deref()) {
        (_, Some("date-time")) => "date and time",
        (_, Some("binary")) => "file",
        (_, Some(format @ ("date" | "time" | "email" | "phone"))) => format,
        (_, Some("uri")) => "address",
        (Some(Type::Array), _) => {
            let items = schema.items.as_deref().map(kind);
            return items.map_or_else(|| "list".to_owned(), |items| format!("list of {items}"));
        }
        (Some(Type::String), _) => "text",
        (Some(Type::Integer), _) => "whole number",
        (Some(Type::Number), _) => "number",
        (Some(Type::Boolean), _) => "yes or no",
        (Some(Type::Object), _) if matches!(schema.additional, Some(Additional::Schema(_))) => {
            "object with any keys"
        }
        (Some(Type::Object), _) => "object",
        (Some(Type::Null), _) => "nothing",
        (None, _) => "anything",
    };
    word.to_owned()
}

fn plain(value: &patchbay_model::Json) -> String {
    value
        .as_str()
        .map_or_else(|| value.to_string(), str::to_owned)
}

fn cell(text: &str) -> String {
    text.replace('|', "\\|").replace('\n', " ")
}

/// As Markdown readers name headings.
fn slug(text: &str) -> String {
    let kept = text.to_lowercase();
    let kept = kept
        .chars()
        .filter(|c| c.is_alphanumeric() || matches!(c, ' ' | '-' | '_'));
    kept.map(|c| if c == ' ' { '-' } else { c }).collect()
}
