//! The phone numbers an extension may use, with what each can do.

use serde_json::{Value, json};

use crate::ringcentral::extensions::{Extension, links};
use crate::ringcentral::paging::Page;
use crate::ringcentral::params::one_of;
use crate::ringcentral::{ACCOUNT_ID, Answer, Call};
use crate::state::State;

/// The number that belongs to the whole company.
pub(crate) const MAIN_NUMBER: &str = "+16505550100";

/// `listExtensionPhoneNumbers`.
pub(crate) fn list(_state: &mut State, call: &Call<'_>) -> Answer {
    call.own_or_admin()?;
    let request = call.request;
    let status = one_of(
        request,
        "status",
        &["Normal", "Pending", "PortedIn", "Temporary", "Unknown"],
    )?;
    let usage = request.params("usageType");
    let page = Page::of(request)?;
    let extension = call.extension;
    let account = format!("{}/restapi/v1.0/account/{ACCOUNT_ID}", request.origin);
    let mut numbers = Vec::new();
    if !extension.phone.is_empty() && extension.phone != MAIN_NUMBER {
        numbers.push(number(
            &account,
            extension,
            1_162_820_004,
            extension.phone,
            "DirectNumber",
            &[
                "SmsSender",
                "CallerId",
                "InternationalSmsSender",
                "MmsSender",
            ],
        ));
    }
    numbers.push(number(
        &account,
        extension,
        1_162_820_001,
        MAIN_NUMBER,
        "MainCompanyNumber",
        &["CallerId"],
    ));
    numbers.retain(|number| {
        status.is_none_or(|status| number["status"] == status)
            && (usage.is_empty() || usage.iter().any(|wanted| number["usageType"] == **wanted))
    });
    let path = format!("{account}/extension/{}/phone-number", extension.id);
    Ok(page.answer(&path, &links(request), &numbers, Value::clone))
}

fn number(
    account: &str,
    extension: &Extension,
    base: i64,
    phone: &str,
    usage: &str,
    features: &[&str],
) -> Value {
    // Direct numbers get an id of their own for every extension.
    let id = if usage == "DirectNumber" {
        base + extension.number.parse::<i64>().unwrap_or_default()
    } else {
        base
    };
    let mut number = json!({
        "uri": format!("{account}/phone-number/{id}"),
        "id": id,
        "phoneNumber": phone,
        "paymentType": "Local",
        "location": "Palo Alto, CA",
        "type": "VoiceFax",
        "usageType": usage,
        "status": "Normal",
        "primary": usage == "MainCompanyNumber",
        "country": {
            "uri": format!("{}/dictionary/country/1", account.trim_end_matches(&format!("/account/{ACCOUNT_ID}"))),
            "id": "1",
            "name": "United States",
        },
        "features": features,
    });
    if usage == "DirectNumber" {
        number["extension"] = json!({
            "uri": format!("{account}/extension/{}", extension.id),
            "id": extension.numeric_id(),
            "extensionNumber": extension.number,
            "type": extension.kind,
            "name": extension.name,
        });
    }
    number
}
