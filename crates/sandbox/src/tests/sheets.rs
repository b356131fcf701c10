//! Sheets: A1 notation, tables and append, typed values, updates, shape changes, refusals.

use serde_json::{Value, json};

use super::client::{Bench, access, address};

/// Ana's file, the bench, and a token that may write.
struct Open {
    bench: Bench,
    token: String,
    id: String,
}

impl Open {
    fn file(name: &str) -> Self {
        let bench = Bench::new();
        let token = access(&bench.google("ana", &["spreadsheets"]));
        let id = bench.sandbox.spreadsheet_of("ana", name).unwrap();
        Self { bench, token, id }
    }

    /// A new spreadsheet with one small sheet.
    fn fresh(rows: usize, columns: usize) -> Self {
        let mut open = Self::file("Contacts");
        let sheet = json!({ "properties": {
            "title": "S",
            "gridProperties": { "rowCount": rows, "columnCount": columns },
        } });
        let made = open
            .bench
            .post(
                "/v4/spreadsheets",
                &open.token,
                json!({ "sheets": [sheet] }),
            )
            .fine();
        open.id = made["spreadsheetId"].as_str().unwrap().to_owned();
        open
    }

    fn path(&self, range: &str, verb: &str, query: &[(&str, &str)]) -> String {
        let range = range
            .replace('%', "%25")
            .replace('#', "%23")
            .replace('?', "%3F")
            .replace('/', "%2F")
            .replace(' ', "%20");
        address(
            &format!("/v4/spreadsheets/{}/values/{range}{verb}", self.id),
            query,
        )
    }

    fn read(&self, range: &str) -> Value {
        self.bench
            .get(&self.path(range, "", &[]), &self.token)
            .fine()
    }

    fn read_as(&self, range: &str, option: &str) -> Value {
        let path = self.path(range, "", &[("valueRenderOption", option)]);
        self.bench.get(&path, &self.token).fine()["values"].clone()
    }

    fn write(&self, range: &str, values: Value) -> Value {
        let path = self.path(range, "", &[("valueInputOption", "RAW")]);
        let body = json!({ "values": values });
        self.bench
            .call("PUT", &path, &self.token, Some(body))
            .fine()
    }

    fn type_in(&self, range: &str, values: Value) -> Value {
        let path = self.path(range, "", &[("valueInputOption", "USER_ENTERED")]);
        let body = json!({ "values": values });
        self.bench
            .call("PUT", &path, &self.token, Some(body))
            .fine()
    }

    fn append(&self, range: &str, insert: &str, values: Value) -> Value {
        let query = [("valueInputOption", "RAW"), ("insertDataOption", insert)];
        self.bench
            .post(
                &self.path(range, ":append", &query),
                &self.token,
                json!({ "values": values }),
            )
            .fine()
    }

    fn shape(&self, requests: Value) -> super::client::Got {
        let path = format!("/v4/spreadsheets/{}:batchUpdate", self.id);
        self.bench
            .post(&path, &self.token, json!({ "requests": requests }))
    }
}

#[test]
fn ranges_mean_what_the_notation_says() {
    let open = Open::file("Jon's Data");
    for (asked, answered) in [
        ("'Jon''s Data'!A1:B2", "'Jon''s Data'!A1:B2"),
        ("'Jon's Data'!A1:B2", "'Jon''s Data'!A1:B2"),
        ("'Jon''s Data'", "'Jon''s Data'!A1:Z1000"),
        ("Sheet2", "Sheet2!A1:Z1000"),
        ("'Sheet2'", "Sheet2!A1:Z1000"),
        ("sheet2!A1", "Sheet2!A1"),
        ("Sheet2!A1", "Sheet2!A1"),
        ("A1:B2", "'Jon''s Data'!A1:B2"),
        ("B2", "'Jon''s Data'!B2"),
        ("Sheet2!$B$2:$C3", "Sheet2!B2:C3"),
        ("Sheet2!A:A", "Sheet2!A1:A1000"),
        ("Sheet2!A:C", "Sheet2!A1:C1000"),
        ("Sheet2!C:A", "Sheet2!A1:C1000"),
        ("Sheet2!1:2", "Sheet2!A1:Z2"),
        ("Sheet2!A5:A", "Sheet2!A5:A1000"),
        ("Sheet2!B3:5", "Sheet2!B3:Z5"),
        ("Sheet2!C4:B2", "Sheet2!B2:C4"),
        ("Sheet2!A1:ZZ5000", "Sheet2!A1:Z1000"),
        ("Sheet2!a1:b2", "Sheet2!A1:B2"),
        ("Sheet2!R2C3:R4C5", "Sheet2!C2:E4"),
        ("Sheet2!Z1000", "Sheet2!Z1000"),
    ] {
        assert_eq!(open.read(asked)["range"], answered, "{asked}");
    }
}

#[test]
fn ranges_that_mean_nothing_are_refused() {
    let open = Open::file("Jon's Data");
    for (asked, message) in [
        ("Nope!A1", "Unable to parse range: Nope!A1"),
        ("Nope", "Unable to parse range: Nope"),
        ("'Nope'", "Unable to parse range: 'Nope'"),
        ("Sheet2!", "Unable to parse range: Sheet2!"),
        ("Sheet2!A", "Unable to parse range: Sheet2!A"),
        ("Sheet2!A0", "Unable to parse range: Sheet2!A0"),
        ("Sheet2!A:5", "Unable to parse range: Sheet2!A:5"),
        ("Sheet2!A1:B2:C3", "Unable to parse range: Sheet2!A1:B2:C3"),
        ("Jon's Data!A1", "Unable to parse range: Jon's Data!A1"),
        (
            "CRM26",
            "Range ('Jon''s Data'!CRM26) exceeds grid limits. Max rows: 1000, max columns: 26",
        ),
        (
            "Sheet2!A1001",
            "Range (Sheet2!A1001) exceeds grid limits. Max rows: 1000, max columns: 26",
        ),
        (
            "Sheet2!AA1:AB2",
            "Range (Sheet2!AA1:AB2) exceeds grid limits. Max rows: 1000, max columns: 26",
        ),
    ] {
        let got = open.bench.get(&open.path(asked, "", &[]), &open.token);
        assert_eq!(got.status, 400, "{asked}");
        let error = &got.json()["error"];
        assert_eq!(error["message"], message);
        assert_eq!(
            (&error["code"], &error["status"]),
            (&json!(400), &json!("INVALID_ARGUMENT"))
        );
    }
}

#[test]
fn reading_leaves_empty_ends_out() {
    let open = Open::file("Jon's Data");
    assert!(open.read("Sheet2!A1:C3").get("values").is_none());
    open.write(
        "Sheet2!A1",
        json!([["a", "", "c"], [], ["", "b"], ["", ""]]),
    );
    assert_eq!(
        open.read("Sheet2!A1:E9")["values"],
        json!([["a", "", "c"], [], ["", "b"]])
    );
    let columns = open.path("Sheet2!A1:E9", "", &[("majorDimension", "COLUMNS")]);
    let columns = open.bench.get(&columns, &open.token).fine();
    assert_eq!(columns["values"], json!([["a"], ["", "", "b"], ["c"]]));
    assert_eq!(columns["majorDimension"], "COLUMNS");
}

#[test]
fn null_leaves_a_cell_alone_and_an_empty_text_empties_it() {
    let open = Open::file("Jon's Data");
    open.write("Sheet2!A1:C1", json!([["a", "b", "c"]]));
    let updated = open.write("Sheet2!A1:C1", json!([[null, "", "z"]]));
    assert_eq!(updated["updatedCells"], 2);
    assert_eq!(open.read("Sheet2!A1:C1")["values"], json!([["a", "", "z"]]));
}

#[test]
fn rows_go_below_the_table_in_the_range() {
    // The documented example: tables A1:C2 and B4:D6, and where an append goes.
    let open = Open::fresh(1_000, 26);
    for (range, table, first_cell) in [
        ("S", Some("S!B4:D6"), "S!B7"),
        ("S!B4", Some("S!B4:D6"), "S!B7"),
        ("S!C5:D5", Some("S!B4:D6"), "S!B7"),
        ("S!B2:D4", Some("S!B4:D6"), "S!B7"),
        ("S!A3:G10", Some("S!B4:D6"), "S!B7"),
        ("S!A1", Some("S!A1:C2"), "S!A3"),
        ("S!A4", None, "S!A4"),
        ("S!E4", None, "S!E4"),
    ] {
        let wipe = open.path("S", ":clear", &[]);
        assert_eq!(open.bench.post(&wipe, &open.token, json!({})).status, 200);
        open.write("S!A1:C2", json!([["x", "y", "z"], [1, 2, 3]]));
        open.write("S!B4:D6", json!([["p", "q", "r"], [4, 5, 6], [7, 8, 9]]));
        let answer = open.append(range, "OVERWRITE", json!([["new"]]));
        assert_eq!(answer["updates"]["updatedRange"], first_cell, "{range}");
        assert_eq!(answer["tableRange"].as_str(), table, "{range}");
        assert_eq!(answer["updates"]["updatedCells"], 1, "{range}");
    }
}

#[test]
fn rows_drift_right_behind_a_gap_unless_the_append_is_anchored() {
    let drifted = Open::fresh(100, 26);
    for _ in 0..3 {
        drifted.append("S", "OVERWRITE", json!([["a", "", "c"]]));
    }
    assert_eq!(
        drifted.read("S!A1:Z9")["values"],
        json!([
            ["a", "", "c"],
            ["", "", "a", "", "c"],
            ["", "", "", "", "a", "", "c"]
        ])
    );
    let anchored = Open::fresh(100, 26);
    for _ in 0..3 {
        anchored.append("S!A1", "OVERWRITE", json!([["a", "", "c"]]));
    }
    assert_eq!(
        anchored.read("S!A1:Z9")["values"],
        json!([["a", "", "c"], ["a", "", "c"], ["a", "", "c"]])
    );
}

#[test]
fn rows_follow_the_header_even_with_empty_cells() {
    let open = Open::file("Call records 2026");
    for row in [
        json!(["Inbound", "", "+1"]),
        json!(["", "", ""]),
        json!(["", "", "+3"]),
    ] {
        open.append("'Calls'!A1", "INSERT_ROWS", json!([row]));
    }
    // The empty row is nothing: the next one takes its place.
    assert_eq!(
        open.read("Calls!A1:Z9")["values"],
        json!([
            ["Direction", "fromPhone", "toPhone"],
            ["Inbound", "", "+1"],
            ["", "", "+3"]
        ])
    );
}

#[test]
fn inserting_moves_what_is_below_and_overwriting_does_not() {
    for (insert, below, rows) in [
        (
            "INSERT_ROWS",
            json!([["h"], ["new"], ["new"], [], ["sum"]]),
            12,
        ),
        ("OVERWRITE", json!([["h"], ["new"], ["new"]]), 10),
    ] {
        let open = Open::fresh(10, 5);
        open.write("S!A1", json!([["h"]]));
        open.write("S!A3", json!([["sum"]]));
        open.append("S!A1", insert, json!([["new"], ["new"]]));
        assert_eq!(open.read("S!A1:E10")["values"], below, "{insert}");
        let file = open
            .bench
            .get(&format!("/v4/spreadsheets/{}", open.id), &open.token)
            .fine();
        assert_eq!(
            file["sheets"][0]["properties"]["gridProperties"]["rowCount"], rows,
            "{insert}"
        );
    }
}

#[test]
fn an_append_at_the_end_makes_the_grid_larger() {
    let open = Open::fresh(2, 2);
    open.append("S!A1", "OVERWRITE", json!([["a", "b"], ["c", "d"]]));
    let answer = open.append("S!A1", "OVERWRITE", json!([["e", "f", "g"]]));
    assert_eq!(answer["updates"]["updatedRange"], "S!A3:C3");
    assert_eq!(open.read("S!C3")["values"], json!([["g"]]));
}

#[test]
fn many_single_appends_give_as_many_rows_in_order() {
    let open = Open::file("Call records 2026");
    for number in 0..300 {
        let answer = open.append("'Calls'!A1", "INSERT_ROWS", json!([["Inbound", number]]));
        assert_eq!(
            answer["updates"]["updatedRange"],
            format!("Calls!A{0}:B{0}", number + 2)
        );
    }
    let values = open.bench.sandbox.sheet_values(&open.id, "Calls").unwrap();
    assert_eq!(values.len(), 301);
    assert_eq!(values[300], vec![json!("Inbound"), json!(299)]);
}

#[test]
fn the_written_values_can_be_answered() {
    let open = Open::file("Contacts");
    let path = open.path(
        "Contacts!A1",
        ":append",
        &[
            ("valueInputOption", "USER_ENTERED"),
            ("includeValuesInResponse", "true"),
            ("responseValueRenderOption", "UNFORMATTED_VALUE"),
        ],
    );
    let answer = open
        .bench
        .post(
            &path,
            &open.token,
            json!({ "values": [["Zoe", "+16505550100"]] }),
        )
        .fine();
    assert_eq!(
        answer["updates"]["updatedData"],
        json!({ "range": "Contacts!A5:B5", "majorDimension": "ROWS", "values": [["Zoe", 16_505_550_100_i64]] })
    );
}

#[test]
fn raw_values_stay_as_they_are() {
    let open = Open::file("Jon's Data");
    let row = json!([["+16505550100", "=1+1", "TRUE", "1/2/2026", "007", 1.5, true]]);
    open.write("Sheet2!A1", row.clone());
    assert_eq!(open.read_as("Sheet2!A1:G1", "UNFORMATTED_VALUE"), row);
    assert_eq!(
        open.read("Sheet2!A1:G1")["values"],
        json!([[
            "+16505550100",
            "=1+1",
            "TRUE",
            "1/2/2026",
            "007",
            "1.5",
            "TRUE"
        ]])
    );
}

#[test]
fn typed_values_become_what_sheets_takes_them_for() {
    let open = Open::file("Jon's Data");
    // Typed, read unformatted, read formatted.
    for (typed, value, shown) in [
        ("+16505550100", json!(16_505_550_100_i64), "16505550100"),
        ("-3.50", json!(-3.5), "-3.5"),
        ("007", json!(7), "7"),
        ("1,234.5", json!(1_234.5), "1,234.50"),
        ("1,23", json!("1,23"), "1,23"),
        ("12%", json!(0.12), "12.00%"),
        ("$9.99", json!(9.99), "$9.99"),
        ("(5)", json!(-5), "-5"),
        ("1e3", json!(1_000), "1000"),
        ("true", json!(true), "TRUE"),
        ("1/31/2026", json!(46_053), "1/31/2026"),
        ("2026-01-31", json!(46_053), "1/31/2026"),
        ("Jan 31, 2026", json!(46_053), "1/31/2026"),
        ("31 January 2026", json!(46_053), "1/31/2026"),
        ("1/31", json!(46_053), "1/31/2026"),
        ("2026-01-31 12:00", json!(46_053.5), "1/31/2026 12:00:00"),
        ("6:00 PM", json!(0.75), "6:00:00 PM"),
        ("13/31/2026", json!("13/31/2026"), "13/31/2026"),
        (
            "2026-01-31T12:00:00Z",
            json!("2026-01-31T12:00:00Z"),
            "2026-01-31T12:00:00Z",
        ),
        ("650-555-0100", json!("650-555-0100"), "650-555-0100"),
        (
            "+1 650 555 0100",
            json!("+1 650 555 0100"),
            "+1 650 555 0100",
        ),
        ("'=1+1", json!("=1+1"), "=1+1"),
        ("'007", json!("007"), "007"),
        ("=", json!("="), "="),
        ("+", json!("+"), "+"),
        ("infinity", json!("infinity"), "infinity"),
        ("Inbound", json!("Inbound"), "Inbound"),
    ] {
        open.type_in("Sheet2!A1", json!([[typed]]));
        assert_eq!(
            open.read_as("Sheet2!A1", "UNFORMATTED_VALUE"),
            json!([[value]]),
            "{typed}"
        );
        assert_eq!(
            open.read("Sheet2!A1")["values"],
            json!([[shown]]),
            "{typed}"
        );
    }
}

#[test]
fn formulas_keep_their_text_and_show_a_value() {
    let open = Open::file("Jon's Data");
    open.type_in("Sheet2!A1:A3", json!([[2], [3], ["x"]]));
    for (formula, value) in [
        ("=A1*2+1", json!(5)),
        ("=SUM(A1:A3)", json!(5)),
        ("=AVERAGE(A1:A2)", json!(2.5)),
        ("=COUNTA(A1:A3)", json!(3)),
        ("=\"a\"&A3", json!("ax")),
        ("=IF(A1>1,\"big\",\"small\")", json!("big")),
        ("=UPPER(A3)", json!("X")),
        (
            "=HYPERLINK(\"https://example.com\",\"open\")",
            json!("open"),
        ),
        ("=-3^2", json!(9)),
        ("=50%*4", json!(2)),
        ("=1/0", json!("#DIV/0!")),
        ("=NOSUCH(1)", json!("#NAME?")),
        ("=A3+1", json!("#VALUE!")),
        ("=B1", json!("#REF!")),
        ("=1+", json!("#ERROR!")),
    ] {
        open.type_in("Sheet2!B1", json!([[formula]]));
        assert_eq!(open.read_as("Sheet2!B1", "FORMULA"), json!([[formula]]));
        let shown = open.read_as("Sheet2!B1", "UNFORMATTED_VALUE");
        assert_eq!(shown, json!([[value]]), "{formula}");
    }
}

#[test]
fn dates_are_serial_numbers_or_text_on_request() {
    let open = Open::file("Jon's Data");
    open.type_in("Sheet2!A1", json!([["2026-01-31"]]));
    let path = open.path(
        "Sheet2!A1",
        "",
        &[
            ("valueRenderOption", "UNFORMATTED_VALUE"),
            ("dateTimeRenderOption", "FORMATTED_STRING"),
        ],
    );
    assert_eq!(
        open.bench.get(&path, &open.token).fine()["values"],
        json!([["1/31/2026"]])
    );
}

#[test]
fn wrong_writes_are_refused_and_change_nothing() {
    let open = Open::file("Contacts");
    let before = open.bench.sandbox.sheet_values(&open.id, "Contacts");
    let raw = [("valueInputOption", "RAW")];
    let put = |range: &str, query: &[(&str, &str)], body: Value| {
        open.bench
            .call("PUT", &open.path(range, "", query), &open.token, Some(body))
    };
    let cases = [
        (
            put("A1", &[], json!({ "values": [["x"]] })),
            "'valueInputOption' is required",
        ),
        (
            put("A1", &[("valueInputOption", "TYPED")], json!({})),
            "\"TYPED\"",
        ),
        (
            put("A1", &raw, json!({ "values": [[{ "a": 1 }]] })),
            "struct_value",
        ),
        (
            put("A1", &raw, json!({ "values": [["x", [1]]] })),
            "Invalid values[0][1]: list_value",
        ),
        (
            put("A1", &raw, json!({ "values": ["x"] })),
            "data.values[0]",
        ),
        (put("A1", &raw, json!({ "values": "x" })), "data.values"),
        (
            put("A1", &raw, json!({ "rows": [] })),
            "Unknown name \"rows\"",
        ),
        (
            put(
                "A1",
                &[("valueInputOption", "RAW"), ("value", "x")],
                json!({}),
            ),
            "Unknown name \"value\"",
        ),
        (
            put(
                "A1:B1",
                &raw,
                json!({ "range": "A1:C1", "values": [["x"]] }),
            ),
            "does not match",
        ),
        (
            put("A1:B1", &raw, json!({ "values": [["x", "y", "z"]] })),
            "Requested writing within range [Contacts!A1:B1], but tried writing to column [C]",
        ),
        (
            put("A1:B1", &raw, json!({ "values": [["x"], ["y"]] })),
            "but tried writing to row [2]",
        ),
        (
            put("Z1", &raw, json!({ "values": [["x", "y"]] })),
            "tried writing to column [AA]",
        ),
        (
            put("A1", &raw, json!({ "majorDimension": "DIAGONAL" })),
            "DIAGONAL",
        ),
    ];
    for (got, hint) in cases {
        assert_eq!(got.status, 400, "{hint}");
        let error = got.json()["error"].clone();
        assert_eq!(error["status"], "INVALID_ARGUMENT", "{hint}");
        assert!(
            error["message"].as_str().unwrap().contains(hint),
            "{hint}: {error}"
        );
    }
    assert_eq!(
        open.bench.sandbox.sheet_values(&open.id, "Contacts"),
        before
    );
}

#[test]
fn the_range_in_the_body_may_be_spelt_otherwise() {
    let open = Open::file("Contacts");
    let path = open.path("Contacts!A1:B1", "", &[("valueInputOption", "RAW")]);
    let body = json!({ "range": "'Contacts'!$A$1:B1", "values": [["x"]] });
    assert_eq!(
        open.bench
            .call("PUT", &path, &open.token, Some(body))
            .status,
        200
    );
}

#[test]
fn many_ranges_are_read_written_and_cleared_at_once() {
    let open = Open::file("Jon's Data");
    let base = format!("/v4/spreadsheets/{}/values", open.id);
    let written = open
        .bench
        .post(
            &format!("{base}:batchUpdate"),
            &open.token,
            json!({
                "valueInputOption": "RAW",
                "data": [
                    { "range": "Sheet2!A1:B1", "values": [["a", "b"]] },
                    { "range": "Sheet2!D1", "majorDimension": "COLUMNS", "values": [["x", "y"]] },
                ],
            }),
        )
        .fine();
    assert_eq!(written["totalUpdatedCells"], 4);
    assert_eq!(written["totalUpdatedSheets"], 1);
    assert_eq!(written["responses"][1]["updatedRange"], "Sheet2!D1:D2");
    let read = address(
        &format!("{base}:batchGet"),
        &[("ranges", "Sheet2!D1:D2"), ("ranges", "Sheet2!A1:B1")],
    );
    let read = open.bench.get(&read, &open.token).fine();
    assert_eq!(read["valueRanges"][0]["values"], json!([["x"], ["y"]]));
    assert_eq!(read["valueRanges"][1]["values"], json!([["a", "b"]]));
    let cleared = open
        .bench
        .post(
            &format!("{base}:batchClear"),
            &open.token,
            json!({ "ranges": ["Sheet2!A1", "Sheet2!D:D"] }),
        )
        .fine();
    assert_eq!(
        cleared["clearedRanges"],
        json!(["Sheet2!A1", "Sheet2!D1:D1000"])
    );
    assert_eq!(open.read("Sheet2!A1:D2")["values"], json!([["", "b"]]));
    // One bad range voids all.
    let bad = open.bench.post(
        &format!("{base}:batchUpdate"),
        &open.token,
        json!({ "valueInputOption": "RAW", "data": [
            { "range": "Sheet2!A1", "values": [["no"]] },
            { "range": "Nope!A1", "values": [["no"]] },
        ] }),
    );
    assert_eq!(bad.status, 400);
    assert_eq!(open.read("Sheet2!A1:D2")["values"], json!([["", "b"]]));
}

#[test]
fn a_drop_down_of_sheets_is_one_masked_request() {
    let open = Open::file("Call records 2026");
    let path = address(
        &format!("/v4/spreadsheets/{}", open.id),
        &[(
            "fields",
            "spreadsheetId,properties.title,sheets.properties(sheetId,title,index,sheetType,hidden,gridProperties)",
        )],
    );
    assert_eq!(
        open.bench.get(&path, &open.token).fine(),
        json!({
            "spreadsheetId": open.id,
            "properties": { "title": "Call records 2026" },
            "sheets": [
                { "properties": { "sheetId": 0, "title": "Calls", "index": 0, "sheetType": "GRID",
                    "gridProperties": { "rowCount": 1000, "columnCount": 26 } } },
                { "properties": { "sheetId": 1_043_211_345, "title": "Archive", "index": 1, "sheetType": "GRID",
                    "gridProperties": { "rowCount": 1000, "columnCount": 26 } } },
            ],
        })
    );
    let bad = address(
        &format!("/v4/spreadsheets/{}", open.id),
        &[("fields", "a(b")],
    );
    assert_eq!(open.bench.get(&bad, &open.token).status, 400);
}

#[test]
fn a_spreadsheet_is_created_and_shaped() {
    let open = Open::file("Contacts");
    let made = open
        .bench
        .post(
            "/v4/spreadsheets",
            &open.token,
            json!({ "properties": { "title": "New one" }, "sheets": [{ "properties": { "title": "Log" } }] }),
        )
        .fine();
    let open = Open {
        id: made["spreadsheetId"].as_str().unwrap().to_owned(),
        ..open
    };
    assert_eq!(open.id.len(), 44);
    assert!(made["spreadsheetUrl"].as_str().unwrap().contains(&open.id));
    let shaped = open
        .shape(json!([
            { "addSheet": { "properties": { "title": "More", "gridProperties": { "rowCount": 5 } } } },
            { "appendDimension": { "sheetId": 0, "dimension": "ROWS", "length": 10 } },
            { "updateSheetProperties": { "properties": { "sheetId": 0, "title": "Renamed" }, "fields": "title" } },
        ]))
        .fine();
    let added = &shaped["replies"][0]["addSheet"]["properties"];
    assert_eq!(added["title"], "More");
    open.write("Renamed!A1", json!([["1"], ["2"], ["3"]]));
    let range = json!({ "sheetId": 0, "dimension": "ROWS", "startIndex": 1, "endIndex": 2 });
    open.shape(json!([{ "deleteDimension": { "range": range } }]))
        .fine();
    assert_eq!(open.read("Renamed!A:A")["values"], json!([["1"], ["3"]]));
    open.shape(json!([{ "deleteSheet": { "sheetId": added["sheetId"] } }]))
        .fine();
    let file = open
        .bench
        .get(&format!("/v4/spreadsheets/{}", open.id), &open.token)
        .fine();
    assert_eq!(file["sheets"].as_array().unwrap().len(), 1);
    assert_eq!(
        file["sheets"][0]["properties"]["gridProperties"]["rowCount"],
        1_009
    );
}

#[test]
fn a_shape_change_that_fails_undoes_the_ones_before_it() {
    let open = Open::file("Contacts");
    for (requests, hint) in [
        (json!([]), "at least one request"),
        (
            json!([{ "addSheet": { "properties": { "title": "Contacts" } } }]),
            "already exists",
        ),
        (
            json!([{ "deleteSheet": { "sheetId": 0 } }]),
            "all the sheets",
        ),
        (
            json!([{ "deleteSheet": { "sheetId": 5 } }]),
            "No sheet with id: 5",
        ),
        (json!([{ "paintItRed": {} }]), "Unknown name \"paintItRed\""),
        (
            json!([{ "addSheet": {}, "deleteSheet": {} }]),
            "exactly one",
        ),
        (
            json!([{ "updateSheetProperties": { "properties": { "sheetId": 0, "title": "x" } } }]),
            "At least one field",
        ),
        (
            json!([{ "deleteDimension": { "range": { "sheetId": 0, "dimension": "ROWS" } } }]),
            "delete all the rows",
        ),
    ] {
        let mut all = vec![json!({ "addSheet": { "properties": { "title": "Temporary" } } })];
        all.extend(requests.as_array().unwrap().iter().cloned());
        // With nothing before it, deleting the only sheet is what fails.
        let sent = if hint == "at least one request" || hint == "all the sheets" {
            requests
        } else {
            json!(all)
        };
        let got = open.shape(sent);
        assert_eq!(got.status, 400, "{hint}");
        assert!(
            got.text().contains(&hint.replace('"', "\\\"")),
            "{hint}: {}",
            got.text()
        );
        let file = open
            .bench
            .get(&format!("/v4/spreadsheets/{}", open.id), &open.token)
            .fine();
        assert_eq!(file["sheets"].as_array().unwrap().len(), 1, "{hint}");
    }
}

#[test]
fn scopes_and_owners_are_respected() {
    let open = Open::file("Contacts");
    let bench = &open.bench;
    let read = open.path("Contacts!A1:C1", "", &[]);
    let write = open.path("Contacts!A1", ":append", &[("valueInputOption", "RAW")]);
    let row = json!({ "values": [["x"]] });
    for (scope, reading, writing) in [
        ("spreadsheets", 200, 200),
        ("spreadsheets.readonly", 200, 403),
        ("drive", 200, 200),
        ("drive.readonly", 200, 403),
        ("drive.metadata.readonly", 403, 403),
        ("drive.file", 404, 404),
    ] {
        let token = access(&bench.google("ana", &[scope]));
        assert_eq!(bench.get(&read, &token).status, reading, "{scope}");
        assert_eq!(
            bench.post(&write, &token, row.clone()).status,
            writing,
            "{scope}"
        );
    }
    let ben = access(&bench.google("ben", &["spreadsheets"]));
    let refused = bench.get(&read, &ben);
    assert_eq!(
        (refused.status, &refused.json()["error"]["status"]),
        (403, &json!("PERMISSION_DENIED"))
    );
    let unknown = bench.get("/v4/spreadsheets/nope/values/A1", &open.token);
    assert_eq!(
        (unknown.status, &unknown.json()["error"]["status"]),
        (404, &json!("NOT_FOUND"))
    );
    let none = bench.get(&read, "");
    assert_eq!(
        (none.status, &none.json()["error"]["status"]),
        (401, &json!("UNAUTHENTICATED"))
    );
    let own = access(&bench.google("ana", &["drive.file"]));
    let made = bench.post("/v4/spreadsheets", &own, json!({})).fine();
    let path = format!(
        "/v4/spreadsheets/{}/values/A1",
        made["spreadsheetId"].as_str().unwrap()
    );
    assert_eq!(bench.get(&path, &own).status, 200);
}
