//! The page that makes RingCentral's events happen, and shows who was told.

use std::fmt::Write as _;

use indexmap::IndexMap;
use serde_json::{Value, json};

use crate::control::events;
use crate::oauth::Service;
use crate::pages::html::{escape, mark, page};
use crate::ringcentral::events::{Allowed, KINDS};
use crate::ringcentral::extensions::EXTENSIONS;
use crate::state::State;
use crate::wire::{Reply, Request, first};

/// Deliveries shown at most.
const MOST: usize = 60;

pub(crate) fn reply(state: &State, request: &Request) -> Reply {
    let said = request.param("said").map_or_else(String::new, |said| {
        format!("<p class=\"said\" role=\"status\">{}</p>", escape(said))
    });
    let body = format!(
        "<div class=\"page\"><div class=\"top\">{mark}<div><h1>Events</h1>\
         <span class=\"crumb\"><a href=\"/\">Sandbox</a> / RingCentral tells its subscribers</span>\
         </div></div>{said}\
         <form class=\"panel fields\" method=\"post\" action=\"/events\">{fields}</form>\
         <h2>Subscriptions</h2>{subscriptions}<h2>Deliveries</h2>\
         <p>Newest first. <a href=\"/events\">Look again</a></p>{deliveries}</div>",
        mark = mark(Service::RingCentral),
        fields = fields(request),
        subscriptions = subscriptions(state, request),
        deliveries = deliveries(state),
    );
    let mut reply = Reply::html(200, page("Events · Sandbox", "wide", None, &body));
    // Without a referrer a browser does not say either which site a form comes from.
    reply.headers.retain(|(name, _)| *name != "referrer-policy");
    reply.header("referrer-policy", "same-origin")
}

/// Does what a form of the page asks for, and leads back to the page with a sentence.
pub(crate) fn act(state: &mut State, request: &Request) -> Reply {
    // A page of another site must not steer the sandbox through a visitor's browser.
    if request
        .header("origin")
        .is_some_and(|origin| origin != request.origin)
    {
        return Reply::empty(403);
    }
    let form = request.form();
    let said = match first(&form, "uuid") {
        Some(uuid) => {
            let order = json!({ "uuid": uuid });
            events::replay(state, &order, request.now).map(|sent| told(sent.len()))
        }
        None => fire(state, request, &form),
    };
    let said = said.unwrap_or_else(|problem| problem);
    let query = crate::wire::encode(&[("said".to_owned(), said)]);
    Reply::redirect(&format!("/events?{query}"))
}

fn fire(state: &mut State, request: &Request, form: &[(String, String)]) -> Result<String, String> {
    let text = |name: &str| first(form, name).filter(|text| !text.is_empty());
    let number = |name: &str| text(name).and_then(|text| text.parse::<u64>().ok());
    let event = text("event").unwrap_or_default();
    let kind = KINDS.iter().find(|kind| kind.key == event);
    // The form shows the parameters of all kinds; only those of the chosen one count.
    let parameters: IndexMap<&str, &str> = kind
        .into_iter()
        .flat_map(|kind| kind.parameters.keys())
        .filter_map(|name| Some((name.as_str(), text(name)?)))
        .collect();
    let order = json!({
        "event": event,
        "extension": text("extension").unwrap_or("101"),
        "parameters": parameters,
        "count": number("count").unwrap_or(1),
        "duplicates": number("duplicates").unwrap_or(0),
        "delay_milliseconds": number("delay").unwrap_or(0).saturating_mul(1_000),
        "reversed": text("reversed").is_some(),
        "wrong_token": text("wrong_token").is_some(),
    });
    let sent = events::fire(state, order, &request.origin, request.now)?;
    Ok(told(sent.len()))
}

fn told(sent: usize) -> String {
    match sent {
        0 => "Nobody has subscribed to this event, so nothing was sent.".to_owned(),
        1 => "One notification is on its way.".to_owned(),
        more => format!("{more} notifications are on their way."),
    }
}

fn fields(request: &Request) -> String {
    let chosen = request.param("event").unwrap_or("telephony.extension");
    let mut groups: IndexMap<&str, String> = IndexMap::new();
    let mut parameters: IndexMap<&str, Vec<&str>> = IndexMap::new();
    for kind in KINDS.iter() {
        let selected = if kind.key == chosen { " selected" } else { "" };
        let _ = write!(
            groups.entry(&kind.group).or_default(),
            "<option value=\"{}\"{selected}>{}</option>",
            escape(&kind.key),
            escape(&kind.name)
        );
        for (name, allowed) in &kind.parameters {
            let values = parameters.entry(name).or_default();
            let more: Vec<&str> = match allowed {
                Allowed::Words(words) => words.iter().map(String::as_str).collect(),
                Allowed::Type(kind) if kind == "boolean" => vec!["true", "false"],
                Allowed::Type(_) => Vec::new(),
            };
            values.extend(more);
            values.sort_unstable();
            values.dedup();
        }
    }
    let kinds: String = groups
        .iter()
        .map(|(group, options)| {
            format!("<optgroup label=\"{}\">{options}</optgroup>", escape(group))
        })
        .collect();
    let extensions: String = EXTENSIONS
        .iter()
        .filter(|extension| extension.kind == "User")
        .map(|extension| {
            format!(
                "<option value=\"{}\">{} {}</option>",
                extension.number,
                extension.number,
                escape(extension.name)
            )
        })
        .collect();
    let narrowing: String = parameters
        .iter()
        .filter(|(_, values)| !values.is_empty())
        .map(|(name, values)| {
            let options: String = values
                .iter()
                .map(|value| format!("<option>{}</option>", escape(value)))
                .collect();
            format!(
                "<label>{name}<select name=\"{name}\"><option value=\"\">as usual</option>\
                 {options}</select></label>"
            )
        })
        .collect();
    format!(
        "<label>Event<select name=\"event\">{kinds}</select></label>\
         <label>Extension<select name=\"extension\">{extensions}</select></label>\
         <details><summary>Details of the event</summary><div class=\"fields\">{narrowing}</div>\
         </details>\
         <details><summary>How it is delivered</summary><div class=\"fields\">\
         <label>Events<input name=\"count\" type=\"number\" min=\"1\" max=\"100\" value=\"1\"></label>\
         <label>Copies of each<input name=\"duplicates\" type=\"number\" min=\"0\" max=\"20\" \
         value=\"0\"></label>\
         <label>Wait, in seconds<input name=\"delay\" type=\"number\" min=\"0\" max=\"600\" \
         value=\"0\"></label>\
         <label class=\"tick\"><input name=\"reversed\" type=\"checkbox\" value=\"1\"> last one \
         first</label>\
         <label class=\"tick\"><input name=\"wrong_token\" type=\"checkbox\" value=\"1\"> with a \
         wrong token</label></div></details>\
         <div class=\"buttons\"><button class=\"btn primary\">Fire event</button></div>"
    )
}

fn subscriptions(state: &State, request: &Request) -> String {
    let Value::Array(all) = events::subscriptions(state, request.now) else {
        return String::new();
    };
    if all.is_empty() {
        return "<p>Nobody has subscribed to anything.</p>".to_owned();
    }
    let mut rows = String::new();
    for one in &all {
        let list = |name: &str| -> String {
            one[name]
                .as_array()
                .into_iter()
                .flatten()
                .filter_map(|filter| filter.as_str().or_else(|| filter["filter"].as_str()))
                .map(|filter| format!("<code>{}</code><br>", escape(filter)))
                .collect()
        };
        let text = |name: &str| escape(one[name].as_str().unwrap_or_default());
        let tone = if one["status"] == "Active" {
            "ok"
        } else {
            "bad"
        };
        let _ = write!(
            rows,
            "<tr><td><span class=\"pill {tone}\">{}</span></td><td>{}</td><td>{}{}</td>\
             <td><code>{}</code></td><td class=\"mono\">{}</td></tr>",
            text("status"),
            text("person"),
            list("filters"),
            list("disabled"),
            text("address"),
            text("expires_at"),
        );
    }
    table(
        "Subscriptions",
        &["Status", "Person", "Filters", "Address", "Expires"],
        &rows,
    )
}

fn deliveries(state: &State) -> String {
    let mut rows = String::new();
    for one in state.deliveries.newest().take(MOST) {
        let (tone, outcome) = match (&one.problem, one.status) {
            (Some(problem), _) => ("bad", problem.clone()),
            (None, Some(status)) => ("ok", status.to_string()),
            (None, None) => ("run", "on its way".to_owned()),
        };
        let body = serde_json::to_string_pretty(&one.body).unwrap_or_default();
        let _ = write!(
            rows,
            "<tr><td class=\"mono\">{}</td><td>{}</td>\
             <td><span class=\"pill {tone}\">{}</span></td>\
             <td><details><summary class=\"mono\">{}</summary><pre>{}</pre></details></td>\
             <td><form method=\"post\" action=\"/events\"><input type=\"hidden\" name=\"uuid\" \
             value=\"{}\"><button class=\"btn\">Send again</button></form></td></tr>",
            one.at.strftime("%H:%M:%S"),
            escape(&one.kind),
            escape(&outcome),
            escape(&one.uuid),
            escape(&body),
            escape(&one.uuid),
        );
    }
    if rows.is_empty() {
        return "<p>Nothing has been delivered.</p>".to_owned();
    }
    table(
        "Deliveries",
        &["At", "Event", "Answer", "Notification", ""],
        &rows,
    )
}

fn table(label: &str, heads: &[&str], rows: &str) -> String {
    let heads: String = heads
        .iter()
        .map(|head| format!("<th scope=\"col\">{head}</th>"))
        .collect();
    format!(
        "<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"{label}\">\
         <table class=\"list\"><thead><tr>{heads}</tr></thead><tbody>{rows}</tbody></table></div>"
    )
}
