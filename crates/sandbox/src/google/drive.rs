//! Drive v3: listing and reading files, and who is signed in.

use serde_json::{Value, json};

use crate::google::access::{Caller, Need};
use crate::google::drive_query::Query;
use crate::google::fields::Mask;
use crate::google::spreadsheet::Spreadsheet;
use crate::google::{Answer, errors};
use crate::state::State;
use crate::wire::{Reply, Request};

/// The type of every file here.
const SPREADSHEET: &str = "application/vnd.google-apps.spreadsheet";

/// What a file shows when no fields are asked for.
const DEFAULT_FIELDS: [&str; 4] = ["kind", "id", "name", "mimeType"];

/// Every field a file can show here.
const FILE_FIELDS: [&str; 20] = [
    "kind",
    "id",
    "name",
    "mimeType",
    "resourceKey",
    "createdTime",
    "modifiedTime",
    "viewedByMeTime",
    "owners",
    "ownedByMe",
    "shared",
    "starred",
    "trashed",
    "webViewLink",
    "iconLink",
    "driveId",
    "parents",
    "capabilities",
    "size",
    "*",
];

/// Scopes that see a person's files.
const LISTING: [&str; 4] = [
    "drive",
    "drive.readonly",
    "drive.metadata.readonly",
    "drive.file",
];

/// `files.list`.
pub(crate) fn list(state: &mut State, caller: &Caller<'_>) -> Answer {
    let request = caller.request;
    scope(caller)?;
    let query = Query::parse(request.param("q").unwrap_or_default())
        .map_err(|problem| errors::drive_invalid(&format!("Invalid Value: q: {problem}")))?;
    let size = match request.param("pageSize") {
        None => 100,
        Some(text) => text
            .parse::<usize>()
            .ok()
            .filter(|size| (1..=1_000).contains(size))
            .ok_or_else(|| {
                errors::drive_invalid(
                    "Invalid value for pageSize: values must be within the range: [1, 1000]",
                )
            })?,
    };
    let start = match request.param("pageToken") {
        None => 0,
        Some(token) => token
            .strip_prefix("~!!~")
            .and_then(|number| number.parse::<usize>().ok())
            .ok_or_else(|| errors::drive_invalid("Invalid Value: pageToken"))?,
    };
    if let Some(corpora) = request.param("corpora")
        && !matches!(corpora, "user" | "domain" | "drive" | "allDrives")
    {
        return Err(errors::drive_invalid("Invalid Value: corpora"));
    }
    let mask = mask(request)?;
    if let Some(mask) = &mask {
        only(
            mask,
            &["kind", "nextPageToken", "incompleteSearch", "files", "*"],
        )?;
        if let Some(files) = mask.inner("files") {
            only(files, &FILE_FIELDS)?;
        }
    }
    let person = caller.identity.person;
    let mut found: Vec<&Spreadsheet> = state
        .files
        .values()
        .filter(|file| file.owner == person && caller.reaches(file, Need::Read))
        .filter(|file| query.takes(&file.name, SPREADSHEET, file.trashed))
        .collect();
    sort(&mut found, request.param("orderBy").unwrap_or_default())?;
    let page: Vec<Value> = found
        .iter()
        .skip(start)
        .take(size)
        .map(|file| {
            let whole = describe(file, request);
            if mask.is_some() { whole } else { brief(&whole) }
        })
        .collect();
    let mut answer = json!({
        "kind": "drive#fileList",
        "incompleteSearch": false,
        "files": page,
    });
    if start + size < found.len() {
        answer["nextPageToken"] = format!("~!!~{}", start + size).into();
    }
    Ok(Reply::ok(&match mask {
        Some(mask) => mask.apply(&answer),
        None => answer,
    }))
}

/// `files.get`.
pub(crate) fn get(state: &mut State, caller: &Caller<'_>, id: &str) -> Answer {
    let request = caller.request;
    scope(caller)?;
    let mask = mask(request)?;
    if let Some(mask) = &mask {
        only(mask, &FILE_FIELDS)?;
    }
    let file = state
        .files
        .get(id)
        .filter(|file| file.owner == caller.identity.person && caller.reaches(file, Need::Read))
        .ok_or_else(|| errors::file_not_found(id))?;
    let whole = describe(file, request);
    Ok(Reply::ok(&match mask {
        Some(mask) => mask.apply(&whole),
        None => brief(&whole),
    }))
}

/// `about.get`; `fields` must be given.
pub(crate) fn about(_state: &mut State, caller: &Caller<'_>) -> Answer {
    scope(caller)?;
    let mask = mask(caller.request)?.ok_or_else(|| {
        errors::drive_invalid("The 'fields' parameter is required for this method.")
    })?;
    let person = caller.identity.person;
    Ok(Reply::ok(&mask.apply(&json!({
        "kind": "drive#about",
        "user": {
            "kind": "drive#user",
            "displayName": person.name(),
            "me": true,
            "permissionId": format!("1{}", person.extension_id()),
            "emailAddress": person.email(),
        },
    }))))
}

/// `drives.list`: nobody here has a shared drive.
pub(crate) fn shared_drives(_state: &mut State, caller: &Caller<'_>) -> Answer {
    if !caller.holds(&["drive", "drive.readonly"]) {
        return Err(errors::scope_missing(true));
    }
    Ok(Reply::ok(
        &json!({ "kind": "drive#driveList", "drives": [] }),
    ))
}

fn scope(caller: &Caller<'_>) -> Result<(), Reply> {
    if caller.holds(&LISTING) {
        Ok(())
    } else {
        Err(errors::scope_missing(true))
    }
}

fn mask(request: &Request) -> Result<Option<Mask>, Reply> {
    request
        .param("fields")
        .map(|text| {
            Mask::parse(text)
                .ok_or_else(|| errors::drive_invalid(&format!("Invalid field selection {text}")))
        })
        .transpose()
}

fn only(mask: &Mask, known: &[&str]) -> Result<(), Reply> {
    match mask.names().find(|name| !known.contains(name)) {
        None => Ok(()),
        Some(name) => Err(errors::drive_invalid(&format!(
            "Invalid field selection {name}"
        ))),
    }
}

fn sort(files: &mut [&Spreadsheet], order: &str) -> Result<(), Reply> {
    // The last key first: the sorts are stable.
    for key in order
        .rsplit(',')
        .map(str::trim)
        .filter(|key| !key.is_empty())
    {
        let (name, falling) = match key.split_once(' ') {
            Some((name, "desc")) => (name, true),
            Some(_) => return Err(errors::drive_invalid("Invalid Value: orderBy")),
            None => (key, false),
        };
        match name {
            "name" => files.sort_by(|one, other| one.name.cmp(&other.name)),
            "name_natural" => files.sort_by_key(|file| file.name.to_lowercase()),
            "modifiedTime" | "modifiedByMeTime" | "viewedByMeTime" | "recency" => {
                files.sort_by_key(|file| file.modified_at);
            }
            "createdTime" => files.sort_by_key(|file| file.created_at),
            "folder" | "starred" | "sharedWithMeTime" | "quotaBytesUsed" => {}
            _ => return Err(errors::drive_invalid("Invalid Value: orderBy")),
        }
        if falling {
            files.reverse();
        }
    }
    Ok(())
}

fn brief(whole: &Value) -> Value {
    DEFAULT_FIELDS
        .iter()
        .map(|name| ((*name).to_owned(), whole[*name].clone()))
        .collect()
}

fn describe(file: &Spreadsheet, request: &Request) -> Value {
    json!({
        "kind": "drive#file",
        "id": file.id,
        "name": file.name,
        "mimeType": SPREADSHEET,
        "createdTime": written(file.created_at),
        "modifiedTime": written(file.modified_at),
        "viewedByMeTime": written(file.modified_at),
        "owners": [{
            "kind": "drive#user",
            "displayName": file.owner.name(),
            "me": true,
            "emailAddress": file.owner.email(),
        }],
        "ownedByMe": true,
        "shared": false,
        "starred": false,
        "trashed": file.trashed,
        "webViewLink": file.url(&request.origin),
        "capabilities": { "canEdit": true },
        "size": "1024",
    })
}

/// How Drive writes an instant: UTC with milliseconds.
fn written(instant: jiff::Timestamp) -> String {
    instant.strftime("%Y-%m-%dT%H:%M:%S%.3fZ").to_string()
}
