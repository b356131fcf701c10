//! Files as steps hand them on: `{name, content_type, base64}`, and the bytes in them.

use crate::bytes;
use encoding_rs::Encoding;
use patchbay_kit::{
    model::{Json, event::StepError},
    pure::{invalid, kind_name, shown},
};
use serde_json::json;

/// A file with its bytes at hand.
pub(crate) struct File {
    pub(crate) name: String,
    pub(crate) content_type: String,
    pub(crate) bytes: Vec<u8>,
}

impl File {
    /// Reads what another step gave.
    pub(crate) fn read(value: &Json, pointer: &str) -> Result<Self, StepError> {
        let text = |key: &str| value.get(key).and_then(Json::as_str);
        let Some(base64) = text("base64") else {
            let message = format!(
                "This must be a file, an object with `base64`, and is {}.",
                kind_name(value)
            );
            return Err(invalid(pointer, message));
        };
        Ok(Self {
            name: text("name").unwrap_or("file").to_owned(),
            content_type: text("content_type")
                .unwrap_or("application/octet-stream")
                .to_owned(),
            bytes: bytes::read(base64, "base64", &format!("{pointer}/base64"))?,
        })
    }

    /// As an output carries it.
    pub(crate) fn json(&self) -> Json {
        json!({
            "name": self.name,
            "content_type": self.content_type,
            "base64": bytes::write(&self.bytes, "base64"),
        })
    }
}

/// The encoding of that name, such as `windows-1252`.
pub(crate) fn encoding(name: &str, pointer: &str) -> Result<&'static Encoding, StepError> {
    let name = if name.is_empty() { "utf-8" } else { name };
    Encoding::for_label(name.as_bytes()).ok_or_else(|| {
        let name = shown(&Json::from(name));
        invalid(
            pointer,
            format!("{name} is no encoding. Write for example utf-8, windows-1252 or iso-8859-15."),
        )
    })
}

/// The text in bytes; an error that says where they do not fit.
pub(crate) fn decoded(
    bytes: &[u8],
    name: &str,
    pointer: &str,
    name_pointer: &str,
) -> Result<String, StepError> {
    let encoding = encoding(name, name_pointer)?;
    let (text, used, broken) = encoding.decode(bytes);
    if !broken {
        return Ok(text.into_owned());
    }
    let place = match std::str::from_utf8(bytes) {
        Err(error) if used == encoding_rs::UTF_8 => {
            format!(" from byte {} on", error.valid_up_to())
        }
        _ => String::new(),
    };
    let message = format!(
        "These bytes are no text in {}{place}. Choose another encoding, such as windows-1252.",
        used.name()
    );
    Err(invalid(pointer, message))
}

/// What kind of file a name promises.
pub(crate) fn content_type(name: &str) -> &'static str {
    let ending = name
        .rsplit_once('.')
        .map(|(_, ending)| ending.to_lowercase());
    match ending.as_deref() {
        Some("txt" | "log") => "text/plain",
        Some("csv") => "text/csv",
        Some("html" | "htm") => "text/html",
        Some("md") => "text/markdown",
        Some("json") => "application/json",
        Some("xml") => "application/xml",
        Some("pdf") => "application/pdf",
        Some("zip") => "application/zip",
        Some("png") => "image/png",
        Some("jpg" | "jpeg") => "image/jpeg",
        Some("gif") => "image/gif",
        Some("svg") => "image/svg+xml",
        Some("mp3") => "audio/mpeg",
        Some("wav") => "audio/wav",
        Some("mp4") => "video/mp4",
        Some("xlsx") => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        Some("docx") => "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        _ => "application/octet-stream",
    }
}
