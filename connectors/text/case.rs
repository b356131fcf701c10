//! Ways of writing words: capitals, camelCase, snake_case, names for addresses.

use unicode_normalization::{UnicodeNormalization, char::is_combining_mark};

/// The text in another case; `case` is one of the choices of the manifest.
pub(super) fn change(text: &str, case: &str) -> String {
    match case {
        "lower" => text.to_lowercase(),
        "upper" => text.to_uppercase(),
        "sentence" => capital(&text.to_lowercase()),
        "title" => joined(text, " ", |_, word| capital(&word.to_lowercase())),
        "pascal" => joined(text, "", |_, word| capital(&word.to_lowercase())),
        "camel" => joined(text, "", |index, word| match index {
            0 => word.to_lowercase(),
            _ => capital(&word.to_lowercase()),
        }),
        "snake" => joined(text, "_", |_, word| word.to_lowercase()),
        "kebab" => joined(text, "-", |_, word| word.to_lowercase()),
        _ => joined(text, "_", |_, word| word.to_uppercase()),
    }
}

/// Small letters without accents and digits, with separators between words.
pub(super) fn slug(text: &str, separator: &str) -> String {
    let bare: String = text
        .nfkd()
        .filter(|char| !is_combining_mark(*char))
        .collect();
    let bare = bare
        .replace(['ß', 'ẞ'], "ss")
        .replace(['ø', 'Ø'], "o")
        .replace(['æ', 'Æ'], "ae");
    let lower = bare.to_lowercase();
    lower
        .split(|char: char| !char.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .collect::<Vec<_>>()
        .join(separator)
}

fn joined(text: &str, separator: &str, write: impl Fn(usize, &str) -> String) -> String {
    let words = words(text);
    let words = words.iter().enumerate();
    words
        .map(|(index, word)| write(index, word))
        .collect::<Vec<_>>()
        .join(separator)
}

fn capital(word: &str) -> String {
    let mut chars = word.chars();
    match chars.next() {
        Some(first) => first.to_uppercase().chain(chars).collect(),
        None => String::new(),
    }
}

/// The words of a text: divided by anything that is neither letter nor digit, and where a small letter meets a
/// capital.
fn words(text: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut before: Option<char> = None;
    let mut chars = text.chars().peekable();
    while let Some(char) = chars.next() {
        // An apostrophe inside a word belongs to it.
        let inside = char == '\'' && before.is_some_and(char::is_alphanumeric);
        let follows_small =
            before.is_some_and(|before| before.is_lowercase() || before.is_numeric());
        let ends_capitals = before.is_some_and(char::is_uppercase)
            && chars.peek().is_some_and(|next| next.is_lowercase());
        let begins = char.is_uppercase() && (follows_small || ends_capitals);
        if begins || !(char.is_alphanumeric() || inside) {
            words.push(String::new());
        }
        if (char.is_alphanumeric() || inside)
            && let Some(word) = words.last_mut()
        {
            word.push(char);
        }
        before = Some(char);
    }
    words.retain(|word| !word.is_empty());
    words
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn words_are_found_in_every_way_of_writing() {
        for (text, case, wanted) in [
            ("HTTPRequest id", "snake", "http_request_id"),
            ("caller-number 2", "camel", "callerNumber2"),
            ("don't stop", "title", "Don't Stop"),
            ("a1B2", "kebab", "a1-b2"),
            ("éa ñ", "pascal", "ÉaÑ"),
            ("  ", "constant", ""),
            ("ONE two", "sentence", "One two"),
        ] {
            assert_eq!(change(text, case), wanted, "{text} {case}");
        }
    }

    proptest! {
        #[test]
        fn a_slug_of_a_slug_is_itself(text in "\\PC{0,40}") {
            let once = slug(&text, "-");
            prop_assert_eq!(slug(&once, "-"), once);
        }

        #[test]
        fn snake_case_of_snake_case_is_itself(text in "[ -~]{0,40}") {
            let once = change(&text, "snake");
            prop_assert_eq!(change(&once, "snake"), once);
        }
    }
}
