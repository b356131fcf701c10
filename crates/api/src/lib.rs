//! The public API as types, and one client for it: the screen, the command line and the tests all use this.

pub mod authentications;
pub mod client;
pub mod connectors;
pub mod debug;
pub mod decode;
pub mod error;
#[cfg(feature = "native")]
pub mod native;
pub mod people;
pub mod runs;
pub mod transport;
pub mod triggers;
pub mod workflows;

pub use client::{Client, ClientError};
pub use decode::decode;
pub use error::ProblemDetails;
pub use patchbay_model as model;

/// A page of a longer list.
#[derive(Debug, Clone, PartialEq, serde::Serialize, serde::Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Page<T> {
    pub items: Vec<T>,
    /// Pass it as `cursor` to get the next page; none at the end.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next_cursor: Option<String>,
    /// How many there are in all, when that is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub total: Option<u64>,
}
