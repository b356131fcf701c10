//! The state of the dialog and what moves it on.

use super::{
    blank::{Blank, environment_title, needs_app, suggested_name},
    popup::{self, Popup},
    scopes,
};
use crate::{
    browser,
    failure::Failure,
    session::{person, use_session},
    use_client,
};
use leptos::{prelude::*, task::spawn_local};
use patchbay_api::{
    Client,
    authentications::{
        Attempt, AttemptStatus, Authentication, Authorize, ChangeAuthentication, Credential,
        Environment, EnvironmentRef, NewAuthentication, Ownership,
    },
};
use patchbay_model::{id::EnvironmentId, spec::MethodKind};
use std::collections::BTreeSet;

/// How long a window that seems closed is waited for, in seconds.
const GRACE: u32 = 4;

/// Which page the dialog shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Page {
    Name,
    Permissions,
    SignIn,
}

/// How the sign-in stands.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum SignIn {
    /// The server is asked where to go.
    Starting,
    /// The window is open.
    Waiting,
    /// The window seems to be closed; the outcome is still asked for.
    Closed,
    /// The browser opened no window.
    Blocked,
    /// The person said no.
    Refused(String),
    /// Nobody came back in time.
    Expired(String),
    /// Anything else.
    Failed(String),
    /// It works, but not all that was asked for was granted.
    Partly(Box<Authentication>, Vec<String>),
    /// The server would not begin.
    NotStarted(Failure),
}

/// The dialog's state. Copy it freely.
#[derive(Clone, Copy)]
pub(super) struct Flow {
    pub(super) blank: StoredValue<Blank>,
    pub(super) page: RwSignal<Page>,
    /// None: not known yet.
    pub(super) environments: RwSignal<Option<Result<Vec<Environment>, Failure>>>,
    pub(super) name: RwSignal<String>,
    pub(super) method: RwSignal<MethodKind>,
    /// An environment's id; empty: the service's own; `custom`: `base_url`.
    pub(super) environment: RwSignal<String>,
    pub(super) base_url: RwSignal<String>,
    pub(super) owner: RwSignal<Ownership>,
    pub(super) chosen: RwSignal<BTreeSet<String>>,
    pub(super) sign_in: RwSignal<SignIn>,
    /// Where the service's page is.
    pub(super) url: RwSignal<Option<String>>,
    attempt: RwSignal<Option<String>>,
    /// A credential on its way to the server.
    pub(super) sending: crate::job::Job,
    pub(super) popup: Popup,
    client: StoredValue<Client>,
    on_done: Callback<Authentication>,
}

/// The environment that is no record but an address.
pub(super) const CUSTOM: &str = "custom";

impl Flow {
    pub(super) fn new(blank: Blank, on_done: Callback<Authentication>) -> Self {
        let old = blank.reconnect.clone();
        let method = blank.first_method();
        let granted = old
            .as_ref()
            .map(|old| old.scopes.clone())
            .unwrap_or_default();
        let chosen = scopes::preset(&blank.scopes, &blank.needed, &granted);
        let first_page = match (&old, method) {
            (Some(_), MethodKind::Oauth2) if !blank.scopes.is_empty() => Page::Permissions,
            (Some(_), MethodKind::Token | MethodKind::Basic | MethodKind::Jwt) => Page::SignIn,
            _ => Page::Name,
        };
        let environment = old
            .as_ref()
            .and_then(|old| old.environment.id.as_ref())
            .map(ToString::to_string);
        let flow = Self {
            blank: StoredValue::new(blank),
            page: RwSignal::new(first_page),
            environments: RwSignal::new(None),
            name: RwSignal::new(old.as_ref().map(|old| old.name.clone()).unwrap_or_default()),
            method: RwSignal::new(method),
            environment: RwSignal::new(environment.unwrap_or_default()),
            base_url: RwSignal::new(String::new()),
            owner: RwSignal::new(old.map(|old| old.owner).unwrap_or_default()),
            chosen: RwSignal::new(chosen),
            sign_in: RwSignal::new(SignIn::Starting),
            url: RwSignal::new(None),
            attempt: RwSignal::new(None),
            sending: crate::job::Job::new(),
            popup: Popup::new(),
            client: StoredValue::new(use_client()),
            on_done,
        };
        flow.suggest_names();
        Effect::new(move |_| flow.look_for_environments());
        Effect::new(move |_| {
            popup::listen(move |attempt| {
                if flow.attempt.get_untracked().as_ref() == Some(&attempt) {
                    flow.ask(attempt);
                }
            });
        });
        flow
    }

    /// Keeps the name in step with the choices as long as it is the one that was suggested.
    fn suggest_names(self) {
        if self.blank.with_value(|blank| blank.reconnect.is_some()) {
            return;
        }
        let session = use_session();
        Effect::new(move |before: Option<String>| {
            let who = session.with(|session| match self.owner.get() {
                Ownership::Personal => person(session).map(|person| person.name.clone()),
                Ownership::Organisational => session
                    .as_ref()
                    .and_then(|session| Some(session.organisation.as_ref()?.name.clone())),
            });
            let suggestion = suggested_name(&who.unwrap_or_default(), &self.environment_name());
            let now = self.name.get_untracked();
            if now.is_empty() || Some(now) == before {
                self.name.set(suggestion.clone());
            }
            suggestion
        });
    }

    /// The title of the chosen environment.
    pub(super) fn environment_name(self) -> String {
        let chosen = self.environment.get();
        self.known_environments()
            .into_iter()
            .find(|environment| environment.id.as_str() == chosen)
            .map(|environment| environment.title)
            .unwrap_or_default()
    }

    /// The environments of this service that can be chosen, once they are known. Tracked.
    pub(super) fn known_environments(self) -> Vec<Environment> {
        self.environments.with(|known| match known {
            Some(Ok(all)) => self.blank.with_value(|blank| blank.environments(all)),
            _ => Vec::new(),
        })
    }

    /// Asks which environments there are.
    pub(super) fn look_for_environments(self) {
        let client = self.client.get_value();
        self.environments.set(None);
        spawn_local(async move {
            let found = client.environments().await.map_err(Failure::from);
            if self.environments.try_set(Some(found)).is_none() {
                self.choose_first_environment();
            }
        });
    }

    /// An environment that can be used with the chosen way.
    pub(super) fn choose_first_environment(self) {
        let known = untrack(|| self.known_environments());
        let chosen = self.environment.get_untracked();
        let fits = known
            .iter()
            .any(|environment| environment.id.as_str() == chosen);
        if !fits {
            let first = known.first().map(|environment| environment.id.to_string());
            self.environment.set(first.unwrap_or_default());
        }
    }

    /// Whether the chosen way can be gone at all: one with an OAuth app needs an environment that has one. Tracked.
    pub(super) fn lacks_app(self) -> bool {
        let known = self.environments.with(|known| matches!(known, Some(Ok(_))));
        known && needs_app(self.method.get()) && self.known_environments().is_empty()
    }

    /// The environments as they are offered, with what stands for none of them.
    pub(super) fn environment_choices(self) -> Vec<(String, String)> {
        let mut choices: Vec<(String, String)> = self
            .known_environments()
            .iter()
            .map(|environment| (environment.id.to_string(), environment_title(environment)))
            .collect();
        if !needs_app(self.method.get()) {
            let service = self.blank.with_value(Blank::service_title);
            choices.push((String::new(), format!("{service}'s own address")));
            if self.blank.with_value(|blank| blank.service.custom_base_url) {
                choices.push((CUSTOM.to_owned(), "Another address…".to_owned()));
            }
        }
        choices
    }

    /// Whether there is a page for permissions. Tracked.
    pub(super) fn has_permissions(self) -> bool {
        self.method.get() == MethodKind::Oauth2
            && self.blank.with_value(|blank| !blank.scopes.is_empty())
    }

    /// Where the work is done.
    fn environment_ref(self) -> EnvironmentRef {
        let chosen = self.environment.get_untracked();
        match chosen.as_str() {
            "" => EnvironmentRef::default(),
            CUSTOM => EnvironmentRef {
                base_url: Some(self.base_url.get_untracked().trim().to_owned()),
                ..EnvironmentRef::default()
            },
            id => EnvironmentRef {
                id: Some(EnvironmentId::new(id)),
                ..EnvironmentRef::default()
            },
        }
    }

    /// Sends a credential that the person entered.
    pub(super) fn send_credential(self, credential: Credential) {
        let client = self.client.get_value();
        if let Some(old) = self.blank.with_value(|blank| blank.reconnect.clone()) {
            let change = ChangeAuthentication {
                name: None,
                credential: Some(credential),
            };
            self.sending.run(
                async move { client.change_authentication(old.id.as_str(), &change).await },
                move |made| self.on_done.run(made),
            );
            return;
        }
        let new = NewAuthentication {
            name: self.name.get_untracked().trim().to_owned(),
            service: self.blank.with_value(|blank| blank.service.name.clone()),
            owner: self.owner.get_untracked(),
            environment: self.environment_ref(),
            scopes: Vec::new(),
            credential,
        };
        self.sending.run(
            async move { client.create_authentication(&new).await },
            move |made| self.on_done.run(made),
        );
    }

    /// Begins the sign-in. Call it inside a click: the window is opened at once.
    pub(super) fn begin(self) {
        let open = self.popup.open(None);
        self.page.set(Page::SignIn);
        self.sign_in.set(SignIn::Starting);
        self.url.set(None);
        self.attempt.set(None);
        let client = self.client.get_value();
        let wish = self.wish(None);
        spawn_local(async move {
            match client.authorize(&wish).await {
                Ok(authorization) => {
                    if self
                        .attempt
                        .try_set(Some(authorization.attempt.clone()))
                        .is_some()
                    {
                        return;
                    }
                    self.url.set(Some(authorization.url.clone()));
                    if open {
                        self.popup.go(&authorization.url);
                        self.sign_in.set(SignIn::Waiting);
                    } else {
                        self.sign_in.set(SignIn::Blocked);
                    }
                    self.follow(authorization.attempt).await;
                }
                Err(error) => {
                    self.popup.close();
                    self.sign_in.try_set(SignIn::NotStarted(error.into()));
                }
            }
        });
    }

    /// Signs in in this tab and comes back here.
    pub(super) fn begin_in_this_tab(self) {
        let client = self.client.get_value();
        let return_to = self
            .blank
            .with_value(|blank| Some(blank.return_to.clone()).filter(|path| !path.is_empty()));
        let wish = self.wish(Some(return_to.unwrap_or_else(browser::here)));
        self.attempt.set(None);
        self.sign_in.set(SignIn::Starting);
        spawn_local(async move {
            match client.authorize(&wish).await {
                Ok(authorization) => browser::go_to(&authorization.url),
                Err(error) => {
                    self.sign_in.try_set(SignIn::NotStarted(error.into()));
                }
            }
        });
    }

    /// The window again: the one that is there, or a new one. Call it inside a click.
    pub(super) fn show_window(self) {
        if self.popup.show() {
            return;
        }
        let url = self.url.get_untracked();
        let open = self.popup.open(url.as_deref());
        self.sign_in.set(if open {
            SignIn::Waiting
        } else {
            SignIn::Blocked
        });
    }

    /// Stops waiting.
    pub(super) fn give_up(self) {
        self.attempt.set(None);
        self.popup.close();
    }

    fn wish(self, return_to: Option<String>) -> Authorize {
        self.blank.with_value(|blank| Authorize {
            name: self.name.get_untracked().trim().to_owned(),
            service: blank.service.name.clone(),
            owner: self.owner.get_untracked(),
            environment_id: EnvironmentId::new(self.environment.get_untracked()),
            scopes: self
                .chosen
                .with_untracked(|chosen| scopes::in_order(&blank.scopes, chosen)),
            reconnect: blank.reconnect.as_ref().map(|old| old.id.clone()),
            return_to,
        })
    }

    /// Whether this attempt is still the one that the dialog waits for.
    fn waits_for(self, attempt: &str) -> bool {
        self.attempt
            .try_with_untracked(|waiting| waiting.as_deref() == Some(attempt))
            .unwrap_or(false)
    }

    /// Asks each second until there is an outcome.
    async fn follow(self, attempt: String) {
        let mut closed_for = 0;
        while self.waits_for(&attempt) {
            browser::pause(1_000).await;
            if !self.waits_for(&attempt) {
                return;
            }
            self.ask_once(&attempt).await;
            if self.sign_in.try_get_untracked() == Some(SignIn::Waiting) {
                closed_for = if self.popup.is_closed() {
                    closed_for + 1
                } else {
                    0
                };
                if closed_for > GRACE {
                    self.sign_in.set(SignIn::Closed);
                }
            } else {
                closed_for = 0;
            }
        }
    }

    fn ask(self, attempt: String) {
        spawn_local(async move { self.ask_once(&attempt).await });
    }

    async fn ask_once(self, attempt: &str) {
        let Some(client) = self.client.try_get_value() else {
            return;
        };
        let answer = client.attempt(attempt).await;
        if !self.waits_for(attempt) {
            return;
        }
        match answer {
            Ok(answer) => self.settle(answer),
            // What is gone or forbidden stays so; a lost connection may come back.
            Err(error) if matches!(error.status(), 401 | 403 | 404) => {
                self.finish(SignIn::NotStarted(error.into()));
            }
            Err(_) => {}
        }
    }

    fn settle(self, answer: Attempt) {
        match (answer.status, answer.authentication) {
            (AttemptStatus::Pending, _) => {}
            (AttemptStatus::Connected, Some(made)) if answer.missing_scopes.is_empty() => {
                self.attempt.set(None);
                self.on_done.run(made);
            }
            (AttemptStatus::Connected, Some(made)) => {
                self.finish(SignIn::Partly(Box::new(made), answer.missing_scopes));
            }
            (AttemptStatus::Refused, _) => self.finish(SignIn::Refused(answer.message)),
            (AttemptStatus::Expired, _) => self.finish(SignIn::Expired(answer.message)),
            (AttemptStatus::Failed | AttemptStatus::Connected, _) => {
                self.finish(SignIn::Failed(answer.message))
            }
        }
    }

    fn finish(self, outcome: SignIn) {
        self.attempt.set(None);
        self.sign_in.set(outcome);
    }

    /// Takes what was made although something is missing.
    pub(super) fn take(self, made: Authentication) {
        self.on_done.run(made);
    }
}
