//! The description of the API says everything that the API's own client asks for.

use std::collections::HashSet;
use std::sync::{Arc, Mutex, PoisonError};

use anyhow::{Context, Result, bail, ensure};
use patchbay_api::Client;
use patchbay_api::authentications::{
    Authorize, Credential, EnvironmentRef, NewAuthentication, NewEnvironment, Ownership,
};
use patchbay_api::connectors::{OptionsQuery, ShapeQuery};
use patchbay_api::debug::{PinOutput, Replay, Retry};
use patchbay_api::people::{AcceptInvitation, NewApiToken, NewInvitation, Role, Setup, SignIn};
use patchbay_api::runs::{RunQuery, StartRun, StepQuery};
use patchbay_api::transport::{Answer, Request, Response, Transport};
use patchbay_api::workflows::{Edits, Evaluate};
use patchbay_model::document::Workflow;
use serde_json::Value;

use crate::support::caller::Caller;
use crate::support::on_server;

/// Notes what is asked and answers nothing of use.
#[derive(Default)]
struct Recorder(Mutex<Vec<(String, String)>>);

impl Transport for Recorder {
    fn send(&self, request: Request) -> Answer<'_> {
        let path = request
            .path
            .split('?')
            .next()
            .unwrap_or_default()
            .to_owned();
        self.0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .push((request.method.to_lowercase(), path));
        Box::pin(async {
            Ok(Response {
                status: 404,
                body: Vec::new(),
            })
        })
    }
}

/// Calls everything once; what comes back does not matter.
async fn call_everything(client: &Client) {
    let workflow = Workflow::default();
    let new = NewAuthentication {
        name: String::new(),
        service: String::new(),
        owner: Ownership::Personal,
        environment: EnvironmentRef::default(),
        scopes: Vec::new(),
        credential: Credential::Token {
            access_token: String::new(),
        },
    };
    let authorize = Authorize {
        name: String::new(),
        service: String::new(),
        owner: Ownership::Personal,
        environment_id: "x".into(),
        scopes: Vec::new(),
        reconnect: None,
        return_to: None,
    };
    let _ = client.session().await;
    let _ = client.set_up(&Setup::default()).await;
    let _ = client.sign_in(&SignIn::default()).await;
    let _ = client.sign_out().await;
    let _ = client.people().await;
    let _ = client.change_role("x", Role::Viewer).await;
    let _ = client.remove_person("x").await;
    let _ = client.invitations().await;
    let _ = client
        .invite(&NewInvitation {
            role: Role::Viewer,
            email: None,
        })
        .await;
    let _ = client.withdraw_invitation("x").await;
    let _ = client.invitation("x").await;
    let _ = client
        .accept_invitation("x", &AcceptInvitation::default())
        .await;
    let _ = client.tokens().await;
    let _ = client.create_token(&NewApiToken::default()).await;
    let _ = client.revoke_token("x").await;
    let _ = client.audit().await;
    let _ = client.workflows().await;
    let _ = client.workflow("x").await;
    let _ = client.create_workflow(&workflow).await;
    let _ = client.save_workflow("x", 1, &workflow).await;
    let _ = client
        .edit_workflow(
            "x",
            &Edits {
                base_revision: 1,
                edits: Vec::new(),
            },
        )
        .await;
    let _ = client.delete_workflow("x").await;
    let _ = client.enable_workflow("x").await;
    let _ = client.disable_workflow("x").await;
    let _ = client.revisions("x").await;
    let _ = client.revision("x", 1).await;
    let _ = client.restore_revision("x", 1).await;
    let _ = client.samples("x").await;
    let _ = client.templates().await;
    let _ = client.evaluate(&Evaluate::default()).await;
    let _ = client.start_run("x", &StartRun::default()).await;
    let _ = client
        .start_run_and_wait("x", &StartRun::default(), 1)
        .await;
    let _ = client.runs(&RunQuery::default()).await;
    let _ = client.run("x").await;
    let _ = client.run_progress("x").await;
    let _ = client.run_steps("x", &StepQuery::default()).await;
    let _ = client.cancel_run("x").await;
    let _ = client.replay_run("x", &Replay::default()).await;
    let _ = client.retry_runs(&Retry::default()).await;
    let _ = client.delete_run("x").await;
    let _ = client.pins("x").await;
    let _ = client
        .pin(
            "x",
            "x",
            &PinOutput {
                output: Value::Null,
            },
        )
        .await;
    let _ = client.unpin("x", "x").await;
    let _ = client.storage().await;
    let _ = client.connectors().await;
    let _ = client.connector("x").await;
    let _ = client.connector_expanded("x").await;
    let _ = client.operation("x", "x").await;
    let _ = client.options("x", "x", &OptionsQuery::default()).await;
    let _ = client.shape("x", "x", &ShapeQuery::default()).await;
    let _ = client.authentications().await;
    let _ = client.create_authentication(&new).await;
    let _ = client.authorize(&authorize).await;
    let _ = client.attempt("x").await;
    let _ = client.rename_authentication("x", "x").await;
    let _ = client.delete_authentication("x").await;
    let _ = client.authentication_used_by("x").await;
    let _ = client.environments().await;
    let _ = client.create_environment(&NewEnvironment::default()).await;
    let _ = client
        .change_environment("x", &NewEnvironment::default())
        .await;
    let _ = client.delete_environment("x").await;
}

/// Whether a path of the description stands for this one.
fn fits(template: &str, path: &str) -> bool {
    let (template, path): (Vec<&str>, Vec<&str>) =
        (template.split('/').collect(), path.split('/').collect());
    let same = |(wanted, found): (&&str, &&str)| wanted == found || wanted.starts_with('{');
    template.len() == path.len() && template.iter().zip(&path).all(same)
}

/// Every `$ref` in it.
fn references(json: &Value, found: &mut HashSet<String>) {
    match json {
        Value::Object(fields) => fields.iter().for_each(|(key, value)| match value.as_str() {
            Some(text) if key == "$ref" => drop(found.insert(text.to_owned())),
            _ => references(value, found),
        }),
        Value::Array(items) => items.iter().for_each(|item| references(item, found)),
        _ => {}
    }
}

#[tokio::test]
async fn the_description_lists_every_route_of_the_client_and_resolves() -> Result<()> {
    on_server(&[], async |server| {
        let caller = Caller::browser(&server.url())?;
        let description = caller.get("/openapi.json").await?.good()?;
        let version = description["openapi"].as_str().context("no version")?;
        ensure!(version.starts_with("3.1"), "{version}");
        let paths = description["paths"].as_object().context("no paths")?;

        let recorder = Arc::new(Recorder::default());
        call_everything(&Client::new(recorder.clone())).await;
        let mut asked = recorder
            .0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone();
        asked.push(("get".to_owned(), Client::events_path("x")));
        ensure!(asked.len() > 50, "only {} calls", asked.len());
        for (method, path) in asked {
            let described = paths
                .iter()
                .any(|(template, item)| fits(template, &path) && item.get(&method).is_some());
            if !described {
                bail!("{method} {path} is not described");
            }
        }

        let mut names = HashSet::new();
        for (path, item) in paths {
            for (method, operation) in item.as_object().into_iter().flatten() {
                let responses = operation["responses"].as_object();
                ensure!(
                    responses.is_some_and(|all| !all.is_empty()),
                    "{method} {path} has no responses"
                );
                let summary = operation["summary"].as_str().unwrap_or_default();
                ensure!(
                    !summary.is_empty(),
                    "{method} {path} says nothing about itself"
                );
                names.insert(format!("{method} {path}"));
            }
        }
        let mut found = HashSet::new();
        references(&description, &mut found);
        ensure!(found.len() > 20, "only {} references", found.len());
        for reference in found {
            let pointer = reference
                .strip_prefix('#')
                .context("a reference to elsewhere")?;
            ensure!(
                description.pointer(pointer).is_some(),
                "{reference} leads nowhere"
            );
        }
        Ok(())
    })
    .await
}
