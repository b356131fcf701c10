//! Addresses pasted where an id is wanted: people copy what their browser shows.

use crate::manifest::field::Field;
use patchbay_model::{Json, JsonMap};
use url::Url;

/// Puts the id in the place of an address, for every input that says where in an address its id stands.
pub(super) fn shorten(fields: &[Field], inputs: &mut JsonMap) {
    for field in fields {
        let (Some(name), Some(marker)) = (&field.name, &field.segment_after) else {
            continue;
        };
        if let Some(Json::String(text)) = inputs.get_mut(name) {
            *text = id_in(text, marker);
        }
    }
}

fn id_in(text: &str, marker: &str) -> String {
    let text = text.trim();
    let Some(address) = Url::parse(text).ok().filter(Url::has_host) else {
        return text.to_owned();
    };
    let segments: Vec<&str> = address
        .path_segments()
        .into_iter()
        .flatten()
        .filter(|segment| !segment.is_empty())
        .collect();
    let marked = segments
        .iter()
        .skip_while(|segment| **segment != marker)
        .nth(1);
    let found = marked.or(segments.last()).copied().unwrap_or(text);
    found.to_owned()
}

#[cfg(test)]
mod tests {
    use super::id_in;

    #[test]
    fn the_id_is_found_in_an_address() {
        for (text, wanted) in [
            (" 1aB_c-D ", "1aB_c-D"),
            (
                "https://docs.google.com/spreadsheets/d/1aB_c-D/edit?gid=0#gid=0",
                "1aB_c-D",
            ),
            (
                "https://docs.google.com/spreadsheets/u/1/d/1aB_c-D",
                "1aB_c-D",
            ),
            ("http://127.0.0.1:4610/sheets/1aB_c-D?gid=1", "1aB_c-D"),
            ("https://example.com/", "https://example.com/"),
            ("mailto:d", "mailto:d"),
        ] {
            assert_eq!(id_in(text, "d"), wanted, "{text}");
        }
    }
}
