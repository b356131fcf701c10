//! The call log as a table.

use std::fmt::Write as _;

use crate::oauth::Service;
use crate::pages::html::{escape, mark, page};
use crate::ringcentral::extensions::{EXTENSIONS, by_id_or_number};
use crate::ringcentral::record::{CallRecord, Party};
use crate::state::State;
use crate::wire::{Reply, Request};

/// Rows shown at most.
const MOST: usize = 500;

pub(crate) fn reply(state: &State, request: &Request) -> Reply {
    let chosen = request.param("extension").and_then(by_id_or_number);
    let mut records: Vec<&CallRecord> = state
        .calls
        .iter()
        .filter(|record| chosen.is_none_or(|extension| record.extension_id == extension.id))
        .collect();
    records.sort_by_key(|record| std::cmp::Reverse(record.start));
    let mut links = String::new();
    let current = |here: bool| if here { " aria-current=\"page\"" } else { "" };
    let class = |here: bool| if here { "btn primary" } else { "btn" };
    let _ = write!(
        links,
        "<a class=\"{}\" href=\"/calls\"{}>Everybody</a>",
        class(chosen.is_none()),
        current(chosen.is_none())
    );
    for extension in EXTENSIONS
        .iter()
        .filter(|extension| extension.status == "Enabled")
    {
        let here = chosen.is_some_and(|chosen| chosen.id == extension.id);
        let _ = write!(
            links,
            "<a class=\"{}\" href=\"/calls?extension={}\"{}>{} {}</a>",
            class(here),
            extension.number,
            current(here),
            extension.number,
            escape(extension.name)
        );
    }
    let rows: String = records
        .iter()
        .take(MOST)
        .map(|record| row(record))
        .collect();
    let more = if records.len() > MOST {
        format!(
            "<p class=\"help\">The newest {MOST} of {} calls.</p>",
            records.len()
        )
    } else {
        format!("<p class=\"help\">{} calls.</p>", records.len())
    };
    let body = format!(
        "<div class=\"page\"><div class=\"top\">{mark}<div><h1>Call log</h1>\
         <span class=\"crumb\"><a href=\"/\">Sandbox</a> / times are UTC</span></div></div>\
         <nav class=\"filter\" aria-label=\"Extension\">{links}</nav>\
         <div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"Calls\">\
         <table class=\"list\"><thead><tr><th scope=\"col\">Start</th>\
         <th scope=\"col\">Direction</th><th scope=\"col\">From</th><th scope=\"col\">To</th>\
         <th scope=\"col\">Type</th><th scope=\"col\">Result</th>\
         <th scope=\"col\" class=\"num\">Duration</th><th scope=\"col\">Recording</th></tr></thead>\
         <tbody>{rows}</tbody></table></div>{more}</div>",
        mark = mark(Service::RingCentral),
    );
    Reply::html(200, page("Call log · Sandbox", "wide", None, &body))
}

fn row(record: &CallRecord) -> String {
    let tone = match record.result.as_str() {
        "Accepted" | "Call connected" | "Sent" | "Received" => "ok",
        "Missed" | "Blocked" | "Fax Not Sent" | "Busy" | "No Answer" => "bad",
        "Voicemail" => "trigger",
        _ => "",
    };
    let seconds = record.duration_ms / 1_000;
    format!(
        "<tr><td class=\"mono\">{start}</td><td>{direction}</td><td>{from}</td><td>{to}</td>\
         <td>{kind}</td><td><span class=\"pill {tone}\">{result}</span></td>\
         <td class=\"num\">{minutes}:{rest:02}</td><td>{recording}</td></tr>",
        start = record.start.strftime("%d %b %H:%M:%S"),
        direction = escape(&record.direction),
        from = party(&record.from),
        to = party(&record.to),
        kind = escape(&record.kind),
        result = escape(&record.result),
        minutes = seconds / 60,
        rest = seconds % 60,
        recording = record
            .recording
            .as_ref()
            .map_or(String::new(), |recording| escape(&recording.kind)),
    )
}

fn party(party: &Party) -> String {
    let number = party
        .phone_number
        .clone()
        .or_else(|| {
            party
                .extension_number
                .as_ref()
                .map(|number| format!("ext. {number}"))
        })
        .unwrap_or_else(|| "number withheld".to_owned());
    format!(
        "{}<small>{}</small>",
        escape(party.name.as_deref().unwrap_or("Unknown")),
        escape(&number)
    )
}
