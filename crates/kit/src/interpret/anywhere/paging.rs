//! Answers that come in pages: asks for the next one until there is none, and puts their items together.

use super::{body, text};
use crate::{
    http::{Request, Response},
    interpret::{
        Context,
        builtin::{described, expected},
        inputs::{invalid, kind_name},
        request::plain,
    },
};
use patchbay_model::{Json, JsonMap, event::StepError};
use std::collections::HashSet;
use url::Url;

/// Unless the inputs say otherwise.
const MOST_PAGES: u64 = 100;

/// How the next page is asked for.
pub(super) struct Paging {
    kind: Kind,
    /// The key of the list in an answer; empty: the answer itself.
    items: String,
    /// The key of the next address or cursor in an answer.
    next: String,
    /// The query parameter that says which page.
    parameter: String,
    first: u64,
    most: u64,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// The answer holds the whole address, in the header `Link` or at a key.
    NextLink,
    /// The answer holds what the parameter must be.
    Cursor,
    /// The parameter counts pages.
    Page,
    /// The parameter counts items.
    Offset,
}

impl Paging {
    /// None: there is one page.
    pub(super) fn read(inputs: &JsonMap) -> Result<Option<Self>, StepError> {
        let Some(Json::Object(given)) = inputs.get("paging") else {
            return Ok(None);
        };
        let kind = match text(given, "kind") {
            "next_link" => Kind::NextLink,
            "cursor" => Kind::Cursor,
            "page" => Kind::Page,
            "offset" => Kind::Offset,
            _ => return Ok(None),
        };
        let parameter = match (text(given, "parameter"), kind) {
            ("", Kind::Page) => "page",
            ("", Kind::Offset) => "offset",
            ("", Kind::Cursor) => "cursor",
            (given, _) => given,
        };
        let next = text(given, "next");
        if kind == Kind::Cursor && next.is_empty() {
            let message =
                "Say where the answer holds the cursor of the next page, such as next_cursor.";
            return Err(invalid("/paging/next", message));
        }
        let number = |name: &str| given.get(name).and_then(Json::as_u64);
        Ok(Some(Self {
            kind,
            items: text(given, "items").to_owned(),
            next: next.to_owned(),
            parameter: parameter.to_owned(),
            first: number("first").unwrap_or(u64::from(kind == Kind::Page)),
            most: number("max_pages").unwrap_or(MOST_PAGES).max(1),
        }))
    }

    /// The address of the next page; none if this was the last one.
    fn next(
        &self,
        response: &Response,
        answer: &Json,
        page: u64,
        all: usize,
        count: usize,
    ) -> Result<Option<Url>, StepError> {
        let url = &response.url;
        match self.kind {
            Kind::Page | Kind::Offset if count == 0 => Ok(None),
            Kind::Page => Ok(Some(with(
                url,
                &self.parameter,
                &(self.first + page).to_string(),
            ))),
            Kind::Offset => {
                let offset = self.first + all as u64;
                Ok(Some(with(url, &self.parameter, &offset.to_string())))
            }
            Kind::Cursor => {
                let cursor = at(answer, &self.next)
                    .map(plain)
                    .filter(|cursor| !cursor.is_empty());
                Ok(cursor.map(|cursor| with(url, &self.parameter, &cursor)))
            }
            Kind::NextLink => {
                let link = match self.next.as_str() {
                    "" => response
                        .header("link")
                        .and_then(next_link)
                        .map(str::to_owned),
                    key => at(answer, key).and_then(Json::as_str).map(str::to_owned),
                };
                let Some(link) = link.filter(|link| !link.is_empty()) else {
                    return Ok(None);
                };
                let next = url.join(&link).map_err(|error| {
                    invalid("/paging/next", format!("The answer names \"{link}\" as its next page, which is no address: {error}."))
                })?;
                Ok(Some(next))
            }
        }
    }
}

/// All pages as one output: `body` is the list of all items, `pages` counts them, `truncated` says whether there
/// are more.
pub(super) async fn run(
    context: Context<'_>,
    mut request: Request,
    inputs: &JsonMap,
    repeatable: bool,
    paging: Paging,
) -> Result<Json, StepError> {
    if matches!(paging.kind, Kind::Page | Kind::Offset) {
        request.url = with(&request.url, &paging.parameter, &paging.first.to_string());
    }
    let mut all = Vec::new();
    let mut seen = HashSet::new();
    let mut page = 0;
    loop {
        seen.insert(request.url.to_string());
        page += 1;
        let response = context.send(request.clone(), repeatable).await?;
        expected(&response, inputs, repeatable)?;
        let answer = body::read(&response, inputs)?;
        let items = match at(&answer, &paging.items) {
            Some(Json::Array(items)) => items.clone(),
            Some(Json::Null) => Vec::new(),
            found => {
                let kind = found.map_or("nothing", kind_name);
                let message = format!(
                    "The items of a page should stand in a list, and page {page} has {kind} there."
                );
                return Err(invalid("/paging/items", message));
            }
        };
        let count = items.len();
        all.extend(items);
        let next = paging.next(&response, &answer, page, all.len(), count)?;
        let is_last = next.is_none() || page >= paging.most;
        if is_last {
            let mut output = described(&response);
            output["body"] = Json::Array(all);
            output["pages"] = Json::from(page);
            output["truncated"] = Json::Bool(next.is_some());
            return Ok(output);
        }
        let Some(next) = next else { continue };
        if seen.contains(next.as_str()) {
            let message =
                "The next page is one that was there already, so the pages would never end.";
            return Err(invalid("/paging", message));
        }
        let carries_secret = request
            .headers
            .values()
            .any(http::HeaderValue::is_sensitive);
        if carries_secret && next.origin() != request.url.origin() {
            let message = format!(
                "The next page is at {}, another place than the first one, so the secret of this request is not sent there.",
                next.host_str().unwrap_or_default()
            );
            return Err(invalid("/paging", message));
        }
        request.url = next;
    }
}

/// The address with this parameter, instead of one that it has already.
fn with(url: &Url, parameter: &str, value: &str) -> Url {
    let others: Vec<(String, String)> = url
        .query_pairs()
        .filter(|(name, _)| name != parameter)
        .map(|(name, value)| (name.into_owned(), value.into_owned()))
        .collect();
    let mut url = url.clone();
    url.query_pairs_mut()
        .clear()
        .extend_pairs(others)
        .append_pair(parameter, value);
    url
}

/// The value at keys divided by dots; the whole for an empty key.
fn at<'v>(value: &'v Json, key: &str) -> Option<&'v Json> {
    if key.is_empty() {
        return Some(value);
    }
    key.split('.').try_fold(value, |value, part| match value {
        Json::Array(items) => items.get(part.parse::<usize>().ok()?),
        other => other.get(part),
    })
}

/// The address with `rel="next"` in a header `Link` (RFC 8288).
fn next_link(header: &str) -> Option<&str> {
    header.split('<').skip(1).find_map(|link| {
        let (address, parameters) = link.split_once('>')?;
        let parameters = parameters.to_lowercase();
        let is_next = parameters.split([';', ',']).any(|parameter| {
            let value = parameter.trim().strip_prefix("rel=");
            value.is_some_and(|value| value.trim_matches('"').split(' ').any(|rel| rel == "next"))
        });
        is_next.then_some(address)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_next_link_is_found_among_others() {
        for (header, wanted) in [
            (
                "<https://a/?p=2>; rel=\"next\", <https://a/?p=9>; rel=\"last\"",
                Some("https://a/?p=2"),
            ),
            (
                "<https://a/?p=1>; rel=prev, <https://a/?x=a,b>; title=\"x\"; rel=next",
                Some("https://a/?x=a,b"),
            ),
            ("<https://a/?p=1>; rel=\"last\"", None),
            ("nonsense", None),
        ] {
            assert_eq!(next_link(header), wanted, "{header}");
        }
    }

    #[test]
    fn a_parameter_is_set_anew() {
        let url = Url::parse("https://a.example/x?page=1&b=2").unwrap();
        assert_eq!(
            with(&url, "page", "2 3").as_str(),
            "https://a.example/x?b=2&page=2+3"
        );
    }
}
