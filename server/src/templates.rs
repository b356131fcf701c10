//! Ready-made workflows that people start from.

use patchbay_api::workflows::Template;
use patchbay_model::document;

/// The document of each template, by name.
const DOCUMENTS: &[(&str, &str)] = &[(
    "store-call-logs",
    include_str!("../templates/store-call-logs.json"),
)];

/// All templates. A document that cannot be read is left out; a test keeps that from happening.
pub(crate) fn all() -> Vec<Template> {
    DOCUMENTS
        .iter()
        .filter_map(|(name, text)| template(name, text))
        .collect()
}

fn template(name: &str, text: &str) -> Option<Template> {
    let document = document::from_str(text).ok()?;
    Some(Template {
        name: name.to_owned(),
        title: document.name.clone(),
        summary: document.description.clone(),
        connectors: crate::summary::connectors(&document),
        document,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_template_can_be_read() {
        assert_eq!(all().len(), DOCUMENTS.len());
    }
}
