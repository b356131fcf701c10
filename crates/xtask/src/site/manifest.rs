//! The list of files that the server reads to know what the site holds.

use serde::{Deserialize, Serialize};

use super::fingerprint::Hashed;

#[derive(Debug, Default, Serialize, Deserialize)]
pub(crate) struct Manifest {
    pub(crate) files: Vec<Entry>,
}

/// One file: `path` is the name the code uses, `hashed` the name it is stored and served under.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Entry {
    pub(crate) path: String,
    pub(crate) hashed: String,
    pub(crate) content_type: String,
    /// Of the raw bytes, in lower-case hex.
    pub(crate) sha256: String,
    pub(crate) sizes: Sizes,
}

/// In bytes; the compressed ones only where `<hashed>.br` and `<hashed>.gz` exist.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Sizes {
    pub(crate) raw: usize,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) br: Option<usize>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) gz: Option<usize>,
}

impl Entry {
    pub(crate) fn new(file: &Hashed) -> Self {
        Self {
            path: file.path.clone(),
            hashed: file.hashed.clone(),
            content_type: content_type(&file.path).to_owned(),
            sha256: file.sha256.clone(),
            sizes: Sizes {
                raw: file.bytes.len(),
                br: None,
                gz: None,
            },
        }
    }
}

/// The media type by the ending of the name.
fn content_type(path: &str) -> &'static str {
    match path.rsplit('.').next().unwrap_or_default() {
        "js" => "text/javascript; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "html" => "text/html; charset=utf-8",
        "txt" | "md" => "text/plain; charset=utf-8",
        "json" => "application/json",
        "webmanifest" => "application/manifest+json",
        "wasm" => "application/wasm",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "jpg" | "jpeg" => "image/jpeg",
        "webp" => "image/webp",
        "ico" => "image/x-icon",
        "woff2" => "font/woff2",
        "woff" => "font/woff",
        _ => "application/octet-stream",
    }
}
