//! How a service hands out a long list in pages.

use super::send::Send;
use serde::Deserialize;

/// How the next page is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PagingKind {
    /// The answer holds the next page's address at `next`.
    NextLink,
    /// Pages are counted; the number goes to `send`.
    Page,
    /// The answer holds a token at `next` that goes to `send`.
    Token,
    /// Records are counted; the number to leave out goes to `send`.
    Offset,
}

/// `[paging]` of an operation. It adds the inputs `all_pages` and `max_records`, and `count` and `truncated` to the
/// output.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Paging {
    pub kind: PagingKind,
    /// JSON pointer of the list of records in the answer.
    pub records: String,
    /// JSON pointer of the next page's address or token in the answer.
    #[serde(default)]
    pub next: Option<String>,
    /// Where the page's number, token or offset goes.
    #[serde(default)]
    pub send: Option<Send>,
    /// The number of the first page.
    #[serde(default = "one")]
    pub first: u64,
    /// Where the size of a page goes.
    #[serde(default)]
    pub size: Option<Send>,
    /// The size to ask for when all pages are wanted and the person chose none.
    #[serde(default)]
    pub page_size: Option<u64>,
}

fn one() -> u64 {
    1
}
