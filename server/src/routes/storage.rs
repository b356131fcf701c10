//! `/api/v1/storage`: how much room the data takes.

use axum::{Json as Answer, extract::State};
use patchbay_api::{ProblemDetails, debug::Storage};
use patchbay_store::{System, storage};
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::{disk, error::Result, extract::Admin, state::App};

/// The routes of this file.
pub(super) fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(get))
}

/// How much room the data takes, how much is left, and how long runs are kept. For administrators.
#[utoipa::path(get, path = "/storage", tag = "runs",
    responses((status = 200, body = Storage), (status = 403, body = ProblemDetails)))]
async fn get(State(app): State<App>, _: Admin) -> Result<Answer<Storage>> {
    let usage = storage::usage(app.store(), &System::for_sign_in_and_workers()).await?;
    let disk = app.data_folder().and_then(disk::of);
    let keep = app.keep();
    Ok(Answer(Storage {
        main_bytes: usage.main,
        journal_bytes: usage.journal,
        reusable_bytes: usage.reusable,
        blob_bytes: usage.blobs.bytes,
        blobs: usage.blobs.files,
        runs: usage.runs,
        free_bytes: disk.map(|disk| disk.free),
        disk_bytes: disk.map(|disk| disk.size),
        keep_days: keep.days(),
        keep_runs: keep.runs(),
        keep_bytes: keep.bytes(),
    }))
}
