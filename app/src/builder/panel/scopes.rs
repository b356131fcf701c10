//! Comparing the scopes that a step needs with those that were granted.

use patchbay_model::spec::ScopeSpec;
use std::collections::HashSet;

/// Needed scopes that are neither granted nor covered by a granted one.
pub fn missing(needed: &[String], granted: &[String], known: &[ScopeSpec]) -> Vec<String> {
    let mut covered: HashSet<&str> = HashSet::new();
    let mut open: Vec<&str> = granted.iter().map(String::as_str).collect();
    while let Some(scope) = open.pop() {
        if covered.insert(scope)
            && let Some(spec) = known.iter().find(|spec| spec.name == scope)
        {
            open.extend(spec.includes.iter().map(String::as_str));
        }
    }
    // Credentials without scopes of their own (pasted tokens) may do what they may do.
    if granted.is_empty() {
        return Vec::new();
    }
    needed
        .iter()
        .filter(|scope| !covered.contains(scope.as_str()))
        .cloned()
        .collect()
}

/// A scope as it fits a chip: of an address only its last part.
pub fn short(scope: &str) -> String {
    scope.rsplit('/').next().unwrap_or(scope).to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_granted_scope_covers_what_it_includes() {
        let known = [
            ScopeSpec {
                name: "Accounts".into(),
                includes: vec!["EditAccounts".into()],
                ..ScopeSpec::default()
            },
            ScopeSpec {
                name: "EditAccounts".into(),
                includes: vec!["ReadAccounts".into()],
                ..ScopeSpec::default()
            },
        ];
        let needed = ["ReadAccounts".to_owned(), "SMS".to_owned()];
        assert_eq!(missing(&needed, &["Accounts".to_owned()], &known), ["SMS"]);
        assert!(missing(&needed, &[], &known).is_empty());
    }

    #[test]
    fn an_address_is_shortened_to_its_last_part() {
        assert_eq!(
            short("https://www.googleapis.com/auth/spreadsheets"),
            "spreadsheets"
        );
    }
}
