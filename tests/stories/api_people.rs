//! People and programs: invitations, roles, whose authentications are whose, API tokens, commands.

use anyhow::{Context, Result, bail, ensure};
use patchbay_tests::Server;
use serde_json::{Value, json};

use crate::support::caller::Caller;
use crate::support::job;
use crate::support::on_server;
use crate::support::sign_in::{RINGCENTRAL, SignIn};

/// Invites somebody with a role; gives them, signed in, and the token of the link.
async fn invite(owner: &Caller, url: &str, name: &str, role: &str) -> Result<(Caller, String)> {
    let made = owner
        .post("/invitations", &json!({ "role": role }))
        .await?
        .good()?;
    let link = made["link"].as_str().context("no link")?;
    ensure!(link.starts_with(url), "{link}");
    let token = link.rsplit('/').next().unwrap_or_default().to_owned();
    let guest = Caller::browser(url)?;
    let shown = guest.get(&format!("/invitations/{token}")).await?.good()?;
    ensure!(
        shown["organisation"] == "Harbour Pine" && shown["role"] == role && shown["link"].is_null(),
        "{shown}"
    );
    let person = json!({
        "name": name, "email": format!("{name}@example.com"), "password": "a password of theirs"
    });
    let session = guest
        .post(&format!("/invitations/{token}/accept"), &person)
        .await?
        .good()?;
    ensure!(session["person"]["role"] == role, "{session}");
    Ok((guest, token))
}

/// What a command that has to fail printed on its error output.
async fn failing(server: &Server, arguments: &[&str]) -> Result<String> {
    match server.command(arguments).await {
        Ok(output) => bail!("{arguments:?} succeeded: {output}"),
        Err(error) => Ok(format!("{error:#}")),
    }
}

#[tokio::test]
async fn a_member_sees_what_is_the_organisations_and_not_what_is_personal() -> Result<()> {
    on_server(&["--demo"], async |server| {
        let url = server.url();
        let owner = Caller::owner(&url).await?;
        let shared = RINGCENTRAL.connect(&owner).await?;
        let personal = SignIn {
            owner: "personal",
            name: "Only mine",
            ..RINGCENTRAL
        };
        let personal = personal.connect(&owner).await?;
        let (member, token) = invite(&owner, &url, "mia", "builder").await?;

        let used = Caller::browser(&url)?
            .get(&format!("/invitations/{token}"))
            .await?;
        used.refused(404, "invitation_over", "new one")?;
        let ids = async |who: &Caller| -> Result<Vec<String>> {
            let all = who.get("/authentications").await?.good()?;
            let ids = all
                .as_array()
                .context("no list")?
                .iter()
                .filter_map(|one| one["id"].as_str());
            Ok(ids.map(str::to_owned).collect())
        };
        ensure!(ids(&member).await? == std::slice::from_ref(&shared));
        ensure!(ids(&owner).await?.len() == 2);
        let seen = member
            .get(&format!("/authentications/{shared}"))
            .await?
            .good()?;
        ensure!(
            seen["owner"] == "organisational" && seen["owner_name"] == "Olive Owner",
            "{seen}"
        );
        for path in ["", "/used-by"] {
            let path = format!("/authentications/{personal}{path}");
            member
                .get(&path)
                .await?
                .refused(404, "not_found", "somebody else")
                .context(path.clone())?;
        }
        let rename = member
            .patch(
                &format!("/authentications/{personal}"),
                &json!({ "name": "Mine" }),
            )
            .await?;
        rename.refused(404, "not_found", "")?;
        member
            .delete(&format!("/authentications/{personal}"))
            .await?
            .refused(404, "not_found", "")?;

        // The owner's workflow uses the personal one: the owner runs it, the member cannot.
        let mut document = job::document(&personal, &personal, "x");
        document["steps"] = json!([document["steps"][0]]);
        let workflow = owner.create_workflow(&document).await?;
        ensure!(owner.run(&workflow).await?["status"] == "succeeded");
        let refused = member
            .post(&format!("/workflows/{workflow}/runs"), &json!({}))
            .await?;
        refused.refused(422, "broken_workflow", "/ringcentral-1/auth")?;
        let shown = member
            .get(&format!("/workflows/{workflow}"))
            .await?
            .good()?;
        let codes: Vec<&Value> = shown["problems"]
            .as_array()
            .into_iter()
            .flatten()
            .map(|one| &one["code"])
            .collect();
        ensure!(codes == ["unknown_authentication"], "{}", shown["problems"]);

        // With the organisation's, both can.
        let edit = json!({ "base_revision": shown["revision"], "edits": [
            { "edit": "set_auth", "step": "ringcentral-1", "auth": shared }] });
        member
            .post(&format!("/workflows/{workflow}/edits"), &edit)
            .await?
            .good()?;
        ensure!(member.run(&workflow).await?["status"] == "succeeded");
        let people = member.get("/people").await?.good()?;
        ensure!(people.as_array().map(Vec::len) == Some(2), "{people}");

        // Who leaves is out at once.
        let mia = people
            .as_array()
            .and_then(|all| all.iter().find(|one| one["name"] == "mia"));
        let mia = mia.and_then(|mia| mia["id"].as_str()).context("no mia")?;
        member.delete(&format!("/people/{mia}")).await?.refused(
            403,
            "forbidden",
            "administrators",
        )?;
        owner.delete(&format!("/people/{mia}")).await?.good()?;
        member
            .get("/workflows")
            .await?
            .refused(401, "signed_out", "Sign in")
    })
    .await
}

#[tokio::test]
async fn an_api_token_works_until_it_is_revoked_and_is_shown_once() -> Result<()> {
    on_server(&[], async |server| {
        let url = server.url();
        let owner = Caller::owner(&url).await?;
        let made = owner
            .post("/tokens", &json!({ "name": "Report" }))
            .await?
            .good()?;
        let secret = made["token"].as_str().context("no token")?;
        let program = Caller::program(&url, secret)?;
        let session = program.get("/session").await?.good()?;
        ensure!(session["person"]["name"] == "Olive Owner", "{session}");
        let workflow = json!({
            "format": "patchbay.workflow/1", "name": "By a program", "steps": [],
            "trigger": { "connector": "manual", "operation": "trigger", "inputs": {} },
        });
        let id = program.create_workflow(&workflow).await?;
        let run = program.run(&id).await?;
        ensure!(run["status"] == "succeeded", "{run}");
        let listed = owner.get("/tokens").await?;
        ensure!(!listed.text.contains(secret), "the token is shown again");
        let listed = listed.good()?;
        ensure!(
            listed[0]["name"] == "Report" && listed[0]["last_used_at"].is_string(),
            "{listed}"
        );
        let nameless = owner.post("/tokens", &json!({ "name": "  " })).await?;
        nameless.refused(422, "missing_name", "/name")?;

        let token = made["id"].as_str().unwrap_or_default();
        owner.delete(&format!("/tokens/{token}")).await?.good()?;
        program
            .get("/workflows")
            .await?
            .refused(401, "signed_out", "token")?;
        let audit = owner.get("/audit").await?.good()?;
        let actions: Vec<&str> = audit
            .as_array()
            .into_iter()
            .flatten()
            .filter_map(|entry| entry["action"].as_str())
            .collect();
        for action in ["token.created", "token.revoked", "session.opened"] {
            ensure!(actions.contains(&action), "no {action} in {actions:?}");
        }
        // The command makes one as well, beside the running server, alone on its output.
        let printed = server
            .command(&["token", "create", "--name", "Command"])
            .await?;
        ensure!(printed.trim_end().lines().count() == 1, "{printed:?}");
        let program = Caller::program(&url, printed.trim())?;
        program.get("/workflows").await?.good()?;
        ensure!(!server.log().contains(printed.trim()) && !server.log().contains(secret));
        Ok(())
    })
    .await
}

#[tokio::test]
async fn the_commands_check_run_and_tell_settings() -> Result<()> {
    on_server(&[], async |server| {
        let folder = tempfile::tempdir()?;
        let file = |name: &str, document: &Value| -> Result<String> {
            let path = folder.path().join(name);
            std::fs::write(&path, document.to_string())?;
            Ok(path.display().to_string())
        };
        let document = json!({
            "format": "patchbay.workflow/1", "name": "Ask",
            "trigger": { "connector": "manual", "operation": "trigger", "inputs": {} },
            "steps": [{ "name": "http-1", "connector": "http", "operation": "request",
                "inputs": { "method": "GET", "url": { "$text": "{$.steps.trigger.base}/healthz" } } }],
        });
        let sound = file("sound.json", &document)?;
        let mut broken = document.clone();
        broken["steps"][0]["operation"] = json!("reqest");
        let broken = file("broken.json", &broken)?;
        let none = file("none.json", &json!({ "name": 1 }))?;

        let checked = server.command(&["check", &sound]).await?;
        ensure!(checked.contains("no problems"), "{checked}");
        let said = failing(server, &["check", &broken]).await?;
        ensure!(said.contains("http-1") && said.contains("did you mean request"), "{said}");
        let said = failing(server, &["check", &none]).await?;
        ensure!(said.contains("/name") && said.contains("expected"), "{said}");
        let said = failing(server, &["check", "/no/such/file.json"]).await?;
        ensure!(said.contains("cannot read"), "{said}");

        let input = json!({ "base": server.url() }).to_string();
        let run = ["run", &sound, "--input", &input];
        let allowed = [&run[..], &["--allow-private-network"]].concat();
        let outcome: Value = serde_json::from_str(&server.command(&allowed).await?)?;
        ensure!(outcome["status"] == "succeeded", "{outcome}");
        ensure!(outcome["outputs"]["http-1"]["status"] == 200, "{outcome}");
        failing(server, &run).await?;
        let said = failing(server, &["run", &sound, "--input", "{"]).await?;
        ensure!(said.contains("--input"), "{said}");

        let settings = server.command(&["config"]).await?;
        for name in ["ADDR", "DATA", "DATABASE_URL", "KEY", "PUBLIC_URL", "DURABILITY"] {
            ensure!(settings.contains(&format!("PATCHBAY_{name}")), "no {name} in {settings}");
        }
        ensure!(settings.contains(&server.data().display().to_string()), "{settings}");

        // A second server on the same folder says so, and the first does not mind.
        let said = failing(server, &["serve", "--addr", "127.0.0.1:0"]).await?;
        ensure!(said.contains("already") || said.contains("another"), "{said}");
        ensure!(!said.contains("panicked") && said.lines().count() < 4, "{said}");
        let health = Caller::browser(&server.url())?;
        ensure!(health.send(health.http.get(format!("{}/healthz", server.url()))).await?.status == 200);
        Ok(())
    })
    .await
}
