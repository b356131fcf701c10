//! Which worksheet a call is about, and requests about its cells that survive its being renamed.

use super::{
    a1,
    tabs::{Meant, Tab, Tabs},
};
use http::Method;
use patchbay_kit::{
    Ask, Call,
    model::{Json, event::StepError},
};

/// Where the rows of a call are.
#[derive(Debug, Clone)]
pub(super) struct Place {
    pub(super) spreadsheet: String,
    /// The name on the tab, as far as is known now.
    pub(super) worksheet: String,
    /// As the field has it.
    text: String,
    /// Its number, if it was needed so far.
    gid: Option<i64>,
    /// The block of cells that the rows are in.
    pub(super) block: a1::Block,
}

impl Place {
    /// Of a call with the inputs `spreadsheet_id`, `worksheet` and perhaps `header_row` and `range`.
    pub(super) async fn of(call: &Call<'_>) -> Result<Self, StepError> {
        let header_row = call.input("header_row").and_then(Json::as_u64);
        let mut block = a1::Block {
            left: 0,
            top: header_row,
            right: None,
            bottom: None,
        };
        let range = call.text("range");
        if !range.is_empty() {
            let given = a1::Block::parse(range).ok_or_else(|| {
                let message = format!(
                    "\"{range}\" is no range. Write the cells from the column names on, such as B3:F or A1:C200, \
                     without the worksheet."
                );
                call.invalid("/range", message)
            })?;
            block = a1::Block {
                top: given.top.or(header_row),
                ..given
            };
        }
        let mut place = Self {
            spreadsheet: call.text("spreadsheet_id").to_owned(),
            worksheet: call.text("worksheet").trim().to_owned(),
            text: call.text("worksheet").to_owned(),
            gid: None,
            block,
        };
        if !matches!(Meant::by(&place.text), Meant::Title(_)) {
            place.tab(call).await?;
        }
        Ok(place)
    }

    /// The row that holds the column names, from 1.
    pub(super) fn header_row(&self) -> u64 {
        self.block.top.unwrap_or(1)
    }

    /// The worksheet as the spreadsheet has it, asked at most once a minute.
    pub(super) async fn tab(&mut self, call: &Call<'_>) -> Result<Tab, StepError> {
        let tabs = Tabs::known(call, &self.spreadsheet).await?;
        let found = tabs.find(&Meant::by(&self.text)).cloned();
        let tab = match found {
            Some(tab) => tab,
            None => self.look_again(call).await?,
        };
        Ok(self.keep(tab))
    }

    /// The worksheet as the spreadsheet has it now.
    pub(super) async fn tab_now(&mut self, call: &Call<'_>) -> Result<Tab, StepError> {
        let tab = self.look_again(call).await?;
        Ok(self.keep(tab))
    }

    async fn look_again(&self, call: &Call<'_>) -> Result<Tab, StepError> {
        let tabs = Tabs::anew(call, &self.spreadsheet).await?;
        let found = tabs.find(&Meant::by(&self.text)).cloned();
        found.ok_or_else(|| tabs.none_such(call, &self.text))
    }

    fn keep(&mut self, tab: Tab) -> Tab {
        self.gid = Some(tab.gid);
        self.worksheet.clone_from(&tab.title);
        tab
    }

    /// Identifies the header row in the short memory.
    pub(super) fn key(&self) -> String {
        let worksheet = match self.gid {
            Some(gid) => format!("gid {gid}"),
            None => self.worksheet.clone(),
        };
        let Self {
            spreadsheet, block, ..
        } = self;
        let (left, right, row) = (block.left, block.right, self.header_row());
        format!("header\n{spreadsheet}\n{worksheet}\n{row} {left} {right:?}")
    }

    /// The path of a request about cells of the worksheet, and what stands behind it, such as `:append`.
    pub(super) fn values(&self, cells: &str, verb: &str) -> Vec<String> {
        let range = if cells.is_empty() {
            a1::whole(&self.worksheet)
        } else {
            a1::range(&self.worksheet, cells)
        };
        let range = format!("{range}{verb}");
        ["v4", "spreadsheets", &self.spreadsheet, "values", &range]
            .map(str::to_owned)
            .into()
    }

    /// Makes a request about cells. If the service knows no worksheet of that name, somebody may have renamed it: it
    /// is looked for by its number, and the request made once more.
    pub(super) async fn ask(
        &mut self,
        call: &Call<'_>,
        request: impl Fn(&Self) -> Ask,
    ) -> Result<Json, StepError> {
        let error = match call.ask(request(self)).await {
            Err(error) if says(&error, "Unable to parse range") => error,
            other => return other,
        };
        let before = self.worksheet.clone();
        self.tab_now(call).await?;
        if self.worksheet.to_lowercase() == before.to_lowercase() {
            return Err(error);
        }
        call.ask(request(self)).await
    }

    /// Reads cells as rows; none if they lie outside the grid.
    pub(super) async fn read(
        &mut self,
        call: &Call<'_>,
        cells: &str,
        render: &str,
    ) -> Result<Vec<Json>, StepError> {
        let request = |place: &Self| {
            let request = ask(Method::GET, &place.values(cells, ""));
            if render.is_empty() {
                return request;
            }
            request
                .query("valueRenderOption", render)
                .query("dateTimeRenderOption", "FORMATTED_STRING")
        };
        match self.ask(call, request).await {
            Ok(mut answer) => Ok(match answer["values"].take() {
                Json::Array(rows) => rows,
                _ => Vec::new(),
            }),
            Err(error) if is_outside(&error) => Ok(Vec::new()),
            Err(error) => Err(error),
        }
    }

    /// The error for a row that the grid does not have.
    pub(super) fn outside(&self, call: &Call<'_>, pointer: &str, row: u64) -> StepError {
        let message = format!(
            "The worksheet \"{}\" has no row {row}; it ends before. Choose a row that is there, or add rows with \
             Create row.",
            self.worksheet
        );
        call.invalid(pointer, message)
    }
}

/// Whether the service said that cells lie outside the grid.
pub(super) fn is_outside(error: &StepError) -> bool {
    says(error, "exceeds grid limits")
}

fn says(error: &StepError, part: &str) -> bool {
    let detail = error.detail.as_ref();
    let said = detail.and_then(|detail| detail.pointer("/error/message"));
    error.status == Some(400)
        && said
            .and_then(Json::as_str)
            .is_some_and(|said| said.contains(part))
}

/// A request below the service's address, counted among reads or writes.
pub(super) fn ask(method: Method, path: &[String]) -> Ask {
    let group = if method == Method::GET {
        "read"
    } else {
        "write"
    };
    Ask::new(method, path.iter().map(String::as_str)).group(group)
}

/// A request that reads.
pub(super) fn get<'p>(path: impl IntoIterator<Item = &'p str>) -> Ask {
    Ask::new(Method::GET, path).group("read")
}

/// A request that changes the structure of a spreadsheet: all of these changes, or none.
pub(super) async fn change(
    call: &Call<'_>,
    spreadsheet: &str,
    requests: Json,
) -> Result<Json, StepError> {
    let target = format!("{spreadsheet}:batchUpdate");
    let request = Ask::new(Method::POST, ["v4", "spreadsheets", &target])
        .group("write")
        .body(serde_json::json!({ "requests": requests }));
    let changed = call.ask(request).await;
    // Names and numbers of worksheets may be others now, also when the answer was lost.
    Tabs::forget(call, spreadsheet);
    changed
}
