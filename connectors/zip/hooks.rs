//! Zip archives, in memory. What an archive says about its sizes is not believed; what comes out is counted.

use crate::file::{self, File};
use patchbay_kit::{
    Hooks,
    model::{Json, event::StepError},
    pure::{self, Inputs, failed, invalid},
};
use serde_json::json;
use std::{
    collections::HashSet,
    io::{Cursor, Read, Write},
};
use zip::{ZipArchive, ZipWriter, result::ZipError, write::SimpleFileOptions};

/// More files than this are no honest archive.
const MOST_FILES: usize = 10_000;

/// The hooks of this connector.
pub(crate) fn hooks() -> impl Hooks {
    pure::slow_hooks(run)
}

fn run(operation: &str, inputs: &mut Inputs) -> Option<Result<Json, StepError>> {
    Some(match operation {
        "create" => create(inputs),
        "extract" => extract(inputs),
        _ => return None,
    })
}

fn create(inputs: &Inputs) -> Result<Json, StepError> {
    let broken = |error: ZipError| {
        failed(
            "internal",
            format!("The archive cannot be written: {error}."),
        )
    };
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    let mut names = HashSet::new();
    let files = inputs.list("files");
    for (index, file) in files.iter().enumerate() {
        let pointer = format!("/files/{index}");
        let file = File::read(file, &pointer)?;
        let name = safe_path(&file.name);
        if name.is_empty() || !names.insert(name.clone()) {
            let message =
                format!("Two files of the archive would be called \"{name}\". Rename one of them.");
            return Err(invalid(&format!("{pointer}/name"), message));
        }
        writer
            .start_file(name, SimpleFileOptions::default())
            .map_err(broken)?;
        writer
            .write_all(&file.bytes)
            .map_err(|error| broken(ZipError::Io(error)))?;
    }
    let bytes = writer.finish().map_err(broken)?.into_inner();
    let archive = File {
        name: inputs.text("name").to_owned(),
        content_type: "application/zip".to_owned(),
        bytes,
    };
    Ok(json!({ "result": archive.json(), "count": files.len() }))
}

/// A path that stays inside the place where it is unpacked.
fn safe_path(name: &str) -> String {
    let parts = name.split(['/', '\\']);
    let parts = parts.filter(|part| !matches!(*part, "" | "." | "..") && !part.ends_with(':'));
    parts.collect::<Vec<_>>().join("/")
}

fn extract(inputs: &Inputs) -> Result<Json, StepError> {
    let archive = File::read(inputs.get("file").unwrap_or(&Json::Null), "/file")?;
    let wrong = |reason: String| {
        invalid(
            "/file",
            format!("The file is no zip archive that can be read: {reason}."),
        )
    };
    let mut zip =
        ZipArchive::new(Cursor::new(&archive.bytes)).map_err(|error| wrong(error.to_string()))?;
    if zip.len() > MOST_FILES {
        return Err(wrong(format!("it has more than {MOST_FILES} files")));
    }
    let most = inputs.count("max_size").unwrap_or(64 << 20);
    let only = inputs.text("only");
    let mut left = most;
    let mut files = Vec::new();
    for index in 0..zip.len() {
        let mut entry = zip
            .by_index(index)
            .map_err(|error| wrong(error.to_string()))?;
        let path = safe_path(&entry.name().map_err(|error| wrong(error.to_string()))?);
        if entry.is_dir() || !path.contains(only) {
            continue;
        }
        let mut bytes = Vec::new();
        let room = u64::try_from(left).unwrap_or(u64::MAX).saturating_add(1);
        let mut limited = entry.by_ref().take(room);
        limited
            .read_to_end(&mut bytes)
            .map_err(|error| wrong(format!("{path}: {error}")))?;
        left = left.checked_sub(bytes.len()).ok_or_else(|| {
            let message = format!(
                "The files in it have more than {most} bytes together. Max size allows more."
            );
            StepError {
                field: Some("/file".to_owned()),
                ..failed("too_large", message)
            }
        })?;
        let name = path.rsplit('/').next().unwrap_or(&path).to_owned();
        let file = File {
            content_type: file::content_type(&name).to_owned(),
            name,
            bytes,
        };
        files.push(json!({ "path": path, "size": file.bytes.len(), "file": file.json() }));
    }
    let count = files.len();
    Ok(json!({ "files": files, "count": count }))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bytes;

    fn with(value: Json) -> Inputs {
        value.as_object().cloned().unwrap().into()
    }

    fn file(name: &str, content: &[u8]) -> Json {
        json!({ "name": name, "content_type": "text/plain", "base64": bytes::write(content, "base64") })
    }

    #[test]
    fn what_is_packed_comes_out_again() {
        let files = json!([file("a.txt", b"Hello"), file("b/c.csv", b"")]);
        let packed = create(&with(json!({ "files": files, "name": "x.zip" }))).unwrap();
        let found = extract(&with(json!({ "file": packed["result"] }))).unwrap();
        assert_eq!(found["count"], 2);
        assert_eq!(found["files"][0]["file"]["base64"], "SGVsbG8=");
        assert_eq!(found["files"][1]["path"], "b/c.csv");
        let some = extract(&with(json!({ "file": packed["result"], "only": ".csv" }))).unwrap();
        assert_eq!(some["count"], 1);
    }

    #[test]
    fn an_archive_that_swells_is_stopped() {
        let zeros = vec![0; 1 << 20];
        let packed = create(&with(
            json!({ "files": [file("bomb", &zeros)], "name": "x" }),
        ))
        .unwrap();
        let inputs = json!({ "file": packed["result"], "max_size": 100_000 });
        assert_eq!(extract(&with(inputs)).unwrap_err().code, "too_large");
    }

    #[test]
    fn paths_stay_inside() {
        for (path, wanted) in [
            ("../../etc/passwd", "etc/passwd"),
            ("/a//b", "a/b"),
            ("C:\\x\\..\\y", "x/y"),
        ] {
            assert_eq!(safe_path(path), wanted, "{path}");
        }
    }
}
