//! What the palette and the picker offer: every operation as one searchable line.

use patchbay_api::connectors::{ConnectorDetail, ConnectorSummary, OperationDetail};

/// The groups of the palette, in the order in which they stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Section {
    Triggers,
    Core,
    Helpers,
    Services,
}

impl Section {
    pub const ALL: [Self; 4] = [Self::Triggers, Self::Core, Self::Helpers, Self::Services];

    /// What people read.
    pub fn title(self) -> &'static str {
        match self {
            Self::Triggers => "Triggers",
            Self::Core => "Core",
            Self::Helpers => "Helpers",
            Self::Services => "Services",
        }
    }

    /// Where a connector's operations stand.
    fn of(categories: &[String]) -> Self {
        let has = |name: &str| categories.iter().any(|category| category == name);
        if has("core") {
            Self::Core
        } else if has("helper") {
            Self::Helpers
        } else {
            Self::Services
        }
    }
}

/// One operation or trigger.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Offer {
    pub section: Section,
    pub connector: String,
    pub connector_title: String,
    pub operation: String,
    pub title: String,
    pub summary: String,
    pub group: String,
    /// Lower case: what a search looks through besides the title, in order of weight.
    haystack: [String; 4],
}

impl Offer {
    /// Whether it starts runs.
    pub fn is_trigger(&self) -> bool {
        self.section == Section::Triggers
    }
}

/// Everything a connector offers, each group together, in the order in which the groups first occur.
pub fn offers(detail: &ConnectorDetail) -> Vec<Offer> {
    let section = Section::of(&detail.categories);
    let triggers = detail
        .triggers
        .iter()
        .map(|trigger| (Section::Triggers, trigger));
    let operations = detail
        .operations
        .iter()
        .map(|operation| (section, operation));
    let offered = triggers
        .chain(operations)
        .filter(|(_, operation)| !operation.hidden && !operation.deprecated);
    let mut offers: Vec<Offer> = offered
        .map(|(section, operation)| offer(detail, section, operation))
        .collect();
    let groups: Vec<String> = offers.iter().map(|offer| offer.group.clone()).collect();
    offers.sort_by_key(|offer| groups.iter().position(|group| *group == offer.group));
    offers
}

fn offer(detail: &ConnectorDetail, section: Section, operation: &OperationDetail) -> Offer {
    let haystack = [
        detail.title.to_lowercase(),
        operation.keywords.join(" ").to_lowercase(),
        format!("{} {}", operation.group, operation.name).to_lowercase(),
        operation.summary.to_lowercase(),
    ];
    Offer {
        section,
        connector: detail.name.clone(),
        connector_title: detail.title.clone(),
        operation: operation.name.clone(),
        title: operation.title.clone(),
        summary: operation.summary.clone(),
        group: operation.group.clone(),
        haystack,
    }
}

/// The connectors of a section with the number of operations they have there, by title.
pub fn connectors_in(section: Section, all: &[ConnectorSummary]) -> Vec<(ConnectorSummary, usize)> {
    let mut found: Vec<_> = all
        .iter()
        .filter_map(|connector| {
            let count = match section {
                Section::Triggers => connector.triggers,
                other if Section::of(&connector.categories) == other => connector.operations,
                _ => 0,
            };
            (count > 0).then(|| (connector.clone(), count))
        })
        .collect();
    // The triggers that need no account come first.
    found.sort_by_key(|(connector, _)| {
        (
            section == Section::Triggers && connector.service.is_some(),
            connector.title.to_lowercase(),
        )
    });
    found
}

/// The offers in which every word of the query occurs, the best first, at most `limit`.
pub fn search<'a>(all: &'a [Offer], query: &str, limit: usize) -> Vec<&'a Offer> {
    let query = query.to_lowercase();
    let words: Vec<&str> = query.split_whitespace().collect();
    let mut found: Vec<(u32, &Offer)> = all
        .iter()
        .filter_map(|offer| Some((score(offer, &words, &query)?, offer)))
        .collect();
    found.sort_by_key(|(score, _)| *score);
    found.truncate(limit);
    found.into_iter().map(|(_, offer)| offer).collect()
}

/// Lower is better; none when a word does not occur.
fn score(offer: &Offer, words: &[&str], query: &str) -> Option<u32> {
    let title = offer.title.to_lowercase();
    let mut sum = if title.starts_with(query.trim()) {
        0
    } else {
        2
    };
    for word in words {
        sum += if title.split_whitespace().any(|part| part.starts_with(word)) {
            0
        } else if title.contains(word) {
            2
        } else {
            4 + 2 * u32::try_from(offer.haystack.iter().position(|text| text.contains(word))?)
                .ok()?
        };
    }
    Some(sum)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn connector() -> ConnectorDetail {
        let operation = |title: &str, name: &str, keywords: &[&str], hidden: bool| {
            json!({ "name": name, "title": title, "summary": format!("Does {title}."), "group": "Calls",
                "scopes": [], "repeatable": true, "keywords": keywords, "hidden": hidden })
        };
        serde_json::from_value(json!({
            "name": "ringcentral", "title": "RingCentral", "version": "1", "categories": ["service"],
            "operations": [
                operation("List extension call logs", "list_extension_call_logs", &["history"], false),
                operation("Get call log record", "get_call_log", &[], false),
                operation("Send SMS", "send_sms", &["text message"], false),
                operation("Choose an extension", "choose_extension", &[], true),
            ],
            "triggers": [operation("New call", "new_call", &[], false)],
        }))
        .unwrap()
    }

    fn titles(query: &str) -> Vec<String> {
        search(&offers(&connector()), query, 10)
            .into_iter()
            .map(|offer| offer.title.clone())
            .collect()
    }

    #[test]
    fn every_word_of_a_query_must_occur() {
        assert_eq!(titles("call log list"), ["List extension call logs"]);
        assert_eq!(titles("call xyz"), Vec::<String>::new());
    }

    #[test]
    fn titles_weigh_more_than_keywords_and_connector() {
        assert_eq!(titles("text"), ["Send SMS"]);
        assert_eq!(titles("call").first().map(String::as_str), Some("New call"));
        assert_eq!(
            titles("get").first().map(String::as_str),
            Some("Get call log record")
        );
    }

    #[test]
    fn the_connector_s_name_finds_all_that_is_offered() {
        assert_eq!(titles("ringcentral").len(), 4);
    }

    #[test]
    fn hidden_operations_are_not_offered() {
        assert!(titles("choose").is_empty());
    }

    #[test]
    fn a_service_with_events_stands_in_two_sections() {
        let summary: ConnectorSummary = serde_json::from_value(json!({
            "name": "ringcentral", "title": "RingCentral", "version": "1", "categories": ["service"],
            "service": "ringcentral", "operations": 3, "triggers": 1,
        }))
        .unwrap();
        let counts = Section::ALL.map(|section| {
            connectors_in(section, std::slice::from_ref(&summary))
                .first()
                .map(|(_, count)| *count)
        });
        assert_eq!(counts, [Some(1), None, None, Some(3)]);
    }

    #[test]
    fn groups_stand_together() {
        let mut connector = connector();
        let groups = ["Calls", "Messages", "Calls"];
        for (operation, group) in connector.operations.iter_mut().zip(groups) {
            group.clone_into(&mut operation.group);
        }
        connector.triggers.clear();
        let order: Vec<String> = offers(&connector)
            .into_iter()
            .map(|offer| offer.group)
            .collect();
        assert_eq!(order, ["Calls", "Calls", "Messages"]);
    }
}
