//! What a call-log list is asked for: read from the query, checked, and applied to records.

use jiff::Timestamp;

use crate::oauth::grants::after;
use crate::ringcentral::params::{boolean, digits, instant, many_of, one_of, written};
use crate::ringcentral::record::{CallRecord, Party};
use crate::ringcentral::{Call, errors};
use crate::wire::{Reply, Request};

/// A checked query.
#[derive(Debug)]
pub(crate) struct Query {
    pub(crate) detailed: bool,
    show_blocked: bool,
    show_deleted: bool,
    directions: Vec<&'static str>,
    kinds: Vec<&'static str>,
    transports: Vec<&'static str>,
    recording: Option<&'static str>,
    phone_number: Option<String>,
    extension_number: Option<String>,
    session_id: Option<String>,
    telephony_session_id: Option<String>,
    from: Timestamp,
    to: Timestamp,
}

/// What may not stand beside `sessionId`.
const FILTERS: [&str; 10] = [
    "extensionNumber",
    "phoneNumber",
    "direction",
    "type",
    "transport",
    "recordingType",
    "withRecording",
    "dateFrom",
    "dateTo",
    "telephonySessionId",
];

impl Query {
    /// Reads the query of a list; `company` has neither `showBlocked` nor `transport`.
    pub(crate) fn of(call: &Call<'_>, company: bool) -> Result<Self, Reply> {
        let request = call.request;
        let to = instant(request, "dateTo")?;
        let from = instant(request, "dateFrom")?;
        let to = to.unwrap_or(request.now);
        let with_recording = boolean(request, "withRecording", false)?;
        let recording = one_of(request, "recordingType", &["Automatic", "OnDemand", "All"])?;
        let query = Self {
            detailed: is_detailed(request)?,
            show_blocked: company || boolean(request, "showBlocked", true)?,
            show_deleted: boolean(request, "showDeleted", false)?,
            directions: many_of(request, "direction", &["Inbound", "Outbound"])?,
            kinds: many_of(request, "type", &["Voice", "Fax"])?,
            transports: if company {
                Vec::new()
            } else {
                many_of(request, "transport", &["PSTN", "VoIP"])?
            },
            recording: recording.or(with_recording.then_some("All")),
            phone_number: digits(request, "phoneNumber")?,
            extension_number: digits(request, "extensionNumber")?,
            session_id: request.param("sessionId").map(str::to_owned),
            telephony_session_id: request.param("telephonySessionId").map(str::to_owned),
            from: from.unwrap_or_else(|| after(to, -86_400)),
            to,
        };
        if query.session_id.is_some() && FILTERS.iter().any(|name| request.param(name).is_some()) {
            return Err(errors::session_with_filters());
        }
        if query.phone_number.is_some() && query.extension_number.is_some() {
            return Err(errors::invalid_because(
                "phoneNumber",
                "Parameters [phoneNumber] and [extensionNumber] cannot be used together",
            ));
        }
        Ok(query)
    }

    /// Whether the list holds this record.
    pub(crate) fn takes(&self, record: &CallRecord) -> bool {
        if record.deleted && !self.show_deleted {
            return false;
        }
        if let Some(session) = &self.session_id {
            return record.session_id == *session;
        }
        let any = |wanted: &[&str], value: &str| wanted.is_empty() || wanted.contains(&value);
        record.start >= self.from
            && record.start < self.to
            && (self.show_blocked || !record.is_blocked())
            && any(&self.directions, &record.direction)
            && any(&self.kinds, &record.kind)
            && any(&self.transports, &record.transport)
            && self.recording.is_none_or(|wanted| {
                record
                    .recording
                    .as_ref()
                    .is_some_and(|recording| wanted == "All" || recording.kind == wanted)
            })
            && self
                .phone_number
                .as_ref()
                .is_none_or(|number| either(record, |party| has_number(party, number)))
            && self.extension_number.as_ref().is_none_or(|number| {
                either(record, |party| {
                    party.extension_number.as_ref() == Some(number)
                })
            })
            && self
                .telephony_session_id
                .as_ref()
                .is_none_or(|session| record.telephony_session_id == *session)
    }

    /// The query as links repeat it: everything asked, with the window made explicit so that a
    /// later page is of the same list.
    pub(crate) fn for_links(&self, request: &Request) -> Vec<(String, String)> {
        let mut pairs: Vec<(String, String)> = request
            .query
            .iter()
            .filter(|(name, _)| {
                !matches!(
                    name.as_str(),
                    "page" | "perPage" | "view" | "dateFrom" | "dateTo" | "access_token"
                )
            })
            .cloned()
            .collect();
        let view = if self.detailed { "Detailed" } else { "Simple" };
        pairs.push(("view".to_owned(), view.to_owned()));
        if self.session_id.is_none() {
            pairs.push(("dateFrom".to_owned(), written(self.from)));
            pairs.push(("dateTo".to_owned(), written(self.to)));
        }
        pairs
    }
}

/// `view=Detailed`?
pub(crate) fn is_detailed(request: &Request) -> Result<bool, Reply> {
    Ok(one_of(request, "view", &["Simple", "Detailed"])? == Some("Detailed"))
}

fn either(record: &CallRecord, test: impl Fn(&Party) -> bool) -> bool {
    test(&record.from) || test(&record.to)
}

fn has_number(party: &Party, digits: &str) -> bool {
    party
        .phone_number
        .as_ref()
        .is_some_and(|number| number.trim_start_matches('+') == digits)
}
