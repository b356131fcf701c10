//! What the API says to everything that is wrong: a status, a stable code, the place and what to
//! do; and that nothing was changed by it.

use anyhow::{Context, Result, ensure};
use patchbay_tests::until;
use reqwest::Method;
use serde_json::{Value, json};

use crate::support::caller::Caller;
use crate::support::job;
use crate::support::on_server;
use crate::support::sign_in::{RINGCENTRAL, SignIn, with_token};

/// A document without a mistake, to be spoilt by the tables below.
fn sound(ringcentral: &str, google: &str) -> Value {
    job::document(ringcentral, google, "1abc")
}

#[expect(clippy::expect_used, reason = "the tables below are part of the test")]
/// The document with what stands at a JSON pointer replaced, or taken out by null.
fn spoilt(mut document: Value, pointer: &str, value: Value) -> Value {
    let (parent, key) = pointer.rsplit_once('/').unwrap_or_default();
    match document.pointer_mut(parent) {
        Some(Value::Object(fields)) if value.is_null() => drop(fields.remove(key)),
        Some(Value::Object(fields)) => drop(fields.insert(key.to_owned(), value)),
        Some(Value::Array(items)) => {
            items[key.parse::<usize>().expect("an index of a list")] = value;
        }
        _ => unreachable!("{pointer} leads nowhere"),
    }
    document
}

/// An owner, the ids of two token authentications, and of a sound workflow.
async fn prepare(url: &str) -> Result<(Caller, [String; 2], String)> {
    let caller = Caller::owner(url).await?;
    let mut ids = Vec::new();
    for service in ["ringcentral", "google"] {
        let made = with_token(&caller, service, "some-token", None).await?;
        ids.push(made["id"].as_str().context("no id")?.to_owned());
    }
    let [ringcentral, google] = <[String; 2]>::try_from(ids).unwrap_or_default();
    let workflow = caller
        .create_workflow(&sound(&ringcentral, &google))
        .await?;
    Ok((caller, [ringcentral, google], workflow))
}

/// Everything that a refusal must leave as it was.
async fn everything(caller: &Caller, workflow: &str) -> Result<Value> {
    let draft = format!("/workflows/{workflow}");
    let mut all = Vec::new();
    for path in [
        "/workflows",
        "/authentications",
        "/runs",
        "/people",
        "/environments",
        &draft,
    ] {
        all.push(caller.get(path).await?.good()?);
    }
    Ok(all.into())
}

#[tokio::test]
async fn a_document_that_is_none_is_refused_with_every_mistake_at_its_place() -> Result<()> {
    let deep = |open: &str, close: &str| format!("{}{}", open.repeat(10_000), close.repeat(10_000));
    let large = format!("{{\"name\": \"{}\"}}", "a".repeat(10 * 1024 * 1024));
    let mistakes = json!({
        "format": "patchbay.workflow/1", "name": 3,
        "trigger": { "connector": "manual", "operation": "trigger" },
        "steps": [{ "name": "a-1", "operation": "x", "inputz": {} }, 7],
    });
    let table: &[(&str, String, u16, &str, &[&str])] = &[
        (
            "no JSON",
            "{\"name\": ".to_owned(),
            400,
            "malformed_document",
            &["line 1"],
        ),
        (
            "nothing",
            String::new(),
            400,
            "malformed_document",
            &["line 1"],
        ),
        (
            "a list",
            "[]".to_owned(),
            422,
            "malformed_document",
            &["object"],
        ),
        (
            "mistakes",
            mistakes.to_string(),
            422,
            "malformed_document",
            &["/name", "/steps/0/connector", "/steps/0/inputz", "/steps/1"],
        ),
        (
            "another format",
            json!({ "format": "tray/1", "name": "x", "trigger": {}, "steps": [] }).to_string(),
            422,
            "malformed_document",
            &["/format", "patchbay.workflow/1"],
        ),
        (
            "deep lists",
            deep("[", "]"),
            400,
            "malformed_document",
            &["recursion"],
        ),
        (
            "deep objects",
            deep("{\"a\":", "}").replace(":}", ":0}"),
            400,
            "malformed_document",
            &["recursion"],
        ),
        ("10 MB", large, 413, "too_large", &["4 MB"]),
    ];
    on_server(&[], async |server| {
        let (caller, _, workflow) = prepare(&server.url()).await?;
        let before = everything(&caller, &workflow).await?;
        let at = format!("/workflows/{workflow}");
        for (what, body, status, code, places) in table {
            for (method, path) in [(Method::POST, "/workflows"), (Method::PUT, at.as_str())] {
                let request = caller.request(method, path).header("if-match", "\"1\"");
                let request = request
                    .header("content-type", "application/json")
                    .body(body.clone());
                let reply = caller.send(request).await.context(*what)?;
                for place in *places {
                    reply.refused(*status, code, place).context(*what)?;
                }
            }
        }
        ensure!(everything(&caller, &workflow).await? == before);
        Ok(())
    })
    .await
}

#[tokio::test]
async fn a_broken_workflow_is_saved_says_what_is_wrong_and_cannot_be_run() -> Result<()> {
    let step = "/steps/0";
    let row = "/steps/1/body/0";
    let at = |base: &str, rest: &str| format!("{base}{rest}");
    let table = [
        // Where to spoil it, with what; the problem's code, step, field, and words of its message.
        (
            at(step, "/connector"),
            json!("ringcentrall"),
            "unknown_connector",
            "ringcentral-1",
            "",
            "ringcentrall",
        ),
        (
            at(step, "/operation"),
            json!("list_calls"),
            "unknown_operation",
            "ringcentral-1",
            "",
            "list_calls",
        ),
        (
            at(step, "/auth"),
            json!("auth_nobody"),
            "unknown_authentication",
            "ringcentral-1",
            "auth",
            "",
        ),
        (
            at(step, "/auth"),
            Value::Null,
            "missing_authentication",
            "ringcentral-1",
            "auth",
            "",
        ),
        (
            at(step, "/inputs/date_from"),
            json!({ "$path": "$.steps.loop-1.count" }),
            "forward_path",
            "ringcentral-1",
            "/date_from",
            "runs only after this one",
        ),
        (
            at("/steps/1", "/inputs/list"),
            json!({ "$path": "$.steps.loop-1.results" }),
            "self_path",
            "loop-1",
            "/list",
            "own output",
        ),
        (
            at("/steps/1", "/inputs/list"),
            json!({ "$path": "$.steps.ringcentral-1.uri" }),
            "type_clash",
            "loop-1",
            "/list",
            "",
        ),
        (
            at("/steps/1", "/inputs/list"),
            Value::Null,
            "missing_input",
            "loop-1",
            "/list",
            "needs a value",
        ),
        (
            at(row, "/inputs/spreadsheet_id"),
            Value::Null,
            "missing_input",
            "google-sheets-1",
            "/spreadsheet_id",
            "needs a value",
        ),
        (
            at(row, "/inputs/worksheets"),
            json!("Calls"),
            "unknown_input",
            "google-sheets-1",
            "/worksheets",
            "",
        ),
        (
            at(row, "/inputs/row/Direction"),
            json!({ "$path": "$.steps.loop-2.value" }),
            "unknown_step",
            "google-sheets-1",
            "/row/Direction",
            "loop-2",
        ),
        (
            at(row, "/inputs/row/Direction"),
            json!({ "$path": "$.steps.[" }),
            "bad_path",
            "google-sheets-1",
            "/row/Direction",
            "",
        ),
        (
            at(row, "/name"),
            json!("ringcentral-1"),
            "duplicate_name",
            "ringcentral-1",
            "",
            "ringcentral-1",
        ),
    ];
    on_server(&[], async |server| {
        let (caller, [ringcentral, google], _) = prepare(&server.url()).await?;
        let document = sound(&ringcentral, &google);
        for (pointer, value, code, step, field, words) in table {
            let what = format!("{pointer} = {value}");
            let broken = spoilt(document.clone(), &pointer, value);
            let saved = caller
                .post("/workflows", &broken)
                .await?
                .good()
                .context(what.clone())?;
            let problem = saved["problems"]
                .as_array()
                .and_then(|all| all.iter().find(|one| one["code"] == code))
                .with_context(|| format!("{what}: no {code} in {}", saved["problems"]))?;
            let place = (
                problem["step"].as_str(),
                problem["field"].as_str().unwrap_or_default(),
            );
            ensure!(place == (Some(step), field), "{what}: {problem}");
            let message = problem["message"].as_str().unwrap_or_default();
            ensure!(
                !message.is_empty() && message.contains(words),
                "{what}: {problem}"
            );

            let id = saved["id"].as_str().unwrap_or_default();
            let kept = caller.get(&format!("/workflows/{id}")).await?.good()?["document"].clone();
            ensure!(
                kept.pointer(&pointer) == broken.pointer(&pointer),
                "{what} was not kept: {kept}"
            );
            for action in ["runs", "enable"] {
                let reply = caller
                    .post(&format!("/workflows/{id}/{action}"), &json!({}))
                    .await?;
                reply
                    .refused(422, "broken_workflow", &format!("/{step}/"))
                    .context(what.clone())?;
                reply
                    .refused(422, "broken_workflow", message)
                    .context(what.clone())?;
            }
        }
        let runs = caller.get("/runs").await?.good()?;
        ensure!(runs["items"] == json!([]), "{runs}");
        Ok(())
    })
    .await
}

#[tokio::test]
async fn a_change_to_another_revision_is_refused_and_says_which_one_there_is() -> Result<()> {
    on_server(&[], async |server| {
        let (caller, [ringcentral, google], workflow) = prepare(&server.url()).await?;
        let path = format!("/workflows/{workflow}");
        let document = |name: &str| spoilt(sound(&ringcentral, &google), "/name", json!(name));
        ensure!(caller.put(&path, 1, &document("Second")).await?.good()?["revision"] == 2);
        let before = everything(&caller, &workflow).await?;

        let late = caller.put(&path, 1, &document("Third")).await?;
        late.refused(409, "revision_conflict", "2")?;
        ensure!(late.json()["current_revision"] == 2, "{late:?}");
        let none = caller.request(Method::PUT, &path).json(&document("Third"));
        caller
            .send(none)
            .await?
            .refused(428, "revision_needed", "If-Match")?;
        let word = caller
            .request(Method::PUT, &path)
            .header("if-match", "\"two\"");
        let word = caller.send(word.json(&document("Third"))).await?;
        word.refused(400, "malformed_revision", "number")?;
        let edits = |base: i64, edit: Value| json!({ "base_revision": base, "edits": [edit] });
        let rename = json!({ "edit": "rename", "name": "Third" });
        let future = caller
            .post(&format!("{path}/edits"), &edits(9, rename.clone()))
            .await?;
        future.refused(409, "revision_conflict", "2")?;
        let replaced = caller
            .post(&format!("{path}/edits"), &edits(1, rename))
            .await?;
        replaced.refused(409, "revision_conflict", "replaced")?;
        let nonsense = json!({ "edit": "remove_step", "step": "nobody-1" });
        let nonsense = caller
            .post(&format!("{path}/edits"), &edits(2, nonsense))
            .await?;
        nonsense.refused(422, "bad_edit", "nobody-1")?;
        let unknown = json!({ "edit": "paint", "colour": "red" });
        let unknown = caller
            .post(&format!("{path}/edits"), &edits(2, unknown))
            .await?;
        unknown.refused(400, "malformed_body", "paint")?;
        ensure!(everything(&caller, &workflow).await? == before);
        Ok(())
    })
    .await
}

#[tokio::test]
async fn what_is_not_there_is_not_found_whatever_is_asked_of_it() -> Result<()> {
    let table = [
        (Method::GET, "/workflows/wf_foreign"),
        (Method::PUT, "/workflows/wf_foreign"),
        (Method::DELETE, "/workflows/wf_foreign"),
        (Method::POST, "/workflows/wf_foreign/runs"),
        (Method::POST, "/workflows/wf_foreign/enable"),
        (Method::POST, "/workflows/wf_foreign/disable"),
        (Method::GET, "/workflows/wf_foreign/revisions"),
        (Method::GET, "/workflows/wf_foreign/samples"),
        (Method::GET, "/runs/run_foreign"),
        (Method::GET, "/runs/run_foreign/steps"),
        (Method::GET, "/runs/run_foreign/progress"),
        (Method::GET, "/runs/run_foreign/events"),
        (Method::POST, "/runs/run_foreign/cancel"),
        (Method::GET, "/authentications/auth_foreign"),
        (Method::PATCH, "/authentications/auth_foreign"),
        (Method::DELETE, "/authentications/auth_foreign"),
        (Method::GET, "/authentications/auth_foreign/used-by"),
        (Method::GET, "/authentications/attempts/att_foreign"),
        (Method::DELETE, "/environments/env_foreign"),
        (Method::DELETE, "/tokens/tok_foreign"),
        (Method::GET, "/connectors/nothing"),
        (Method::GET, "/connectors/http/operations/nothing"),
        (Method::GET, "/no/such/address"),
    ];
    on_server(&[], async |server| {
        let (caller, [ringcentral, google], workflow) = prepare(&server.url()).await?;
        let before = everything(&caller, &workflow).await?;
        for (method, path) in table {
            let what = format!("{method} {path}");
            let request = caller
                .request(method.clone(), path)
                .header("if-match", "\"1\"");
            let body = match method {
                Method::PUT => sound(&ringcentral, &google),
                Method::PATCH => json!({ "name": "x" }),
                _ => json!({}),
            };
            let reply = if method == Method::GET {
                request
            } else {
                request.json(&body)
            };
            caller
                .send(reply)
                .await?
                .refused(404, "not_found", "no such")
                .context(what)?;
        }
        let wrong = caller.delete("/workflows").await?;
        wrong.refused(405, "wrong_method", "openapi.json")?;
        ensure!(everything(&caller, &workflow).await? == before);
        Ok(())
    })
    .await
}

#[tokio::test]
async fn nobody_a_viewer_and_a_foreign_page_are_kept_out() -> Result<()> {
    on_server(&[], async |server| {
        let url = server.url();
        let (owner, [ringcentral, google], workflow) = prepare(&url).await?;
        let before = everything(&owner, &workflow).await?;
        let document = sound(&ringcentral, &google);
        let runs = format!("/workflows/{workflow}/runs");
        let edits = format!("/workflows/{workflow}/edits");
        let rename = json!({ "base_revision": 1, "edits": [{ "edit": "rename", "name": "Mine" }] });
        let changes = [
            ("/workflows", &document),
            (runs.as_str(), &json!({})),
            (edits.as_str(), &rename),
            ("/tokens", &json!({ "name": "x" })),
            ("/invitations", &json!({ "role": "viewer" })),
        ];

        // A session that ended, a token that never was, and nobody at all.
        let ended = Caller::browser(&url)?;
        let sign_in = json!({ "email": "olive@example.com", "password": crate::support::caller::OWNER_PASSWORD });
        ended.post("/session", &sign_in).await?.good()?;
        ended.get("/workflows").await?.good()?;
        owner_cookie_survives(&owner, &ended).await?;
        let nobodies = [ended, Caller::browser(&url)?, Caller::program(&url, "pb_made_up")?];
        for nobody in &nobodies {
            for path in ["/workflows", "/authentications", "/runs", "/people", "/tokens", "/templates", "/connectors"] {
                nobody.get(path).await?.refused(401, "signed_out", "Sign in").context(path.to_owned())?;
            }
            for (path, body) in changes {
                nobody.post(path, body).await?.refused(401, "signed_out", "Sign in").context(path.to_owned())?;
            }
        }

        // A viewer looks and changes nothing.
        let link = owner.post("/invitations", &json!({ "role": "viewer" })).await?.good()?;
        let token = link["link"].as_str().and_then(|link| link.rsplit('/').next()).unwrap_or_default().to_owned();
        let viewer = Caller::browser(&url)?;
        let person = json!({ "name": "Vera", "email": "vera@example.com", "password": "a long enough one" });
        viewer.post(&format!("/invitations/{token}/accept"), &person).await?.good()?;
        let before = spoilt(before, "/3", owner.get("/people").await?.good()?);
        viewer.get(&format!("/workflows/{workflow}")).await?.good()?;
        for (path, body) in changes {
            viewer.post(path, body).await?.refused(403, "forbidden", "").context(path.to_owned())?;
        }
        viewer.delete(&format!("/workflows/{workflow}")).await?.refused(403, "forbidden", "role")?;

        // A page of another site has the cookie sent along, and gets nothing by it.
        for (path, body) in changes {
            for origin in ["https://evil.example", "null", "http://127.0.0.1:1"] {
                let request = owner.http.post(format!("{url}/api/v1{path}")).header("origin", origin);
                let reply = owner.send(request.json(body)).await?;
                reply.refused(403, "foreign_origin", "own address").context(format!("{origin} {path}"))?;
            }
            let bare = owner.http.post(format!("{url}/api/v1{path}")).json(body);
            owner.send(bare).await?.refused(403, "foreign_origin", "token").context(path.to_owned())?;
        }
        ensure!(everything(&owner, &workflow).await? == before);
        Ok(())
    })
    .await
}

/// Signs the second one out, which must not touch the first one's session.
async fn owner_cookie_survives(owner: &Caller, ended: &Caller) -> Result<()> {
    ended.delete("/session").await?.good()?;
    owner.get("/workflows").await?.good().map(|_| ())
}

#[tokio::test]
async fn passwords_are_not_guessed_for_long() -> Result<()> {
    on_server(&[], async |server| {
        let owner = Caller::owner(&server.url()).await?;
        let guesser = Caller::browser(&server.url())?;
        let guess = json!({ "email": "olive@example.com", "password": "not this one either" });
        let mut refusals = Vec::new();
        for _ in 0..12 {
            refusals.push(guesser.post("/session", &guess).await?);
        }
        refusals[0].refused(401, "wrong_credentials", "address and password")?;
        let last = refusals.pop().context("none")?;
        last.refused(429, "too_many_attempts", "Wait")?;
        ensure!(last.headers.contains_key("retry-after") && last.json()["retry_after"].is_u64(), "{last:?}");
        owner.get("/workflows").await?.good()?;
        let again = json!({ "organisation": "x", "name": "x", "email": "x@x.x", "password": "long enough for it" });
        guesser.post("/setup", &again).await?.refused(409, "already_set_up", "invitation")
    })
    .await
}

#[tokio::test]
async fn a_sign_in_at_a_service_ends_only_where_it_began_and_once() -> Result<()> {
    on_server(&["--demo"], async |server| {
        let url = server.url();
        let owner = Caller::owner(&url).await?;
        let stranger = Caller::browser(&url)?;
        let page = async |who: &Caller, address: &str| {
            let reply = who.send(who.http.get(address)).await?;
            ensure!(
                reply.status == 200 && reply.kind == "text/html",
                "{reply:?}"
            );
            Ok(reply.text)
        };
        let attempt = async |id: &str| {
            owner
                .get(&format!("/authentications/attempts/{id}"))
                .await?
                .good()
        };

        // Another browser comes back with our state, then one with a state that nobody gave out.
        let (id, callback) = RINGCENTRAL.until_callback(&owner).await?;
        let told = page(&stranger, &callback).await?;
        ensure!(told.contains("another browser or session"), "{told}");
        ensure!(attempt(&id).await?["status"] == "pending");
        let told = page(
            &owner,
            &format!("{url}/oauth/callback?code=x&state=made-up"),
        )
        .await?;
        ensure!(told.contains("not begun here"), "{told}");
        let told = page(&owner, &format!("{url}/oauth/callback")).await?;
        ensure!(told.contains("no sign-in is going on"), "{told}");

        // Ours still works, but only once.
        let told = page(&owner, &callback).await?;
        ensure!(told.contains("is connected"), "{told}");
        ensure!(attempt(&id).await?["status"] == "connected");
        let told = page(&owner, &callback).await?;
        ensure!(told.contains("finished already"), "{told}");
        let all = owner.get("/authentications").await?.good()?;
        ensure!(all.as_array().map(Vec::len) == Some(1), "{all}");

        // A refusal is told as one, and a code that the service does not know as well.
        let refusing = SignIn {
            decision: "refuse",
            ..RINGCENTRAL
        };
        let (id, callback) = refusing.until_callback(&owner).await?;
        let told = page(&owner, &callback).await?;
        ensure!(told.contains("You refused the permissions"), "{told}");
        let refused = attempt(&id).await?;
        ensure!(
            refused["status"] == "refused" && refused["message"].is_string(),
            "{refused}"
        );
        let (id, callback) = RINGCENTRAL.until_callback(&owner).await?;
        let mut spoilt = url::Url::parse(&callback)?;
        let pairs: Vec<(String, String)> = spoilt
            .query_pairs()
            .map(|(key, value)| {
                (
                    key.to_string(),
                    if key == "code" {
                        "made-up".to_owned()
                    } else {
                        value.to_string()
                    },
                )
            })
            .collect();
        spoilt.query_pairs_mut().clear().extend_pairs(pairs);
        page(&owner, spoilt.as_str()).await?;
        let failed = attempt(&id).await?;
        ensure!(
            failed["status"] == "failed" && !failed["message"].is_null(),
            "{failed}"
        );
        let all = owner.get("/authentications").await?.good()?;
        ensure!(all.as_array().map(Vec::len) == Some(1), "{all}");

        // A program has no browser session to come back to.
        let token = owner
            .post("/tokens", &json!({ "name": "program" }))
            .await?
            .good()?;
        let program = Caller::program(&url, token["token"].as_str().unwrap_or_default())?;
        let begun = RINGCENTRAL.begin(&program).await?;
        begun.refused(400, "browser_needed", "credential")
    })
    .await
}

#[tokio::test]
async fn a_service_that_is_down_slow_or_answers_html_fails_the_step_and_says_so() -> Result<()> {
    let html = json!({ "count": 1, "status": 200, "content_type": "text/html", "body": "<html>Sign in</html>", "path": "/restapi/v1.0" });
    let down = json!({ "count": 1, "status": 503, "body": "<html>Down</html>", "content_type": "text/html", "path": "/restapi/v1.0" });
    let broken =
        json!({ "count": 1, "status": 200, "body": "{\"records\": [", "path": "/restapi/v1.0" });
    on_server(&["--demo"], async |server| {
        let (caller, world) = (Caller::owner(&server.url()).await?, server.world());
        let ringcentral = RINGCENTRAL.connect(&caller).await?;
        let mut document = sound(&ringcentral, &ringcentral);
        document["steps"] = json!([document["steps"][0]]);
        document["steps"][0]["retry"] = json!({ "attempts": 1 });
        document["steps"][0]["timeout"] = json!(5);
        let workflow = caller.create_workflow(&document).await?;
        let good = caller.run(&workflow).await?;
        ensure!(good["status"] == "succeeded", "{good}");
        for (what, fault, status) in [
            ("HTML", html, Some(200)),
            ("down", down, Some(503)),
            ("cut off", broken, Some(200)),
        ] {
            world.fault(fault).await?;
            let run = caller.run(&workflow).await?;
            let error = &run["error"];
            ensure!(
                run["status"] == "failed" && error["step"] == "ringcentral-1",
                "{what}: {run}"
            );
            ensure!(
                error["message"]
                    .as_str()
                    .is_some_and(|words| words.len() > 20),
                "{what}: {error}"
            );
            ensure!(
                error["status"].is_null() || error["status"].as_u64() == status,
                "{what}: {error}"
            );
            ensure!(
                !error["code"].as_str().unwrap_or_default().is_empty(),
                "{what}: {error}"
            );
        }
        world.slow_down(60_000).await?;
        let run = caller.run(&workflow).await?;
        ensure!(
            run["status"] == "failed" && run["error"]["code"] == "timeout",
            "slow: {run}"
        );
        world.slow_down(0).await?;
        let again = caller.run(&workflow).await?;
        ensure!(again["status"] == "succeeded", "{again}");
        let steps = until("the failed step to be told", async || {
            let id = run["id"].as_str().unwrap_or_default();
            let steps = caller
                .get(&format!("/runs/{id}/steps?status=failed"))
                .await?
                .good()?;
            Ok((steps["total"] == 1).then_some(steps))
        })
        .await?;
        ensure!(steps["items"][0]["error"]["code"] == "timeout", "{steps}");
        Ok(())
    })
    .await
}

#[tokio::test]
async fn an_address_in_a_private_network_is_not_called_unless_it_is_allowed() -> Result<()> {
    on_server(&[], async |server| {
        let caller = Caller::owner(&server.url()).await?;
        let document = json!({
            "format": "patchbay.workflow/1", "name": "Look around",
            "trigger": { "connector": "manual", "operation": "trigger", "inputs": {} },
            "steps": [{ "name": "http-1", "connector": "http", "operation": "request",
                "inputs": { "method": "GET", "url": format!("{}/healthz", server.url()) } }],
        });
        let workflow = caller.create_workflow(&document).await?;
        let run = caller.run(&workflow).await?;
        ensure!(
            run["status"] == "failed" && run["error"]["code"] == "private_network",
            "{run}"
        );
        ensure!(
            run["error"]["message"]
                .as_str()
                .is_some_and(|words| words.contains("administrator")),
            "{run}"
        );
        let inline = json!({
            "name": "x", "service": "ringcentral", "owner": "personal", "scopes": [],
            "environment": { "base_url": server.url() },
            "credential": { "type": "token", "access_token": "t" },
        });
        let reply = caller.post("/authentications", &inline).await?;
        reply.refused(422, "bad_base_url", "/environment/base_url")
    })
    .await
}
