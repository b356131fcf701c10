//! Small helpers for sentences that people read.

/// The text with a capital letter at its start and a full stop at its end.
pub(crate) fn sentence(text: &str) -> String {
    let text = text.trim();
    let mut chars = text.chars();
    let mut sentence: String = match chars.next() {
        Some(first) => first.to_uppercase().chain(chars).collect(),
        None => return String::new(),
    };
    if !sentence.ends_with(['.', '!', '?', '…']) {
        sentence.push('.');
    }
    sentence
}

/// At most `most` characters of the text, with a mark where it was cut.
pub(crate) fn shortened(text: &str, most: usize) -> String {
    match text.char_indices().nth(most) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}

/// A title made from a name: `phoneNumber` → `Phone number`, `contact_id` → `Contact ID`.
pub(crate) fn title(name: &str) -> String {
    let mut words: Vec<String> = Vec::new();
    let mut before = ' ';
    for letter in name.chars() {
        let begins = !before.is_alphanumeric() || (letter.is_uppercase() && before.is_lowercase());
        match words.last_mut() {
            _ if !letter.is_alphanumeric() => {}
            Some(word) if !begins => word.push(letter),
            _ => words.push(letter.to_string()),
        }
        before = letter;
    }
    for (index, word) in words.iter_mut().enumerate() {
        let shouted = word.chars().skip(1).any(char::is_uppercase);
        if matches!(&*word.to_lowercase(), "id" | "uri" | "url" | "sms" | "ip") {
            *word = word.to_uppercase();
        } else if !shouted && index > 0 {
            *word = word.to_lowercase();
        }
    }
    let mut letters = words.join(" ");
    if let Some(first) = letters.get(..1).map(str::to_uppercase) {
        letters.replace_range(..1, &first);
    }
    letters
}

#[cfg(test)]
mod tests {
    use super::title;

    #[test]
    fn names_become_titles() {
        for (name, wanted) in [
            ("phoneNumber", "Phone number"),
            ("contact_id", "Contact ID"),
            ("isoCode", "Iso code"),
            ("E911", "E911"),
            ("", ""),
            ("straße", "Straße"),
        ] {
            assert_eq!(title(name), wanted);
        }
    }
}
