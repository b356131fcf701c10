//! Which permissions are ticked, which are shown, and which come along with others.

use patchbay_model::spec::ScopeSpec;
use std::collections::BTreeSet;

/// All that can be asked for: what the service lists, and what is needed here though it is not listed.
pub(super) fn all(listed: &[ScopeSpec], needed: &[String]) -> Vec<ScopeSpec> {
    let mut all = listed.to_vec();
    for name in needed {
        if !all.iter().any(|scope| scope.name == *name) {
            all.push(ScopeSpec {
                name: name.clone(),
                ..ScopeSpec::default()
            });
        }
    }
    all
}

/// What is ticked before anybody chose: needed here, usual, and granted before.
pub(super) fn preset(all: &[ScopeSpec], needed: &[String], granted: &[String]) -> BTreeSet<String> {
    let wanted = |scope: &&ScopeSpec| {
        scope.default || needed.contains(&scope.name) || granted.contains(&scope.name)
    };
    all.iter()
        .filter(wanted)
        .map(|scope| scope.name.clone())
        .collect()
}

/// The ticked scope that brings this one along, if there is one.
pub(super) fn included_by<'a>(
    all: &'a [ScopeSpec],
    chosen: &BTreeSet<String>,
    name: &str,
) -> Option<&'a ScopeSpec> {
    all.iter().find(|scope| {
        chosen.contains(&scope.name) && scope.includes.iter().any(|included| included == name)
    })
}

/// Needed scopes that are neither ticked nor come along, and in whose place no ticked one will do.
pub(super) fn lacking(
    all: &[ScopeSpec],
    chosen: &BTreeSet<String>,
    needed: &[String],
) -> Vec<String> {
    let replaced = |name: &String| {
        all.iter()
            .any(|scope| chosen.contains(&scope.name) && scope.instead_of.contains(name))
    };
    let lacks = |name: &&String| {
        !chosen.contains(*name) && included_by(all, chosen, name).is_none() && !replaced(name)
    };
    needed.iter().filter(lacks).cloned().collect()
}

/// What is shown for a search: first what is needed here, then group by group.
pub(super) fn groups(
    all: &[ScopeSpec],
    needed: &[String],
    search: &str,
) -> Vec<(String, Vec<ScopeSpec>)> {
    let search = search.trim().to_lowercase();
    let fits = |scope: &&ScopeSpec| {
        [&scope.name, &scope.title, &scope.description]
            .iter()
            .any(|text| text.to_lowercase().contains(&search))
    };
    let mut groups: Vec<(String, Vec<ScopeSpec>)> = Vec::new();
    let (first, rest): (Vec<_>, Vec<_>) = all
        .iter()
        .filter(fits)
        .partition(|scope| needed.contains(&scope.name));
    if !first.is_empty() {
        groups.push((
            "Needed here".to_owned(),
            first.into_iter().cloned().collect(),
        ));
    }
    for scope in rest {
        let title = if scope.group.is_empty() {
            "More"
        } else {
            &scope.group
        };
        match groups.iter_mut().find(|(group, _)| group == title) {
            Some((_, scopes)) => scopes.push(scope.clone()),
            None => groups.push((title.to_owned(), vec![scope.clone()])),
        }
    }
    groups
}

/// The names in the service's own order.
pub(super) fn in_order(all: &[ScopeSpec], chosen: &BTreeSet<String>) -> Vec<String> {
    all.iter()
        .filter(|scope| chosen.contains(&scope.name))
        .map(|scope| scope.name.clone())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn scope(name: &str, group: &str, includes: &[&str], default: bool) -> ScopeSpec {
        ScopeSpec {
            name: name.to_owned(),
            group: group.to_owned(),
            includes: includes.iter().map(|&name| name.to_owned()).collect(),
            default,
            ..ScopeSpec::default()
        }
    }

    fn names(names: &[&str]) -> Vec<String> {
        names.iter().map(|&name| name.to_owned()).collect()
    }

    fn sample() -> Vec<ScopeSpec> {
        vec![
            scope("ReadAccounts", "Account", &[], true),
            scope("ReadCallRecording", "Calls", &["ReadCallLog"], false),
            scope("ReadCallLog", "Calls", &[], false),
            scope("SMS", "", &[], false),
        ]
    }

    #[test]
    fn needed_and_usual_and_granted_ones_are_ticked() {
        let chosen = preset(&sample(), &names(&["ReadCallLog"]), &names(&["SMS"]));
        assert_eq!(
            in_order(&sample(), &chosen),
            ["ReadAccounts", "ReadCallLog", "SMS"]
        );
    }

    #[test]
    fn a_needed_scope_that_the_service_does_not_list_can_be_ticked() {
        let all = all(&sample(), &names(&["Secret"]));
        assert!(preset(&all, &names(&["Secret"]), &[]).contains("Secret"));
    }

    #[test]
    fn a_scope_that_comes_along_is_not_lacking() {
        let needed = names(&["ReadCallLog"]);
        let with = BTreeSet::from(["ReadCallRecording".to_owned()]);
        assert_eq!(lacking(&sample(), &with, &needed), Vec::<String>::new());
        assert_eq!(lacking(&sample(), &BTreeSet::new(), &needed), needed);
        let mut all = sample();
        all[3].instead_of = needed.clone();
        let narrow = BTreeSet::from(["SMS".to_owned()]);
        assert_eq!(lacking(&all, &narrow, &needed), Vec::<String>::new());
    }

    #[test]
    fn what_is_needed_stands_first_and_groups_keep_their_order() {
        let groups = groups(&sample(), &names(&["ReadCallLog"]), "");
        let shape: Vec<(&str, Vec<&str>)> = groups
            .iter()
            .map(|(title, scopes)| {
                (
                    title.as_str(),
                    scopes.iter().map(|scope| scope.name.as_str()).collect(),
                )
            })
            .collect();
        assert_eq!(
            shape,
            [
                ("Needed here", vec!["ReadCallLog"]),
                ("Account", vec!["ReadAccounts"]),
                ("Calls", vec!["ReadCallRecording"]),
                ("More", vec!["SMS"])
            ]
        );
    }

    #[test]
    fn a_search_narrows_in_any_spelling() {
        assert_eq!(groups(&sample(), &[], "sms").len(), 1);
        assert_eq!(groups(&sample(), &[], "nothing like it").len(), 0);
    }
}
