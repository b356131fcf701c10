//! Who works at the example company, and the operations that list and read extensions.

use serde_json::{Value, json};

use crate::ringcentral::paging::Page;
use crate::ringcentral::params::{digits, many_of};
use crate::ringcentral::{ACCOUNT_ID, Answer, Call};
use crate::state::State;
use crate::wire::{Reply, Request};

/// The company's name.
pub(crate) const COMPANY: &str = "Harbour & Pine";

/// One extension of the account.
#[derive(Debug)]
pub(crate) struct Extension {
    pub(crate) id: &'static str,
    pub(crate) number: &'static str,
    pub(crate) name: &'static str,
    first: &'static str,
    last: &'static str,
    job: &'static str,
    email: &'static str,
    /// `User`, `Department` (a call queue) or `FaxUser`.
    pub(crate) kind: &'static str,
    pub(crate) status: &'static str,
    /// The direct number, with which it may send text messages; empty for none.
    pub(crate) phone: &'static str,
    admin: bool,
}

/// All extensions, by number.
pub(crate) const EXTENSIONS: &[Extension] = &[
    Extension {
        id: "62264101008",
        number: "101",
        name: "Ana Ruiz",
        first: "Ana",
        last: "Ruiz",
        job: "Head of operations",
        email: "ana.ruiz@harbourpine.example",
        kind: "User",
        status: "Enabled",
        phone: "+16505550112",
        admin: true,
    },
    Extension {
        id: "62264102008",
        number: "102",
        name: "Ben Okafor",
        first: "Ben",
        last: "Okafor",
        job: "Support agent",
        email: "ben.okafor@harbourpine.example",
        kind: "User",
        status: "Enabled",
        phone: "+16505550113",
        admin: false,
    },
    Extension {
        id: "62264103008",
        number: "103",
        name: "Carla Neri",
        first: "Carla",
        last: "Neri",
        job: "Sales",
        email: "carla.neri@harbourpine.example",
        kind: "User",
        status: "Enabled",
        phone: "+16505550114",
        admin: false,
    },
    Extension {
        id: "62264104008",
        number: "104",
        name: "Dai Tanaka",
        first: "Dai",
        last: "Tanaka",
        job: "Warehouse",
        email: "dai.tanaka@harbourpine.example",
        kind: "User",
        status: "NotActivated",
        phone: "",
        admin: false,
    },
    Extension {
        id: "62264200008",
        number: "200",
        name: "Front desk",
        first: "Front desk",
        last: "",
        job: "",
        email: "desk@harbourpine.example",
        kind: "Department",
        status: "Enabled",
        phone: "+16505550100",
        admin: false,
    },
    Extension {
        id: "62264300008",
        number: "300",
        name: "Orders by fax",
        first: "Orders by fax",
        last: "",
        job: "",
        email: "orders@harbourpine.example",
        kind: "FaxUser",
        status: "Enabled",
        phone: "+16505550130",
        admin: false,
    },
];

/// The extension with this internal id.
pub(crate) fn by_id(id: &str) -> Option<&'static Extension> {
    EXTENSIONS.iter().find(|extension| extension.id == id)
}

/// The extension with this id or short number.
pub(crate) fn by_id_or_number(text: &str) -> Option<&'static Extension> {
    EXTENSIONS
        .iter()
        .find(|extension| extension.id == text || extension.number == text)
}

/// `listExtensions`.
pub(crate) fn list(_state: &mut State, call: &Call<'_>) -> Answer {
    let request = call.request;
    let number = digits(request, "extensionNumber")?;
    let emails = request.params("email");
    let statuses = many_of(
        request,
        "status",
        &[
            "Enabled",
            "Disabled",
            "Frozen",
            "NotActivated",
            "Unassigned",
        ],
    )?;
    let kinds = many_of(request, "type", KINDS)?;
    let page = Page::of(request)?;
    let found: Vec<&Extension> = EXTENSIONS
        .iter()
        .filter(|extension| {
            number
                .as_ref()
                .is_none_or(|number| extension.number == number)
        })
        .filter(|extension| emails.is_empty() || emails.contains(&extension.email))
        .filter(|extension| statuses.is_empty() || statuses.contains(&extension.status))
        .filter(|extension| kinds.is_empty() || kinds.contains(&extension.kind))
        .collect();
    let path = format!(
        "{}/restapi/v1.0/account/{ACCOUNT_ID}/extension",
        request.origin
    );
    Ok(page.answer(&path, &links(request), &found, |extension| {
        extension.render(&request.origin)
    }))
}

/// `readExtension`.
pub(crate) fn read(_state: &mut State, call: &Call<'_>) -> Answer {
    let origin = &call.request.origin;
    let mut extension = call.extension.render(origin);
    extension["account"] = json!({
        "id": ACCOUNT_ID,
        "uri": format!("{origin}/restapi/v1.0/account/{ACCOUNT_ID}"),
    });
    extension["regionalSettings"] = regional_settings();
    extension["serviceFeatures"] = json!([
        { "featureName": "SMS", "enabled": !call.extension.phone.is_empty() },
        { "featureName": "CallForwarding", "enabled": true },
    ]);
    Ok(Reply::ok(&extension))
}

/// The query without the page, for the links of a list.
pub(crate) fn links(request: &Request) -> Vec<(String, String)> {
    request
        .query
        .iter()
        .filter(|(name, _)| !matches!(name.as_str(), "page" | "perPage" | "access_token"))
        .cloned()
        .collect()
}

/// Time zone and language of the account and of its people.
pub(crate) fn regional_settings() -> Value {
    json!({
        "homeCountry": { "id": "1", "name": "United States", "isoCode": "US", "callingCode": "1" },
        "timezone": {
            "id": "61",
            "name": "US/Pacific",
            "description": "Pacific Time (US & Canada)",
            "bias": "-480",
        },
        "language": { "id": "1033", "localeCode": "en-US", "name": "English (United States)" },
        "greetingLanguage": { "id": "1033", "localeCode": "en-US", "name": "English (United States)" },
        "formattingLocale": { "id": "1033", "localeCode": "en-US", "name": "English (United States)" },
        "timeFormat": "12h",
    })
}

impl Extension {
    /// The id as the number that answers hold.
    pub(crate) fn numeric_id(&self) -> i64 {
        self.id.parse().unwrap_or_default()
    }

    fn render(&self, origin: &str) -> Value {
        let uri = format!(
            "{origin}/restapi/v1.0/account/{ACCOUNT_ID}/extension/{}",
            self.id
        );
        let mut contact = json!({
            "firstName": self.first,
            "company": COMPANY,
            "email": self.email,
            "emailAsLoginName": self.kind == "User",
        });
        for (name, value) in [
            ("lastName", self.last),
            ("jobTitle", self.job),
            ("businessPhone", self.phone),
        ] {
            if !value.is_empty() {
                contact[name] = value.into();
            }
        }
        json!({
            "uri": uri,
            "id": self.numeric_id(),
            "extensionNumber": self.number,
            "contact": contact,
            "name": self.name,
            "type": self.kind,
            "status": self.status,
            "hidden": false,
            "permissions": {
                "admin": { "enabled": self.admin },
                "internationalCalling": { "enabled": true },
            },
            "profileImage": { "uri": format!("{uri}/profile-image") },
            "setupWizardState": "Completed",
        })
    }
}

const KINDS: &[&str] = &[
    "User",
    "Department",
    "Announcement",
    "Voicemail",
    "DigitalUser",
    "VirtualUser",
    "FaxUser",
    "PagingOnly",
    "SharedLinesGroup",
    "DelegatedLinesGroup",
    "GroupCallPickup",
    "IvrMenu",
    "ApplicationExtension",
    "ProxyAdmin",
    "RoomConnector",
    "ParkLocation",
    "Limited",
    "Bot",
    "Site",
    "Room",
    "FlexibleUser",
    "TieLine",
    "Unknown",
];
