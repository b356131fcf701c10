//! The call log of an extension and of the company: lists and single records.

use serde_json::{Value, json};

use crate::ringcentral::call_log_query::{Query, is_detailed};
use crate::ringcentral::paging::Page;
use crate::ringcentral::record::{CallRecord, View};
use crate::ringcentral::{ACCOUNT_ID, Answer, Call, errors};
use crate::state::State;
use crate::wire::Reply;

/// What a person's role needs for the whole company's log.
const COMPANY: &str = "FullCompanyCallLog";

/// The most records one request may name.
const MOST_IDS: usize = 50;

/// `readUserCallLog`.
pub(crate) fn list_user(state: &mut State, call: &Call<'_>) -> Answer {
    call.own_or_admin()?;
    list(state, call, false)
}

/// `readCompanyCallLog`.
pub(crate) fn list_company(state: &mut State, call: &Call<'_>) -> Answer {
    company_permission(call)?;
    list(state, call, true)
}

/// `readUserCallRecord`.
pub(crate) fn read_user(state: &mut State, call: &Call<'_>) -> Answer {
    call.own_or_admin()?;
    read(state, call, false)
}

/// `readCompanyCallRecord`.
pub(crate) fn read_company(state: &mut State, call: &Call<'_>) -> Answer {
    company_permission(call)?;
    read(state, call, true)
}

pub(super) fn company_permission(call: &Call<'_>) -> Result<(), Reply> {
    if call.identity.person.is_admin() {
        Ok(())
    } else {
        Err(errors::user_permission_missing(COMPANY))
    }
}

fn list(state: &State, call: &Call<'_>, company: bool) -> Answer {
    let query = Query::of(call, company)?;
    let page = Page::of(call.request)?;
    let mut records: Vec<&CallRecord> = state
        .calls
        .iter()
        .filter(|record| company || record.extension_id == call.extension.id)
        .filter(|record| query.takes(record))
        .collect();
    records.sort_by(|one, other| other.start.cmp(&one.start).then(one.id.cmp(&other.id)));
    let origin = &call.request.origin;
    let path = if company {
        format!("{origin}/restapi/v1.0/account/{ACCOUNT_ID}/call-log")
    } else {
        format!(
            "{origin}/restapi/v1.0/account/{ACCOUNT_ID}/extension/{}/call-log",
            call.extension.id
        )
    };
    let view = View {
        origin,
        detailed: query.detailed,
        company,
    };
    let links = query.for_links(call.request);
    Ok(page.answer(&path, &links, &records, |record| record.render(view)))
}

fn read(state: &State, call: &Call<'_>, company: bool) -> Answer {
    let view = View {
        origin: &call.request.origin,
        detailed: is_detailed(call.request)?,
        company,
    };
    let find = |id: &str| -> Option<Value> {
        state
            .calls
            .iter()
            .find(|record| record.id == id && (company || record.extension_id == call.extension.id))
            .map(|record| record.render(view))
    };
    let ids: Vec<&str> = call.id.split(',').collect();
    if let [id] = ids.as_slice() {
        return find(id)
            .map(|record| Reply::ok(&record))
            .ok_or_else(|| errors::not_found("callRecordId"));
    }
    if ids.len() > MOST_IDS {
        return Err(errors::invalid("callRecordId", &call.id));
    }
    let parts: Vec<Value> = ids
        .into_iter()
        .map(|id| match find(id) {
            Some(record) => json!({ "resourceId": id, "status": 200, "body": record }),
            None => {
                let refusal = errors::not_found("callRecordId");
                let body: Value = serde_json::from_slice(&refusal.body).unwrap_or_default();
                json!({ "resourceId": id, "status": 404, "body": body })
            }
        })
        .collect();
    Ok(Reply::new(
        207,
        "application/vnd.ringcentral.multipart+json",
        Value::from(parts).to_string(),
    ))
}
