//! The web assets: built into a release binary, or read from the folder that the build tool made.

use axum::{
    extract::{Path, State},
    response::{IntoResponse, Response},
};
use bytes::Bytes;
use http::{HeaderMap, HeaderValue, StatusCode, header};
use serde::Deserialize;
use std::{collections::HashMap, path::PathBuf, sync::Arc};

use crate::state::App;

include!(concat!(env!("OUT_DIR"), "/embedded.rs"));

/// Content-hashed names never change what they mean.
const FOR_EVER: &str = "public, max-age=31536000, immutable";
/// Plain names may mean something else after an upgrade.
const FOR_A_WHILE: &str = "public, max-age=300";

/// `manifest.json` as the build tool writes it.
#[derive(Debug, Deserialize)]
struct Manifest {
    files: Vec<ManifestFile>,
}

#[derive(Debug, Deserialize)]
struct ManifestFile {
    /// `pkg/pages.js`
    path: String,
    /// `pkg/pages-1a2b3c4d.js`
    hashed: String,
    content_type: String,
}

/// One file, as it is and precompressed.
#[derive(Debug, Clone)]
struct Asset {
    content_type: HeaderValue,
    plain: Bytes,
    brotli: Option<Bytes>,
    gzip: Option<Bytes>,
}

/// All of them by name.
#[derive(Debug, Clone, Default)]
pub struct Site {
    assets: Arc<HashMap<String, Asset>>,
    hashed: Arc<HashMap<String, String>>,
}

/// Why the assets cannot be served.
#[derive(Debug, thiserror::Error)]
#[error("the web assets in {place} cannot be read: {why}; build them with `cargo xtask serve`")]
pub struct SiteError {
    place: String,
    why: String,
}

impl Site {
    /// From the binary itself, else from `PATCHBAY_SITE_DIR`; empty when there is neither.
    ///
    /// # Errors
    /// When the folder is named but is not what the build tool makes.
    pub fn load() -> Result<Self, SiteError> {
        if !FILES.is_empty() {
            let files: HashMap<&str, &'static [u8]> = FILES.iter().copied().collect();
            return Self::from_reader("the binary", |name| {
                files.get(name).map(|bytes| Bytes::from_static(bytes))
            });
        }
        let Some(folder) = std::env::var_os("PATCHBAY_SITE_DIR").map(PathBuf::from) else {
            return Ok(Self::default());
        };
        Self::from_reader(&folder.display().to_string(), |name| {
            std::fs::read(folder.join(name)).ok().map(Bytes::from)
        })
    }

    fn from_reader(place: &str, read: impl Fn(&str) -> Option<Bytes>) -> Result<Self, SiteError> {
        let fail = |why: String| SiteError {
            place: place.to_owned(),
            why,
        };
        let manifest =
            read("manifest.json").ok_or_else(|| fail("manifest.json is missing".to_owned()))?;
        let manifest: Manifest =
            serde_json::from_slice(&manifest).map_err(|error| fail(error.to_string()))?;
        let mut assets = HashMap::new();
        let mut hashed = HashMap::new();
        for file in manifest.files {
            let asset = Asset {
                content_type: HeaderValue::from_str(&file.content_type)
                    .map_err(|error| fail(error.to_string()))?,
                plain: read(&file.hashed)
                    .ok_or_else(|| fail(format!("{} is missing", file.hashed)))?,
                brotli: read(&format!("{}.br", file.hashed)),
                gzip: read(&format!("{}.gz", file.hashed)),
            };
            assets.insert(file.path.clone(), asset.clone());
            assets.insert(file.hashed.clone(), asset);
            hashed.insert(file.path, file.hashed);
        }
        Ok(Self {
            assets: Arc::new(assets),
            hashed: Arc::new(hashed),
        })
    }

    /// Whether there is a screen to serve.
    pub fn is_empty(&self) -> bool {
        self.assets.is_empty()
    }

    /// The address of a file by its plain name, with the content hash in it.
    pub fn url(&self, path: &str) -> String {
        format!(
            "/assets/{}",
            self.hashed.get(path).map_or(path, String::as_str)
        )
    }
}

/// `GET /assets/{*path}`
pub(crate) async fn serve(
    State(app): State<App>,
    Path(path): Path<String>,
    headers: HeaderMap,
) -> Response {
    let site = app.site();
    let Some(asset) = site.assets.get(&path) else {
        return (StatusCode::NOT_FOUND, "There is no such file.").into_response();
    };
    let accepted = headers
        .get(header::ACCEPT_ENCODING)
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default();
    let accepts = |coding: &str| {
        accepted
            .split(',')
            .any(|part| part.trim().split(';').next() == Some(coding))
    };
    let (body, coding) = match (&asset.brotli, &asset.gzip) {
        (Some(brotli), _) if accepts("br") => (brotli, Some("br")),
        (_, Some(gzip)) if accepts("gzip") => (gzip, Some("gzip")),
        _ => (&asset.plain, None),
    };
    let mut response = body.clone().into_response();
    let head = response.headers_mut();
    head.insert(header::CONTENT_TYPE, asset.content_type.clone());
    head.insert(header::VARY, HeaderValue::from_static("accept-encoding"));
    if let Some(coding) = coding {
        head.insert(header::CONTENT_ENCODING, HeaderValue::from_static(coding));
    }
    let lifetime = if site.hashed.contains_key(&path) {
        FOR_A_WHILE
    } else {
        FOR_EVER
    };
    head.insert(header::CACHE_CONTROL, HeaderValue::from_static(lifetime));
    response
}
