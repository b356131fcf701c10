//! Recordings of calls and their sound.

use serde_json::json;

use crate::ringcentral::params::one_of;
use crate::ringcentral::record::CallRecord;
use crate::ringcentral::{ACCOUNT_ID, Answer, Call, errors, wav};
use crate::state::State;
use crate::wire::Reply;

/// `readCallRecording`.
pub(crate) fn read(state: &mut State, call: &Call<'_>) -> Answer {
    let record = find(state, call)?;
    let uri = format!(
        "{}/restapi/v1.0/account/{ACCOUNT_ID}/recording/{}",
        call.request.origin, call.id
    );
    Ok(Reply::ok(&json!({
        "uri": uri,
        "id": call.id,
        "contentUri": format!("{uri}/content"),
        "contentType": "audio/wav",
        "duration": record.duration_ms / 1_000,
    })))
}

/// `readCallRecordingContent`: two seconds of a quiet tone, whatever was said.
pub(crate) fn content(state: &mut State, call: &Call<'_>) -> Answer {
    find(state, call)?;
    let disposition = one_of(
        call.request,
        "contentDisposition",
        &["Inline", "Attachment"],
    )?;
    let reply = Reply::new(200, "audio/wav", wav::tone());
    Ok(match disposition {
        Some(disposition) => {
            let name = call
                .request
                .param("contentDispositionFilename")
                .map_or_else(
                    || format!("{}.wav", call.id),
                    |name| name.replace(['"', '\\'], "_"),
                );
            reply.header(
                "content-disposition",
                format!("{}; filename=\"{name}\"", disposition.to_lowercase()),
            )
        }
        None => reply,
    })
}

fn find<'a>(state: &'a State, call: &Call<'_>) -> Result<&'a CallRecord, Reply> {
    let record = state
        .calls
        .iter()
        .find(|record| {
            record
                .recording
                .as_ref()
                .is_some_and(|recording| recording.id == call.id)
        })
        .ok_or_else(|| errors::not_found("recordingId"))?;
    let person = call.identity.person;
    if person.is_admin() || record.extension_id == person.extension_id() {
        Ok(record)
    } else {
        Err(errors::other_extension())
    }
}
