//! Help texts: Markdown's inline code and nothing else of it.

use leptos::{either::Either, prelude::*};

/// A text in which what stands between backticks is shown as code.
#[component]
pub fn HelpText(#[prop(into)] text: String) -> impl IntoView {
    parts(&text)
        .into_iter()
        .map(|(is_code, part)| {
            if is_code {
                Either::Left(view! { <code>{part}</code> })
            } else {
                Either::Right(part)
            }
        })
        .collect_view()
        .into_any()
}

/// The text in pieces, with whether each is code. A backtick without its partner is a backtick.
fn parts(text: &str) -> Vec<(bool, String)> {
    let mut parts = Vec::new();
    let mut rest = text;
    while let Some((before, behind)) = rest.split_once('`') {
        let Some((code, after)) = behind.split_once('`') else {
            break;
        };
        if !before.is_empty() {
            parts.push((false, before.to_owned()));
        }
        parts.push((true, code.to_owned()));
        rest = after;
    }
    if !rest.is_empty() {
        parts.push((false, rest.to_owned()));
    }
    parts
}

#[cfg(test)]
mod tests {
    use super::parts;

    #[test]
    fn only_pairs_of_backticks_make_code() {
        let shape = |text: &str| {
            parts(text)
                .into_iter()
                .map(|(is_code, part)| if is_code { format!("<{part}>") } else { part })
                .collect::<String>()
        };
        assert_eq!(shape("`~` means all of `a`."), "<~> means all of <a>.");
        assert_eq!(shape("a ` alone"), "a ` alone");
        assert_eq!(shape(""), "");
    }
}
