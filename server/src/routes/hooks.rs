//! `/hooks/{key}`: where callers and services start workflows. Nothing is acknowledged before it is durable.

use axum::{
    extract::{Path, Request, State},
    response::{IntoResponse, Response},
};
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use patchbay_engine::runner::Account;
use patchbay_model::{Json, event::RunStatus, id::RunId};
use patchbay_store::{System, triggers};
use serde_json::json;
use std::time::Duration;

use crate::{
    error::{Problem, Result},
    extract::read_within,
    state::App,
    triggers::{
        listen,
        live::{self, Live, What},
        port::{Delivery, Receipt, ServiceTrigger},
        start::{Start, Started, start},
        webhook::{self, Rules},
    },
};

/// The largest body of a delivery in bytes.
const LARGEST: usize = 1024 * 1024;

/// Any method: the trigger sees which one it was.
pub(super) async fn receive(
    State(app): State<App>,
    Path(key): Path<String>,
    request: Request,
) -> Response {
    match deliver(&app, &key, request).await {
        Ok(response) => response,
        // Whoever delivers tries again after this, and not after 507.
        Err(problem) if problem.details.status == StatusCode::INSUFFICIENT_STORAGE.as_u16() => {
            let mut problem = problem.retry_after(30);
            problem.details.status = StatusCode::SERVICE_UNAVAILABLE.as_u16();
            problem.into_response()
        }
        Err(problem) => problem.into_response(),
    }
}

async fn deliver(app: &App, key: &str, request: Request) -> Result<Response> {
    let live = live::by_key(app, key).await?;
    let (parts, body) = request.into_parts();
    let query = parts.uri.query().unwrap_or_default().to_owned();
    let body = read_within(Request::from_parts(parts.clone(), body), LARGEST).await?;
    let delivery = Delivery {
        method: parts.method,
        headers: parts.headers,
        query,
        body,
    };
    let heard = listen::hear(app, key, &delivery).await?;
    let Some(live) = live else {
        if heard {
            let said = json!({ "sample": true });
            return Ok(answer(StatusCode::OK, &said));
        }
        return Err(Problem::not_found("webhook").detail(
            "The address is wrong, or the workflow behind it is not enabled. Its trigger's panel shows the address and whether it is open.",
        ));
    };
    match &live.what {
        What::Webhook(rules) => called(app, &live, rules, delivery).await,
        What::Service { adapter, .. } => notified(app, &live, *adapter, &delivery).await,
        _ => Err(Problem::not_found("webhook")),
    }
}

async fn called(app: &App, live: &Live, rules: &Rules, delivery: Delivery) -> Result<Response> {
    if let Err(problem) = rules.admit(app, &delivery).await {
        trouble(
            app,
            live,
            format!("A call was turned away. {}", problem.details.detail),
        );
        return Err(problem);
    }
    let input = webhook::output(&delivery);
    let id = rules.delivery_id(&input);
    let Started { run, again } = start(
        app,
        live,
        Start {
            input,
            delivery: id,
            ..Start::default()
        },
    )
    .await?;
    match rules.wait {
        Some(longest) => Ok(waited(app, &run, longest).await),
        None => Ok(answer(
            StatusCode::ACCEPTED,
            &json!({ "id": run, "duplicate": again }),
        )),
    }
}

/// What the run replies, or how it ended, or, if that takes too long, its id.
async fn waited(app: &App, run: &RunId, longest: Duration) -> Response {
    let Account {
        status,
        error,
        reply,
    } = match tokio::time::timeout(longest, app.runner().answered(run)).await {
        Ok(Ok(account)) => account,
        Ok(Err(error)) => {
            tracing::warn!(%run, %error, "what a run answered could not be read");
            return still_running(run);
        }
        Err(_) => return still_running(run),
    };
    if let Some(reply) = reply {
        return replied(&reply);
    }
    let code = match status {
        RunStatus::Succeeded => StatusCode::OK,
        _ => StatusCode::INTERNAL_SERVER_ERROR,
    };
    answer(
        code,
        &json!({ "id": run, "status": status, "error": error }),
    )
}

fn still_running(run: &RunId) -> Response {
    answer(
        StatusCode::ACCEPTED,
        &json!({ "id": run, "status": "running" }),
    )
}

/// A reply step's `{status, headers, body}`; anything else is sent as it is.
fn replied(reply: &Json) -> Response {
    let shaped = reply
        .as_object()
        .filter(|reply| reply.contains_key("body") || reply.contains_key("status"));
    let Some(reply) = shaped else {
        return answer(StatusCode::OK, reply);
    };
    let status = reply
        .get("status")
        .and_then(Json::as_u64)
        .and_then(|status| u16::try_from(status).ok())
        .filter(|status| (200..600).contains(status))
        .and_then(|status| StatusCode::from_u16(status).ok())
        .unwrap_or(StatusCode::OK);
    let mut response = match reply.get("body") {
        None | Some(Json::Null) => status.into_response(),
        Some(Json::String(text)) => (status, text.clone()).into_response(),
        Some(body) => answer(status, body),
    };
    let headers = reply.get("headers").and_then(Json::as_object);
    for (name, value) in headers.into_iter().flatten() {
        let text = value
            .as_str()
            .map_or_else(|| value.to_string(), str::to_owned);
        let (Ok(name), Ok(value)) = (name.parse::<HeaderName>(), HeaderValue::from_str(&text))
        else {
            continue;
        };
        // These say how the answer is sent, or would let a workflow act for Patchbay's own pages.
        if !matches!(
            name,
            header::CONTENT_LENGTH
                | header::TRANSFER_ENCODING
                | header::CONNECTION
                | header::SET_COOKIE
                | header::CONTENT_SECURITY_POLICY
        ) {
            response.headers_mut().insert(name, value);
        }
    }
    response
}

async fn notified(
    app: &App,
    live: &Live,
    adapter: &'static dyn ServiceTrigger,
    delivery: &Delivery,
) -> Result<Response> {
    let registration = live.registration();
    let Receipt {
        status,
        headers,
        body,
        runs,
        trouble: why,
        renew,
    } = adapter.receive(&live.place, registration.as_ref(), delivery);
    for run in runs {
        let run = Start {
            input: run.output,
            delivery: run.delivery,
            firing: None,
        };
        start(app, live, run).await?;
    }
    if let Some(why) = why {
        trouble(app, live, why);
    }
    if renew {
        let system = System::for_sign_in_and_workers();
        let now = app.store().now();
        triggers::postpone(app.store(), &system, &live.place.workflow, Some(now)).await?;
        app.triggers().renewals_changed.notify_one();
    }
    let mut response = (status, body).into_response();
    // The adapter says what it sends; services look at it even when the body is empty.
    response.headers_mut().remove(header::CONTENT_TYPE);
    response.headers_mut().extend(kept(headers));
    Ok(response)
}

fn kept(headers: HeaderMap) -> impl Iterator<Item = (HeaderName, HeaderValue)> {
    let mut last = None;
    headers.into_iter().filter_map(move |(name, value)| {
        last = name.or_else(|| last.take());
        Some((last.clone()?, value))
    })
}

/// Writes down what was wrong with a delivery; whoever delivers need not wait for that.
fn trouble(app: &App, live: &Live, why: String) {
    let (app, workflow) = (app.clone(), live.place.workflow.clone());
    tokio::spawn(async move {
        let system = System::for_sign_in_and_workers();
        let saved = triggers::save_trouble(app.store(), &system, &workflow, &why, false).await;
        if let Err(error) = saved {
            tracing::warn!(%workflow, %error, why, "trouble with a delivery could not be written down");
        }
    });
}

fn answer(status: StatusCode, body: &Json) -> Response {
    let json = HeaderValue::from_static("application/json");
    let bytes = serde_json::to_vec(body).unwrap_or_default();
    (status, [(header::CONTENT_TYPE, json)], bytes).into_response()
}
