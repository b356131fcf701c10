//! Files and the texts in them.

use crate::{
    bytes,
    file::{self, File},
};
use patchbay_kit::{
    Hooks,
    model::{Json, event::StepError},
    pure::{self, Inputs, invalid},
};
use ring::digest::{SHA256, digest};
use serde_json::json;

/// The hooks of this connector.
pub(crate) fn hooks() -> impl Hooks {
    pure::hooks(run)
}

fn run(operation: &str, inputs: &mut Inputs) -> Option<Result<Json, StepError>> {
    Some(match operation {
        "from_text" => from_text(inputs),
        "to_text" => to_text(inputs),
        "describe" => describe(inputs),
        "rename" => rename(inputs),
        _ => return None,
    })
}

fn given(inputs: &Inputs) -> Result<File, StepError> {
    File::read(inputs.get("file").unwrap_or(&Json::Null), "/file")
}

fn from_text(inputs: &Inputs) -> Result<Json, StepError> {
    let encoding = file::encoding(inputs.text("encoding"), "/encoding")?;
    let (encoded, used, lost) = encoding.encode(inputs.text("text"));
    if lost {
        let message = format!(
            "{} cannot write all characters of this text. Choose utf-8.",
            used.name()
        );
        return Err(invalid("/text", message));
    }
    let mut bytes = Vec::new();
    if inputs.flag("byte_order_mark") && used == encoding_rs::UTF_8 {
        bytes.extend_from_slice(b"\xef\xbb\xbf");
    }
    bytes.extend_from_slice(&encoded);
    let name = inputs.text("name");
    let file = File {
        name: name.to_owned(),
        content_type: kind(inputs, name),
        bytes,
    };
    Ok(json!({ "result": file.json(), "size": file.bytes.len() }))
}

fn kind(inputs: &Inputs, name: &str) -> String {
    match inputs.text("content_type") {
        "" => file::content_type(name).to_owned(),
        given => given.to_owned(),
    }
}

fn to_text(inputs: &Inputs) -> Result<Json, StepError> {
    let file = given(inputs)?;
    let text = file::decoded(&file.bytes, inputs.text("encoding"), "/file", "/encoding")?;
    Ok(json!({ "result": text, "size": file.bytes.len() }))
}

fn describe(inputs: &Inputs) -> Result<Json, StepError> {
    let file = given(inputs)?;
    let ending = file
        .name
        .rsplit_once('.')
        .map(|(_, ending)| ending.to_lowercase());
    Ok(json!({
        "name": file.name,
        "extension": ending.unwrap_or_default(),
        "content_type": file.content_type,
        "size": file.bytes.len(),
        "sha256": bytes::write(digest(&SHA256, &file.bytes).as_ref(), "hex"),
    }))
}

fn rename(inputs: &Inputs) -> Result<Json, StepError> {
    let mut file = given(inputs)?;
    if !inputs.text("name").is_empty() {
        file.name = inputs.text("name").to_owned();
    }
    file.content_type = kind(inputs, &file.name);
    Ok(json!({ "result": file.json() }))
}
