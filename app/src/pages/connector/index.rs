//! The operations of a connector, ready to be searched at every keystroke.

use patchbay_api::connectors::OperationDetail;

/// What a search shows at most.
pub(super) const MOST_FOUND: usize = 40;

/// Longer lists show the headings of their groups first.
const LONG: usize = 60;

pub(super) struct Index {
    operations: Vec<OperationDetail>,
    /// All words of an operation in small letters, by position.
    words: Vec<String>,
}

impl Index {
    /// Hidden operations only serve drop-downs.
    pub(super) fn of(mut operations: Vec<OperationDetail>) -> Self {
        operations.retain(|one| !one.hidden);
        let words = operations.iter().map(words).collect();
        Self { operations, words }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.operations.is_empty()
    }

    pub(super) fn is_long(&self) -> bool {
        self.operations.len() > LONG
    }

    /// By group, the groups of a long list by name and those of a short one in the connector's own order.
    pub(super) fn groups(&self) -> Vec<(String, Vec<OperationDetail>)> {
        let mut groups: Vec<(String, Vec<OperationDetail>)> = Vec::new();
        for one in &self.operations {
            match groups.iter_mut().find(|(group, _)| *group == one.group) {
                Some((_, operations)) => operations.push(one.clone()),
                None => groups.push((one.group.clone(), vec![one.clone()])),
            }
        }
        if self.is_long() {
            groups.sort_by(|left, right| left.0.cmp(&right.0));
        }
        groups
    }

    /// What has all of the words, the best first: those whose title has them, and the beginning of it most of all.
    pub(super) fn search(&self, wanted: &str) -> Vec<OperationDetail> {
        let wanted = wanted.to_lowercase();
        let wanted: Vec<&str> = wanted.split_whitespace().collect();
        let mut found: Vec<(u8, &OperationDetail)> = Vec::new();
        for (one, words) in self.operations.iter().zip(&self.words) {
            if !wanted.iter().all(|word| words.contains(word)) {
                continue;
            }
            let title = one.title.to_lowercase();
            let rank = match wanted.first() {
                Some(first) if title.starts_with(first) => 0,
                _ if wanted.iter().all(|word| title.contains(word)) => 1,
                _ => 2,
            };
            found.push((rank + if one.deprecated { 3 } else { 0 }, one));
        }
        found.sort_by_key(|(rank, _)| *rank);
        found.into_iter().map(|(_, one)| one.clone()).collect()
    }
}

fn words(one: &OperationDetail) -> String {
    let id = one.operation_id.as_deref().unwrap_or_default();
    let mut all = vec![one.title.as_str(), &one.name, &one.summary, &one.group, id];
    all.extend(one.keywords.iter().map(String::as_str));
    all.extend(one.scopes.iter().map(String::as_str));
    all.join("\n").to_lowercase()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn one(title: &str, keywords: &[&str]) -> OperationDetail {
        let text = serde_json::json!({"name": title.to_lowercase().replace(' ', "_"), "title": title, "group": "G",
            "scopes": [], "repeatable": true, "keywords": keywords});
        serde_json::from_value(text).unwrap()
    }

    #[test]
    fn the_title_counts_more_than_other_words() {
        let index = Index::of(vec![
            one("List calls", &["missed calls"]),
            one("Missed call settings", &[]),
            one("Send SMS", &["text message"]),
        ]);
        for (wanted, names) in [
            ("missed", vec!["missed_call_settings", "list_calls"]),
            ("missed calls", vec!["list_calls"]),
            ("TEXT message", vec!["send_sms"]),
            ("nothing", vec![]),
        ] {
            let found = index.search(wanted);
            let found: Vec<&str> = found.iter().map(|one| one.name.as_str()).collect();
            assert_eq!(found, names, "{wanted}");
        }
    }
}
