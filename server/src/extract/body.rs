//! Request bodies: JSON with an error that says where it is wrong.

use axum::extract::{FromRequest, Request};
use bytes::{Bytes, BytesMut};
use futures::StreamExt;
use http::{StatusCode, header};
use patchbay_model::document::{self, Workflow};
use serde::de::DeserializeOwned;

use crate::error::Problem;

/// The largest body of an API call in bytes.
pub(crate) const LARGEST: usize = 4 * 1024 * 1024;
/// Beyond this many bytes the connection is closed instead.
const LARGEST_THROWN_AWAY: usize = 64 * 1024 * 1024;

/// A JSON body of a known shape.
#[derive(Debug)]
pub(crate) struct Json<T>(pub T);

impl<S: Send + Sync, T: DeserializeOwned> FromRequest<S> for Json<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, _: &S) -> Result<Self, Problem> {
        let bytes = read_within(request, LARGEST).await?;
        let bytes: &[u8] = if bytes.is_empty() { b"{}" } else { &bytes };
        serde_json::from_slice(bytes).map(Json).map_err(|error| {
            Problem::bad_request(
                "malformed_body",
                "The request's body is not what is expected here",
            )
            .detail(error.to_string())
        })
    }
}

/// A workflow document. A malformed one is refused with every mistake at its JSON pointer.
#[derive(Debug)]
pub(crate) struct Document(pub Workflow);

impl<S: Send + Sync> FromRequest<S> for Document {
    type Rejection = Problem;

    async fn from_request(request: Request, _: &S) -> Result<Self, Problem> {
        let bytes = read_within(request, LARGEST).await?;
        let json = serde_json::from_slice(&bytes).map_err(|error| {
            Problem::bad_request("malformed_document", "The workflow document is not JSON")
                .detail(error.to_string())
        })?;
        document::parse(&json).map(Document).map_err(|errors| {
            let problem =
                Problem::unprocessable("malformed_document", "The workflow document has mistakes")
                    .detail(
                        "Nothing was saved. Each mistake is listed with its place in the document.",
                    );
            errors.iter().fold(problem, |problem, error| {
                problem.field(
                    error.pointer.clone(),
                    format!("expected {}, found {}", error.expected, error.found),
                )
            })
        })
    }
}

/// Reads the body. One that is too large is read on and thrown away, up to a limit: whoever sends it hears why only
/// after everything was sent.
pub(crate) async fn read_within(request: Request, largest: usize) -> Result<Bytes, Problem> {
    let announced = request
        .headers()
        .get(header::CONTENT_LENGTH)
        .and_then(|value| value.to_str().ok()?.parse::<usize>().ok());
    if announced.is_some_and(|length| length > LARGEST_THROWN_AWAY) {
        return Err(too_large(largest));
    }
    let mut chunks = request.into_body().into_data_stream();
    let (mut kept, mut length) = (BytesMut::new(), 0_usize);
    while let Some(chunk) = chunks.next().await {
        let chunk = chunk.map_err(|error| {
            Problem::bad_request("unreadable_body", "The request's body could not be read")
                .because(error)
        })?;
        length = length.saturating_add(chunk.len());
        if length > LARGEST_THROWN_AWAY {
            break;
        }
        if length <= largest {
            kept.extend_from_slice(&chunk);
        }
    }
    if length > largest {
        return Err(too_large(largest));
    }
    Ok(kept.freeze())
}

fn too_large(largest: usize) -> Problem {
    Problem::new(
        StatusCode::PAYLOAD_TOO_LARGE,
        "too_large",
        "The request is too large",
    )
    .detail(format!(
        "At most {} MB can be sent at once. Keep large data in a service and let a step fetch it.",
        largest / 1024 / 1024
    ))
}
