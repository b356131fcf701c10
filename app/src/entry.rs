//! Where the browser comes in: the builder is a program of its own, beside that of all other pages, so that neither has
//! to be loaded for the other.

/// Which of the two programs a page needs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Entry {
    /// Takes a rendered page over.
    Pages,
    /// Puts the builder in the place of the rendered skeleton.
    Builder,
}

impl Entry {
    /// The program for the page at this path.
    pub fn of(path: &str) -> Self {
        match path.strip_prefix("/workflows/") {
            Some(id) if !id.is_empty() && !id.contains('/') => Self::Builder,
            _ => Self::Pages,
        }
    }

    /// What its files are called: `pkg/<name>.js`, `pkg/<name>_bg.wasm`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Pages => "pages",
            Self::Builder => "builder",
        }
    }
}

/// What `rel` a link wants: the pages' router has to leave a link to the builder to the browser.
pub fn rel(href: &str) -> Option<&'static str> {
    let path = href.split(['?', '#']).next().unwrap_or_default();
    (Entry::of(path) == Entry::Builder).then_some("external")
}

/// Takes over the page that the server rendered.
#[cfg(feature = "hydrate")]
pub fn pages() {
    use leptos::prelude::*;

    begin();
    hydrate_body(|| {
        provide_fetch();
        view! { <crate::App/> }
    });
}

/// Puts the builder in the place of the skeleton that the server rendered.
#[cfg(feature = "csr")]
pub fn builder() {
    use leptos::prelude::*;

    begin();
    if let Some(body) = document().body() {
        body.set_inner_html("");
    }
    mount_to_body(|| {
        provide_fetch();
        view! { <crate::builder::BuilderAlone/> }
    });
}

#[cfg(any(feature = "csr", feature = "hydrate"))]
fn begin() {
    crate::browser::report_panics();
}

#[cfg(any(feature = "csr", feature = "hydrate"))]
fn provide_fetch() {
    let transport = std::sync::Arc::new(crate::transport::Fetch);
    crate::provide_client(patchbay_api::Client::new(transport));
}

#[cfg(test)]
mod tests {
    use super::{Entry, rel};

    #[test]
    fn only_the_address_of_one_workflow_is_the_builders() {
        for (path, entry) in [
            ("/workflows/wf_1", Entry::Builder),
            ("/workflows/", Entry::Pages),
            ("/workflows", Entry::Pages),
            ("/workflows/wf_1/more", Entry::Pages),
            ("/", Entry::Pages),
            ("/runs/run_1", Entry::Pages),
        ] {
            assert_eq!(Entry::of(path), entry, "{path}");
        }
    }

    #[test]
    fn links_to_the_builder_are_left_to_the_browser() {
        for (href, wanted) in [
            ("/workflows/wf_1", Some("external")),
            ("/workflows/wf_1?run=run_1", Some("external")),
            ("/runs?workflow=wf_1", None),
        ] {
            assert_eq!(rel(href), wanted, "{href}");
        }
    }
}
