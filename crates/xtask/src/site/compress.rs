//! Precompresses a file for the release. The same bytes are compressed once: brotli at its best
//! takes seconds for a megabyte, so results are kept by the hash of what went in.

use std::fs;
use std::io::{Read, Write};
use std::path::Path;

use anyhow::Result;
use flate2::Compression;
use flate2::write::GzEncoder;

pub(crate) struct Compressed {
    pub(crate) brotli: Vec<u8>,
    pub(crate) gzip: Vec<u8>,
}

/// Fonts and pictures are compressed already.
pub(crate) fn worth_it(path: &str) -> bool {
    let ending = path.rsplit('.').next().unwrap_or_default();
    matches!(
        ending,
        "js" | "css" | "wasm" | "svg" | "json" | "html" | "txt" | "md" | "webmanifest" | "ico"
    )
}

/// Both forms of a file, from the cache folder if they are there.
pub(crate) fn both(bytes: &[u8], sha256: &str, cache: &Path) -> Result<Compressed> {
    Ok(Compressed {
        brotli: cached(&cache.join(format!("{sha256}.br")), || brotli(bytes))?,
        gzip: cached(&cache.join(format!("{sha256}.gz")), || gzip(bytes))?,
    })
}

fn cached(path: &Path, make: impl FnOnce() -> Result<Vec<u8>>) -> Result<Vec<u8>> {
    if let Ok(bytes) = fs::read(path) {
        return Ok(bytes);
    }
    let bytes = make()?;
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder)?;
    }
    // A half-written file under the final name would be taken for the whole one next time.
    let draft = path.with_extension("part");
    fs::write(&draft, &bytes)?;
    fs::rename(&draft, path)?;
    Ok(bytes)
}

fn brotli(bytes: &[u8]) -> Result<Vec<u8>> {
    let mut small = Vec::new();
    brotli::CompressorReader::new(bytes, 1 << 16, 11, 24).read_to_end(&mut small)?;
    Ok(small)
}

fn gzip(bytes: &[u8]) -> Result<Vec<u8>> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(bytes)?;
    Ok(encoder.finish()?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_forms_unpack_to_what_went_in() {
        let cache = tempfile::tempdir().unwrap();
        let text = b"patch ".repeat(100);
        let small = both(&text, "key", cache.path()).unwrap();
        let mut plain = Vec::new();
        flate2::read::GzDecoder::new(&small.gzip[..])
            .read_to_end(&mut plain)
            .unwrap();
        assert_eq!(plain, text);
        plain.clear();
        brotli::Decompressor::new(&small.brotli[..], 4096)
            .read_to_end(&mut plain)
            .unwrap();
        assert_eq!(plain, text);
    }
}
