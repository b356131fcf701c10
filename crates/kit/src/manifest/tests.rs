//! What an author is told about a mistake: file, line, column, and what would be right.

use super::{connector::Connector, field::Field, operation::Operation, read};
use crate::{Catalog, Source};
use serde::de::DeserializeOwned;
use std::borrow::Cow;

fn complaint<T: DeserializeOwned>(text: &str) -> String {
    match read::<T>("x/file.toml", text) {
        Ok(_) => panic!("this should be refused:\n{text}"),
        Err(problem) => problem.to_string(),
    }
}

#[test]
fn a_mistake_in_an_operation_is_told_with_its_place_and_what_is_right() {
    for (text, place, part) in [
        (
            "title = \"A\"\nsumary = \"b\"",
            "x/file.toml:2:1: ",
            "`summary`",
        ),
        (
            "[[input]]\nname = \"a\"\nkind = \"texts\"",
            "x/file.toml:3:8: ",
            "`text`",
        ),
        (
            "[[input]]\nname = \"a\"\nknid = \"text\"",
            "x/file.toml:3:1: ",
            "`kind`",
        ),
        (
            "[[input]]\nsend = \"querry:a\"",
            "x/file.toml:2:8: ",
            "\"query:name\"",
        ),
        (
            "[[input]]\nsend = \"body:text\"",
            "x/file.toml:2:8: ",
            "\"body:/text\"",
        ),
        (
            "request = \"FETCH /a\"",
            "x/file.toml:1:11: ",
            "GET, HEAD, POST",
        ),
        (
            "request = \"GET a\"",
            "x/file.toml:1:11: ",
            "starts with `/`",
        ),
        ("request = \"GET /a?b=1\"", "x/file.toml:1:11: ", "[query]"),
        ("control = \"loop\"", "x/file.toml:1:11: ", "`loop_list`"),
        (
            "[paging]\nkind = \"next\"\nrecords = \"/r\"",
            "x/file.toml:2:8: ",
            "`next_link`",
        ),
        (
            "[[input]]\noptions = 5",
            "x/file.toml:2:11: ",
            "a list of options",
        ),
        (
            "[[input]]\noptions = { operation = \"a\", list = \"/r\", vlaue = \"/v\" }",
            "x/file.toml:2:",
            "`value`",
        ),
        (
            "[output.fields]\na = { kind = \"text\", hlep = \"b\" }",
            "x/file.toml:2:",
            "`help`",
        ),
        ("title = \"A", "x/file.toml:1:", "string"),
    ] {
        let told = complaint::<Operation>(text);
        assert!(
            told.starts_with(place),
            "{text}\n  gives: {told}\n  should begin: {place}"
        );
        assert!(
            told.contains(part),
            "{text}\n  gives: {told}\n  should name: {part}"
        );
    }
}

#[test]
fn a_mistake_in_connector_toml_is_told_with_its_place_and_what_is_right() {
    for (text, place, part) in [
        (
            "categories = [\"services\"]",
            "x/file.toml:1:15: ",
            "`service`",
        ),
        (
            "[service.oauth]\ntitle = \"A\"",
            "x/file.toml:1:",
            "`oauth2`",
        ),
        (
            "[service.oauth2]\ntitle = \"A\"\nauthorize = \"/a\"",
            "x/file.toml:1:1: ",
            "`token`",
        ),
        (
            "[[errors.rule]]\nas = \"wrong\"",
            "x/file.toml:2:6: ",
            "`invalid_input`",
        ),
    ] {
        let told = complaint::<Connector>(text);
        assert!(
            told.starts_with(place) && told.contains(part),
            "{text}\n  gives: {told}"
        );
    }
}

#[test]
fn a_field_can_be_written_short_or_long() {
    #[derive(serde::Deserialize)]
    struct Holder {
        field: Field,
    }
    let read = |text: &str| match toml::from_str::<Holder>(text) {
        Ok(holder) => holder.field,
        Err(error) => panic!("{error}"),
    };
    assert_eq!(
        read("field = \"text\""),
        read("field = { kind = \"text\" }")
    );
    assert_eq!(
        read("field = \"text[]\""),
        read("field = { kind = \"list\", items = \"text\" }")
    );
    assert_eq!(
        read("field = \"party\""),
        read("field = { shape = \"party\" }")
    );
}

const CONNECTOR: &str = "title = \"T\"\nversion = \"1.0.0\"\nsummary = \"S\"\ncategories = [\"service\"]\nbase_url = \"https://api.example.com\"\n";
const SERVICE: &str = "[service]\nname = \"t\"\ntitle = \"T\"\n[service.token]\ntitle = \"Token\"\n[[service.scope]]\nname = \"read\"\n";
const ICON: &str = "<svg><path d=\"M0 0\"/></svg>";
const GOOD: &str = "title = \"Get\"\nsummary = \"S\"\nrequest = \"GET /a/{id}\"\nscopes = [\"read\"]\n[[input]]\nname = \"id\"\ntitle = \"ID\"\nkind = \"text\"\nrequired = true\nsend = \"path:id\"\n";

fn load(files: &[(&'static str, String)]) -> Result<Catalog, String> {
    let mut all = vec![
        ("connector.toml", format!("{CONNECTOR}{SERVICE}")),
        ("icon.svg", ICON.to_owned()),
    ];
    all.retain(|(path, _)| !files.iter().any(|(given, _)| given == path));
    all.extend(files.iter().cloned());
    let files = all
        .into_iter()
        .map(|(path, text)| (Cow::Borrowed(path), Cow::Owned(text)))
        .collect();
    let source = Source {
        name: "t".into(),
        files,
        hooks: None,
    };
    Catalog::load([source]).map_err(|problems| {
        problems
            .iter()
            .map(ToString::to_string)
            .collect::<Vec<_>>()
            .join("\n")
    })
}

#[test]
fn a_sound_folder_becomes_a_connector() {
    let catalog = load(&[("operations/get.toml", GOOD.to_owned())]).unwrap();
    let spec = catalog.find("t", "get").unwrap();
    assert_eq!(spec.inputs.required, ["id"]);
    assert!(spec.repeatable && spec.needs_authentication && !spec.irreversible);
}

#[test]
fn parts_that_do_not_fit_together_are_refused() {
    let change = |from: &str, to: &str| {
        let changed = GOOD.replace(from, to);
        assert_ne!(changed, GOOD, "{from} is not in the sound text");
        changed
    };
    let operation = |text: String| vec![("operations/get.toml", text)];
    for (files, part) in [
        (
            operation(change("path:id", "path:other")),
            "nothing fills {id}",
        ),
        (
            operation(change("path:id", "path:other")),
            "there is no {other}",
        ),
        (
            operation(change("required = true\n", "")),
            "{id} may stay empty",
        ),
        (
            operation(change("send = \"path:id\"", "send = \"body:/id\"")),
            "GET request has none",
        ),
        (
            operation(change("\nsend = \"path:id\"", "")),
            "goes nowhere",
        ),
        (
            operation(change("[\"read\"]", "[\"raed\"]")),
            "get.toml:4:11: `raed` is no scope of the service. Did you mean \"read\"?",
        ),
        (
            operation(change("name = \"id\"", "name = \"theId\"")),
            "snake_case",
        ),
        (operation(change("title = \"ID\"\n", "")), "no `title`"),
        (
            operation(change("kind = \"text\"", "shape = \"idd\"")),
            "neither a kind",
        ),
        (
            operation(change(
                "request = \"GET /a/{id}\"",
                "request = \"GET /a/{id}\"\nhook = true",
            )),
            "exactly one of",
        ),
        (
            operation(change("request = \"GET /a/{id}\"", "hook = true")),
            "no hooks.rs",
        ),
        (
            operation(change("request", "host = \"files\"\nrequest")),
            "[hosts]",
        ),
        (
            operation(format!(
                "{GOOD}options = {{ operation = \"list\", list = \"/a\" }}\n"
            )),
            "there is no operation `list`",
        ),
        (
            operation(format!(
                "{GOOD}options = {{ operation = \"get\", list = \"/a\", depends_on = [\"x\"] }}\n"
            )),
            "`x` is no input",
        ),
        (
            operation(change("kind = \"text\"", "kind = \"choice\"")),
            "without fixed `options`",
        ),
        (
            operation(format!(
                "{GOOD}[paging]\nkind = \"token\"\nrecords = \"/r\"\n"
            )),
            "`next` belongs to",
        ),
        (
            vec![("triggers/get.toml", GOOD.to_owned())],
            "every trigger needs it",
        ),
        (vec![], "neither operations nor triggers"),
        (
            vec![
                ("operations/get.toml", GOOD.to_owned()),
                ("icon.svg", String::new()),
            ],
            "icon.svg",
        ),
        (
            vec![
                ("operations/get.toml", GOOD.to_owned()),
                ("icon.svg", "<svg onload=\"x\"></svg>".to_owned()),
            ],
            "` on`".trim_matches('`').trim(),
        ),
        (
            vec![
                ("operations/get.toml", GOOD.to_owned()),
                ("connector.toml", CONNECTOR.replace("https", "http")),
            ],
            "https address",
        ),
        (
            vec![
                ("operations/get.toml", GOOD.to_owned()),
                (
                    "connector.toml",
                    format!("{CONNECTOR}check = \"ping\"\n{SERVICE}"),
                ),
            ],
            "no such operation",
        ),
        (
            operation(change("\"Get\"", "\"AIzaSyA1234567890123456789\"")),
            "get.toml:1:10: this looks like a secret",
        ),
        (
            vec![
                ("operations/get.toml", GOOD.to_owned()),
                ("shapes/a.toml", "shape = \"a\"".to_owned()),
            ],
            "",
        ),
    ] {
        match load(&files) {
            Ok(_) => assert!(part.is_empty(), "this should be refused with: {part}"),
            Err(told) => assert!(
                !part.is_empty() && told.contains(part),
                "told:\n{told}\nshould name: {part}"
            ),
        }
    }
}

#[test]
fn a_shape_that_contains_itself_is_refused() {
    let text = GOOD.replace("kind = \"text\"", "shape = \"a\"");
    let told = load(&[
        ("operations/get.toml", text),
        (
            "shapes/a.toml",
            "kind = \"object\"\nfields = { b = \"a[]\" }".to_owned(),
        ),
    ]);
    assert!(told.is_err_and(|told| told.contains("contains itself")));
}
