//! Texts with data in their places. A template reaches nothing but its data, and ends in finite time.

use minijinja::{
    AutoEscape, Environment, Error, ErrorKind, UndefinedBehavior, syntax::SyntaxConfig,
    value::Serde,
};
use patchbay_kit::{
    Hooks,
    model::{Json, event::StepError},
    pure::{self, Inputs, failed, invalid},
    suggest::did_you_mean,
};
use serde_json::json;
use std::io;

/// How many instructions a template may take.
const FUEL: u64 = 5_000_000;
/// How many bytes it may write.
const MOST_BYTES: usize = 16 << 20;

/// The hooks of this connector.
pub(crate) fn hooks() -> impl Hooks {
    pure::slow_hooks(run)
}

fn run(operation: &str, inputs: &mut Inputs) -> Option<Result<Json, StepError>> {
    (operation == "render").then(|| render(inputs))
}

fn render(inputs: &Inputs) -> Result<Json, StepError> {
    let source = inputs.text("template");
    let mut environment = Environment::new();
    environment.set_debug(true);
    environment.set_fuel(Some(FUEL));
    environment.set_recursion_limit(64);
    environment.set_undefined_behavior(match inputs.text("missing") {
        "empty" => UndefinedBehavior::Chainable,
        _ => UndefinedBehavior::SemiStrict,
    });
    let syntax = SyntaxConfig::builder().keep_trailing_newline(true).build();
    environment.set_syntax(syntax.map_err(|error| failed("internal", error.to_string()))?);
    let escape = match inputs.text("escape") {
        "html" => AutoEscape::Html,
        "json" => AutoEscape::Json,
        _ => AutoEscape::None,
    };
    environment.set_auto_escape_callback(move |_| escape.clone());
    let explain = |error: Error| explain(&error, source, inputs);
    let template = environment.template_from_str(source).map_err(explain)?;
    let mut page = Page::default();
    let values = inputs.get("values");
    template
        .render_captured_to(Serde(values), &mut page)
        .map_err(|error| match page_is_full(&error) {
            true => failed(
                "too_large",
                format!(
                    "The filled text would be larger than {} MiB.",
                    MOST_BYTES >> 20
                ),
            ),
            false => explain(error),
        })?;
    Ok(json!({ "result": String::from_utf8_lossy(&page.bytes) }))
}

/// Takes so many bytes and no more.
#[derive(Default)]
struct Page {
    bytes: Vec<u8>,
}

impl io::Write for Page {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if self.bytes.len() + bytes.len() > MOST_BYTES {
            return Err(io::Error::from(io::ErrorKind::FileTooLarge));
        }
        self.bytes.extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

fn page_is_full(error: &Error) -> bool {
    error.kind() == ErrorKind::WriteFailure
}

/// What is wrong, in which line, and for a name that is not there the one that was perhaps meant.
fn explain(error: &Error, source: &str, inputs: &Inputs) -> StepError {
    let line = error.line().unwrap_or(1);
    let reason = match error.kind() {
        ErrorKind::UndefinedError => {
            let named = error
                .range()
                .and_then(|range| source.get(range))
                .unwrap_or_default();
            let known = inputs.get("values").and_then(Json::as_object);
            let known = known
                .into_iter()
                .flat_map(|map| map.keys().map(String::as_str));
            let hint = did_you_mean(named, known);
            match named {
                "" => "a value that it names is not there".to_owned(),
                named => format!("there is no value \"{named}\".{hint}"),
            }
        }
        ErrorKind::OutOfFuel => "it takes too many steps; does a loop go over too much?".to_owned(),
        kind => error
            .detail()
            .map_or_else(|| kind.to_string(), str::to_owned),
    };
    let reason = reason.trim_end_matches('.');
    let end = if reason.ends_with('?') { "" } else { "." };
    invalid(
        "/template",
        format!("The template fails in line {line}: {reason}{end}"),
    )
}
