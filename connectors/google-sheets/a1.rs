//! Google's notation for cells: `'My sheet'!A1:C3`.

/// A range of a worksheet; the name is always quoted, so that no name can be read as a cell or a named range.
pub(super) fn range(worksheet: &str, cells: &str) -> String {
    format!("{}!{cells}", whole(worksheet))
}

/// All cells of a worksheet.
pub(super) fn whole(worksheet: &str) -> String {
    format!("'{}'", worksheet.replace('\'', "''"))
}

/// The letters of a column, counted from 0: `A`, `Z`, `AA`.
pub(super) fn letters(column: usize) -> String {
    let mut rest = column + 1;
    let mut letters = Vec::new();
    while rest > 0 {
        let digit = u8::try_from((rest - 1) % 26).unwrap_or(0);
        letters.push(char::from(b'A' + digit));
        rest = (rest - 1) / 26;
    }
    letters.iter().rev().collect()
}

/// The number of the first row of a range, as the service's answers spell ranges.
pub(super) fn first_row(range: &str) -> Option<u64> {
    let cells = range.rsplit('!').next()?;
    let first = cells.split(':').next()?;
    first
        .trim_start_matches(|c: char| c.is_ascii_alphabetic() || c == '$')
        .parse()
        .ok()
}

/// A block of cells with its header on top; columns count from 0, rows from 1, sides that are missing are open.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Block {
    pub(super) left: usize,
    pub(super) top: Option<u64>,
    pub(super) right: Option<usize>,
    pub(super) bottom: Option<u64>,
}

impl Block {
    /// Reads `B3:F`, `B3:F200`, `B:F` or `B3`; a worksheet's name before it is passed over.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let cells = text.trim().rsplit('!').next()?;
        let (start, end) = cells.split_once(':').unwrap_or((cells, ""));
        let (left, top) = corner(start)?;
        let (right, bottom) = if end.is_empty() {
            (None, None)
        } else {
            corner(end)?
        };
        let left = left?;
        let in_order = right.is_none_or(|right| left <= right)
            && bottom.is_none_or(|bottom| top.unwrap_or(1) <= bottom);
        in_order.then_some(Self {
            left,
            top,
            right,
            bottom,
        })
    }
}

/// The column and row of one corner.
fn corner(text: &str) -> Option<(Option<usize>, Option<u64>)> {
    let text = text.replace('$', "").to_ascii_uppercase();
    let digits = text.trim_start_matches(|c: char| c.is_ascii_uppercase());
    let letters = &text[..text.len() - digits.len()];
    if text.is_empty() || letters.len() > 3 {
        return None;
    }
    let column = letters
        .bytes()
        .fold(0_usize, |sum, letter| {
            sum * 26 + usize::from(letter - b'A') + 1
        })
        .checked_sub(1);
    let row = match digits {
        "" => None,
        digits => Some(digits.parse().ok().filter(|row| *row > 0)?),
    };
    Some((column, row))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_quoted() {
        for (name, wanted) in [
            ("Calls", "'Calls'!A1"),
            ("CRM26", "'CRM26'!A1"),
            ("Jon's data", "'Jon''s data'!A1"),
        ] {
            assert_eq!(range(name, "A1"), wanted);
        }
    }

    #[test]
    fn columns_are_lettered() {
        for (column, wanted) in [
            (0, "A"),
            (25, "Z"),
            (26, "AA"),
            (51, "AZ"),
            (52, "BA"),
            (701, "ZZ"),
            (702, "AAA"),
        ] {
            assert_eq!(letters(column), wanted);
            assert_eq!(Block::parse(wanted).unwrap().left, column);
        }
    }

    #[test]
    fn rows_are_read_from_ranges() {
        for (text, wanted) in [
            ("'Calls'!A2:C2", Some(2)),
            ("Calls!B17", Some(17)),
            ("'What!A1'!AA30:AB40", Some(30)),
            ("'Calls'!A:A", None),
        ] {
            assert_eq!(first_row(text), wanted, "{text}");
        }
    }

    #[test]
    fn blocks_are_read_with_open_sides() {
        let block = |left, top, right, bottom| {
            Some(Block {
                left,
                top,
                right,
                bottom,
            })
        };
        for (text, wanted) in [
            ("B3:F", block(1, Some(3), Some(5), None)),
            ("b3:f200", block(1, Some(3), Some(5), Some(200))),
            ("B:F", block(1, None, Some(5), None)),
            ("'Calls'!$B$3", block(1, Some(3), None, None)),
            ("A2:9", block(0, Some(2), None, Some(9))),
            ("F3:B", None),
            ("B9:C3", None),
            ("B0", None),
            ("3:5", None),
            ("ABCD1", None),
            ("Calls", None),
            ("", None),
        ] {
            assert_eq!(Block::parse(text), wanted, "{text}");
        }
    }
}
