//! Request bodies: JSON with an error that says where it is wrong.

use axum::{
    body::Bytes,
    extract::{FromRequest, Request, rejection::BytesRejection},
};
use http::StatusCode;
use patchbay_model::document::{self, Workflow};
use serde::de::DeserializeOwned;

use crate::error::Problem;

/// The largest body of an API call in bytes.
pub(crate) const LARGEST: usize = 4 * 1024 * 1024;

/// A JSON body of a known shape.
#[derive(Debug)]
pub(crate) struct Json<T>(pub T);

impl<S: Send + Sync, T: DeserializeOwned> FromRequest<S> for Json<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &S) -> Result<Self, Problem> {
        let bytes = read(request, state).await?;
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

    async fn from_request(request: Request, state: &S) -> Result<Self, Problem> {
        let bytes = read(request, state).await?;
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

async fn read<S: Send + Sync>(request: Request, state: &S) -> Result<Bytes, Problem> {
    Bytes::from_request(request, state).await.map_err(|rejection| match rejection {
        BytesRejection::FailedToBufferBody(error) if error.status() == StatusCode::PAYLOAD_TOO_LARGE => {
            Problem::new(StatusCode::PAYLOAD_TOO_LARGE, "too_large", "The request is too large").detail(format!(
                "At most {} MB can be sent at once. Keep large data in a service and let a step fetch it.",
                LARGEST / 1024 / 1024
            ))
        }
        other => Problem::bad_request("unreadable_body", "The request's body could not be read").because(other),
    })
}
