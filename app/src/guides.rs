//! Guides: each about one screen long, illustrated, one click from where it is needed.

mod authentications;
mod connector_snake;
mod jsonpaths;
mod picture;
mod polling;
mod working_with_data;

use crate::ui::SideSheet;
use leptos::prelude::*;

/// Name and title of every guide, in reading order.
pub const GUIDES: [(&str, &str); 5] = [
    ("working-with-data", "Working with data"),
    ("connector-snake", "The connector-snake"),
    ("jsonpaths", "JSONPaths"),
    ("authentications", "Authentications"),
    ("polling", "Only what is new"),
];

/// The title of a guide, if there is one of that name.
pub fn title(name: &str) -> Option<&'static str> {
    GUIDES
        .into_iter()
        .find(|(known, _)| *known == name)
        .map(|(_, title)| title)
}

/// A guide by name: `jsonpaths`, `connector-snake`, `working-with-data`, `authentications`, `polling`.
#[component]
pub fn Guide(#[prop(into)] name: String) -> impl IntoView {
    let text = match name.as_str() {
        "jsonpaths" => jsonpaths::text(),
        "connector-snake" => connector_snake::text(),
        "authentications" => authentications::text(),
        "polling" => polling::text(),
        _ => working_with_data::text(),
    };
    view! { <article class="guide">{text}</article> }
}

/// A guide beside the page, for reading while doing.
#[component]
pub fn GuideSheet(
    #[prop(into)] name: String,
    #[prop(into)] on_close: Callback<()>,
) -> impl IntoView {
    let title = title(&name).unwrap_or("Guide");
    view! {
        <SideSheet title on_close>
            <Guide name/>
        </SideSheet>
    }
    .into_any()
}
