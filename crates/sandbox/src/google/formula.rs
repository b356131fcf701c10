//! A small calculator for formulas, so that a cell with `=A1*2` shows something believable.

use crate::google::grid::{Area, Content, Sheet};

/// What a cell shows.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Shown {
    Empty,
    Text(String),
    Number(f64),
    Bool(bool),
    /// `#REF!`, `#NAME?`, …
    Error(&'static str),
}

/// How deep formulas may refer to formulas before it counts as a circle.
const DEEPEST: usize = 24;

/// What the cell shows, its formula worked out if it has one.
pub(crate) fn value(sheet: &Sheet, row: usize, column: usize) -> Shown {
    cell(sheet, row, column, 0)
}

fn cell(sheet: &Sheet, row: usize, column: usize, depth: usize) -> Shown {
    match sheet.cell(row, column).map(|cell| &cell.content) {
        None | Some(Content::Empty) => Shown::Empty,
        Some(Content::Text(text)) => Shown::Text(text.clone()),
        Some(Content::Number(number)) => Shown::Number(*number),
        Some(Content::Bool(value)) => Shown::Bool(*value),
        Some(Content::Formula(_)) if depth >= DEEPEST => Shown::Error("#REF!"),
        Some(Content::Formula(text)) => {
            let mut reader = Reader {
                sheet,
                rest: text.trim_start_matches('='),
                depth,
            };
            match reader.comparison() {
                Ok(operand) if reader.rest.trim().is_empty() => operand.single(),
                Ok(_) => Shown::Error("#ERROR!"),
                Err(code) => Shown::Error(code),
            }
        }
    }
}

/// A value under way: one, or the cells of a range.
#[derive(Debug, Clone)]
enum Operand {
    One(Shown),
    Many(Vec<Shown>),
}

impl Operand {
    fn single(self) -> Shown {
        match self {
            Self::One(one) => one,
            Self::Many(many) => many.into_iter().next().unwrap_or(Shown::Empty),
        }
    }

    fn number(self) -> Result<f64, &'static str> {
        match self.single() {
            Shown::Number(number) => Ok(number),
            Shown::Empty => Ok(0.0),
            Shown::Bool(value) => Ok(f64::from(u8::from(value))),
            Shown::Text(text) => text.trim().parse().map_err(|_| "#VALUE!"),
            Shown::Error(code) => Err(code),
        }
    }

    fn text(self) -> Result<String, &'static str> {
        match self.single() {
            Shown::Number(number) => Ok(crate::google::render::format(
                number,
                crate::google::grid::Format::General,
            )),
            Shown::Empty => Ok(String::new()),
            Shown::Bool(value) => Ok(if value { "TRUE" } else { "FALSE" }.to_owned()),
            Shown::Text(text) => Ok(text),
            Shown::Error(code) => Err(code),
        }
    }
}

fn number(value: f64) -> Result<Operand, &'static str> {
    if value.is_finite() {
        Ok(Operand::One(Shown::Number(value)))
    } else {
        Err("#NUM!")
    }
}

/// Reads a formula from left to right, working it out as it goes.
struct Reader<'a> {
    sheet: &'a Sheet,
    rest: &'a str,
    depth: usize,
}

type Read = Result<Operand, &'static str>;

impl<'a> Reader<'a> {
    fn take(&mut self, word: &str) -> bool {
        let rest = self.rest.trim_start();
        match rest.strip_prefix(word) {
            Some(after) => {
                self.rest = after;
                true
            }
            None => false,
        }
    }

    /// Letters, digits and what belongs to a name or reference.
    fn word(&mut self) -> &'a str {
        let rest = self.rest.trim_start();
        let end = rest
            .find(|letter: char| !(letter.is_alphanumeric() || "$_.".contains(letter)))
            .unwrap_or(rest.len());
        let (word, after) = rest.split_at(end);
        self.rest = after;
        word
    }

    fn comparison(&mut self) -> Read {
        let left = self.joined()?;
        for sign in ["<>", "<=", ">=", "=", "<", ">"] {
            if self.take(sign) {
                let (left, right) = (left.text()?, self.joined()?.text()?);
                let order = match (left.parse::<f64>(), right.parse::<f64>()) {
                    (Ok(left), Ok(right)) => left.total_cmp(&right),
                    _ => left.to_lowercase().cmp(&right.to_lowercase()),
                };
                let holds = match sign {
                    "<>" => order.is_ne(),
                    "<=" => order.is_le(),
                    ">=" => order.is_ge(),
                    "=" => order.is_eq(),
                    "<" => order.is_lt(),
                    _ => order.is_gt(),
                };
                return Ok(Operand::One(Shown::Bool(holds)));
            }
        }
        Ok(left)
    }

    fn joined(&mut self) -> Read {
        let mut left = self.sum()?;
        while self.take("&") {
            let right = self.sum()?.text()?;
            left = Operand::One(Shown::Text(left.text()? + &right));
        }
        Ok(left)
    }

    fn sum(&mut self) -> Read {
        let mut left = self.product()?;
        loop {
            if self.take("+") {
                left = number(left.number()? + self.product()?.number()?)?;
            } else if self.take("-") {
                left = number(left.number()? - self.product()?.number()?)?;
            } else {
                return Ok(left);
            }
        }
    }

    fn product(&mut self) -> Read {
        let mut left = self.power()?;
        loop {
            if self.take("*") {
                left = number(left.number()? * self.power()?.number()?)?;
            } else if self.take("/") {
                let by = self.power()?.number()?;
                if by == 0.0 {
                    return Err("#DIV/0!");
                }
                left = number(left.number()? / by)?;
            } else {
                return Ok(left);
            }
        }
    }

    fn power(&mut self) -> Read {
        let left = self.signed()?;
        if self.take("^") {
            return number(left.number()?.powf(self.power()?.number()?));
        }
        Ok(left)
    }

    fn signed(&mut self) -> Read {
        self.depth += 1;
        if self.depth > DEEPEST * 4 {
            return Err("#ERROR!");
        }
        let read = if self.take("-") {
            self.signed().and_then(|operand| number(-operand.number()?))
        } else if self.take("+") {
            self.signed()
        } else {
            self.primary()
        };
        self.depth -= 1;
        let operand = read?;
        if self.take("%") {
            return number(operand.number()? / 100.0);
        }
        Ok(operand)
    }

    fn primary(&mut self) -> Read {
        if self.take("(") {
            let inside = self.comparison()?;
            return if self.take(")") {
                Ok(inside)
            } else {
                Err("#ERROR!")
            };
        }
        if self.take("\"") {
            return self.string();
        }
        let word = self.word();
        if word.is_empty() {
            return Err("#ERROR!");
        }
        if self.take("(") {
            return self.call(word);
        }
        if let Ok(value) = word.parse::<f64>() {
            return number(value);
        }
        match word.to_ascii_uppercase().as_str() {
            "TRUE" => return Ok(Operand::One(Shown::Bool(true))),
            "FALSE" => return Ok(Operand::One(Shown::Bool(false))),
            _ => {}
        }
        let start = reference(word).ok_or("#NAME?")?;
        if self.take(":") {
            let end = reference(self.word()).ok_or("#NAME?")?;
            return Ok(Operand::Many(self.cells(Area {
                top: start.0.min(end.0),
                left: start.1.min(end.1),
                bottom: start.0.max(end.0),
                right: start.1.max(end.1),
            })));
        }
        match self.look_up(start.0, start.1) {
            Shown::Error(code) => Err(code),
            shown => Ok(Operand::One(shown)),
        }
    }

    fn string(&mut self) -> Read {
        let mut text = String::new();
        loop {
            let (piece, after) = self.rest.split_once('"').ok_or("#ERROR!")?;
            text.push_str(piece);
            self.rest = after;
            match self.rest.strip_prefix('"') {
                Some(after) => {
                    text.push('"');
                    self.rest = after;
                }
                None => return Ok(Operand::One(Shown::Text(text))),
            }
        }
    }

    fn look_up(&self, row: usize, column: usize) -> Shown {
        cell(self.sheet, row, column, self.depth + 1)
    }

    fn cells(&self, area: Area) -> Vec<Shown> {
        let rows = area.top..=area.bottom.min(self.sheet.filled_rows());
        rows.flat_map(|row| {
            (area.left..=area.right.min(self.sheet.filled_columns()))
                .map(move |column| (row, column))
        })
        .map(|(row, column)| self.look_up(row, column))
        .collect()
    }

    fn call(&mut self, name: &str) -> Read {
        let mut given = Vec::new();
        if !self.take(")") {
            loop {
                given.push(self.comparison()?);
                if self.take(")") {
                    break;
                }
                if !self.take(",") {
                    return Err("#ERROR!");
                }
            }
        }
        function(&name.to_ascii_uppercase(), given)
    }
}

fn function(name: &str, given: Vec<Operand>) -> Read {
    let text = |text: String| Ok(Operand::One(Shown::Text(text)));
    let first = |given: Vec<Operand>| given.into_iter().next().ok_or("#N/A");
    match name {
        "SUM" | "AVERAGE" | "MIN" | "MAX" | "COUNT" => {
            let numbers: Vec<f64> = flat(given)
                .into_iter()
                .filter_map(|shown| match shown {
                    Shown::Number(number) => Some(number),
                    _ => None,
                })
                .collect();
            let count = f64::from(u32::try_from(numbers.len()).unwrap_or(u32::MAX));
            number(match name {
                "SUM" => numbers.iter().sum(),
                "COUNT" => count,
                "AVERAGE" if numbers.is_empty() => return Err("#DIV/0!"),
                "AVERAGE" => numbers.iter().sum::<f64>() / count,
                "MIN" => numbers.iter().copied().reduce(f64::min).unwrap_or(0.0),
                _ => numbers.iter().copied().reduce(f64::max).unwrap_or(0.0),
            })
        }
        "COUNTA" => {
            let filled = flat(given)
                .into_iter()
                .filter(|shown| *shown != Shown::Empty);
            number(f64::from(u32::try_from(filled.count()).unwrap_or(u32::MAX)))
        }
        "CONCATENATE" | "CONCAT" => {
            let mut joined = String::new();
            for shown in flat(given) {
                joined.push_str(&Operand::One(shown).text()?);
            }
            text(joined)
        }
        "UPPER" => text(first(given)?.text()?.to_uppercase()),
        "LOWER" => text(first(given)?.text()?.to_lowercase()),
        "TRIM" => text(first(given)?.text()?.trim().to_owned()),
        "LEN" => {
            let length = first(given)?.text()?.chars().count();
            number(f64::from(u32::try_from(length).unwrap_or(u32::MAX)))
        }
        "ABS" => number(first(given)?.number()?.abs()),
        "ROUND" => {
            let mut given = given.into_iter();
            let value = given.next().ok_or("#N/A")?.number()?;
            let places = given.next().map_or(Ok(0.0), Operand::number)?;
            let scale = 10_f64.powf(places.trunc());
            number((value * scale).round() / scale)
        }
        "IF" => {
            let mut given = given.into_iter();
            let holds = given.next().ok_or("#N/A")?.number()? != 0.0;
            let yes = given.next().ok_or("#N/A")?;
            let no = given.next().unwrap_or(Operand::One(Shown::Bool(false)));
            Ok(if holds { yes } else { no })
        }
        // The label is what a link shows.
        "HYPERLINK" => given.into_iter().last().ok_or("#N/A"),
        _ => Err("#NAME?"),
    }
}

fn flat(given: Vec<Operand>) -> Vec<Shown> {
    given
        .into_iter()
        .flat_map(|operand| match operand {
            Operand::One(one) => vec![one],
            Operand::Many(many) => many,
        })
        .collect()
}

/// `B7` or `$B$7` as row and column from 0.
fn reference(word: &str) -> Option<(usize, usize)> {
    let word = word.replace('$', "");
    let letters = word.bytes().take_while(u8::is_ascii_alphabetic).count();
    if !(1..=3).contains(&letters) {
        return None;
    }
    let (letters, digits) = word.split_at(letters);
    let column = letters.bytes().fold(0_usize, |sum, letter| {
        sum * 26 + usize::from(letter.to_ascii_uppercase() - b'A') + 1
    });
    let row: usize = digits.parse().ok()?;
    Some((row.checked_sub(1)?, column - 1))
}
