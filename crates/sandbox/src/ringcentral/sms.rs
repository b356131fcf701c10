//! Sending a text message: checked as the real service does, then kept in the message store.

use serde_json::Value;

use crate::random::Random;
use crate::ringcentral::calls::inside_with_number;
use crate::ringcentral::messages::Message;
use crate::ringcentral::record::Party;
use crate::ringcentral::{Answer, Call, errors};
use crate::state::State;
use crate::wire::Reply;

/// UTF-16 units a text may have.
const LONGEST: usize = 1_000;

/// The ids that sent messages get; those made at the start lie outside.
const SENT_IDS: std::ops::Range<i64> = 2_900_000_000..3_000_000_000;

/// `createSMSMessage`.
pub(crate) fn send(state: &mut State, call: &Call<'_>) -> Answer {
    call.own_or_admin()?;
    let body = call.request.json().map_err(|problem| {
        errors::invalid_because(
            "body",
            &format!("Request body is not valid JSON: {problem}"),
        )
    })?;
    let from = number(&body["from"], "from")?;
    let to: Vec<String> = match body["to"].as_array() {
        Some(list) if !list.is_empty() => list
            .iter()
            .map(|party| number(party, "to"))
            .collect::<Result<_, _>>()?,
        _ => {
            return Err(errors::invalid_because(
                "to",
                "Parameter [to] must be a list of at least one {phoneNumber}",
            ));
        }
    };
    let text = body["text"]
        .as_str()
        .filter(|text| !text.is_empty())
        .ok_or_else(|| errors::invalid_because("text", "Parameter [text] is required"))?;
    let length = text.encode_utf16().count();
    if length > LONGEST {
        return Err(errors::invalid_because(
            "text",
            &format!("Parameter [text] has {length} characters; at most {LONGEST} are allowed"),
        ));
    }
    if from != call.extension.phone {
        return Err(errors::coded(
            403,
            "MSG-304",
            "Phone number doesn't belong to extension",
        ));
    }
    let last = state
        .messages
        .iter()
        .map(|message| message.id)
        .filter(|id| SENT_IDS.contains(id))
        .max();
    let conversation = to
        .iter()
        .flat_map(|number| number.bytes())
        .fold(17_u64, |sum, byte| {
            sum.wrapping_mul(31).wrapping_add(byte.into())
        });
    let message = Message {
        id: last.unwrap_or(SENT_IDS.start) + 1,
        extension_id: call.extension.id.to_owned(),
        conversation_id: i64::try_from(Random::new(conversation).below(9_000_000_000))
            .unwrap_or_default(),
        at: call.request.now,
        kind: "SMS".to_owned(),
        direction: "Outbound".to_owned(),
        from: inside_with_number(call.extension),
        to: to
            .into_iter()
            .map(|number| Party {
                phone_number: Some(number),
                ..Party::default()
            })
            .collect(),
        subject: text.to_owned(),
        read: true,
        status: "Sent".to_owned(),
    };
    let reply = Reply::ok(&message.render(&call.request.origin));
    state.messages.push(message);
    Ok(reply)
}

/// A phone number in E.164 with its `+`.
fn number(party: &Value, name: &str) -> Result<String, Reply> {
    let text = party["phoneNumber"].as_str().unwrap_or_default();
    let digits = text.strip_prefix('+').unwrap_or_default();
    if (7..=15).contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_digit()) {
        Ok(text.to_owned())
    } else {
        Err(errors::invalid(&format!("{name}.phoneNumber"), text))
    }
}
