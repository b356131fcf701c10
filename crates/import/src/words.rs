//! Names and titles for people, made from the names that a service uses.

/// Words that stay as they are written in a sentence.
const KEPT: &[&str] = &[
    "AI",
    "API",
    "APIs",
    "CNAM",
    "DND",
    "ID",
    "IDs",
    "IP",
    "IVR",
    "JSON",
    "JWT",
    "MMS",
    "MS",
    "OAuth",
    "OIDC",
    "OpenID",
    "PIN",
    "RingCentral",
    "RingOut",
    "SCIM",
    "SIP",
    "SMS",
    "SSO",
    "TCR",
    "URI",
    "URL",
    "UUID",
    "VoIP",
    "WebSocket",
    "A2P",
    "BLF",
    "CSV",
    "E911",
    "GCM",
    "RingSense",
    "JWKS",
    "RCV",
];

/// The words of `readUserCallLog`, `If-None-Match`, `client_id`, `List Call Queues`.
pub(crate) fn words(name: &str) -> Vec<String> {
    let letters: Vec<char> = name.chars().collect();
    let mut words = Vec::new();
    let mut word = String::new();
    for (index, &letter) in letters.iter().enumerate() {
        if !letter.is_alphanumeric() {
            if !word.is_empty() {
                words.push(std::mem::take(&mut word));
            }
            continue;
        }
        let before = index.checked_sub(1).and_then(|at| letters.get(at));
        let after = letters.get(index + 1);
        let begins = letter.is_uppercase()
            && before.is_some_and(|before| {
                before.is_lowercase()
                    || (before.is_ascii_digit() && after.is_some_and(|after| after.is_lowercase()))
                    // `SMSMessage`: the last capital of a row begins the next word, but `IDs` is one.
                    || (before.is_uppercase()
                        && after.is_some_and(|after| after.is_lowercase())
                        && !ends_plural(&letters, index))
            });
        if begins && !word.is_empty() {
            words.push(std::mem::take(&mut word));
        }
        word.push(letter);
    }
    if !word.is_empty() {
        words.push(word);
    }
    words
}

/// Whether a plural `s` ends the word right after this capital.
fn ends_plural(letters: &[char], index: usize) -> bool {
    letters.get(index + 1) == Some(&'s')
        && letters
            .get(index + 2)
            .is_none_or(|next| !next.is_lowercase())
}

/// `perPage` → `per_page`.
pub(crate) fn snake(name: &str) -> String {
    let name = name.replace("(s)", "s").replace(['\'', '’'], "");
    let joined = words(&name).join("_").to_lowercase();
    match joined.chars().next() {
        Some(first) if first.is_ascii_lowercase() => joined,
        _ => format!("n_{joined}"),
    }
}

/// `readUserCallLog` → `Read user call log`, `Get User's Call Record(s)` → `Get user's call records`, with names and
/// abbreviations as they are.
pub(crate) fn sentence(name: &str) -> String {
    let name = name.replace("(s)", "s").replace('’', "'");
    let spaced = if name.contains(' ') {
        name
    } else {
        words(&name).join(" ")
    };
    let mut text = String::new();
    let mut run = String::new();
    for letter in spaced.chars() {
        if letter.is_alphanumeric() {
            run.push(letter);
        } else {
            put(&mut text, &run);
            run.clear();
            text.push(letter);
        }
    }
    put(&mut text, &run);
    text
}

fn put(text: &mut String, run: &str) {
    let kept = KEPT.iter().find(|kept| kept.eq_ignore_ascii_case(run));
    let own = run.chars().skip(1).any(char::is_uppercase);
    match kept {
        Some(kept) => text.push_str(kept),
        None if own => text.push_str(run),
        None if text.is_empty() => text.push_str(&capital(run)),
        None => text.push_str(&run.to_lowercase()),
    }
}

fn capital(word: &str) -> String {
    let mut letters = word.chars();
    match letters.next() {
        Some(first) => first
            .to_uppercase()
            .chain(letters.flat_map(char::to_lowercase))
            .collect(),
        None => String::new(),
    }
}

/// `List extensions` → `Lists extensions.`
pub(crate) fn telling(title: &str) -> String {
    let (verb, rest) = title.split_once(' ').unwrap_or((title, ""));
    let says = match verb {
        "Search" | "Fetch" | "Publish" | "Watch" | "Switch" | "Attach" | "Flush" => {
            format!("{verb}es")
        }
        "Reply" | "Apply" | "Modify" | "Verify" => format!("{}ies", verb.trim_end_matches('y')),
        verb => format!("{verb}s"),
    };
    let all = [says.as_str(), rest].join(" ");
    format!("{}.", all.trim())
}

/// The names in braces of a path, in order.
pub(crate) fn holes(path: &str) -> Vec<String> {
    let parts = path.split('{').skip(1);
    parts
        .filter_map(|rest| rest.split_once('}').map(|(name, _)| name.to_owned()))
        .collect()
}

/// An identifier for an operation that has none: `get /users/{id}` → `get_users_id`.
pub(crate) fn id_of(method: &str, path: &str) -> String {
    snake(&format!("{method} {path}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_become_words() {
        for (name, snake_name, title) in [
            ("perPage", "per_page", "Per page"),
            (
                "readUserCallLog",
                "read_user_call_log",
                "Read user call log",
            ),
            (
                "createSMSMessage",
                "create_sms_message",
                "Create SMS message",
            ),
            ("If-None-Match", "if_none_match", "If none match"),
            ("client_id", "client_id", "Client ID"),
            (
                "List Extension IDs",
                "list_extension_ids",
                "List extension IDs",
            ),
            ("extensionIds", "extension_ids", "Extension IDs"),
            ("addNumbersV2", "add_numbers_v2", "Add numbers v2"),
            ("A2P SMS", "a2p_sms", "A2P SMS"),
            ("911", "n_911", "911"),
            (
                "Get User's Call Record(s)",
                "get_users_call_records",
                "Get user's call records",
            ),
            (
                "Delete Blocked/Allowed Number",
                "delete_blocked_allowed_number",
                "Delete blocked/allowed number",
            ),
        ] {
            assert_eq!(snake(name), snake_name);
            assert_eq!(sentence(name), title);
        }
    }

    #[test]
    fn a_title_tells_what_happens() {
        assert_eq!(telling("List extensions"), "Lists extensions.");
        assert_eq!(telling("Search audit trail"), "Searches audit trail.");
        assert_eq!(telling("Reply to call party"), "Replies to call party.");
    }
}
