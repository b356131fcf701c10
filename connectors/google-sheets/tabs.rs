//! The worksheets of a spreadsheet, and which one of them a person means.

use super::place::get;
use patchbay_kit::{
    Ask, Call,
    model::{Json, event::StepError},
    suggest::{did_you_mean, listed},
};
use serde_json::json;

/// One worksheet.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Tab {
    /// Stays the same whatever its name.
    pub(super) gid: i64,
    pub(super) title: String,
    pub(super) columns: usize,
    properties: Json,
}

/// What is written in a field that means a worksheet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Meant<'t> {
    /// The name on the tab.
    Title(&'t str),
    /// `Calls#gid=0`, or an address that somebody pasted: the tab, whatever its name is now.
    Gid(i64),
    /// Digits alone may be either.
    Either(i64, &'t str),
}

impl<'t> Meant<'t> {
    pub(super) fn by(text: &'t str) -> Self {
        let text = text.trim();
        let marked = text
            .rsplit_once("gid=")
            .filter(|(before, _)| before.ends_with(['#', '?', '&']))
            .and_then(|(_, number)| number.parse().ok());
        match (marked, text.parse()) {
            (Some(gid), _) => Self::Gid(gid),
            (None, Ok(number)) => Self::Either(number, text),
            (None, Err(_)) => Self::Title(text),
        }
    }
}

impl Tab {
    fn read(properties: &Json) -> Self {
        let columns = properties
            .pointer("/gridProperties/columnCount")
            .and_then(Json::as_u64);
        Self {
            gid: properties["sheetId"].as_i64().unwrap_or(0),
            title: properties["title"].as_str().unwrap_or_default().to_owned(),
            columns: columns
                .and_then(|count| usize::try_from(count).ok())
                .unwrap_or(usize::MAX),
            properties: properties.clone(),
        }
    }

    /// How a workflow remembers it: by its number, with the name for people.
    pub(super) fn reference(&self) -> String {
        format!("{}#gid={}", self.title, self.gid)
    }

    /// As **List worksheets** gives it.
    pub(super) fn described(&self) -> Json {
        let number = |pointer: &str| self.properties.pointer(pointer).and_then(Json::as_u64);
        let hidden = self.properties.get("hidden").and_then(Json::as_bool);
        let mut described = json!({
            "id": self.gid,
            "title": self.title,
            "worksheet": self.reference(),
            "index": number("/index").unwrap_or(0),
            "hidden": hidden.unwrap_or(false),
        });
        for (key, pointer) in [
            ("row_count", "/gridProperties/rowCount"),
            ("column_count", "/gridProperties/columnCount"),
        ] {
            if let Some(count) = number(pointer) {
                described[key] = Json::from(count);
            }
        }
        described
    }
}

/// A spreadsheet's title and its worksheets, in the order of the tabs.
pub(super) struct Tabs {
    pub(super) title: Json,
    pub(super) all: Vec<Tab>,
}

impl Tabs {
    /// Asks the service, or remembers what it said within the last minute.
    pub(super) async fn known(call: &Call<'_>, spreadsheet: &str) -> Result<Self, StepError> {
        match call.remembered(&key(spreadsheet)) {
            Some(answer) => Ok(Self::read(&answer)),
            None => Self::anew(call, spreadsheet).await,
        }
    }

    /// Asks the service.
    pub(super) async fn anew(call: &Call<'_>, spreadsheet: &str) -> Result<Self, StepError> {
        const FIELDS: &str = "spreadsheetId,properties.title,sheets.properties(sheetId,title,index,sheetType,hidden,gridProperties)";
        let request: Ask = get(["v4", "spreadsheets", spreadsheet]).query("fields", FIELDS);
        let answer = call.ask(request).await?;
        let tabs = Self::read(&answer);
        call.remember(&key(spreadsheet), answer);
        Ok(tabs)
    }

    /// What is remembered of the worksheets holds no longer.
    pub(super) fn forget(call: &Call<'_>, spreadsheet: &str) {
        call.forget(&key(spreadsheet));
    }

    fn read(answer: &Json) -> Self {
        let sheets = answer.get("sheets").and_then(Json::as_array);
        let all = sheets
            .into_iter()
            .flatten()
            .filter_map(|sheet| sheet.get("properties"))
            // A chart on a tab of its own has no rows.
            .filter(|sheet| {
                sheet
                    .get("sheetType")
                    .and_then(Json::as_str)
                    .is_none_or(|kind| kind == "GRID")
            })
            .map(Tab::read)
            .collect();
        Self {
            title: answer
                .pointer("/properties/title")
                .cloned()
                .unwrap_or_else(|| Json::from("")),
            all,
        }
    }

    /// The worksheet that is meant; names are compared as the service does, without regard to capitals.
    pub(super) fn find(&self, meant: &Meant<'_>) -> Option<&Tab> {
        let by_title = |title: &str| {
            let exact = self.all.iter().find(|tab| tab.title == title);
            exact.or_else(|| {
                let folded = title.to_lowercase();
                self.all
                    .iter()
                    .find(|tab| tab.title.to_lowercase() == folded)
            })
        };
        let by_gid = |gid: i64| self.all.iter().find(|tab| tab.gid == gid);
        match *meant {
            Meant::Title(title) => by_title(title),
            Meant::Gid(gid) => by_gid(gid),
            Meant::Either(gid, title) => by_title(title).or_else(|| by_gid(gid)),
        }
    }

    /// The error for a worksheet that is not there.
    pub(super) fn none_such(&self, call: &Call<'_>, text: &str) -> StepError {
        let titles = || self.all.iter().map(|tab| tab.title.as_str());
        let names = listed(titles());
        let message = match Meant::by(text) {
            Meant::Gid(gid) => {
                let name = text
                    .rsplit_once('#')
                    .map(|(name, _)| name)
                    .filter(|name| !name.is_empty() && !name.contains("://"));
                let name = name.map_or_else(|| format!("gid {gid}"), |name| format!("\"{name}\""));
                format!(
                    "The worksheet {name} is no longer in the spreadsheet; somebody has deleted it. Choose another \
                     one. There are {names}."
                )
            }
            Meant::Title(title) | Meant::Either(_, title) => {
                let hint = did_you_mean(title, titles());
                format!(
                    "The spreadsheet has no worksheet \"{title}\".{hint} There are {names}. Choose the worksheet from \
                     the list, then renaming it breaks nothing."
                )
            }
        };
        StepError {
            code: "not_found".to_owned(),
            ..call.invalid("/worksheet", message)
        }
    }
}

fn key(spreadsheet: &str) -> String {
    format!("worksheets\n{spreadsheet}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn worksheets_are_meant_by_name_or_by_number() {
        for (text, wanted) in [
            ("Calls", Meant::Title("Calls")),
            (" Calls #1 ", Meant::Title("Calls #1")),
            ("Calls#gid=0", Meant::Gid(0)),
            ("My #gid=5#gid=77", Meant::Gid(77)),
            (
                "https://docs.google.com/spreadsheets/d/1a/edit?gid=5#gid=5",
                Meant::Gid(5),
            ),
            (
                "https://docs.google.com/spreadsheets/d/1a/edit?x=1&gid=6",
                Meant::Gid(6),
            ),
            ("gid=5", Meant::Title("gid=5")),
            ("Calls#gid=x", Meant::Title("Calls#gid=x")),
            ("2026", Meant::Either(2026, "2026")),
        ] {
            assert_eq!(Meant::by(text), wanted, "{text}");
        }
    }

    #[test]
    fn digits_are_a_name_first_and_then_a_number() {
        let tabs = Tabs::read(&json!({ "sheets": [
            { "properties": { "sheetId": 2026, "title": "Old" } },
            { "properties": { "sheetId": 5, "title": "2026" } },
            { "properties": { "sheetId": 6, "title": "Chart", "sheetType": "OBJECT" } },
        ] }));
        let found = |text| tabs.find(&Meant::by(text)).map(|tab| tab.gid);
        assert_eq!(found("2026"), Some(5));
        assert_eq!(found("2026#gid=2026"), Some(2026));
        assert_eq!(found("5"), Some(5));
        assert_eq!(found("old"), Some(2026));
        assert_eq!(found("Chart"), None);
    }
}
