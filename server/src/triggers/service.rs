//! Triggers whose service calls us, for every connector whose manifest says which operations begin, keep and end what
//! it listens to.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use http::{HeaderName, HeaderValue, StatusCode, header};
use patchbay_engine::port::BoxFuture;
use patchbay_kit::{
    Hooks, Invocation, Steps, Wanted,
    hooks::{Incoming, Received},
    secret::Secret,
};
use patchbay_model::{
    Json,
    event::StepError,
    spec::{Catalog as _, OperationSpec},
};
use patchbay_store::{RunScope, authentications};
use serde::{Deserialize, Serialize};
use serde_json::json;
use std::{
    collections::HashMap,
    sync::{Arc, LazyLock},
};

use super::{
    live,
    port::{Delivery, Input, Place, Receipt, Refusal, Registered, ServiceTrigger},
    start::{self, Start},
};
use crate::{
    credentials::{self, Asker},
    state::App,
};

/// Seconds until a registration is looked after when the connector does not say.
const USUAL_PAUSE: i64 = 15 * 60;

/// A trigger that a service calls, as its connector's manifest describes it.
pub(super) struct Subscribed;

/// What is kept of a registration.
#[derive(Serialize, Deserialize)]
struct Kept {
    /// Which of the connector's triggers it belongs to.
    #[serde(default)]
    operation: String,
    /// Comes back with every delivery.
    token: String,
    /// What the service was asked to tell.
    wanted: Vec<Wanted>,
    /// What the connector needs to look after it.
    state: Json,
}

/// Which of the connector's operations is carried out.
#[derive(Clone, Copy)]
enum Step {
    Begin,
    Keep,
    End,
}

impl ServiceTrigger for Subscribed {
    fn register<'a>(
        &'a self,
        app: &'a App,
        at: &'a Place,
        previous: Option<Json>,
    ) -> BoxFuture<'a, Result<Registered, Refusal>> {
        Box::pin(async move {
            let wanted = if steps(app, at)?.is_called {
                wanted(app, at)?
            } else {
                Vec::new()
            };
            may_listen(app, at, &wanted).await?;
            let previous = end_another(app, at, previous.and_then(read)).await;
            // The same token as before: what is under way while the registration changes is still good.
            let (token, state) = match previous {
                Some(kept) => (kept.token, kept.state),
                None => (fresh_token()?, Json::Null),
            };
            let kept = Kept {
                operation: at.operation.clone(),
                token,
                wanted,
                state,
            };
            carry_out(app, at, Step::Begin, kept).await
        })
    }

    fn renew<'a>(
        &'a self,
        app: &'a App,
        at: &'a Place,
        registration: Json,
    ) -> BoxFuture<'a, Result<Registered, Refusal>> {
        Box::pin(async move {
            let Some(kept) = read(registration) else {
                return self.register(app, at, None).await;
            };
            carry_out(app, at, Step::Keep, kept).await
        })
    }

    fn remove<'a>(
        &'a self,
        app: &'a App,
        at: &'a Place,
        registration: Json,
    ) -> BoxFuture<'a, Result<(), Refusal>> {
        Box::pin(async move {
            match read(registration) {
                Some(kept) => carry_out(app, at, Step::End, kept).await.map(|_| ()),
                None => Ok(()),
            }
        })
    }

    fn receive(&self, at: &Place, registration: Option<&Json>, delivery: &Delivery) -> Receipt {
        let kept = registration.cloned().and_then(read);
        let (secret, wanted) = match kept {
            Some(kept) => (Some(Secret::new(kept.token)), kept.wanted),
            None => (None, Vec::new()),
        };
        let incoming = Incoming {
            method: delivery.method.clone(),
            headers: delivery.headers.clone(),
            query: url::form_urlencoded::parse(delivery.query.as_bytes())
                .into_owned()
                .collect(),
            body: delivery.body.clone(),
            wanted,
        };
        match hooks(&at.connector) {
            Some(hooks) => receipt(hooks.receive(&incoming, secret.as_ref())),
            None => Receipt::refuse(
                StatusCode::NOT_FOUND,
                "The connector of this trigger is not installed any more.",
            ),
        }
    }
}

/// The earlier registration, if it was one of the same trigger; one of another trigger is ended.
async fn end_another(app: &App, at: &Place, previous: Option<Kept>) -> Option<Kept> {
    let previous = previous?;
    if previous.operation == at.operation {
        return Some(previous);
    }
    let before = Place {
        operation: previous.operation.clone(),
        ..at.clone()
    };
    if let Err(refusal) = carry_out(app, &before, Step::End, previous).await {
        // Its deliveries are turned away from now on, since their token is not known any more.
        tracing::warn!(workflow = %at.workflow, refusal.message, "an earlier registration is still there");
    }
    None
}

/// What connectors say about calls from their services. Hooks hold no state, so these are as good as the kit's.
fn hooks(connector: &str) -> Option<&'static Arc<dyn Hooks>> {
    static HOOKS: LazyLock<HashMap<String, Arc<dyn Hooks>>> = LazyLock::new(|| {
        patchbay_connectors::sources()
            .into_iter()
            .filter_map(|source| Some((source.name.into_owned(), source.hooks?)))
            .collect()
    });
    HOOKS.get(connector)
}

fn receipt(received: Result<Received, StepError>) -> Receipt {
    match received {
        Ok(received) => {
            let runs = received.events.into_iter().map(|event| Input {
                delivery: event.id,
                output: event.output,
            });
            let mut receipt = Receipt::accept(runs.collect());
            receipt.renew = received.ends_soon;
            let json = HeaderValue::from_static("application/json");
            receipt.headers.insert(header::CONTENT_TYPE, json);
            for (name, value) in received.answer_headers {
                // A header that cannot be written was never sent to us either.
                if let (Ok(name), Ok(value)) = (
                    HeaderName::from_bytes(name.as_bytes()),
                    HeaderValue::from_str(&value),
                ) {
                    receipt.headers.insert(name, value);
                }
            }
            receipt
        }
        Err(error) => {
            let status = match error.code.as_str() {
                "unauthenticated" => StatusCode::UNAUTHORIZED,
                "forbidden" => StatusCode::FORBIDDEN,
                _ => StatusCode::BAD_REQUEST,
            };
            Receipt::refuse(status, error.message)
        }
    }
}

fn read(registration: Json) -> Option<Kept> {
    serde_json::from_value(registration).ok()
}

fn wanted(app: &App, at: &Place) -> Result<Vec<Wanted>, Refusal> {
    app.kit()
        .wanted(
            &at.connector,
            &at.operation,
            &Json::Object(at.inputs.clone()),
        )
        .map_err(refusal)
}

/// Says before anything is asked of the service which scopes the authentication lacks.
async fn may_listen(app: &App, at: &Place, wanted: &[Wanted]) -> Result<(), Refusal> {
    let Some(auth) = &at.auth else {
        return Err(final_refusal(
            "The trigger needs an authentication. Choose one in its Authenticate tab.",
        ));
    };
    let found = authentications::credential_for_run(app.store(), &scope(at), auth)
        .await
        .map_err(|_| {
            final_refusal(
                "The trigger's authentication does not exist any more, or it belongs to somebody else. Choose another one.",
            )
        })?;
    let granted = &found.authentication.granted_scopes;
    let service = app
        .catalog()
        .connector(&at.connector)
        .and_then(|connector| connector.service.as_ref());
    // Of a pasted token it is not known what it may do; the service will say.
    let Some(service) = service.filter(|_| !granted.is_empty()) else {
        return Ok(());
    };
    let own: &[String] = app
        .catalog()
        .find(&at.connector, &at.operation)
        .map_or(&[], |spec: &OperationSpec| &spec.scopes);
    let mut missing: Vec<(&str, &str)> = Vec::new();
    for scope in service.missing_scopes(own, granted) {
        missing.push((scope, "every event"));
    }
    for one in wanted {
        for scope in service.missing_scopes(&one.scopes, granted) {
            if !missing.iter().any(|(known, _)| *known == scope) {
                missing.push((scope, &one.title));
            }
        }
    }
    if missing.is_empty() {
        return Ok(());
    }
    let list: Vec<String> = missing
        .iter()
        .map(|(scope, needed_for)| format!("{scope} (for {needed_for})"))
        .collect();
    Err(final_refusal(&format!(
        "The authentication \"{}\" lacks what the chosen events need: {}. Reconnect it with these scopes, or choose other events.",
        found.authentication.name,
        list.join(", ")
    )))
}

fn scope(at: &Place) -> RunScope {
    RunScope {
        organisation: at.organisation.clone(),
        person: at.person.clone(),
    }
}

/// Has the connector carry out a step of a registration's life.
async fn carry_out(app: &App, at: &Place, step: Step, kept: Kept) -> Result<Registered, Refusal> {
    let steps = steps(app, at)?;
    let (operation, inputs) = match (step, steps.end) {
        (Step::Begin, _) => (steps.begin, asked(at, &kept, steps)),
        (Step::Keep, _) => (steps.keep, asked(at, &kept, steps)),
        (Step::End, Some(end)) => (end, json!({ "state": kept.state })),
        (Step::End, None) => return Ok(Registered::default()),
    };
    let asker = scope(at);
    let answer = credentials::call(
        app,
        Asker::Run(&asker),
        &at.connector,
        at.auth.as_ref(),
        |access| {
            app.kit().invoke(Invocation {
                connector: at.connector.clone(),
                operation: operation.to_owned(),
                inputs: inputs.clone(),
                credential: access.credential,
                target: access.target,
                idempotency_key: None,
            })
        },
    )
    .await
    .map_err(refusal)?;
    // What is new is durable before the service is asked for what comes after it.
    start_runs(app, at, &answer).await?;
    let pause = answer["again_in"].as_i64().unwrap_or(USUAL_PAUSE);
    let kept = Kept {
        state: answer["state"].clone(),
        ..kept
    };
    Ok(Registered {
        registration: serde_json::to_value(kept).unwrap_or_default(),
        renew_at: Some(
            app.store()
                .now()
                .saturating_add(pause.saturating_mul(1_000)),
        ),
    })
}

/// Starts a run for each record that was found; one that was found before starts none.
async fn start_runs(app: &App, at: &Place, answer: &Json) -> Result<(), Refusal> {
    let events = answer["events"]
        .as_array()
        .filter(|found| !found.is_empty());
    let Some(events) = events else {
        return Ok(());
    };
    let Ok(Some(live)) = live::by_workflow(app, &at.workflow).await else {
        return Err(Refusal {
            message: "The workflow was disabled meanwhile.".to_owned(),
            temporary: true,
        });
    };
    for event in events {
        let start = Start {
            input: event["output"].clone(),
            delivery: event["id"].as_str().map(str::to_owned),
            ..Start::default()
        };
        start::start(app, &live, start)
            .await
            .map_err(|problem| Refusal {
                message: format!("A run could not be started: {}.", problem.details.title),
                temporary: true,
            })?;
    }
    Ok(())
}

fn steps<'a>(app: &'a App, at: &Place) -> Result<Steps<'a>, Refusal> {
    app.kit()
        .subscription(&at.connector, &at.operation)
        .ok_or_else(|| final_refusal("This trigger is not installed any more."))
}

fn asked(at: &Place, kept: &Kept, steps: Steps<'_>) -> Json {
    if !steps.is_called {
        let mut inputs = at.inputs.clone();
        inputs.insert("state".to_owned(), kept.state.clone());
        return Json::Object(inputs);
    }
    json!({
        "filters": kept.wanted,
        "address": at.delivery_url,
        "token": kept.token,
        "state": kept.state,
    })
}

fn fresh_token() -> Result<String, Refusal> {
    let mut raw = [0_u8; 24];
    getrandom::fill(&mut raw).map_err(|error| Refusal {
        message: format!("This machine gives no random numbers: {error}."),
        temporary: true,
    })?;
    Ok(URL_SAFE_NO_PAD.encode(raw))
}

fn refusal(error: StepError) -> Refusal {
    Refusal {
        temporary: error.retryable || error.code == "rate_limited",
        message: error.message,
    }
}

fn final_refusal(message: &str) -> Refusal {
    Refusal {
        message: message.to_owned(),
        temporary: false,
    }
}

#[cfg(test)]
mod tests;
