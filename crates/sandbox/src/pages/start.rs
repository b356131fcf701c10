//! The start page: what the sandbox is, and the way to everything in it.

use std::fmt::Write as _;

use crate::oauth::Service;
use crate::pages::html::{escape, mark, page};
use crate::people::Person;
use crate::state::State;
use crate::wire::{Reply, Request};

pub(crate) fn reply(state: &State, request: &Request) -> Reply {
    let mut tiles = String::new();
    for file in state.files.values().filter(|file| !file.trashed) {
        let titles: Vec<String> = file
            .sheets
            .iter()
            .map(|sheet| escape(&sheet.title))
            .collect();
        let _ = write!(
            tiles,
            "<a class=\"tile\" href=\"/sheets/{id}\"><span class=\"row\">{mark}<b>{name}</b>\
             <span class=\"pill\">{owner}</span></span><p>{titles}</p></a>",
            id = escape(&file.id),
            mark = mark(Service::Google),
            name = escape(&file.name),
            owner = escape(file.owner.name()),
            titles = titles.join(" · "),
        );
    }
    let recent = state
        .calls
        .iter()
        .filter(|call| {
            call.extension_id == Person::Ana.extension_id()
                && request.now.duration_since(call.start).as_hours() < 24
        })
        .count();
    let config = &state.config;
    let body = format!(
        "<div class=\"page\"><div class=\"top\">\
         <img class=\"mark\" src=\"/_sandbox/assets/mark.svg\" alt=\"\"><div><h1>Sandbox</h1>\
         <span class=\"crumb\">A stand-in for RingCentral and Google, for trying and testing</span>\
         </div></div>\
         <p>Patchbay talks to this address as if it were the real services. It keeps what it is \
         told and refuses what they would refuse. Nothing leaves this computer.</p>\
         <h2>RingCentral</h2><div class=\"tiles\">\
         <a class=\"tile\" href=\"/calls?extension=101\"><span class=\"row\">{phone}<b>Call log</b>\
         <span class=\"pill run\">{recent} in 24 h</span></span>\
         <p>The calls of Ana Ruiz, extension 101, and of her colleagues.</p></a>\
         <a class=\"tile\" href=\"/events\"><span class=\"row\">{phone}<b>Events</b>\
         <span class=\"pill trigger\">{subscriptions} subscribed</span></span>\
         <p>Make a call ring, a text message arrive, and see who is told of it.</p></a></div>\
         <h2>Google Sheets</h2><p>Open one and leave it open: new rows appear as they are \
         written.</p><div class=\"tiles\">{tiles}</div>\
         <h2>To connect</h2><div class=\"panel\"><dl class=\"facts\">\
         <dt>Base address</dt><dd><code>{origin}</code></dd>\
         <dt>Client id</dt><dd><code>{client_id}</code></dd>\
         <dt>People</dt><dd>Ana Ruiz (extension 101, administrator) and Ben Okafor \
         (extension 102); no passwords</dd>\
         <dt>For tests</dt><dd><a href=\"/_sandbox/requests\">requests so far</a> · \
         <a href=\"/_sandbox/call-log\">call log</a> · <a href=\"/_sandbox/sheets\">sheets</a> \
         as JSON</dd></dl></div></div>",
        phone = mark(Service::RingCentral),
        subscriptions = state.subscriptions.len(),
        origin = escape(&request.origin),
        client_id = escape(&config.client_id),
    );
    Reply::html(200, page("Sandbox", "wide", None, &body))
}

/// The page for an address that leads nowhere.
pub(crate) fn not_found() -> String {
    page(
        "Nothing here",
        "centred",
        None,
        "<main class=\"card\"><h1>Nothing here</h1><p>The sandbox has no page at this address.</p>\
         <a class=\"btn\" href=\"/\">Start page</a></main>",
    )
}
