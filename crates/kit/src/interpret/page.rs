//! An operation that is one request, or one request per page.

use super::{Context, problem, request::plain, response};
use crate::{
    catalog::DEFAULT_MAX_RECORDS,
    http::Request,
    manifest::{
        operation::RequestLine,
        paging::{Paging, PagingKind},
        send::Send,
    },
};
use patchbay_model::{Json, JsonMap, event::StepError};
use url::Url;

/// Pages that are asked for at most, whatever the service says comes next.
const MOST_PAGES: usize = 10_000;

/// Makes the request, and those for further pages if the person wants all.
pub(super) async fn run(
    context: Context<'_>,
    line: &RequestLine,
    inputs: JsonMap,
) -> Result<Json, StepError> {
    let repeatable = context.spec.repeatable;
    let request = context.request(line, &inputs)?;
    let Some(paging) = &context.operation.paging else {
        let response = context.exchange(request, repeatable).await?;
        return response::output(context, &response);
    };
    let all = inputs
        .get("all_pages")
        .and_then(Json::as_bool)
        .unwrap_or(true);
    let most = inputs
        .get("max_records")
        .and_then(Json::as_u64)
        .unwrap_or(DEFAULT_MAX_RECORDS);
    let most = usize::try_from(most).unwrap_or(usize::MAX);
    let mut request = request;
    if all && let (Some(send), Some(size)) = (&paging.size, paging.page_size) {
        let size = size.min(u64::try_from(most).unwrap_or(size));
        set_if_absent(&mut request, send, &size.to_string());
    }
    walk(context, paging, request, repeatable, all.then_some(most)).await
}

/// Goes from page to page until there is no next one or `most` records are there; without `most`, takes one page.
async fn walk(
    context: Context<'_>,
    paging: &Paging,
    first: Request,
    repeatable: bool,
    most: Option<usize>,
) -> Result<Json, StepError> {
    let mut records = Vec::new();
    let mut request = first.clone();
    for page in 1..=MOST_PAGES {
        let response = context.exchange(request, repeatable).await?;
        let mut answer = response::json(context, &response)?;
        let found = answer.pointer_mut(&paging.records).map(Json::take);
        let Some(Json::Array(found)) = found else {
            let reason = format!("there is no list at {} in its answer", paging.records);
            return Err(problem::unreadable(context, &response, &reason));
        };
        let on_this_page = found.len();
        records.extend(found);
        let next = next(
            paging,
            &first,
            &response.url,
            &answer,
            on_this_page,
            records.len(),
            page,
        );
        let full = most.is_none_or(|most| records.len() >= most);
        match next {
            Some(url) if !full && page < MOST_PAGES => {
                request = Request {
                    url,
                    ..first.clone()
                }
            }
            next => return Ok(merged(paging, answer, records, most, next.is_some())),
        }
    }
    Err(StepError::default())
}

/// The last page's answer with the records of all pages.
fn merged(
    paging: &Paging,
    mut answer: Json,
    mut records: Vec<Json>,
    most: Option<usize>,
    more: bool,
) -> Json {
    let cut = most.is_some_and(|most| records.len() > most);
    records.truncate(most.unwrap_or(usize::MAX));
    let count = records.len();
    if let Some(place) = answer.pointer_mut(&paging.records) {
        *place = Json::Array(records);
    }
    if let Json::Object(map) = &mut answer {
        map.insert("count".to_owned(), Json::from(count));
        map.insert("truncated".to_owned(), Json::Bool(cut || more));
    }
    answer
}

/// Where the next page is; none after the last.
fn next(
    paging: &Paging,
    first: &Request,
    here: &Url,
    answer: &Json,
    on_this_page: usize,
    so_far: usize,
    page: usize,
) -> Option<Url> {
    let told = paging
        .next
        .as_deref()
        .and_then(|pointer| answer.pointer(pointer))
        .map(plain)
        .filter(|text| !text.is_empty());
    let counted = |number: u64| Some(number.to_string()).filter(|_| on_this_page > 0);
    let text = match paging.kind {
        // A page that leads to itself is the last one.
        PagingKind::NextLink => return here.join(&told?).ok().filter(|next| next != here),
        PagingKind::Token => told?,
        PagingKind::Page => {
            let start = current(first, paging.send.as_ref()?).unwrap_or(paging.first);
            counted(start + page as u64)?
        }
        PagingKind::Offset => {
            let start = current(first, paging.send.as_ref()?).unwrap_or(0);
            counted(start + so_far as u64)?
        }
    };
    let Send::Query(name) = paging.send.as_ref()? else {
        return None;
    };
    Some(with_query(&first.url, name, &text))
}

fn current(request: &Request, send: &Send) -> Option<u64> {
    let Send::Query(name) = send else { return None };
    request
        .url
        .query_pairs()
        .find(|(key, _)| key == name)?
        .1
        .parse()
        .ok()
}

fn set_if_absent(request: &mut Request, send: &Send, value: &str) {
    let Send::Query(name) = send else { return };
    if !request.url.query_pairs().any(|(key, _)| key == *name) {
        request.url.query_pairs_mut().append_pair(name, value);
    }
}

fn with_query(url: &Url, name: &str, value: &str) -> Url {
    let others: Vec<(String, String)> = url
        .query_pairs()
        .filter(|(key, _)| key != name)
        .map(|(key, value)| (key.into_owned(), value.into_owned()))
        .collect();
    let mut url = url.clone();
    url.query_pairs_mut()
        .clear()
        .extend_pairs(others)
        .append_pair(name, value);
    url
}
