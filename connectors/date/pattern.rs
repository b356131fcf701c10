//! Patterns such as `DD.MM.YYYY`, as the directives that the library knows.

/// The letters that mean something, the longest first, and the directive for each.
const TOKENS: [(&str, &str); 31] = [
    ("YYYY", "%Y"),
    ("MMMM", "%B"),
    ("dddd", "%A"),
    ("DDDD", "%j"),
    ("MMM", "%b"),
    ("ddd", "%a"),
    ("SSS", "%3f"),
    ("YY", "%y"),
    ("MM", "%m"),
    ("DD", "%d"),
    ("HH", "%H"),
    ("hh", "%I"),
    ("mm", "%M"),
    ("ss", "%S"),
    ("GG", "%g"),
    ("WW", "%V"),
    ("ZZ", "%z"),
    ("zz", "%Q"),
    ("M", "%-m"),
    ("D", "%-d"),
    ("H", "%-H"),
    ("h", "%-I"),
    ("m", "%-M"),
    ("s", "%-S"),
    ("A", "%p"),
    ("a", "%P"),
    ("E", "%u"),
    ("X", "%s"),
    ("W", "%-V"),
    ("Z", "%:z"),
    ("z", "%Z"),
];

/// The pattern in the library's directives. One that has them already stays as it is; what stands in square brackets
/// is taken word by word.
pub(super) fn directives(pattern: &str) -> String {
    if pattern.contains('%') {
        return pattern.to_owned();
    }
    let mut directives = String::new();
    let mut rest = pattern;
    while let Some(next) = rest.chars().next() {
        if let Some((words, after)) = rest.strip_prefix('[').and_then(|rest| rest.split_once(']')) {
            directives.push_str(words);
            rest = after;
            continue;
        }
        match TOKENS.iter().find(|(token, _)| rest.starts_with(token)) {
            Some((token, directive)) => {
                directives.push_str(directive);
                rest = &rest[token.len()..];
            }
            None => {
                directives.push(next);
                rest = &rest[next.len_utf8()..];
            }
        }
    }
    directives
}

#[cfg(test)]
mod tests {
    use super::directives;

    #[test]
    fn patterns_become_directives() {
        for (pattern, wanted) in [
            ("YYYY-MM-DDTHH:mm:ss.SSSZ", "%Y-%m-%dT%H:%M:%S.%3f%:z"),
            ("D.M.YY [at] h:mm A", "%-d.%-m.%y at %-I:%M %p"),
            ("%d/%m", "%d/%m"),
            ("", ""),
        ] {
            assert_eq!(directives(pattern), wanted, "{pattern}");
        }
    }
}
