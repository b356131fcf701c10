//! Second page of a sign-in: what the app may do, to be allowed or refused.

use std::fmt::Write as _;

use crate::oauth::Service;
use crate::oauth::grants::Pending;
use crate::oauth::{google_scopes, permissions};
use crate::pages::html::{card_page, escape};
use crate::people::Person;

pub(crate) fn page(
    pending: &Pending,
    person: Person,
    handle: &str,
    notice: Option<&str>,
) -> String {
    let service = pending.service;
    let mut boxes = String::new();
    for (index, scope) in pending.scopes.iter().enumerate() {
        let (name, words) = match service {
            Service::RingCentral => (
                scope.as_str(),
                permissions::permission(scope).map_or("", |permission| permission.words),
            ),
            Service::Google => (
                google_scopes::short(scope),
                google_scopes::words(scope).unwrap_or_default(),
            ),
        };
        let _ = write!(
            boxes,
            "<li><input type=\"checkbox\" id=\"scope-{index}\" name=\"scope\" value=\"{value}\" checked>\
             <label for=\"scope-{index}\">{words}<code>{name}</code></label></li>",
            value = escape(scope),
            words = escape(words.trim_end_matches('.')),
            name = escape(name),
        );
    }
    let notice = notice.map_or_else(String::new, |text| {
        format!("<p class=\"notice\" role=\"alert\">{}</p>", escape(text))
    });
    let account = match service {
        Service::RingCentral => format!("extension {}", person.extension_number()),
        Service::Google => person.email().to_owned(),
    };
    card_page(
        service,
        "Allow access",
        &format!(
            "<h1>Patchbay wants to use your {service_name} account</h1>\
             <p class=\"account\"><span class=\"face {key}\" aria-hidden=\"true\">{initials}</span>\
             <span><b>{name}</b> · {account}</span></p>{notice}\
             <form method=\"post\" action=\"{action}\">\
             <input type=\"hidden\" name=\"request\" value=\"{handle}\">\
             <fieldset><legend>If you allow it, Patchbay can</legend>\
             <ul class=\"scopes\">{boxes}</ul></fieldset>\
             <p class=\"help\">Untick what you do not want to allow.</p>\
             <div class=\"buttons\">\
             <button class=\"btn\" name=\"decision\" value=\"refuse\">Refuse</button>\
             <button class=\"btn primary\" name=\"decision\" value=\"allow\">Allow</button>\
             </div></form>",
            service_name = service.name(),
            key = person.key(),
            initials = person.initials(),
            name = person.name(),
            account = escape(&account),
            action = service.consent_path(),
            handle = escape(handle),
        ),
    )
}
