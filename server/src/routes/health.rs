//! `/healthz`: whether the server serves.

use axum::{Json, extract::State};
use serde_json::{Value, json};

use crate::state::App;

/// 200 as soon as requests are answered; needs no sign-in.
pub(super) async fn health(State(app): State<App>) -> Json<Value> {
    Json(
        json!({ "status": "ok", "version": env!("CARGO_PKG_VERSION"), "uptime_ms": app.uptime_ms() }),
    )
}
