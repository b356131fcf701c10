//! `/guides/{name}`: the guides as pages.

use crate::{
    guides::{GUIDES, Guide, title},
    ui::PageHeader,
};
use leptos::prelude::*;
use leptos_router::hooks::use_params_map;

/// The page.
#[component]
pub fn GuidesPage() -> impl IntoView {
    let params = use_params_map();
    let name = Memo::new(move |_| {
        let asked = params.with(|params| params.get("name")).unwrap_or_default();
        GUIDES
            .into_iter()
            .map(|(name, _)| name)
            .find(|name| *name == asked)
            .unwrap_or(GUIDES[0].0)
    });
    let heading = Signal::derive(move || title(name.get()).unwrap_or("Guides").to_owned());
    let links = GUIDES
        .into_iter()
        .map(|(own, title)| {
            view! {
                <a
                    class="settings-link"
                    href=format!("/guides/{own}")
                    data-on=move || (name.get() == own).then_some("true")
                    aria-current=move || (name.get() == own).then_some("page")
                >
                    {title}
                </a>
            }
        })
        .collect_view();
    view! {
        <div class="page">
            <div class="guides">
                <nav class="guides-nav" aria-label="Guides">
                    {links}
                </nav>
                <div>
                    <PageHeader title=heading/>
                    {move || view! { <Guide name=name.get()/> }}
                </div>
            </div>
        </div>
    }
    .into_any()
}
