//! The spreadsheets that exist at the start.

use indexmap::IndexMap;
use jiff::Timestamp;

use crate::google::grid::Sheet;
use crate::google::spreadsheet::Spreadsheet;
use crate::oauth::grants::after;
use crate::people::Person;
use crate::random::Random;

/// Every file by its id; ids depend on the seed alone.
pub(crate) fn files(seed: u64, now: Timestamp) -> IndexMap<String, Spreadsheet> {
    let mut random = Random::new(seed ^ 0x5368_6565_7473);
    let mut files = IndexMap::new();
    for person in Person::ALL {
        let mut add = |name: &str, age: i64, sheets: Vec<Sheet>| {
            let file = Spreadsheet {
                id: format!("1{}", &random.id(33)[..43]),
                name: name.to_owned(),
                owner: person,
                made_by_app: false,
                trashed: name.starts_with("Old "),
                created_at: after(now, -90 * 86_400),
                modified_at: after(now, -age),
                changes: 0,
                locale: "en_US".to_owned(),
                time_zone: "America/Los_Angeles".to_owned(),
                sheets,
                metadata: Vec::new(),
                named_ranges: Vec::new(),
            };
            files.insert(file.id.clone(), file);
        };
        let header: &[&[&str]] = &[&["Direction", "fromPhone", "toPhone"]];
        add(
            "Call records 2026",
            3_600,
            vec![
                Sheet::new(0, "Calls").with_rows(header),
                Sheet::new(1_043_211_345, "Archive").with_rows(header),
            ],
        );
        add(
            "Contacts",
            86_400,
            vec![Sheet::new(0, "Contacts").with_rows(&[
                &["Name", "Phone", "City"],
                &["Marisol Vega", "+14155550104", "San Francisco"],
                &["Priya Nair", "+14085550163", "San Jose"],
                &["Halcyon Freight", "+13125550120", "Chicago"],
            ])],
        );
        add(
            "Jon's Data",
            3 * 86_400,
            vec![
                Sheet::new(0, "Jon's Data").with_rows(&[
                    &["Day", "Orders", "Note"],
                    &["Monday", "12", ""],
                    &["Tuesday", "9", "two returns"],
                ]),
                Sheet::new(77_215_904, "Sheet2"),
            ],
        );
        add("Old call list", 40 * 86_400, vec![Sheet::new(0, "Sheet1")]);
    }
    files
}
