//! Drive: the list behind a file picker, its search language, masks and pages.

use serde_json::{Value, json};

use super::client::{Bench, access, address};

const SHEET: &str = "mimeType = 'application/vnd.google-apps.spreadsheet'";

fn names(answer: &Value) -> Vec<&str> {
    answer["files"]
        .as_array()
        .unwrap()
        .iter()
        .map(|file| file["name"].as_str().unwrap())
        .collect()
}

fn list(bench: &Bench, token: &str, query: &[(&str, &str)]) -> Value {
    bench.get(&address("/drive/v3/files", query), token).fine()
}

#[test]
fn the_search_language_finds_what_it_should() {
    let bench = Bench::new();
    let token = access(&bench.google("ana", &["drive.metadata.readonly"]));
    let all = vec!["Call records 2026", "Contacts", "Jon's Data"];
    let cases: [(&str, Vec<&str>); 16] = [
        ("trashed = false", all.clone()),
        ("trashed=true", vec!["Old call list"]),
        ("trashed != true", all.clone()),
        (
            SHEET,
            vec![
                "Call records 2026",
                "Contacts",
                "Jon's Data",
                "Old call list",
            ],
        ),
        ("mimeType = 'application/pdf'", vec![]),
        (
            "mimeType != 'application/pdf' and trashed = false",
            all.clone(),
        ),
        (
            "name contains 'call'",
            vec!["Call records 2026", "Old call list"],
        ),
        (
            "name contains 'Rec' and trashed = false",
            vec!["Call records 2026"],
        ),
        ("name contains 'ecords'", vec![]),
        ("name contains 'call rec'", vec!["Call records 2026"]),
        ("name contains '2026'", vec!["Call records 2026"]),
        (r"name contains 'Jon\'s'", vec!["Jon's Data"]),
        (r"name = 'Jon\'s Data'", vec!["Jon's Data"]),
        (
            "name != 'Contacts' and trashed = false",
            vec!["Call records 2026", "Jon's Data"],
        ),
        (
            "(name contains 'con' and trashed = false)",
            vec!["Contacts"],
        ),
        ("'me' in owners and name = 'Contacts'", vec!["Contacts"]),
    ];
    for (query, expected) in cases {
        assert_eq!(
            names(&list(&bench, &token, &[("q", query)])),
            expected,
            "{query}"
        );
    }
    let combined = format!("{SHEET} and trashed = false and name contains 'Con'");
    assert_eq!(
        names(&list(&bench, &token, &[("q", &combined)])),
        ["Contacts"]
    );
}

#[test]
fn what_is_not_understood_is_refused() {
    let bench = Bench::new();
    let token = access(&bench.google("ana", &["drive.readonly"]));
    for (name, value) in [
        ("q", "name contains Call"),
        ("q", "name contains 'Call"),
        ("q", "colour = 'red'"),
        ("q", "trashed = maybe"),
        ("q", "trashed = false or trashed = true"),
        ("q", "trashed = false trashed = true"),
        ("pageSize", "0"),
        ("pageSize", "1001"),
        ("pageToken", "x"),
        ("orderBy", "colour"),
        ("orderBy", "name down"),
        ("corpora", "mine"),
        ("fields", "files(id,colour)"),
        ("fields", "files(id"),
    ] {
        let got = bench.get(&address("/drive/v3/files", &[(name, value)]), &token);
        assert_eq!(got.status, 400, "{name}={value}");
        let error = &got.json()["error"];
        assert_eq!(error["errors"][0]["reason"], "invalid", "{name}={value}");
    }
}

#[test]
fn a_picker_gets_what_its_mask_names_in_the_order_it_wants() {
    let bench = Bench::new();
    let token = access(&bench.google("ana", &["drive.metadata.readonly"]));
    let answer = list(
        &bench,
        &token,
        &[
            ("q", "trashed = false"),
            (
                "fields",
                "nextPageToken,incompleteSearch,files(id,name,modifiedTime,owners(displayName),driveId)",
            ),
            ("orderBy", "modifiedTime desc"),
            ("supportsAllDrives", "true"),
            ("includeItemsFromAllDrives", "true"),
        ],
    );
    assert_eq!(
        names(&answer),
        ["Call records 2026", "Contacts", "Jon's Data"]
    );
    assert_eq!(answer["incompleteSearch"], false);
    assert_eq!(
        answer["files"][0]["owners"],
        json!([{ "displayName": "Ana Ruiz" }])
    );
    assert!(answer["files"][0]["mimeType"].is_null() && answer["kind"].is_null());
    let by_name = list(
        &bench,
        &token,
        &[("q", "trashed=false"), ("orderBy", "name desc")],
    );
    assert_eq!(
        names(&by_name),
        ["Jon's Data", "Contacts", "Call records 2026"]
    );
    let plain = list(&bench, &token, &[]);
    let keys: Vec<&String> = plain["files"][0].as_object().unwrap().keys().collect();
    assert_eq!(keys, ["kind", "id", "name", "mimeType"]);
}

#[test]
fn pages_follow_their_token() {
    let bench = Bench::new();
    let token = access(&bench.google("ana", &["drive.metadata.readonly"]));
    let first = list(&bench, &token, &[("pageSize", "3")]);
    assert_eq!(names(&first).len(), 3);
    let next = first["nextPageToken"].as_str().unwrap();
    let second = list(&bench, &token, &[("pageSize", "3"), ("pageToken", next)]);
    assert_eq!(names(&second), ["Old call list"]);
    assert!(second["nextPageToken"].is_null());
}

#[test]
fn people_see_their_own_files_and_narrow_scopes_see_the_apps_files() {
    let bench = Bench::new();
    let ana = access(&bench.google("ana", &["drive.metadata.readonly"]));
    let ben = access(&bench.google("ben", &["drive.metadata.readonly"]));
    let theirs = list(&bench, &ana, &[("q", "name = 'Contacts'")])["files"][0]["id"].clone();
    let path = format!("/drive/v3/files/{}", theirs.as_str().unwrap());
    assert_eq!(bench.get(&path, &ana).fine()["name"], "Contacts");
    let refused = bench.get(&path, &ben);
    assert_eq!(refused.status, 404);
    assert_eq!(refused.json()["error"]["errors"][0]["reason"], "notFound");
    let own = access(&bench.google("ana", &["drive.file"]));
    assert!(names(&list(&bench, &own, &[])).is_empty());
    bench
        .post(
            "/v4/spreadsheets",
            &own,
            json!({ "properties": { "title": "Mine" } }),
        )
        .fine();
    assert_eq!(names(&list(&bench, &own, &[])), ["Mine"]);
}

#[test]
fn about_tells_who_is_signed_in() {
    let bench = Bench::new();
    let token = access(&bench.google("ben", &["drive.file"]));
    let about = bench
        .get(
            "/drive/v3/about?fields=user(displayName,emailAddress)",
            &token,
        )
        .fine();
    assert_eq!(
        about,
        json!({ "user": { "displayName": "Ben Okafor", "emailAddress": "ben.okafor@harbourpine.example" } })
    );
    assert_eq!(bench.get("/drive/v3/about", &token).status, 400);
    let sheets_only = access(&bench.google("ben", &["spreadsheets"]));
    assert_eq!(
        bench
            .get("/drive/v3/about?fields=user", &sheets_only)
            .status,
        403
    );
}
