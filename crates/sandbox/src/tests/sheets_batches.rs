//! Sheets: changes in batches, data filters, metadata, named ranges, copies and quotas.

use serde_json::{Value, json};

use super::client::{Bench, Got, access, address};
use crate::{GoogleQuota, RateLimits};

struct Open {
    bench: Bench,
    token: String,
    id: String,
}

impl Open {
    /// A new file with one sheet of these rows.
    fn with(rows: Value) -> Self {
        let bench = Bench::new();
        let token = access(&bench.google("ana", &["spreadsheets"]));
        let cells = |row: &Value| -> Value {
            let cell = |text: &Value| json!({ "userEnteredValue": { "stringValue": text } });
            let cells: Vec<Value> = row.as_array().unwrap().iter().map(cell).collect();
            json!({ "values": cells })
        };
        let data: Vec<Value> = rows.as_array().unwrap().iter().map(cells).collect();
        let made = bench
            .post(
                "/v4/spreadsheets",
                &token,
                json!({ "sheets": [{
                    "properties": { "title": "S", "gridProperties": { "rowCount": 20, "columnCount": 5 } },
                    "data": [{ "rowData": data }],
                }] }),
            )
            .fine();
        let id = made["spreadsheetId"].as_str().unwrap().to_owned();
        Self { bench, token, id }
    }

    fn change(&self, requests: Value) -> Got {
        let path = format!("/v4/spreadsheets/{}:batchUpdate", self.id);
        self.bench
            .post(&path, &self.token, json!({ "requests": requests }))
    }

    fn post(&self, rest: &str, body: Value) -> Got {
        let path = format!("/v4/spreadsheets/{}{rest}", self.id);
        self.bench.post(&path, &self.token, body)
    }

    fn cells(&self, range: &str) -> Value {
        let path = address(
            &format!("/v4/spreadsheets/{}/values/{range}", self.id),
            &[("valueRenderOption", "FORMULA")],
        );
        self.bench.get(&path, &self.token).fine()["values"].clone()
    }

    fn tabs(&self) -> Vec<String> {
        let path = format!("/v4/spreadsheets/{}", self.id);
        let file = self.bench.get(&path, &self.token).fine();
        let title = |sheet: &Value| sheet["properties"]["title"].as_str().unwrap().to_owned();
        file["sheets"]
            .as_array()
            .unwrap()
            .iter()
            .map(title)
            .collect()
    }
}

fn area(top: usize, left: usize, bottom: usize, right: usize) -> Value {
    json!({ "sheetId": 0, "startRowIndex": top, "startColumnIndex": left, "endRowIndex": bottom, "endColumnIndex": right })
}

fn text(texts: &[&str]) -> Value {
    let cell = |text: &&str| json!({ "userEnteredValue": { "stringValue": text } });
    json!({ "values": texts.iter().map(cell).collect::<Vec<_>>() })
}

#[test]
fn a_file_is_made_with_its_cells_and_they_stay_text() {
    let open = Open::with(json!([["=1+1", "+1650"], ["x"]]));
    assert_eq!(open.cells("S"), json!([["=1+1", "+1650"], ["x"]]));
    let path = address(
        &format!("/v4/spreadsheets/{}/values/S", open.id),
        &[("valueRenderOption", "UNFORMATTED_VALUE")],
    );
    let read = open.bench.get(&path, &open.token).fine();
    assert_eq!(read["values"][0][0], "=1+1");
}

#[test]
fn cells_are_changed_in_batches() {
    for (request, reply, cells) in [
        (
            json!({ "updateCells": { "start": { "sheetId": 0, "rowIndex": 1 }, "rows": [text(&["n", "m"])], "fields": "userEnteredValue" } }),
            json!({}),
            json!([["b", "1"], ["n", "m"], ["c", "2"], ["a", "1"]]),
        ),
        (
            json!({ "updateCells": { "range": area(0, 0, 2, 2), "rows": [text(&["n"])], "fields": "*" } }),
            json!({}),
            json!([["n"], [], ["c", "2"], ["a", "1"]]),
        ),
        (
            json!({ "updateCells": { "range": area(0, 0, 2, 2), "rows": [text(&["n"])], "fields": "userEnteredFormat.textFormat" } }),
            json!({}),
            json!([["b", "1"], ["a", "1"], ["c", "2"], ["a", "1"]]),
        ),
        (
            json!({ "appendCells": { "sheetId": 0, "rows": [text(&["d"]), json!({ "values": [{ "userEnteredValue": { "formulaValue": "=1+1" } }] })], "fields": "*" } }),
            json!({}),
            json!([
                ["b", "1"],
                ["a", "1"],
                ["c", "2"],
                ["a", "1"],
                ["d"],
                ["=1+1"]
            ]),
        ),
        (
            json!({ "repeatCell": { "range": area(0, 1, 3, 2), "cell": { "userEnteredValue": { "numberValue": 7 } }, "fields": "userEnteredValue" } }),
            json!({}),
            json!([["b", 7], ["a", 7], ["c", 7], ["a", "1"]]),
        ),
        (
            json!({ "sortRange": { "range": area(0, 0, 20, 2), "sortSpecs": [{ "dimensionIndex": 1, "sortOrder": "DESCENDING" }, { "dimensionIndex": 0 }] } }),
            json!({}),
            json!([["c", "2"], ["a", "1"], ["a", "1"], ["b", "1"]]),
        ),
        (
            json!({ "deleteDuplicates": { "range": area(0, 0, 20, 2) } }),
            json!({ "deleteDuplicates": { "duplicatesRemovedCount": 1 } }),
            json!([["b", "1"], ["a", "1"], ["c", "2"]]),
        ),
        (
            json!({ "deleteDuplicates": { "range": area(0, 0, 20, 2), "comparisonColumns": [{ "sheetId": 0, "dimension": "COLUMNS", "startIndex": 1, "endIndex": 2 }] } }),
            json!({ "deleteDuplicates": { "duplicatesRemovedCount": 2 } }),
            json!([["b", "1"], ["c", "2"]]),
        ),
        (
            json!({ "findReplace": { "find": "A", "replacement": "xy", "sheetId": 0 } }),
            json!({ "findReplace": { "valuesChanged": 2, "formulasChanged": 0, "rowsChanged": 2, "sheetsChanged": 1, "occurrencesChanged": 2 } }),
            json!([["b", "1"], ["xy", "1"], ["c", "2"], ["xy", "1"]]),
        ),
        (
            json!({ "copyPaste": { "source": area(0, 0, 2, 1), "destination": area(0, 3, 1, 4), "pasteOrientation": "TRANSPOSE" } }),
            json!({}),
            json!([["b", "1", "", "b", "a"], ["a", "1"], ["c", "2"], ["a", "1"]]),
        ),
        (
            json!({ "mergeCells": { "mergeType": "MERGE_ALL", "range": area(0, 0, 1, 2) } }),
            json!({}),
            json!([["b", "1"], ["a", "1"], ["c", "2"], ["a", "1"]]),
        ),
    ] {
        let open = Open::with(json!([["b", "1"], ["a", "1"], ["c", "2"], ["a", "1"]]));
        let got = open.change(json!([request])).fine();
        assert_eq!(got["replies"], json!([reply]), "{request}");
        assert_eq!(open.cells("S"), cells, "{request}");
    }
    let open = Open::with(json!([["  a   b ", "c"]]));
    let trimmed = open
        .change(json!([{ "trimWhitespace": { "range": area(0, 0, 1, 2) } }]))
        .fine();
    assert_eq!(
        trimmed["replies"][0]["trimWhitespace"]["cellsChangedCount"],
        1
    );
    assert_eq!(open.cells("S"), json!([["a b", "c"]]));
}

#[test]
fn a_batch_that_is_refused_changes_nothing() {
    let open = Open::with(json!([["a"], ["b"]]));
    for (request, says) in [
        (json!({ "addChart": {} }), "does not carry out"),
        (
            json!({ "updateCells": { "start": { "sheetId": 0, "rowIndex": 30 }, "rows": [text(&["n"])], "fields": "*" } }),
            "beyond the last requested column",
        ),
        (
            json!({ "updateCells": { "start": {}, "rows": [] } }),
            "At least one field must be listed",
        ),
        (
            json!({ "repeatCell": { "range": area(30, 0, 31, 1), "cell": {}, "fields": "*" } }),
            "beyond the grid",
        ),
        (
            json!({ "deleteDimension": { "range": { "sheetId": 0, "dimension": "ROWS", "startIndex": 20, "endIndex": 21 } } }),
            "Cannot delete a row that doesn't exist",
        ),
        (
            json!({ "duplicateSheet": { "newSheetName": "S" } }),
            "already exists",
        ),
        (
            json!({ "deleteNamedRange": { "namedRangeId": "x" } }),
            "No named range",
        ),
        (
            json!({ "createDeveloperMetadata": { "developerMetadata": { "metadataKey": "k", "location": { "spreadsheet": true } } } }),
            "visibility must be set",
        ),
    ] {
        let change = json!({ "updateCells": { "start": { "sheetId": 0 }, "rows": [text(&["n"])], "fields": "*" } });
        let got = open.change(json!([change, request]));
        assert_eq!(got.status, 400, "{request}");
        assert!(got.text().contains(says), "{says}: {}", got.text());
        assert_eq!(open.cells("S"), json!([["a"], ["b"]]), "{request}");
    }
}

#[test]
fn sheets_are_copied_here_and_elsewhere() {
    let open = Open::with(json!([["a"]]));
    open.change(json!([{ "duplicateSheet": { "sourceSheetId": 0, "newSheetName": "Two", "insertSheetIndex": 1 } }]))
        .fine();
    assert_eq!(open.tabs(), ["S", "Two"]);
    assert_eq!(open.cells("Two"), json!([["a"]]));
    let other = open
        .bench
        .post("/v4/spreadsheets", &open.token, json!({}))
        .fine();
    let other = other["spreadsheetId"].as_str().unwrap();
    for title in ["Copy of S", "Copy of S 1"] {
        let copied = open
            .post(
                "/sheets/0:copyTo",
                json!({ "destinationSpreadsheetId": other }),
            )
            .fine();
        assert_eq!(copied["title"], title);
        assert_ne!(copied["sheetId"], 0);
    }
    let path = format!("/v4/spreadsheets/{other}/values/'Copy%20of%20S'!A1");
    assert_eq!(
        open.bench.get(&path, &open.token).fine()["values"],
        json!([["a"]])
    );
    for (path, to, status) in [
        ("/sheets/5:copyTo", other, 404),
        ("/sheets/0:copyTo", "nope", 404),
        ("/sheets/x:copyTo", other, 400),
    ] {
        let got = open.post(path, json!({ "destinationSpreadsheetId": to }));
        assert_eq!(got.status, status, "{path} {to}");
    }
}

#[test]
fn the_last_sheet_that_can_be_seen_stays() {
    let open = Open::with(json!([["a"]]));
    open.change(json!([{ "addSheet": { "properties": { "title": "Hidden", "hidden": true } } }]))
        .fine();
    let got = open.change(json!([{ "deleteSheet": { "sheetId": 0 } }]));
    assert!(
        got.text().contains("all the visible sheets"),
        "{}",
        got.text()
    );
}

#[test]
fn cells_are_found_by_filters() {
    let open = Open::with(json!([["a", "b"], ["c", "d"]]));
    let row = json!({ "dimensionRange": { "sheetId": 0, "dimension": "ROWS", "startIndex": 1, "endIndex": 2 } });
    let made = open
        .change(json!([
            { "createDeveloperMetadata": { "developerMetadata": { "metadataKey": "order", "metadataValue": "12", "visibility": "DOCUMENT", "location": row } } },
            { "createDeveloperMetadata": { "developerMetadata": { "metadataKey": "file", "visibility": "PROJECT", "location": { "spreadsheet": true } } } },
        ]))
        .fine();
    let entry = &made["replies"][0]["createDeveloperMetadata"]["developerMetadata"];
    assert_eq!(entry["location"]["locationType"], "ROW");
    let lookup =
        json!({ "developerMetadataLookup": { "metadataKey": "order", "metadataValue": "12" } });
    let found = open
        .post(
            "/developerMetadata:search",
            json!({ "dataFilters": [lookup] }),
        )
        .fine();
    assert_eq!(
        found["matchedDeveloperMetadata"],
        json!([{ "developerMetadata": entry, "dataFilters": [lookup] }])
    );
    let path = format!(
        "/v4/spreadsheets/{}/developerMetadata/{}",
        open.id, entry["metadataId"]
    );
    assert_eq!(&open.bench.get(&path, &open.token).fine(), entry);
    let gone = format!("/v4/spreadsheets/{}/developerMetadata/99", open.id);
    assert_eq!(open.bench.get(&gone, &open.token).status, 404);

    let read = open
        .post(
            "/values:batchGetByDataFilter",
            json!({ "dataFilters": [lookup, { "gridRange": area(0, 0, 1, 1) }, { "a1Range": "S!B1:B2" }], "majorDimension": "ROWS" }),
        )
        .fine();
    let values: Vec<&Value> = read["valueRanges"]
        .as_array()
        .unwrap()
        .iter()
        .map(|range| &range["valueRange"]["values"])
        .collect();
    assert_eq!(
        values,
        [
            &json!([["c", "d"]]),
            &json!([["a"]]),
            &json!([["b"], ["d"]])
        ]
    );

    // The entry stays with its row.
    open.change(json!([{ "insertDimension": { "range": { "sheetId": 0, "dimension": "ROWS", "startIndex": 0, "endIndex": 3 } } }]))
        .fine();
    let written = open
        .post(
            "/values:batchUpdateByDataFilter",
            json!({ "valueInputOption": "RAW", "data": [{ "dataFilter": lookup, "values": [["=x"]] }] }),
        )
        .fine();
    assert_eq!(written["responses"][0]["updatedRange"], "S!A5");
    assert_eq!(open.cells("S!A5:B5"), json!([["=x", "d"]]));
    let cleared = open
        .post(
            "/values:batchClearByDataFilter",
            json!({ "dataFilters": [lookup] }),
        )
        .fine();
    assert_eq!(cleared["clearedRanges"], json!(["S!A5:E5"]));
    assert_eq!(open.cells("S!A5:B5"), Value::Null);
    let shown = open
        .post(
            ":getByDataFilter",
            json!({ "dataFilters": [{ "a1Range": "S!A4" }], "includeGridData": true }),
        )
        .fine();
    assert_eq!(
        shown["sheets"][0]["data"][0]["rowData"][0]["values"][0]["formattedValue"],
        "a"
    );
    assert_eq!(shown["developerMetadata"][0]["metadataKey"], "file");

    // And goes with it.
    open.change(json!([{ "deleteDimension": { "range": { "sheetId": 0, "dimension": "ROWS", "startIndex": 4, "endIndex": 5 } } }]))
        .fine();
    let none = open
        .post(
            "/developerMetadata:search",
            json!({ "dataFilters": [lookup] }),
        )
        .fine();
    assert_eq!(none, json!({}));
}

#[test]
fn metadata_is_changed_and_taken_away() {
    let open = Open::with(json!([["a"]]));
    let filter = json!({ "developerMetadataLookup": { "metadataKey": "k" } });
    let changed = open
        .change(json!([
            { "createDeveloperMetadata": { "developerMetadata": { "metadataKey": "k", "visibility": "DOCUMENT", "location": { "sheetId": 0 } } } },
            { "updateDeveloperMetadata": { "dataFilters": [filter], "developerMetadata": { "metadataValue": "v" }, "fields": "metadataValue" } },
            { "deleteDeveloperMetadata": { "dataFilter": filter } },
        ]))
        .fine();
    assert_eq!(
        changed["replies"][1]["updateDeveloperMetadata"]["developerMetadata"][0]["metadataValue"],
        "v"
    );
    let deleted = &changed["replies"][2]["deleteDeveloperMetadata"]["deletedDeveloperMetadata"];
    assert_eq!(deleted.as_array().unwrap().len(), 1);
}

#[test]
fn named_ranges_are_ranges() {
    let open = Open::with(json!([["a", "b"], ["c", "d"]]));
    let made = open
        .change(json!([{ "addNamedRange": { "namedRange": { "name": "right", "range": area(0, 1, 2, 2) } } }]))
        .fine();
    let id = &made["replies"][0]["addNamedRange"]["namedRange"]["namedRangeId"];
    assert_eq!(open.cells("right"), json!([["b"], ["d"]]));
    open.change(json!([{ "updateNamedRange": { "namedRange": { "namedRangeId": id, "name": "left", "range": area(0, 0, 1, 1) }, "fields": "*" } }]))
        .fine();
    assert_eq!(open.cells("left"), json!([["a"]]));
    open.change(json!([{ "deleteNamedRange": { "namedRangeId": id } }]))
        .fine();
    let path = format!("/v4/spreadsheets/{}/values/left", open.id);
    assert_eq!(open.bench.get(&path, &open.token).status, 400);
}

#[test]
fn filters_need_a_scope_that_also_writes() {
    let open = Open::with(json!([["a"]]));
    let readonly = access(&open.bench.google("ana", &["spreadsheets.readonly"]));
    let body = json!({ "dataFilters": [{ "a1Range": "S!A1" }] });
    for path in [
        ":getByDataFilter",
        "/values:batchGetByDataFilter",
        "/developerMetadata:search",
    ] {
        let path = format!("/v4/spreadsheets/{}{path}", open.id);
        assert_eq!(
            open.bench.post(&path, &readonly, body.clone()).status,
            403,
            "{path}"
        );
        assert_eq!(
            open.bench.post(&path, &open.token, body.clone()).status,
            200,
            "{path}"
        );
    }
}

#[test]
fn the_whole_project_has_a_quota_too() {
    let bench = Bench::with(|config| {
        config.rate_limits = RateLimits {
            google: Some(GoogleQuota {
                read_of_project: 3,
                ..GoogleQuota::default()
            }),
            ..RateLimits::unlimited()
        };
    });
    let read = |person: &str, name: &str| {
        let token = access(&bench.google(person, &["spreadsheets"]));
        let id = bench.sandbox.spreadsheet_of(person, name).unwrap();
        bench.get(&format!("/v4/spreadsheets/{id}"), &token)
    };
    for person in ["ana", "ben", "ana"] {
        assert_eq!(read(person, "Contacts").status, 200);
    }
    let refused = read("ben", "Contacts");
    assert_eq!(refused.status, 429);
    let details = &refused.json()["error"]["details"][0]["metadata"];
    assert_eq!(details["quota_limit"], "ReadRequestsPerMinutePerProject");
}
