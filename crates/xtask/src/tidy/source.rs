//! A Rust file taken apart just far enough for the rules: what is code, what is comment or string,
//! and which lines are compiled for tests only.

/// All views have the same length and lines as the file; what does not belong is blanked out.
pub(super) struct Source {
    /// Without comments and without the contents of strings.
    code: String,
    /// Without comments.
    uncommented: String,
    /// For each line, whether it is compiled for tests only.
    test_lines: Vec<bool>,
}

impl Source {
    pub(super) fn new(path: &str, text: &str) -> Self {
        let (code, uncommented) = blank(text);
        let test_lines = if is_test_path(path) {
            vec![true; text.lines().count()]
        } else {
            test_lines(&code)
        };
        Self {
            code,
            uncommented,
            test_lines,
        }
    }

    /// Lines of code that ship, with their numbers.
    pub(super) fn shipped(&self) -> impl Iterator<Item = (usize, &str)> {
        self.outside_tests(&self.code)
    }

    /// The same with the contents of strings.
    pub(super) fn shipped_with_strings(&self) -> impl Iterator<Item = (usize, &str)> {
        self.outside_tests(&self.uncommented)
    }

    fn outside_tests<'a>(&'a self, text: &'a str) -> impl Iterator<Item = (usize, &'a str)> {
        text.lines()
            .enumerate()
            .filter(|(index, _)| !self.test_lines.get(*index).copied().unwrap_or(false))
            .map(|(index, line)| (index + 1, line))
    }
}

/// Integration tests, test modules in their own file, examples and benchmarks.
fn is_test_path(path: &str) -> bool {
    let mut parts = path.split('/').rev();
    let file = parts.next().unwrap_or_default();
    matches!(file, "tests.rs") || parts.any(|part| matches!(part, "tests" | "examples" | "benches"))
}

/// Whether `word` stands in `line` at `at` with no letter, digit or underscore beside it.
pub(super) fn is_word(line: &str, at: usize, word: &str) -> bool {
    let letter = |char: char| char.is_alphanumeric() || char == '_';
    !line[..at].chars().next_back().is_some_and(letter)
        && !line[at + word.len()..].chars().next().is_some_and(letter)
}

/// Where `word` stands as a word of its own.
pub(super) fn words<'a>(line: &'a str, word: &'a str) -> impl Iterator<Item = usize> + 'a {
    line.match_indices(word)
        .map(|(at, _)| at)
        .filter(move |at| is_word(line, *at, word))
}

#[derive(Clone, Copy, PartialEq)]
enum Mode {
    Code,
    Line,
    /// Block comments nest.
    Block(usize),
    Text,
    /// A raw string that ends with a quote and this many hashes.
    Raw(usize),
}

fn blank(text: &str) -> (String, String) {
    let chars: Vec<char> = text.chars().collect();
    let mut code = String::with_capacity(text.len());
    let mut uncommented = String::with_capacity(text.len());
    let mut mode = Mode::Code;
    let mut at = 0;
    while at < chars.len() {
        let rest = &chars[at..];
        let (next, taken) = advance(mode, rest, at.checked_sub(1).map(|before| chars[before]));
        let stays = if mode == Mode::Code && matches!(next, Mode::Line | Mode::Block(_)) {
            (false, false)
        } else {
            match mode {
                Mode::Code => (true, true),
                Mode::Text | Mode::Raw(_) => (next == Mode::Code, true),
                Mode::Line | Mode::Block(_) => (false, false),
            }
        };
        for &char in &rest[..taken] {
            push(&mut code, char, stays.0);
            push(&mut uncommented, char, stays.1);
        }
        mode = next;
        at += taken;
    }
    (code, uncommented)
}

fn push(out: &mut String, char: char, keep: bool) {
    out.push(if keep || char == '\n' { char } else { ' ' });
}

/// The mode after the next few characters, and how many they are.
fn advance(mode: Mode, rest: &[char], before: Option<char>) -> (Mode, usize) {
    let starts = |text: &str| text.chars().zip(rest).filter(|(a, b)| a == *b).count() == text.len();
    match mode {
        Mode::Code if starts("//") => (Mode::Line, 2),
        Mode::Code if starts("/*") => (Mode::Block(1), 2),
        Mode::Code if starts("\"") => (Mode::Text, 1),
        Mode::Code if starts("'") => (Mode::Code, char_literal(rest)),
        Mode::Code if starts("r") && !before.is_some_and(joins) => match raw_string(rest) {
            Some(hashes) => (Mode::Raw(hashes), hashes + 2),
            None => (Mode::Code, 1),
        },
        Mode::Line if starts("\n") => (Mode::Code, 1),
        Mode::Block(depth) if starts("/*") => (Mode::Block(depth + 1), 2),
        Mode::Block(1) if starts("*/") => (Mode::Code, 2),
        Mode::Block(depth) if starts("*/") => (Mode::Block(depth - 1), 2),
        Mode::Text if starts("\\") => (Mode::Text, rest.len().min(2)),
        Mode::Text if starts("\"") => (Mode::Code, 1),
        Mode::Raw(hashes) if starts("\"") && closes(rest, hashes) => (Mode::Code, hashes + 1),
        _ => (mode, 1),
    }
}

/// A letter before `r` makes it the end of a name; the `b` and `c` of byte and C strings do not
/// matter, since only what is inside counts.
fn joins(char: char) -> bool {
    (char.is_alphanumeric() && char != 'b' && char != 'c') || char == '_'
}

/// How long a character literal is; 1 for the quote of a lifetime.
fn char_literal(rest: &[char]) -> usize {
    match rest {
        ['\'', '\\', ..] => rest
            .iter()
            .skip(3)
            .position(|char| *char == '\'')
            .map_or(1, |end| end + 4),
        ['\'', _, '\'', ..] => 3,
        _ => 1,
    }
}

fn raw_string(rest: &[char]) -> Option<usize> {
    let hashes = rest[1..].iter().take_while(|char| **char == '#').count();
    (rest.get(hashes + 1) == Some(&'"')).then_some(hashes)
}

fn closes(rest: &[char], hashes: usize) -> bool {
    rest.len() > hashes && rest[1..=hashes].iter().all(|char| *char == '#')
}

/// Marks the items that stand under `#[cfg(test)]`.
fn test_lines(code: &str) -> Vec<bool> {
    let mut marks = vec![false; code.lines().count()];
    for opening in [
        "#[cfg(test)]",
        "#[cfg(all(test",
        "#[cfg(any(test",
        "#![cfg(test)]",
    ] {
        for (at, _) in code.match_indices(opening) {
            let end = if opening.starts_with("#!") {
                code.len()
            } else {
                item_end(code, at + opening.len())
            };
            let first = code[..at].matches('\n').count();
            let last = code[..end].matches('\n').count();
            for mark in marks.iter_mut().take(last + 1).skip(first) {
                *mark = true;
            }
        }
    }
    marks
}

/// Where the item that starts here ends: at its `;`, or at the brace that closes it.
fn item_end(code: &str, from: usize) -> usize {
    let mut depth = 0usize;
    for (offset, char) in code[from..].char_indices() {
        match char {
            '{' => depth += 1,
            '}' if depth <= 1 => return from + offset,
            '}' => depth -= 1,
            ';' if depth == 0 => return from + offset,
            _ => {}
        }
    }
    code.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shipped(text: &str) -> String {
        let source = Source::new("a/src/lib.rs", text);
        let lines: Vec<_> = source.shipped().map(|(_, line)| line.trim_end()).collect();
        lines.join("\n")
    }

    #[test]
    fn comments_and_strings_are_no_code() {
        let text = "a(); // b\n/* c /* d */ e */ f();\ng(\"h\\\"i\");\nj(r#\"k\"l\"#); m();";
        let code = shipped(text);
        for gone in ["b", "c", "d", "e", "h", "i", "k", "l"] {
            assert!(!code.contains(gone), "{gone} is still in {code}");
        }
        for kept in ["a();", "f();", "g(\"", "j(r#\"", "m();"] {
            assert!(code.contains(kept), "{kept} is not in {code}");
        }
    }

    #[test]
    fn quotes_of_lifetimes_and_characters_open_no_string() {
        let code = shipped("fn a<'a>(b: &'a str) { c('\"'); d('\\''); e() }");
        assert!(code.contains("e()"), "{code}");
    }

    #[test]
    fn lines_under_cfg_test_do_not_ship() {
        let text = "a();\n#[cfg(test)]\nmod tests {\n  fn b() { if c {} }\n}\nd();\n#[cfg(test)]\nuse e;\nf();";
        assert_eq!(shipped(text), "a();\nd();\nf();");
    }

    #[test]
    fn files_of_tests_do_not_ship() {
        for path in [
            "crates/a/tests/b.rs",
            "crates/a/src/b/tests.rs",
            "crates/a/src/tests/b.rs",
        ] {
            assert_eq!(Source::new(path, "a();\nb();").shipped().count(), 0);
        }
    }

    #[test]
    fn a_word_has_no_letters_beside_it() {
        assert_eq!(
            words("panics panic!(a) _panic", "panic").collect::<Vec<_>>(),
            [7]
        );
    }
}
