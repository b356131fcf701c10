//! `patchbay token create`

use patchbay_store::{System, api_tokens, organisations};
use std::process::ExitCode;

use super::{complain, say};
use crate::{boot, config, config::DataArgs, extract::mint_token, passwords};

/// Makes a token for the owner; on an empty data folder the organisation and its owner are made first.
pub(super) async fn create(data: DataArgs, name: String) -> anyhow::Result<ExitCode> {
    let store = boot::open_store(&data, config::Durability::Power).await?;
    let system = System::for_sign_in_and_workers();
    let (organisation, person) = match organisations::first_owner(&store, &system).await? {
        Some(found) => found,
        None => {
            let (password, _) = mint_token("").map_err(problem)?;
            let founding = organisations::Founding {
                organisation: "My organisation".to_owned(),
                name: "Owner".to_owned(),
                email: "owner@localhost".to_owned(),
                password_hash: passwords::hash(password.clone()).await.map_err(problem)?,
            };
            let made = organisations::found(&store, &system, founding).await?;
            complain("Made the organisation and its owner. To sign in with a browser:");
            complain(&format!("  e-mail owner@localhost, password {password}"));
            made
        }
    };
    let (token, hash) = mint_token("pb_").map_err(problem)?;
    api_tokens::create_for(&store, &system, &organisation, &person, &name, &hash).await?;
    store.close().await?;
    say(&token);
    Ok(ExitCode::SUCCESS)
}

fn problem(problem: crate::error::Problem) -> anyhow::Error {
    anyhow::anyhow!(
        "{}",
        problem.cause.unwrap_or_else(|| problem.details.to_string())
    )
}
