//! Scopes as people read them.

/// A scope as it fits a chip: of an address only its last part.
pub fn short(scope: &str) -> String {
    scope.rsplit('/').next().unwrap_or(scope).to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_shortened_to_its_last_part() {
        assert_eq!(
            short("https://www.googleapis.com/auth/spreadsheets"),
            "spreadsheets"
        );
    }
}
