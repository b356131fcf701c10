//! Drive's search language, as far as a picker uses it: comparisons joined by `and`.

/// A read query: every condition must hold.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Query(Vec<Condition>);

#[derive(Debug, Clone, PartialEq, Eq)]
enum Condition {
    Type {
        is: bool,
        value: String,
    },
    Trashed(bool),
    NameIs {
        is: bool,
        value: String,
    },
    /// Words of the name that start with these, in order.
    NameContains(String),
    /// About people or folders that all files here share.
    Always,
}

impl Query {
    /// Reads a query; the error says what is not understood.
    pub(crate) fn parse(text: &str) -> Result<Self, String> {
        let mut reader = Reader(text.trim());
        let mut conditions = Vec::new();
        if reader.0.is_empty() {
            return Ok(Self::default());
        }
        loop {
            conditions.extend(reader.condition()?);
            if reader.0.trim().is_empty() {
                return Ok(Self(conditions));
            }
            let word = reader.word();
            if word != "and" {
                return Err(format!("expected “and”, found “{word}{}”", reader.0));
            }
        }
    }

    /// Whether a file with this name, type and state is found.
    pub(crate) fn takes(&self, name: &str, mime_type: &str, trashed: bool) -> bool {
        self.0.iter().all(|condition| match condition {
            Condition::Type { is, value } => (value == mime_type) == *is,
            Condition::Trashed(wanted) => *wanted == trashed,
            Condition::NameIs { is, value } => (value == name) == *is,
            Condition::NameContains(prefix) => contains(name, prefix),
            Condition::Always => true,
        })
    }
}

/// Drive matches prefixes of words, not parts of them: `Rec` finds `Call records`, `ecords` does
/// not. Several words must follow each other, the last one as a prefix.
fn contains(name: &str, wanted: &str) -> bool {
    let (name, wanted) = (name.to_lowercase(), wanted.to_lowercase());
    let wanted = wanted.trim();
    if wanted.is_empty() {
        return true;
    }
    let letter = |letter: char| letter.is_alphanumeric() || letter == '\'';
    name.match_indices(wanted).any(|(at, _)| {
        name[..at]
            .chars()
            .next_back()
            .is_none_or(|before| !letter(before))
    })
}

struct Reader<'a>(&'a str);

impl Reader<'_> {
    fn condition(&mut self) -> Result<Vec<Condition>, String> {
        self.0 = self.0.trim_start();
        if let Some(after) = self.0.strip_prefix('(') {
            self.0 = after;
            let mut inside = self.condition()?;
            loop {
                self.0 = self.0.trim_start();
                if let Some(after) = self.0.strip_prefix(')') {
                    self.0 = after;
                    return Ok(inside);
                }
                let word = self.word();
                if word != "and" {
                    return Err(format!("expected “and” or “)”, found “{word}”"));
                }
                inside.extend(self.condition()?);
            }
        }
        if self.0.starts_with('\'') {
            let who = self.string()?;
            let (relation, list) = (self.word(), self.word());
            return match (relation.as_str(), list.as_str()) {
                ("in", "owners" | "writers" | "readers" | "parents") => Ok(vec![Condition::Always]),
                _ => Err(format!("“'{who}' {relation} {list}” is not understood")),
            };
        }
        let term = self.word();
        let operator = self.operator();
        let condition = match (term.as_str(), operator.as_str()) {
            ("mimeType", "=" | "!=") => Condition::Type {
                is: operator == "=",
                value: self.string()?,
            },
            ("trashed", "=" | "!=") => Condition::Trashed(self.boolean()? == (operator == "=")),
            ("starred" | "sharedWithMe", "=") => {
                if self.boolean()? {
                    // Nothing here is starred or shared.
                    Condition::Type {
                        is: true,
                        value: String::new(),
                    }
                } else {
                    Condition::Always
                }
            }
            ("name", "=" | "!=") => Condition::NameIs {
                is: operator == "=",
                value: self.string()?,
            },
            ("name" | "fullText", "contains") => Condition::NameContains(self.string()?),
            _ => return Err(format!("“{term} {operator}” is not understood")),
        };
        Ok(vec![condition])
    }

    fn word(&mut self) -> String {
        self.0 = self.0.trim_start();
        let end = self
            .0
            .find(|letter: char| !letter.is_ascii_alphanumeric())
            .unwrap_or(self.0.len());
        let (word, after) = self.0.split_at(end);
        self.0 = after;
        word.to_owned()
    }

    fn operator(&mut self) -> String {
        self.0 = self.0.trim_start();
        for sign in ["!=", "="] {
            if let Some(after) = self.0.strip_prefix(sign) {
                self.0 = after;
                return sign.to_owned();
            }
        }
        self.word()
    }

    fn boolean(&mut self) -> Result<bool, String> {
        match self.word().as_str() {
            "true" => Ok(true),
            "false" => Ok(false),
            other => Err(format!("expected true or false, found “{other}”")),
        }
    }

    /// A text in single quotes, in which `\'` and `\\` stand for themselves.
    fn string(&mut self) -> Result<String, String> {
        self.0 = self.0.trim_start();
        let mut letters = self.0.char_indices();
        if letters.next().map(|(_, letter)| letter) != Some('\'') {
            return Err(format!("expected a text in single quotes at “{}”", self.0));
        }
        let mut text = String::new();
        while let Some((at, letter)) = letters.next() {
            match letter {
                '\\' => match letters.next() {
                    Some((_, escaped)) => text.push(escaped),
                    None => break,
                },
                '\'' => {
                    self.0 = &self.0[at + 1..];
                    return Ok(text);
                }
                other => text.push(other),
            }
        }
        Err("a text in single quotes does not end".to_owned())
    }
}
