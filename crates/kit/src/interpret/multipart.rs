//! Bodies of several parts: files that are sent together with fields, and answers about several things at once.

use super::inputs::invalid;
use crate::http::{Request, Response};
use base64::{Engine, engine::general_purpose::STANDARD};
use http::{HeaderValue, header::CONTENT_TYPE};
use patchbay_model::{Json, JsonMap, event::StepError};
use serde_json::json;

/// Writes an object as `multipart/form-data`: `{content_type, name, base64}` becomes a file, a list of such several
/// files, any other object or list a part of JSON, and everything else a field.
pub(super) fn set_body(request: &mut Request, body: &Json) -> Result<(), StepError> {
    let mut parts = Vec::new();
    for (name, value) in body.as_object().into_iter().flatten() {
        match value {
            Json::Array(items) if !items.is_empty() && items.iter().all(is_file) => {
                for item in items {
                    parts.push(Part::file(name, item)?);
                }
            }
            value if is_file(value) => parts.push(Part::file(name, value)?),
            value => parts.push(Part::field(name, value)),
        }
    }
    let boundary = boundary(&parts);
    let mut bytes = Vec::new();
    for part in &parts {
        bytes.extend_from_slice(format!("--{boundary}\r\n{}\r\n", part.head).as_bytes());
        bytes.extend_from_slice(&part.body);
        bytes.extend_from_slice(b"\r\n");
    }
    bytes.extend_from_slice(format!("--{boundary}--\r\n").as_bytes());
    request.body = bytes.into();
    let kind = format!("multipart/form-data; boundary={boundary}");
    if let Ok(kind) = HeaderValue::from_str(&kind) {
        request.headers.insert(CONTENT_TYPE, kind);
    }
    Ok(())
}

fn is_file(value: &Json) -> bool {
    value.get("base64").is_some_and(Json::is_string)
}

struct Part {
    /// The part's headers, each with its line's end.
    head: String,
    body: Vec<u8>,
}

impl Part {
    fn file(name: &str, file: &Json) -> Result<Self, StepError> {
        let text = |key: &str| file.get(key).and_then(Json::as_str);
        let encoded = text("base64").unwrap_or_default();
        let body = STANDARD.decode(encoded.trim()).map_err(|_| {
            invalid(
                &format!("/{name}"),
                format!("The file \"{name}\" is not written in base 64, so it cannot be sent."),
            )
        })?;
        let kind = text("content_type").filter(|kind| is_plain(kind));
        let kind = kind.unwrap_or("application/octet-stream");
        let file_name = text("name").unwrap_or(name);
        Ok(Self {
            head: format!(
                "Content-Disposition: form-data; name=\"{}\"; filename=\"{}\"\r\nContent-Type: {kind}\r\n",
                escaped(name),
                escaped(file_name)
            ),
            body,
        })
    }

    fn field(name: &str, value: &Json) -> Self {
        let disposition = format!(
            "Content-Disposition: form-data; name=\"{}\"\r\n",
            escaped(name)
        );
        match value {
            Json::Object(_) | Json::Array(_) => Self {
                head: format!("{disposition}Content-Type: application/json\r\n"),
                body: value.to_string().into_bytes(),
            },
            value => Self {
                head: disposition,
                body: super::request::plain(value).into_bytes(),
            },
        }
    }
}

fn is_plain(text: &str) -> bool {
    text.bytes().all(|byte| (0x20..0x7f).contains(&byte))
}

/// As browsers write names and file names in a part's head.
fn escaped(text: &str) -> String {
    text.replace('"', "%22")
        .replace('\r', "%0D")
        .replace('\n', "%0A")
}

/// A line that is in none of the parts. The same parts have the same one, so that a request can be compared.
fn boundary(parts: &[Part]) -> String {
    (0_u32..)
        .map(|number| format!("patchbay-part-{number:08}"))
        .find(|line| {
            let inside = |part: &Part| {
                part.body
                    .windows(line.len())
                    .any(|at| at == line.as_bytes())
            };
            !parts.iter().any(inside)
        })
        .unwrap_or_default()
}

/// An answer about several things (`multipart/mixed`) as a list of `{resourceId, status, body}`; none if it is no such
/// answer. The first part says how it went for each of the others.
pub(super) fn several(response: &Response) -> Option<Json> {
    let kind = response.header("content-type")?;
    if !kind
        .trim_start()
        .to_lowercase()
        .starts_with("multipart/mixed")
    {
        return None;
    }
    let boundary = kind
        .split(';')
        .find_map(|part| part.trim().strip_prefix("boundary="))?;
    let text = String::from_utf8_lossy(&response.body);
    let line = format!("--{}", boundary.trim_matches('"'));
    let mut bodies = text
        .split(&line)
        .skip(1)
        .filter(|part| !part.starts_with("--"))
        .map(|part| {
            let part = part.replace("\r\n", "\n");
            let body = part.split_once("\n\n").map_or("", |(_, body)| body).trim();
            serde_json::from_str::<Json>(body).unwrap_or_else(|_| Json::from(body))
        });
    let summary = bodies.next()?;
    let told = summary.get("response").and_then(Json::as_array)?;
    let entries = told.iter().map(|told| {
        let mut entry = JsonMap::new();
        let address = told.get("href").and_then(Json::as_str).unwrap_or_default();
        if let Some(id) = address.rsplit('/').next().filter(|id| !id.is_empty()) {
            entry.insert("resourceId".to_owned(), Json::from(id));
        }
        let status = told.get("status").cloned().unwrap_or_else(|| json!(200));
        entry.insert("status".to_owned(), status);
        entry.insert("body".to_owned(), bodies.next().unwrap_or(Json::Null));
        Json::Object(entry)
    });
    Some(entries.collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use http::{HeaderMap, Method};
    use url::Url;

    fn written(body: Json) -> Result<(String, String), StepError> {
        let mut request = Request::new(Method::POST, Url::parse("https://a.example").unwrap());
        set_body(&mut request, &body)?;
        let kind = request.headers[CONTENT_TYPE].to_str().unwrap().to_owned();
        Ok((kind, String::from_utf8(request.body.to_vec()).unwrap()))
    }

    #[test]
    fn files_fields_and_json_become_parts() {
        let (kind, text) = written(json!({
            "json": {"to": [{"phoneNumber": "+1"}]}, "name": "a \"b\"",
            "attachment": [{"content_type": "text/plain", "name": "x.txt", "base64": "aGk="}, {"base64": "aG8="}],
        }))
        .unwrap();
        assert_eq!(kind, "multipart/form-data; boundary=patchbay-part-00000000");
        assert_eq!(
            text,
            "--patchbay-part-00000000\r\nContent-Disposition: form-data; name=\"json\"\r\nContent-Type: \
             application/json\r\n\r\n{\"to\":[{\"phoneNumber\":\"+1\"}]}\r\n\
             --patchbay-part-00000000\r\nContent-Disposition: form-data; name=\"name\"\r\n\r\na \"b\"\r\n\
             --patchbay-part-00000000\r\nContent-Disposition: form-data; name=\"attachment\"; filename=\"x.txt\"\r\n\
             Content-Type: text/plain\r\n\r\nhi\r\n\
             --patchbay-part-00000000\r\nContent-Disposition: form-data; name=\"attachment\"; \
             filename=\"attachment\"\r\nContent-Type: application/octet-stream\r\n\r\nho\r\n\
             --patchbay-part-00000000--\r\n"
        );
    }

    #[test]
    fn the_boundary_is_in_no_part() {
        let (kind, _) = written(json!({"text": "--patchbay-part-00000000"})).unwrap();
        assert!(kind.ends_with("00000001"));
    }

    #[test]
    fn a_file_that_is_not_in_base_64_is_refused_by_name() {
        let error = written(json!({"image": {"base64": "no base"}})).unwrap_err();
        assert_eq!(error.field.as_deref(), Some("/image"));
    }

    #[test]
    fn an_answer_about_several_things_becomes_a_list() {
        let mut headers = HeaderMap::new();
        headers.insert(
            CONTENT_TYPE,
            HeaderValue::from_static("multipart/mixed; boundary=Boundary_1"),
        );
        let body = "--Boundary_1\r\nContent-Type: application/json\r\n\r\n{\"response\": [{\"href\": \"https://x/a/7\", \
                    \"status\": 200}, {\"href\": \"https://x/a/8\", \"status\": 404}]}\r\n--Boundary_1\r\nContent-Type: \
                    application/json\r\n\r\n{\"id\": \"7\"}\r\n--Boundary_1\r\nContent-Type: application/json\r\n\r\n\
                    {\"errorCode\": \"CMN-102\"}\r\n--Boundary_1--\r\n";
        let response = Response {
            status: 207,
            headers,
            body: body.into(),
            url: Url::parse("https://x/a/7,8").unwrap(),
        };
        assert_eq!(
            several(&response).unwrap(),
            json!([
                {"resourceId": "7", "status": 200, "body": {"id": "7"}},
                {"resourceId": "8", "status": 404, "body": {"errorCode": "CMN-102"}},
            ])
        );
    }
}
