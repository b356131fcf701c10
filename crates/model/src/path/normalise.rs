//! Reads a path in Tray's spelling and puts it into the one that RFC 9535 has.
//!
//! RFC 9535 refuses a hyphen or a blank in a name behind a dot; Tray writes `$.steps.ringcentral-1.records`.
//! A dot name therefore reaches to the next dot or bracket, blanks at its ends cut off.

use super::{PathError, Segment, spell::bracketed};

/// The longest path that is read, in characters.
pub const MAX_LENGTH: usize = 4_000;

/// One segment of a path.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Token {
    Plain {
        segment: Segment,
        at: usize,
    },
    /// A wildcard, slice, filter, union or descent, in canonical spelling.
    Other {
        canonical: String,
        absolute: bool,
        at: usize,
    },
}

impl Token {
    pub(super) fn segment(&self) -> Option<&Segment> {
        match self {
            Self::Plain { segment, .. } => Some(segment),
            Self::Other { .. } => None,
        }
    }

    pub(super) fn into_segment(self) -> Option<Segment> {
        match self {
            Self::Plain { segment, .. } => Some(segment),
            Self::Other { .. } => None,
        }
    }

    pub(super) fn is_absolute(&self) -> bool {
        matches!(self, Self::Other { absolute: true, .. })
    }

    #[cfg_attr(
        not(feature = "query"),
        expect(dead_code, reason = "only the JSONPath engine asks")
    )]
    pub(super) fn at(&self) -> usize {
        match self {
            Self::Plain { at, .. } | Self::Other { at, .. } => *at,
        }
    }

    #[cfg_attr(
        not(feature = "query"),
        expect(dead_code, reason = "only the JSONPath engine asks")
    )]
    pub(super) fn canonical(&self) -> String {
        match self {
            Self::Plain {
                segment: Segment::Name(name),
                ..
            } => bracketed(name),
            Self::Plain {
                segment: Segment::Index(index),
                ..
            } => format!("[{index}]"),
            Self::Other { canonical, .. } => canonical.clone(),
        }
    }
}

/// The segments of a path behind its `$`.
pub(super) fn tokens(text: &str) -> Result<Vec<Token>, PathError> {
    let mut reader = Reader::new(text)?;
    let mut tokens = Vec::new();
    while let Some(token) = reader.token()? {
        tokens.push(token);
    }
    Ok(tokens)
}

/// The text with another name as its second segment.
pub(super) fn replace_second(text: &str, name: &str) -> Option<String> {
    let mut reader = Reader::new(text).ok()?;
    reader.token().ok()??;
    let from = reader.at;
    reader.token().ok()??;
    let head: String = reader.letters[..from].iter().collect();
    let tail: String = reader.letters[reader.at..].iter().collect();
    // The reader stops behind the blanks that follow a name; none of them belongs to it.
    Some(super::spell_from(&head, &[Segment::from(name)]) + &tail)
}

struct Reader {
    letters: Vec<char>,
    at: usize,
}

impl Reader {
    fn new(text: &str) -> Result<Self, PathError> {
        let letters: Vec<char> = text.chars().collect();
        let mut reader = Self { letters, at: 0 };
        if reader.letters.len() > MAX_LENGTH {
            return Err(reader.error(format!("a path has at most {MAX_LENGTH} characters")));
        }
        reader.blanks();
        if reader.peek() != Some('$') {
            return Err(reader.error("a path starts with `$`, like `$.steps.trigger`"));
        }
        reader.at += 1;
        Ok(reader)
    }

    fn token(&mut self) -> Result<Option<Token>, PathError> {
        self.blanks();
        let at = self.at;
        match self.peek() {
            None => Ok(None),
            Some('[') => self.bracket(at).map(Some),
            Some('.') if self.peek_at(1) == Some('.') => self.descent(at).map(Some),
            Some('.') => self.dot(at).map(Some),
            Some(other) => Err(self.error(format!(
                "`{other}` cannot stand here; a `.` or `[` must come before it"
            ))),
        }
    }

    fn dot(&mut self, at: usize) -> Result<Token, PathError> {
        self.at += 1;
        if self.peek() == Some('*') {
            self.at += 1;
            return Ok(Token::Other {
                canonical: "[*]".to_owned(),
                absolute: false,
                at,
            });
        }
        let name = self.name()?;
        Ok(Token::Plain {
            segment: Segment::Name(name),
            at,
        })
    }

    fn descent(&mut self, at: usize) -> Result<Token, PathError> {
        self.at += 2;
        let (selector, absolute) = match self.peek() {
            Some('*') => {
                self.at += 1;
                ("[*]".to_owned(), false)
            }
            Some('[') => self.raw_bracket()?,
            _ => (bracketed(&self.name()?), false),
        };
        Ok(Token::Other {
            canonical: format!("..{selector}"),
            absolute,
            at,
        })
    }

    fn name(&mut self) -> Result<String, PathError> {
        let from = self.at;
        while let Some(letter) = self.peek() {
            if matches!(letter, '.' | '[') {
                break;
            }
            if !may_stand_in_a_name(letter) {
                return Err(self.error(format!(
                    "`{letter}` cannot stand in a name behind a dot; write `['…']` instead"
                )));
            }
            self.at += 1;
        }
        let name: String = self.letters[from..self.at].iter().collect();
        let name = name.trim();
        if name.is_empty() {
            self.at = from;
            return Err(self.error("a name is missing behind the dot"));
        }
        Ok(name.to_owned())
    }

    fn bracket(&mut self, at: usize) -> Result<Token, PathError> {
        let (canonical, absolute) = self.raw_bracket()?;
        let inner = self.letters[at + 1..self.at - 1].iter().collect::<String>();
        match plain_selector(inner.trim(), at + 1)? {
            Some(segment) => Ok(Token::Plain { segment, at }),
            None => Ok(Token::Other {
                canonical,
                absolute,
                at,
            }),
        }
    }

    /// Copies a bracket to its end; gives its canonical text and whether it speaks of `$`.
    fn raw_bracket(&mut self) -> Result<(String, bool), PathError> {
        let from = self.at;
        let mut open = Vec::new();
        let mut canonical = String::new();
        let mut absolute = false;
        while let Some(letter) = self.peek() {
            match letter {
                '\'' | '"' => {
                    canonical.push_str(&self.quoted(letter)?);
                    continue;
                }
                '[' | '(' => open.push(letter),
                ']' | ')' => {
                    let matching = if letter == ']' { '[' } else { '(' };
                    if open.pop() != Some(matching) {
                        return Err(self.error(format!("`{letter}` closes nothing that is open")));
                    }
                }
                '$' => absolute = true,
                '.' => {
                    self.inner_name(&mut canonical);
                    continue;
                }
                _ => {}
            }
            canonical.push(letter);
            self.at += 1;
            if open.is_empty() {
                return Ok((canonical, absolute));
            }
        }
        self.at = from;
        Err(self.error("this bracket is never closed; a `]` is missing"))
    }

    /// A dot inside a filter: a hyphen in the name behind it can mean nothing but itself.
    fn inner_name(&mut self, canonical: &mut String) {
        let mut dots = 0;
        while self.peek() == Some('.') {
            dots += 1;
            self.at += 1;
        }
        let name: String = self.letters[self.at..]
            .iter()
            .copied()
            .take_while(|letter| is_hyphenated_name(*letter))
            .collect();
        let named = name
            .chars()
            .next()
            .is_some_and(|letter| !letter.is_ascii_digit() && letter != '-');
        if named && name.contains('-') {
            self.at += name.chars().count();
            canonical.push_str(if dots > 1 { ".." } else { "" });
            canonical.push_str(&bracketed(&name));
        } else {
            canonical.extend(std::iter::repeat_n('.', dots));
        }
    }

    fn quoted(&mut self, quote: char) -> Result<String, PathError> {
        let from = self.at;
        self.at += 1;
        while let Some(letter) = self.peek() {
            self.at += 1;
            if letter == '\\' {
                self.at += 1;
            } else if letter == quote {
                return Ok(self.letters[from..self.at].iter().collect());
            }
        }
        self.at = from;
        Err(self.error(format!("this text is never closed; a `{quote}` is missing")))
    }

    fn blanks(&mut self) {
        while self.peek().is_some_and(char::is_whitespace) {
            self.at += 1;
        }
    }

    fn peek(&self) -> Option<char> {
        self.peek_at(0)
    }

    fn peek_at(&self, ahead: usize) -> Option<char> {
        self.letters.get(self.at + ahead).copied()
    }

    fn error(&self, message: impl Into<String>) -> PathError {
        PathError {
            message: message.into(),
            at: self.at,
        }
    }
}

fn may_stand_in_a_name(letter: char) -> bool {
    let refused = matches!(
        letter,
        ']' | '('
            | ')'
            | '{'
            | '}'
            | '\''
            | '"'
            | '\\'
            | ','
            | '?'
            | '*'
            | '<'
            | '>'
            | '='
            | '&'
            | '|'
    );
    !refused && (!letter.is_control() || letter.is_whitespace())
}

fn is_hyphenated_name(letter: char) -> bool {
    letter.is_alphanumeric() || matches!(letter, '_' | '-')
}

/// A quoted name or an index, if the bracket holds just that.
fn plain_selector(inner: &str, at: usize) -> Result<Option<Segment>, PathError> {
    let letters: Vec<char> = inner.chars().collect();
    match letters.first() {
        None => Err(PathError {
            message: "an index or a quoted name is missing between the brackets".to_owned(),
            at,
        }),
        Some(quote @ ('\'' | '"')) => quoted_name(&letters, *quote, at),
        Some('-' | '0'..='9') => index(inner, at),
        Some('*' | '?' | ':') => Ok(None),
        Some(_) => Err(PathError {
            message: format!(
                "write a name between brackets in quotes: `['{}']`",
                crate::words::cut(inner, 40)
            ),
            at,
        }),
    }
}

fn index(inner: &str, at: usize) -> Result<Option<Segment>, PathError> {
    if inner.contains([':', ',']) {
        return Ok(None);
    }
    /// The largest integer that JavaScript and so RFC 9535 can tell from its neighbours.
    const LARGEST: i64 = 9_007_199_254_740_991;
    let digits = inner.strip_prefix('-').unwrap_or(inner);
    let sound = (digits == "0" && inner == "0")
        || (!digits.starts_with('0') && digits.bytes().all(|byte| byte.is_ascii_digit()));
    match inner.parse::<i64>() {
        Ok(index) if sound && index.abs() <= LARGEST => Ok(Some(Segment::Index(index))),
        _ => Err(PathError {
            message: format!(
                "`{}` is not an index; the first item is `[0]`, the last one `[-1]`",
                crate::words::cut(inner, 40)
            ),
            at,
        }),
    }
}

fn quoted_name(letters: &[char], quote: char, at: usize) -> Result<Option<Segment>, PathError> {
    let mut name = String::new();
    let mut position = 1;
    while let Some(&letter) = letters.get(position) {
        if letter == quote {
            let alone = position + 1 == letters.len();
            return Ok(alone.then_some(Segment::Name(name)));
        }
        if letter == '\\' {
            let (unescaped, used) =
                unescape(&letters[position + 1..], quote).ok_or_else(|| PathError {
                    message: "this is no escape of JSONPath".to_owned(),
                    at: at + position,
                })?;
            name.push(unescaped);
            position += 1 + used;
        } else if letter < ' ' {
            return Err(PathError {
                message: "a control character must be written as `\\u…`".to_owned(),
                at: at + position,
            });
        } else {
            name.push(letter);
            position += 1;
        }
    }
    Err(PathError {
        message: format!("a `{quote}` is missing"),
        at,
    })
}

/// The character that an escape stands for, and how many characters it took behind the backslash.
fn unescape(letters: &[char], quote: char) -> Option<(char, usize)> {
    let plain = match letters.first()? {
        'b' => '\u{8}',
        'f' => '\u{c}',
        'n' => '\n',
        'r' => '\r',
        't' => '\t',
        '/' => '/',
        '\\' => '\\',
        'u' => return unicode(&letters[1..]),
        other if *other == quote => quote,
        _ => return None,
    };
    Some((plain, 1))
}

fn unicode(letters: &[char]) -> Option<(char, usize)> {
    let first = hex(letters)?;
    if !(0xd800..0xdc00).contains(&first) {
        return Some((char::from_u32(first)?, 5));
    }
    if letters.get(4..6)? != ['\\', 'u'] {
        return None;
    }
    let second = hex(&letters[6..])?;
    if !(0xdc00..0xe000).contains(&second) {
        return None;
    }
    let code = 0x1_0000 + ((first - 0xd800) << 10) + (second - 0xdc00);
    Some((char::from_u32(code)?, 11))
}

fn hex(letters: &[char]) -> Option<u32> {
    letters
        .get(..4)?
        .iter()
        .try_fold(0, |sum, letter| Some(sum * 16 + letter.to_digit(16)?))
}
