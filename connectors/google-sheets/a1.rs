//! Google's notation for cells: `'My sheet'!A1:C3`.

/// A range of a worksheet; the name is always quoted, so that no name can be read as a cell or a named range.
pub(super) fn range(worksheet: &str, cells: &str) -> String {
    format!("'{}'!{cells}", worksheet.replace('\'', "''"))
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

/// The id of a spreadsheet, from itself or from an address that somebody pasted.
pub(super) fn spreadsheet_id(text: &str) -> &str {
    let text = text.trim();
    let Some((_, rest)) = text.split_once("://") else {
        return text;
    };
    let path = rest.split(['?', '#']).next().unwrap_or(rest);
    let segments: Vec<&str> = path
        .split('/')
        .skip(1)
        .filter(|segment| !segment.is_empty())
        .collect();
    let after_d = segments
        .iter()
        .skip_while(|segment| **segment != "d")
        .nth(1);
    after_d
        .or_else(|| segments.iter().rfind(|segment| **segment != "edit"))
        .copied()
        .unwrap_or(text)
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
    fn ids_are_taken_from_addresses() {
        for (text, wanted) in [
            (" 1aB_c-D ", "1aB_c-D"),
            (
                "https://docs.google.com/spreadsheets/d/1aB_c-D/edit?gid=0#gid=0",
                "1aB_c-D",
            ),
            ("https://docs.google.com/spreadsheets/d/1aB_c-D", "1aB_c-D"),
            ("http://127.0.0.1:4610/sheets/1aB_c-D?gid=1", "1aB_c-D"),
        ] {
            assert_eq!(spreadsheet_id(text), wanted, "{text}");
        }
    }
}
