//! The account itself.

use serde_json::json;

use crate::ringcentral::extensions::{by_id_or_number, regional_settings};
use crate::ringcentral::{ACCOUNT_ID, Answer, Call};
use crate::state::State;
use crate::wire::Reply;

/// `readAccountInfo`.
pub(crate) fn read(_state: &mut State, call: &Call<'_>) -> Answer {
    let uri = format!("{}/restapi/v1.0/account/{ACCOUNT_ID}", call.request.origin);
    let id: i64 = ACCOUNT_ID.parse().unwrap_or_default();
    let operator = by_id_or_number("101").map(|extension| {
        json!({
            "uri": format!("{uri}/extension/{}", extension.id),
            "id": extension.numeric_id(),
            "extensionNumber": extension.number,
        })
    });
    let country =
        json!({ "id": "1", "name": "United States", "isoCode": "US", "callingCode": "1" });
    Ok(Reply::ok(&json!({
        "uri": uri,
        "id": id,
        "mainNumber": "+16505550100",
        "operator": operator,
        "serviceInfo": {
            "uri": format!("{uri}/service-info"),
            "brand": { "id": "1210", "name": "RingCentral", "homeCountry": country },
            "contractedCountry": country,
            "servicePlan": { "id": "6", "name": "RingCentral Office", "edition": "Premium" },
            "billingPlan": {
                "id": "4128",
                "name": "Monthly",
                "durationUnit": "Month",
                "duration": 1,
                "type": "Regular",
            },
        },
        "setupWizardState": "Completed",
        "status": "Confirmed",
        "regionalSettings": regional_settings(),
        "federated": false,
    })))
}
