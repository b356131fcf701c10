//! The seed's job: store the call log of an extension in a sheet, one row for each call.

use anyhow::{Context, Result, ensure};
use patchbay_tests::World;
use serde_json::{Value, json};

/// The sheet that the job writes to.
pub(crate) const SPREADSHEET: &str = "Call records 2026";
pub(crate) const WORKSHEET: &str = "Calls";
/// The extension of the person who signs in.
pub(crate) const EXTENSION: &str = "101";

/// The document with these authentications and this spreadsheet.
pub(crate) fn document(ringcentral: &str, google: &str, spreadsheet: &str) -> Value {
    let value =
        |path: &str| json!({ "$path": format!("$.steps.loop-1.value.{path}"), "$default": "" });
    json!({
        "format": "patchbay.workflow/1",
        "name": "Store call logs",
        "config": { "sheet": WORKSHEET },
        "trigger": { "connector": "manual", "operation": "trigger", "inputs": {} },
        "steps": [
            { "name": "ringcentral-1", "title": "List extension call logs",
              "connector": "ringcentral", "operation": "list_extension_call_logs", "auth": ringcentral,
              "inputs": { "account_id": "~", "extension_id": "~", "show_blocked": true } },
            { "name": "loop-1", "title": "Loop call logs", "connector": "loop", "operation": "loop_list",
              "inputs": { "list": { "$path": "$.steps.ringcentral-1.records" } },
              "body": [
                { "name": "google-sheets-1", "title": "Store call logs",
                  "connector": "google-sheets", "operation": "create_row", "auth": google,
                  "inputs": { "spreadsheet_id": spreadsheet, "worksheet": { "$path": "$.config.sheet" },
                    "row": { "Direction": value("direction"), "fromPhone": value("from.phoneNumber"),
                             "toPhone": value("to.phoneNumber") } } }
              ] }
        ]
    })
}

/// The id of the sheet that the job writes to, of the first person.
pub(crate) async fn spreadsheet(world: &World) -> Result<String> {
    let files = world.spreadsheets().await?;
    let file = files
        .iter()
        .find(|file| file["name"] == SPREADSHEET && file["owner"] == "ana")
        .with_context(|| format!("no {SPREADSHEET} in {files:?}"))?;
    Ok(file["id"].as_str().context("no id")?.to_owned())
}

/// The rows that a run now has to leave behind: the calls of the last day, newest first.
pub(crate) async fn expected_rows(world: &World) -> Result<Vec<Vec<String>>> {
    let oldest = jiff::Timestamp::now() - jiff::SignedDuration::from_hours(24);
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let mut rows = Vec::new();
    for record in world.call_log(EXTENSION).await? {
        let start: jiff::Timestamp = text(&record["startTime"]).parse()?;
        if start >= oldest {
            rows.push(vec![
                text(&record["direction"]),
                text(&record["from"]["phoneNumber"]),
                text(&record["to"]["phoneNumber"]),
            ]);
        }
    }
    // Enough of each kind, or the comparison would prove little.
    let has = |test: fn(&Vec<String>) -> bool| rows.iter().any(test);
    ensure!(rows.len() > 40, "only {} calls", rows.len());
    ensure!(has(|row| row[0] == "Inbound") && has(|row| row[0] == "Outbound"));
    ensure!(has(|row| row[1].is_empty()) && has(|row| row[2].is_empty()));
    Ok(rows)
}

/// The rows of the sheet below its header, each as wide as the header.
pub(crate) async fn written_rows(world: &World, spreadsheet: &str) -> Result<Vec<Vec<String>>> {
    let mut rows = world.rows(spreadsheet, WORKSHEET).await?.into_iter();
    let header = rows.next().context("no header")?;
    ensure!(
        header == ["Direction", "fromPhone", "toPhone"],
        "{header:?}"
    );
    rows.map(|row| {
        ensure!(row.len() <= 3, "{row:?}");
        let cell = |at: usize| match row.get(at) {
            None => Ok(String::new()),
            // What came as text has to be text there too: a number would have lost its plus sign.
            Some(Value::String(text)) => Ok(text.clone()),
            Some(other) => Err(anyhow::anyhow!("{other} is not text")),
        };
        (0..3).map(cell).collect()
    })
    .collect()
}

/// Compares the sheet with the call log record by record.
pub(crate) fn compare(written: &[Vec<String>], expected: &[Vec<String>]) -> Result<()> {
    for (index, (row, record)) in written.iter().zip(expected).enumerate() {
        ensure!(
            row == record,
            "row {index} is {row:?}, the record says {record:?}"
        );
    }
    ensure!(
        written.len() == expected.len(),
        "{} rows for {} records",
        written.len(),
        expected.len()
    );
    Ok(())
}
