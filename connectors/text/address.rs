//! Addresses of the web and of mail, taken apart and put together.

use crate::values::plain;
use patchbay_kit::{
    model::{Json, JsonMap, event::StepError},
    pure::{Inputs, invalid, shown},
};
use serde_json::json;
use url::Url;

pub(super) fn parse_url(text: &str) -> Result<Json, StepError> {
    let url = read("/url", text)?;
    let mut output = json!({ "scheme": url.scheme() });
    if let Some(host) = url.host_str() {
        output["host"] = Json::from(host);
    }
    if let Some(port) = url.port() {
        output["port"] = Json::from(port);
    }
    output["path"] = Json::from(url.path());
    let mut query = JsonMap::new();
    for (name, value) in url.query_pairs() {
        let value = Json::from(value.into_owned());
        match query.get_mut(name.as_ref()) {
            None => {
                query.insert(name.into_owned(), value);
            }
            Some(Json::Array(values)) => values.push(value),
            Some(first) => *first = json!([first.take(), value]),
        }
    }
    output["query"] = Json::Object(query);
    if let Some(fragment) = url.fragment() {
        output["fragment"] = Json::from(fragment);
    }
    if !url.username().is_empty() {
        output["user"] = Json::from(url.username());
    }
    Ok(output)
}

pub(super) fn build_url(inputs: &Inputs) -> Result<String, StepError> {
    let base = inputs.text("base");
    let mut url = read("/base", base)?;
    let parts = inputs.list("path");
    if !parts.is_empty() {
        let mut path = url.path_segments_mut().map_err(|()| {
            let base = shown(&Json::from(base));
            invalid("/base", format!("{base} is an address without a path."))
        })?;
        path.pop_if_empty();
        path.extend(parts.iter().map(plain));
    }
    if let Some(query) = inputs.get("query").and_then(Json::as_object)
        && !query.is_empty()
    {
        let mut pairs = url.query_pairs_mut();
        for (name, value) in query {
            match value {
                Json::Null => {}
                Json::Array(items) => {
                    pairs.extend_pairs(items.iter().map(|item| (name, plain(item))));
                }
                value => {
                    pairs.append_pair(name, &plain(value));
                }
            }
        }
    }
    if !inputs.text("fragment").is_empty() {
        url.set_fragment(Some(inputs.text("fragment")));
    }
    Ok(url.to_string())
}

fn read(pointer: &str, text: &str) -> Result<Url, StepError> {
    Url::parse(text.trim()).map_err(|error| {
        let text = shown(&Json::from(text));
        invalid(
            pointer,
            format!("{text} is no address: {error}. Write for example https://example.com/path."),
        )
    })
}

pub(super) fn parse_email(text: &str) -> Result<Json, StepError> {
    let (name, address) = match text
        .trim()
        .strip_suffix('>')
        .and_then(|text| text.rsplit_once('<'))
    {
        Some((name, address)) => (name.trim().trim_matches('"'), address),
        None => ("", text.trim()),
    };
    let parts = address.rsplit_once('@').filter(|(local, domain)| {
        !local.is_empty()
            && !domain.is_empty()
            && !address.contains(char::is_whitespace)
            && !domain.starts_with('.')
            && !domain.ends_with('.')
    });
    let Some((local, domain)) = parts else {
        let text = shown(&Json::from(text));
        return Err(invalid(
            "/email",
            format!("{text} is no e-mail address. Write for example anna@example.com."),
        ));
    };
    let domain = domain.to_lowercase();
    let mut output =
        json!({ "address": format!("{local}@{domain}"), "local": local, "domain": domain });
    if !name.is_empty() {
        output["name"] = Json::from(name);
    }
    Ok(output)
}
