//! Checks that a connector's parts fit together: what a reader of single files cannot see.

use super::{Source, build::Draft, schema};
use crate::{
    manifest::{
        connector::Connector,
        field::{Field, Kind},
        operation::{BuiltIn, Operation, Starts},
        options::Options,
        paging::PagingKind,
        problem::ManifestError,
        send::Send,
    },
    suggest::did_you_mean,
};
use std::collections::HashSet;
use url::Url;

pub(super) fn check(
    source: &Source,
    connector: &Connector,
    drafts: &[Draft<'_>],
    icon: &str,
    problems: &mut Vec<ManifestError>,
) {
    check_connector(source, connector, drafts, problems);
    check_icon(source, icon, problems);
    for (path, text) in &source.files {
        if let Some(secret) = secret_looking(text) {
            let file = format!("{}/{path}", source.name);
            problems.push(ManifestError::near(
                &file,
                text,
                secret,
                "this looks like a secret; a manifest holds none",
            ));
        }
    }
    for draft in drafts {
        let mut operation = Check {
            source,
            connector,
            drafts,
            draft,
            problems,
        };
        operation.what_it_does();
        operation.inputs();
        operation.holes();
        operation.lists();
        operation.paging();
        operation.scopes();
        operation.examples();
        operation.subscription();
    }
}

fn check_connector(
    source: &Source,
    connector: &Connector,
    drafts: &[Draft<'_>],
    problems: &mut Vec<ManifestError>,
) {
    let file = format!("{}/connector.toml", source.name);
    let mut say = |message: String| problems.push(ManifestError::new(&file, message));
    for (key, value) in [
        ("title", &connector.title),
        ("version", &connector.version),
        ("summary", &connector.summary),
    ] {
        if value.trim().is_empty() {
            say(format!("`{key}` is missing"));
        }
    }
    if connector.categories.is_empty() {
        say(
            "`categories` is missing; write one or more of trigger, core, helper, service"
                .to_owned(),
        );
    }
    for address in connector.base_url.iter().chain(connector.hosts.values()) {
        let fine = Url::parse(address)
            .is_ok_and(|url| url.scheme() == "https" && url.path() == "/" && url.query().is_none());
        if !fine {
            say(format!(
                "`{address}` must be a host's https address without a path"
            ));
        }
    }
    if let Some(service) = &connector.service {
        if service.name.is_empty() || service.title.is_empty() {
            say("[service] needs `name` and `title`".to_owned());
        }
        if service.oauth2.is_none()
            && service.jwt.is_none()
            && service.token.is_none()
            && service.basic.is_none()
        {
            say(
                "[service] has no way to authenticate; add [service.oauth2], [service.token], …"
                    .to_owned(),
            );
        }
        let known: HashSet<&str> = service
            .scope
            .iter()
            .map(|scope| scope.name.as_str())
            .collect();
        if known.len() != service.scope.len() {
            say("a scope is listed twice".to_owned());
        }
        for included in service
            .scope
            .iter()
            .flat_map(|scope| scope.includes.iter().chain(&scope.instead_of))
        {
            if !known.contains(included.as_str()) {
                say(format!(
                    "scope `{included}` is included by another one and not listed"
                ));
            }
        }
        if service.oauth2.is_some() && super::oauth::facts(connector, None).is_none() {
            say(
                "[service.oauth2]: an address is neither absolute nor a path below `base_url`"
                    .to_owned(),
            );
        }
    }
    if let Some(check) = &connector.check
        && !drafts.iter().any(|draft| draft.name == *check)
    {
        say(format!(
            "`check` names `{check}`, and there is no such operation"
        ));
    }
    if drafts.is_empty() {
        say("the folder has neither operations nor triggers".to_owned());
    }
    let unique: HashSet<&str> = drafts.iter().map(|draft| draft.name.as_str()).collect();
    if unique.len() != drafts.len() {
        say("an operation and a trigger have the same name".to_owned());
    }
}

fn check_icon(source: &Source, icon: &str, problems: &mut Vec<ManifestError>) {
    let file = format!("{}/icon.svg", source.name);
    let icon = icon.trim();
    if !icon.starts_with("<svg") || !icon.ends_with("</svg>") {
        problems.push(ManifestError::new(
            file,
            "there must be an icon.svg that holds one <svg> element",
        ));
        return;
    }
    let lower = icon.to_lowercase();
    for forbidden in [
        "<script",
        "<foreignobject",
        "<style",
        "style=",
        " on",
        "href",
        "url(",
        "<image",
    ] {
        if lower.contains(forbidden) {
            let message = format!(
                "an icon is plain shapes: `{}` is not allowed in it",
                forbidden.trim()
            );
            problems.push(ManifestError::new(&file, message));
        }
    }
}

/// A literal that nobody should have committed.
fn secret_looking(text: &str) -> Option<&str> {
    const STARTS: [&str; 8] = [
        "sk-",
        "ghp_",
        "gho_",
        "xoxb-",
        "xoxp-",
        "AIza",
        "ya29.",
        "eyJhbGciOi",
    ];
    text.split(|c: char| c.is_whitespace() || matches!(c, '"' | '\'' | '`' | '=' | ',' | '(' | ')'))
        .find(|word| {
            let long = word.len() >= 20 && STARTS.iter().any(|start| word.starts_with(start));
            long || word.starts_with("-----BEGIN")
        })
}

struct Check<'a, 'b> {
    source: &'a Source,
    connector: &'a Connector,
    drafts: &'a [Draft<'b>],
    draft: &'a Draft<'b>,
    problems: &'a mut Vec<ManifestError>,
}

impl<'a> Check<'a, '_> {
    fn say(&mut self, message: impl Into<String>) {
        self.problems
            .push(ManifestError::new(&self.draft.file, message));
    }

    fn say_near(&mut self, needle: &str, message: impl Into<String>) {
        self.problems.push(ManifestError::near(
            &self.draft.file,
            self.draft.text,
            needle,
            message,
        ));
    }

    fn operation(&self) -> &'a Operation {
        &self.draft.operation
    }

    fn input(&self, name: &str) -> bool {
        has_input(self.operation(), name)
    }

    fn what_it_does(&mut self) {
        let operation = self.operation();
        let ways = [
            operation.request.is_some(),
            operation.control.is_some(),
            operation.built_in.is_some(),
            operation.hook,
            operation.starts.is_some(),
        ];
        if ways.iter().filter(|way| **way).count() != 1 {
            self.say("exactly one of `request`, `control`, `built_in`, `hook` and `starts` must say what it does");
        }
        if self.draft.is_trigger != operation.starts.is_some() {
            self.say("`starts` belongs to triggers, and every trigger needs it");
        }
        if operation.title.trim().is_empty() || operation.summary.trim().is_empty() {
            self.say("`title` and `summary` are needed");
        }
        if !is_snake_case(&self.draft.name) {
            self.say("an operation's file is named in snake_case");
        }
        if operation.hook && self.source.hooks.is_none() {
            self.say("`hook = true`, and the folder has no hooks.rs");
        }
        if let Some(host) = &operation.host
            && !self.connector.hosts.contains_key(host)
        {
            self.say_near(
                host,
                format!("host `{host}` is not among the connector's [hosts]"),
            );
        }
        let own_host = self.connector.base_url.is_some() || operation.host.is_some();
        let sends = operation.request.is_some() || operation.built_in == Some(BuiltIn::RawRequest);
        if sends && !own_host {
            self.say("the connector has no `base_url` to send this request to");
        }
        let needed: &[&str] = match operation.built_in {
            Some(BuiltIn::RawRequest) => &["method", "path", "query", "headers", "body"],
            Some(BuiltIn::GraphqlRequest) => &["url", "query", "variables", "headers", "errors"],
            Some(BuiltIn::HttpRequest) => &[
                "method",
                "url",
                "query",
                "headers",
                "body",
                "expected_status",
                "timeout",
            ],
            None => &[],
        };
        for name in needed {
            if !self.input(name) {
                self.say(format!("this built-in needs the input `{name}`"));
            }
        }
    }

    fn inputs(&mut self) {
        let operation = self.operation();
        let mut seen = HashSet::new();
        let body_allowed = operation
            .request
            .as_ref()
            .is_none_or(|request| request.method != http::Method::GET);
        for field in &operation.input {
            let Some(name) = field.name.as_deref() else {
                self.say("an [[input]] has no `name`");
                continue;
            };
            let place = format!("\"{name}\"");
            if !is_snake_case(name) {
                self.say_near(&place, format!("input `{name}` must be in snake_case"));
            }
            if !seen.insert(name) {
                self.say_near(&place, format!("input `{name}` is there twice"));
            }
            if operation.paging.is_some() && matches!(name, "all_pages" | "max_records") {
                self.say_near(&place, format!("[paging] adds `{name}` by itself"));
            }
            if field.title.is_none() {
                self.say_near(&place, format!("input `{name}` has no `title`"));
            }
            if operation.request.is_some() && field.send.is_none() {
                let message = format!(
                    "input `{name}` goes nowhere; say where with `send`, or send = \"none\""
                );
                self.say_near(&place, message);
            }
            if matches!(field.send, Some(Send::Body(_))) && !body_allowed {
                self.say_near(
                    &place,
                    format!("input `{name}` goes to the body, and a GET request has none"),
                );
            }
            if field.kind.is_none()
                && schema::kind_of(field) == Kind::Any
                && field.one_of.is_empty()
            {
                self.say_near(&place, format!("input `{name}` has no `kind`"));
            }
            self.part(name, field, true);
        }
    }

    /// What holds for an input and for every part of one.
    fn part(&mut self, name: &str, field: &Field, top: bool) {
        if !top && (field.name.is_some() || field.send.is_some()) {
            self.say(format!("a part of `{name}` has `name` or `send`; its key names it and the whole input is sent"));
        }
        if schema::kind_of(field) == Kind::Choice
            && !matches!(field.options, Some(Options::Fixed(_)))
        {
            self.say(format!(
                "`{name}` is a choice without fixed `options`; live ones belong to a text"
            ));
        }
        if schema::kind_of(field) == Kind::List && field.items.is_none() {
            self.say(format!("`{name}` is a list without `items`"));
        }
        for part in field
            .fields
            .values()
            .chain(field.items.as_deref())
            .chain(field.others.as_deref())
            .chain(&field.one_of)
        {
            self.part(name, part, false);
        }
    }

    fn subscription(&mut self) {
        let subscribes = self.operation().starts == Some(Starts::Subscription);
        let Some(subscription) = self.operation().subscription.as_deref() else {
            if subscribes {
                self.say("a trigger that starts by subscription needs [subscription]");
            }
            return;
        };
        if !subscribes {
            self.say("[subscription] belongs to a trigger with starts = \"subscription\"");
        }
        let steps = [
            ("begin", Some(&subscription.begin)),
            ("keep", Some(&subscription.keep)),
            ("end", subscription.end.as_ref()),
        ];
        for (key, name) in steps
            .into_iter()
            .filter_map(|(key, name)| Some((key, name?)))
        {
            let known = self
                .drafts
                .iter()
                .any(|draft| draft.name == *name && draft.operation.hook);
            if !known {
                self.say(format!(
                    "[subscription] `{key}` names `{name}`, and no such operation has `hook = true`"
                ));
            }
        }
        for (name, field) in subscription.parameter.iter().chain(&subscription.body) {
            self.part(
                name,
                &Field {
                    send: None,
                    ..field.clone()
                },
                false,
            );
        }
        let mut seen = HashSet::new();
        for event in &subscription.event {
            let place = format!("\"{}\"", event.name);
            if !is_snake_case(&event.name) || !seen.insert(event.name.as_str()) {
                self.say_near(&place, "an event has a name of its own, in snake_case");
            }
            if event.title.is_empty() || event.group.is_empty() || !event.filter.starts_with('/') {
                self.say_near(
                    &place,
                    "an event needs `title`, `group` and a `filter` that is a path",
                );
            }
            for scope in &event.scopes {
                let service = self.connector.service.as_ref();
                let known = service
                    .is_some_and(|service| service.scope.iter().any(|known| known.name == *scope));
                if !known {
                    self.say_near(scope, format!("scope `{scope}` is not among the service's"));
                }
            }
            if let Some(body) = &event.body
                && !subscription.body.contains_key(body)
            {
                self.say_near(&place, format!("there is no [subscription.body.{body}]"));
            }
            let sent = |name: &String| subscription.parameter.get(name)?.send.clone();
            for name in &event.parameters {
                if !matches!(sent(name), Some(Send::Path(_) | Send::Query(_))) {
                    let message = format!(
                        "there is no [subscription.parameter.{name}] that is sent by path or query"
                    );
                    self.say_near(&place, message);
                }
            }
            for hole in event.holes() {
                let filled = event
                    .parameters
                    .iter()
                    .any(|name| matches!(sent(name), Some(Send::Path(path)) if path == hole));
                if !filled {
                    self.say_near(&place, format!("nothing fills `{{{hole}}}`"));
                }
            }
        }
    }

    fn holes(&mut self) {
        let Some(request) = &self.operation().request else {
            return;
        };
        let sent = |hole: &str| {
            self.operation()
                .input
                .iter()
                .find(|field| matches!(&field.send, Some(Send::Path(name)) if name == hole))
        };
        let mut found = Vec::new();
        for hole in request.holes() {
            match sent(hole) {
                None => found.push(format!(
                    "nothing fills {{{hole}}}; an input needs send = \"path:{hole}\""
                )),
                Some(field) if field.required != Some(true) && field.default.is_none() => {
                    found.push(format!(
                        "{{{hole}}} may stay empty; its input needs required = true or a default"
                    ));
                }
                Some(_) => {}
            }
        }
        for field in &self.operation().input {
            if let Some(Send::Path(name)) = &field.send
                && !request.holes().any(|hole| hole == name)
            {
                found.push(format!("there is no {{{name}}} in the request's path"));
            }
        }
        for message in found {
            self.say_near("request", message);
        }
    }

    /// Drop-downs and columns that another operation lists.
    fn lists(&mut self) {
        let operation = self.operation();
        for field in &operation.input {
            let options = match &field.options {
                Some(options) => Some(options),
                None => field
                    .items
                    .as_ref()
                    .and_then(|items| items.options.as_ref()),
            };
            if let Some(Options::Live(live)) = options {
                let given = live.depends_on.iter().chain(&live.passes);
                self.list(&live.operation, given, live.with.keys().chain(&live.search));
            }
            if let Some(columns) = &field.columns {
                self.list(
                    &columns.operation,
                    columns.depends_on.iter().chain(&columns.passes),
                    [].iter(),
                );
            }
        }
    }

    fn list<'n>(
        &mut self,
        listing: &str,
        given: impl Iterator<Item = &'n String>,
        further: impl Iterator<Item = &'n String>,
    ) {
        let place = format!("\"{listing}\"");
        let Some(found) = self.drafts.iter().find(|draft| draft.name == listing) else {
            let names = self.drafts.iter().map(|draft| draft.name.as_str());
            let message = format!(
                "there is no operation `{listing}` to list this.{}",
                did_you_mean(listing, names)
            );
            self.say_near(&place, message);
            return;
        };
        let paged = found.operation.paging.is_some();
        let mut messages = Vec::new();
        for name in given {
            if !self.input(name) {
                messages.push(format!("`{name}` is no input of this operation"));
            }
            if !has_input(&found.operation, name) {
                messages.push(format!("`{name}` is no input of `{listing}`"));
            }
        }
        for name in further {
            let by_paging = paged && matches!(name.as_str(), "all_pages" | "max_records");
            if !by_paging && !has_input(&found.operation, name) {
                messages.push(format!("`{name}` is no input of `{listing}`"));
            }
        }
        for message in messages {
            self.say_near(&place, message);
        }
    }

    fn paging(&mut self) {
        let Some(paging) = &self.operation().paging else {
            return;
        };
        if self.operation().request.is_none() {
            self.say_near(
                "[paging]",
                "[paging] belongs to operations with a `request`",
            );
        }
        let needs_next = matches!(paging.kind, PagingKind::NextLink | PagingKind::Token);
        if needs_next != paging.next.is_some() {
            self.say_near(
                "[paging]",
                "`next` belongs to the kinds next_link and token, and they need it",
            );
        }
        if (paging.kind != PagingKind::NextLink) != paging.send.is_some() {
            self.say_near(
                "[paging]",
                "`send` belongs to the kinds page, token and offset, and they need it",
            );
        }
        if self.operation().response.output.is_some() {
            self.say_near(
                "[paging]",
                "an operation with [paging] has its whole answer as output",
            );
        }
    }

    fn examples(&mut self) {
        for example in &self.operation().example {
            if example.output.is_some() == example.error.is_some() {
                self.say_near(
                    "[[example]]",
                    "an [[example]] has either `output` or `error`",
                );
            }
        }
    }

    fn scopes(&mut self) {
        let Some(service) = &self.connector.service else {
            return;
        };
        for scope in &self.operation().scopes {
            if !service.scope.iter().any(|known| known.name == *scope) {
                let hint =
                    did_you_mean(scope, service.scope.iter().map(|known| known.name.as_str()));
                self.say_near(
                    &format!("\"{scope}\""),
                    format!("`{scope}` is no scope of the service.{hint}"),
                );
            }
        }
    }
}

fn has_input(operation: &Operation, name: &str) -> bool {
    operation
        .input
        .iter()
        .any(|field| field.name.as_deref() == Some(name))
}

fn is_snake_case(name: &str) -> bool {
    name.starts_with(|c: char| c.is_ascii_lowercase())
        && name
            .chars()
            .all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_')
}
