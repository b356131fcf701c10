//! `patchbay serve`

use std::process::ExitCode;

use super::say;
use crate::{
    boot::Server,
    config::{DataArgs, ServeArgs},
    shutdown, telemetry,
};

/// Serves until Ctrl-C.
pub(super) async fn serve(data: DataArgs, args: ServeArgs) -> anyhow::Result<ExitCode> {
    telemetry::start();
    let server = Server::start(&data, &args).await?;
    say(&format!("Patchbay is at {}", server.app.public_url()));
    if let Some(code) = server.setup_code().await? {
        say("There is no account yet: open that address and make the first one.");
        say(&format!(
            "From another machine it takes this setup code: {code}"
        ));
    }
    if let Some(demo) = server.app.demo_url() {
        say(&format!("The demo's RingCentral and Google are at {demo}"));
    }
    server.serve(shutdown::signal()).await?;
    say("Patchbay has stopped; everything is saved.");
    Ok(ExitCode::SUCCESS)
}
