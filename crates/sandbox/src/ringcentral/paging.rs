//! Pages of a list: `paging` with its totals and `navigation` with full links.

use serde_json::{Map, Value, json};

use crate::ringcentral::errors;
use crate::wire::{Reply, Request, encode};

/// Which page of which size.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Page {
    number: usize,
    size: usize,
}

/// The largest page; a larger one asked for is clamped to it.
const LARGEST: usize = 1_000;

impl Page {
    /// Reads `page` and `perPage` (a number, or `max`).
    pub(crate) fn of(request: &Request) -> Result<Self, Reply> {
        let size = match request.param("perPage") {
            None => 100,
            Some("max") => LARGEST,
            Some(text) => positive("perPage", text)?.min(LARGEST),
        };
        let number = match request.param("page") {
            None => 1,
            Some(text) => positive("page", text)?,
        };
        Ok(Self { number, size })
    }

    /// The answer for one page of `items`. `path` is the list's own address without the query and
    /// `query` what was asked besides the page; both go into every link.
    pub(crate) fn answer<T>(
        self,
        path: &str,
        query: &[(String, String)],
        items: &[T],
        render: impl Fn(&T) -> Value,
    ) -> Reply {
        let total = items.len();
        let pages = total.div_ceil(self.size);
        let start = (self.number - 1).saturating_mul(self.size).min(total);
        let end = start.saturating_add(self.size).min(total);
        let link = |number: usize| -> Value {
            let mut pairs = query.to_vec();
            pairs.push(("page".to_owned(), number.to_string()));
            pairs.push(("perPage".to_owned(), self.size.to_string()));
            format!("{path}?{}", encode(&pairs)).into()
        };
        let mut paging = json!({
            "page": self.number,
            "perPage": self.size,
            "totalPages": pages,
            "totalElements": total,
        });
        if start < end {
            paging["pageStart"] = start.into();
            paging["pageEnd"] = (end - 1).into();
        }
        let mut navigation = Map::new();
        let mut lead = |name: &str, number: usize| {
            navigation.insert(name.to_owned(), json!({ "uri": link(number) }));
        };
        lead("firstPage", 1);
        if self.number < pages {
            lead("nextPage", self.number + 1);
        }
        if self.number > 1 {
            lead("previousPage", (self.number - 1).min(pages.max(1)));
        }
        lead("lastPage", pages.max(1));
        let records: Vec<Value> = items[start..end].iter().map(render).collect();
        Reply::ok(&json!({
            "uri": link(self.number),
            "records": records,
            "paging": paging,
            "navigation": navigation,
        }))
    }
}

fn positive(name: &str, text: &str) -> Result<usize, Reply> {
    text.parse()
        .ok()
        .filter(|number| *number >= 1)
        .ok_or_else(|| errors::invalid(name, text))
}
