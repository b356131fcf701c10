//! What people call something where its surroundings do not say where it belongs.

/// A connector's trigger or operation among those of other connectors: `Schedule: Every day`; a title that names the
/// connector already stands alone.
pub fn among_others(connector: &str, title: &str) -> String {
    if title.starts_with(connector) {
        title.to_owned()
    } else {
        format!("{connector}: {title}")
    }
}

#[cfg(test)]
mod tests {
    use super::among_others;

    #[test]
    fn the_connector_is_named_once() {
        for (connector, title, shown) in [
            ("Schedule", "Every day", "Schedule: Every day"),
            ("RingCentral", "RingCentral event", "RingCentral event"),
            ("Webhook", "Webhook", "Webhook"),
        ] {
            assert_eq!(among_others(connector, title), shown);
        }
    }
}
