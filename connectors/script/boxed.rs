//! One script in one engine of its own, which is thrown away afterwards: nothing survives from script to script.

use super::explain::{self, Cause};
use patchbay_kit::{
    model::{Json, event::StepError},
    pure::failed,
};
use rquickjs::{
    CatchResultExt, CaughtError, Context, Ctx, Function, Runtime, Value, context::EvalOptions,
};
use serde_json::json;
use std::{
    cell::{Cell, RefCell},
    rc::Rc,
    time::{Duration, Instant},
};

/// What a script may use up.
#[derive(Debug, Clone, Copy)]
pub(super) struct Limits {
    pub(super) time: Duration,
    /// Bytes of everything that the script holds.
    pub(super) memory: usize,
    /// Bytes of calls inside calls.
    pub(super) stack: usize,
    /// Bytes of the result as JSON.
    pub(super) result: usize,
    /// Lines of the console.
    pub(super) lines: usize,
    /// Bytes of all lines.
    pub(super) text: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            time: Duration::from_secs(10),
            memory: 128 << 20,
            stack: 512 << 10,
            result: 16 << 20,
            lines: 1000,
            text: 256 << 10,
        }
    }
}

/// `console`, whose values are written like people would write them.
const CONSOLE: &str = r#"(write) => {
    const stringify = JSON.stringify, text = String, isError = (value) => value instanceof Error;
    const show = (value) => {
        if (typeof value === "string") return value;
        if (isError(value)) return text(value);
        try {
            return stringify(value) ?? text(value);
        } catch {
            return text(value);
        }
    };
    const line = (level) => (...values) => { write(level, values.map(show).join(" ")); };
    globalThis.console = {};
    for (const level of ["log", "info", "warn", "error", "debug"]) console[level] = line(level);
    Object.freeze(console);
}"#;

/// What the console has taken so far.
#[derive(Default)]
struct Console {
    lines: Vec<Json>,
    bytes: usize,
    full: bool,
}

impl Console {
    fn write(&mut self, level: &str, text: &str, limits: &Limits) {
        if self.full {
            return;
        }
        self.bytes += text.len();
        self.full = self.lines.len() + 1 >= limits.lines || self.bytes > limits.text;
        let text = match self.full {
            true => "(more was written than fits here)",
            false => text,
        };
        self.lines.push(json!({ "level": level, "text": text }));
    }
}

/// Runs a script on its input; the output is `{result, console}`.
pub(super) fn run(code: &str, input: &Json, limits: Limits) -> Result<Json, StepError> {
    let broken = |error: rquickjs::Error| {
        failed(
            "internal",
            format!("The script could not be started: {error}."),
        )
    };
    let runtime = Runtime::new().map_err(broken)?;
    runtime.set_memory_limit(limits.memory);
    runtime.set_max_stack_size(limits.stack);
    let context = Context::full(&runtime).map_err(broken)?;
    let late = Rc::new(Cell::new(false));
    let end = Instant::now() + limits.time;
    let noticed = late.clone();
    runtime.set_interrupt_handler(Some(Box::new(move || {
        noticed.set(noticed.get() || Instant::now() >= end);
        noticed.get()
    })));
    let console = Rc::new(RefCell::new(Console::default()));
    let result = context.with(|ctx| {
        prepare(&ctx, input, &console, limits)
            .catch(&ctx)
            .map_err(|error| cause(&error))?;
        carry_out(&ctx, code, &limits)
    });
    let lines = std::mem::take(&mut console.borrow_mut().lines);
    match result {
        Ok(text) => {
            let result: Json = serde_json::from_str(&text).map_err(|_| {
                explain::error(
                    Cause::Result(
                        "lists and objects in it stand more than 100 deep inside one another",
                    ),
                    &limits,
                )
            })?;
            Ok(json!({ "result": result, "console": lines }))
        }
        Err(_) if late.get() => Err(explain::with_console(
            explain::error(Cause::Late, &limits),
            lines,
        )),
        Err(cause) => Err(explain::with_console(explain::error(cause, &limits), lines)),
    }
}

fn prepare<'js>(
    ctx: &Ctx<'js>,
    input: &Json,
    console: &Rc<RefCell<Console>>,
    limits: Limits,
) -> rquickjs::Result<()> {
    let lines = console.clone();
    let write = move |level: String, text: String| {
        if let Ok(mut console) = lines.try_borrow_mut() {
            console.write(&level, &text, &limits);
        }
    };
    let install: Function<'js> = ctx.eval(CONSOLE)?;
    install.call::<_, ()>((Function::new(ctx.clone(), write)?,))?;
    ctx.globals()
        .set("input", ctx.json_parse(input.to_string())?)
}

/// The result as JSON.
fn carry_out(ctx: &Ctx<'_>, code: &str, limits: &Limits) -> Result<String, Cause<'static>> {
    let mut options = EvalOptions::default();
    options.filename = Some(explain::FILE.to_owned());
    // The code begins in the second line of what is evaluated. The closing bracket stands in a line of its own, so
    // that a comment at the end does not swallow it.
    let source = format!("(function (input) {{ \"use strict\";\n{code}\n}})(input)");
    let value: Value<'_> = ctx
        .eval_with_options(source, options)
        .catch(ctx)
        .map_err(|error| cause(&error))?;
    let value = match value.as_promise() {
        Some(promise) => promise
            .finish::<Value<'_>>()
            .catch(ctx)
            .map_err(|error| cause(&error))?,
        None => value,
    };
    let written = ctx
        .json_stringify(value)
        .catch(ctx)
        .map_err(|error| cause(&error))?;
    // What JSON has no form for, such as `undefined`, is nothing.
    let Some(text) = written else {
        return Ok("null".to_owned());
    };
    let text = text
        .to_string()
        .map_err(|_| Cause::Result("its text is not valid Unicode"))?;
    if text.len() > limits.result {
        return Err(Cause::Result("it is larger than 16 MiB"));
    }
    Ok(text)
}

fn cause(error: &CaughtError<'_>) -> Cause<'static> {
    match error {
        CaughtError::Exception(exception) => {
            let message = exception.message().unwrap_or_default();
            let name: String = exception.as_object().get("name").unwrap_or_default();
            Cause::Thrown {
                message: if name.is_empty() {
                    message
                } else {
                    format!("{name}: {message}")
                },
                stack: exception.stack().unwrap_or_default(),
            }
        }
        CaughtError::Value(value) => {
            let text = value.as_string().and_then(|text| text.to_string().ok());
            let message = match (text, value.is_null()) {
                (Some(text), _) => text,
                // Without memory there is not even an error to throw.
                (None, true) => "out of memory".to_owned(),
                (None, false) => format!("it threw a value of type {}", value.type_name()),
            };
            Cause::Thrown {
                message,
                stack: String::new(),
            }
        }
        CaughtError::Error(error) => Cause::Thrown {
            message: error.to_string(),
            stack: String::new(),
        },
    }
}
