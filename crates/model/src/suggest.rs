//! "Did you mean": the nearest word among the ones that exist.

/// Words longer than this are not compared: nobody mistypes them letter by letter.
const LONGEST: usize = 64;

/// The candidate that `word` was probably meant to be, if one is near enough.
///
/// Letter case is ignored; one slip is forgiven in short words, one in three letters in longer ones.
/// Of equally near candidates the first wins.
pub fn closest<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let wanted = fold(word);
    if wanted.is_empty() || wanted.len() > LONGEST {
        return None;
    }
    let mut best: Option<(usize, &'a str)> = None;
    for candidate in candidates {
        let Some(distance) = distance_within(&wanted, &fold(candidate)) else {
            continue;
        };
        if best.is_none_or(|(least, _)| distance < least) {
            best = Some((distance, candidate));
        }
    }
    best.map(|(_, candidate)| candidate)
}

/// `; did you mean `x`?`, or nothing.
pub(crate) fn hint(suggestion: Option<&str>) -> String {
    suggestion
        .map(|word| format!("; did you mean `{word}`?"))
        .unwrap_or_default()
}

/// The first few words of a longer list: `a, b, c and 12 more`.
pub(crate) fn listed<'a>(words: impl IntoIterator<Item = &'a str>) -> String {
    const SHOWN: usize = 8;
    let words: Vec<&str> = words.into_iter().collect();
    let shown = words
        .iter()
        .take(SHOWN)
        .copied()
        .collect::<Vec<_>>()
        .join(", ");
    match words.len().saturating_sub(SHOWN) {
        0 => shown,
        more => format!("{shown} and {more} more"),
    }
}

fn fold(word: &str) -> Vec<char> {
    word.chars()
        .filter(|letter| !matches!(letter, '_' | '-' | ' '))
        .flat_map(char::to_lowercase)
        .collect()
}

fn distance_within(wanted: &[char], candidate: &[char]) -> Option<usize> {
    if candidate.is_empty() || candidate.len() > LONGEST {
        return None;
    }
    let allowed = allowance(wanted.len().max(candidate.len()));
    if wanted.len().abs_diff(candidate.len()) > allowed {
        return None;
    }
    let distance = distance(wanted, candidate);
    (distance <= allowed).then_some(distance)
}

fn allowance(length: usize) -> usize {
    match length {
        0..=2 => 0,
        3..=5 => 1,
        _ => length / 3,
    }
}

/// Damerau-Levenshtein in the variant that counts a swap of neighbours as one slip.
fn distance(left: &[char], right: &[char]) -> usize {
    let width = right.len() + 1;
    let mut before: Vec<usize> = vec![0; width];
    let mut above: Vec<usize> = (0..width).collect();
    for (row, letter) in left.iter().enumerate() {
        let mut current = vec![row + 1; width];
        for (column, other) in right.iter().enumerate() {
            let substituted = above[column] + usize::from(letter != other);
            let mut least = substituted
                .min(above[column + 1] + 1)
                .min(current[column] + 1);
            let swapped =
                row > 0 && column > 0 && *letter == right[column - 1] && left[row - 1] == *other;
            if swapped {
                least = least.min(before[column - 1] + 1);
            }
            current[column + 1] = least;
        }
        before = std::mem::replace(&mut above, current);
    }
    above[right.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn near_words_are_found_and_far_ones_are_not() {
        let table = [
            ("fromm", &["direction", "from", "to"][..], Some("from")),
            ("form", &["direction", "from", "to"], Some("from")),
            (
                "ringcentral1",
                &["ringcentral-1", "loop-1"],
                Some("ringcentral-1"),
            ),
            (
                "Ringcentral-1",
                &["ringcentral-1", "ringcentral-2"],
                Some("ringcentral-1"),
            ),
            (
                "phone_number",
                &["phoneNumber", "extensionNumber"],
                Some("phoneNumber"),
            ),
            ("recrods", &["records", "paging"], Some("records")),
            ("zzz", &["records", "paging"], None),
            ("a", &["b"], None),
            ("", &["b"], None),
            ("listExtension", &[], None),
        ];
        for (word, candidates, expected) in table {
            assert_eq!(
                closest(word, candidates.iter().copied()),
                expected,
                "{word}"
            );
        }
    }

    #[test]
    fn a_long_list_is_shortened() {
        let words: Vec<String> = (0..12).map(|n| n.to_string()).collect();
        assert_eq!(
            listed(words.iter().map(String::as_str)),
            "0, 1, 2, 3, 4, 5, 6, 7 and 4 more"
        );
        assert_eq!(listed(["a", "b"]), "a, b");
    }
}
