//! First page of a sign-in: which of the two people are you?

use std::fmt::Write as _;

use crate::oauth::Service;
use crate::oauth::grants::Pending;
use crate::pages::html::{card_page, escape};
use crate::people::Person;

pub(crate) fn page(pending: &Pending, handle: &str) -> String {
    let service = pending.service;
    let mut people = String::new();
    for person in Person::ALL {
        let detail = match service {
            Service::RingCentral if person.is_admin() => {
                format!("Extension {} · administrator", person.extension_number())
            }
            Service::RingCentral => format!("Extension {}", person.extension_number()),
            Service::Google => person.email().to_owned(),
        };
        let _ = write!(
            people,
            "<button class=\"person\" name=\"person\" value=\"{key}\">\
             <span class=\"face {key}\" aria-hidden=\"true\">{initials}</span>\
             <span class=\"who\"><b>{name}</b><small>{detail}</small></span>\
             <span class=\"go\" aria-hidden=\"true\">›</span></button>",
            key = person.key(),
            initials = person.initials(),
            name = person.name(),
            detail = escape(&detail),
        );
    }
    card_page(
        service,
        "Sign in",
        &format!(
            "<h1>{heading}</h1><p>to continue to <b>Patchbay</b></p>\
             <form method=\"post\" action=\"{action}\">\
             <input type=\"hidden\" name=\"request\" value=\"{handle}\">\
             <div class=\"people\">{people}</div></form>",
            heading = match service {
                Service::RingCentral => "Sign in",
                Service::Google => "Choose an account",
            },
            action = service.sign_in_path(),
            handle = escape(handle),
        ),
    )
}
