//! Logs: readable in a terminal, JSON lines elsewhere; `RUST_LOG` narrows or widens them.

use std::io::IsTerminal;
use tracing_subscriber::{EnvFilter, fmt};

/// Starts logging to standard error. A second call changes nothing.
pub(crate) fn start() {
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| {
        EnvFilter::new("info,sqlx=warn,sea_orm_migration=warn,tower_http=warn")
    });
    let builder = fmt().with_env_filter(filter).with_writer(std::io::stderr);
    // Fails only when logging was started before.
    let _ = if std::io::stderr().is_terminal() {
        builder.compact().with_target(false).try_init()
    } else {
        builder.json().try_init()
    };
}
