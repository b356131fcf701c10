//! Help under a field: plain text with `code`, **bold**, *emphasis* and links.

use leptos::prelude::*;

/// A piece of a help text.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Piece {
    Plain(String),
    Bold(String),
    Emphasis(String),
    Code(String),
    Link { text: String, address: String },
}

/// The text with its marks shown.
#[component]
pub fn Help(text: String) -> impl IntoView {
    let pieces = pieces(&text).into_iter().map(|piece| match piece {
        Piece::Plain(text) => text.into_any(),
        Piece::Bold(text) => view! { <b>{text}</b> }.into_any(),
        Piece::Emphasis(text) => view! { <i>{text}</i> }.into_any(),
        Piece::Code(text) => view! { <code>{text}</code> }.into_any(),
        Piece::Link { text, address } => {
            view! { <a class="link" href=address target="_blank" rel="noopener noreferrer">{text}</a> }.into_any()
        }
    });
    view! { <p class="help">{pieces.collect_view()}</p> }
}

fn pieces(text: &str) -> Vec<Piece> {
    let mut pieces = Vec::new();
    let mut plain = String::new();
    let mut rest = text;
    while let Some(letter) = rest.chars().next() {
        let Some((piece, after)) = marked(rest) else {
            plain.push(letter);
            rest = &rest[letter.len_utf8()..];
            continue;
        };
        if !plain.is_empty() {
            pieces.push(Piece::Plain(std::mem::take(&mut plain)));
        }
        pieces.push(piece);
        rest = after;
    }
    if !plain.is_empty() {
        pieces.push(Piece::Plain(plain));
    }
    pieces
}

/// The marked piece at the start of a text, with what follows it.
fn marked(text: &str) -> Option<(Piece, &str)> {
    if let Some(inside) = text.strip_prefix("**") {
        let (bold, after) = inside.split_once("**")?;
        return (!bold.is_empty()).then(|| (Piece::Bold(bold.to_owned()), after));
    }
    // A lone asterisk before a space is one.
    if let Some(inside) = text
        .strip_prefix('*')
        .filter(|inside| !inside.starts_with([' ', '*']))
    {
        let (emphasis, after) = inside.split_once('*')?;
        return Some((Piece::Emphasis(emphasis.to_owned()), after));
    }
    if let Some(inside) = text.strip_prefix('`') {
        let (code, after) = inside.split_once('`')?;
        return Some((Piece::Code(code.to_owned()), after));
    }
    let (label, after) = text.strip_prefix('[')?.split_once("](")?;
    let (address, after) = after.split_once(')')?;
    address.starts_with("https://").then(|| {
        (
            Piece::Link {
                text: label.to_owned(),
                address: address.to_owned(),
            },
            after,
        )
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_become_pieces_and_stray_ones_stay() {
        let plain = |text: &str| Piece::Plain(text.to_owned());
        let cases = [
            ("as it is", vec![plain("as it is")]),
            (
                "`~` means **you**",
                vec![
                    Piece::Code("~".into()),
                    plain(" means "),
                    Piece::Bold("you".into()),
                ],
            ),
            ("2 * 3 ** 4", vec![plain("2 * 3 ** 4")]),
            (
                "the scope *See files*.",
                vec![
                    plain("the scope "),
                    Piece::Emphasis("See files".into()),
                    plain("."),
                ],
            ),
            (
                "see [the page](https://a.b/c).",
                vec![
                    plain("see "),
                    Piece::Link {
                        text: "the page".into(),
                        address: "https://a.b/c".into(),
                    },
                    plain("."),
                ],
            ),
            ("[no](javascript:x)", vec![plain("[no](javascript:x)")]),
        ];
        for (text, expected) in cases {
            assert_eq!(pieces(text), expected, "{text}");
        }
    }
}
