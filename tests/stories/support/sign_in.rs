//! The sign-in at a service, as a browser without scripts goes through it.

use anyhow::{Context, Result, ensure};
use patchbay_tests::until;
use reqwest::Method;
use serde_json::{Value, json};

use super::caller::{Caller, Reply};

/// What somebody asks for at a service, and how they answer there.
#[derive(Debug, Clone)]
pub(crate) struct SignIn<'a> {
    pub(crate) service: &'a str,
    pub(crate) name: &'a str,
    /// `personal` or `organisational`.
    pub(crate) owner: &'a str,
    pub(crate) scopes: &'a [&'a str],
    /// `ana` or `ben`.
    pub(crate) person: &'a str,
    /// `allow` or `refuse`.
    pub(crate) decision: &'a str,
}

pub(crate) const RINGCENTRAL: SignIn<'_> = SignIn {
    service: "ringcentral",
    name: "Ana at RingCentral",
    owner: "organisational",
    scopes: &["ReadCallLog", "ReadAccounts"],
    person: "ana",
    decision: "allow",
};

pub(crate) const GOOGLE: SignIn<'_> = SignIn {
    service: "google",
    name: "Ana at Google",
    owner: "organisational",
    scopes: &[
        "https://www.googleapis.com/auth/spreadsheets",
        "https://www.googleapis.com/auth/drive.metadata.readonly",
    ],
    person: "ana",
    decision: "allow",
};

impl SignIn<'_> {
    /// Goes all the way and gives the id of the new authentication.
    pub(crate) async fn connect(&self, caller: &Caller) -> Result<String> {
        let (attempt, callback) = self.until_callback(caller).await?;
        let page = caller
            .send(caller.http.request(Method::GET, callback))
            .await?;
        ensure!(page.text.contains("Connected"), "{}", page.text);
        let path = format!("/authentications/attempts/{attempt}");
        let outcome = until("the sign-in's outcome", async || {
            let attempt = caller.get(&path).await?.good()?;
            Ok((attempt["status"] != "pending").then_some(attempt))
        })
        .await?;
        ensure!(outcome["status"] == "connected", "{outcome}");
        Ok(outcome["authentication"]["id"]
            .as_str()
            .context("no id")?
            .to_owned())
    }

    /// Begins, answers at the service, and gives the attempt and the address that the service sends
    /// the browser back to.
    pub(crate) async fn until_callback(&self, caller: &Caller) -> Result<(String, String)> {
        let begun = self.begin(caller).await?.good()?;
        let attempt = begun["attempt"].as_str().context("no attempt")?.to_owned();
        let url = begun["url"].as_str().context("no url")?;
        let page = caller.send(caller.http.request(Method::GET, url)).await?;
        let mut fields = vec![("person", self.person.to_owned())];
        let reply = post_form(caller, url, &page, &mut fields).await?;
        // A service may know the answer already and send the browser back at once.
        let reply = if reply.status == 200 {
            let scopes = between_all(&reply.text, "name=\"scope\" value=\"");
            let mut fields = vec![("decision", self.decision.to_owned())];
            fields.extend(scopes.into_iter().map(|scope| ("scope", scope)));
            post_form(caller, url, &reply, &mut fields).await?
        } else {
            reply
        };
        let back = reply
            .headers
            .get("location")
            .and_then(|value| value.to_str().ok());
        let back = back.with_context(|| format!("no way back: {} {}", reply.status, reply.text))?;
        Ok((attempt, back.to_owned()))
    }

    /// Asks the server where to send the person.
    pub(crate) async fn begin(&self, caller: &Caller) -> Result<Reply> {
        let environments = caller.get("/environments").await?.good()?;
        let environment = environments
            .as_array()
            .and_then(|all| all.iter().find(|one| one["service"] == self.service))
            .with_context(|| format!("no environment of {}: {environments}", self.service))?;
        let body = json!({
            "name": self.name, "service": self.service, "owner": self.owner,
            "environment_id": environment["id"], "scopes": self.scopes,
        });
        caller.post("/authentications/authorize", &body).await
    }
}

/// Sends the form of a page of the service, with these fields and the hidden one.
async fn post_form(
    caller: &Caller,
    near: &str,
    page: &Reply,
    fields: &mut Vec<(&str, String)>,
) -> Result<Reply> {
    let first = |before: &str| between_all(&page.text, before).into_iter().next();
    let action = first(" action=\"").with_context(|| format!("no form: {}", page.text))?;
    let request = first("name=\"request\" value=\"").context("no request in the form")?;
    fields.push(("request", request));
    let target = url::Url::parse(near)?.join(&action)?;
    let form = caller.http.request(Method::POST, target).form(&fields);
    caller.send(form).await
}

/// What stands between each `before` and the next quotation mark.
fn between_all(text: &str, before: &str) -> Vec<String> {
    let rests = text.split(before).skip(1);
    rests
        .filter_map(|rest| rest.split('"').next())
        .map(|found| found.replace("&amp;", "&"))
        .collect()
}

/// An authentication made from a token, without a browser.
pub(crate) async fn with_token(
    caller: &Caller,
    service: &str,
    token: &str,
    base_url: Option<&str>,
) -> Result<Value> {
    let body = json!({
        "name": "By token", "service": service, "owner": "organisational", "scopes": [],
        "environment": { "base_url": base_url },
        "credential": { "type": "token", "access_token": token },
    });
    caller.post("/authentications", &body).await?.good()
}
