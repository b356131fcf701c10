//! One typed method per thing the API can do.

use crate::{
    Page,
    authentications::{
        Attempt, Authentication, Authorization, Authorize, ChangeAuthentication, Environment,
        NewAuthentication, NewEnvironment, UsedBy,
    },
    connectors::{
        Choice, ConnectorDetail, ConnectorSummary, OperationDetail, OptionsQuery, Shape, ShapeQuery,
    },
    debug::{Pin, PinOutput, Replay, Retried, Retry, Storage},
    decode,
    error::ProblemDetails,
    people::{
        AcceptInvitation, ApiToken, AuditEntry, ChangeRole, CreatedApiToken, Invitation,
        NewApiToken, NewInvitation, Person, Role, Session, Setup, SignIn,
    },
    runs::{Run, RunQuery, StartRun, StepQuery, StepRun},
    transport::{Request, Transport, TransportError},
    triggers::{Listening, PreviewSchedule, SchedulePreview, TriggerSample, TriggerStatus},
    workflows::{
        Edits, Evaluate, Evaluated, Publication, Revision, Samples, Saved, Template,
        WorkflowDetail, WorkflowSummary,
    },
};
use patchbay_model::{document::Workflow, progress::Progress};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde::{Serialize, de::DeserializeOwned};
use std::sync::Arc;

/// Why a call did not give what it promises.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum ClientError {
    /// The server said no; the details say why.
    #[error("{0}")]
    Problem(Box<ProblemDetails>),
    /// The server could not be reached.
    #[error("the server could not be reached: {0}")]
    Transport(#[from] TransportError),
    /// The answer is not what this client expects.
    #[error("the server answered something unexpected: {0}")]
    Unexpected(String),
}

impl ClientError {
    /// The problem's stable code; empty when the server was not reached.
    pub fn code(&self) -> &str {
        match self {
            Self::Problem(problem) => &problem.code,
            Self::Transport(_) | Self::Unexpected(_) => "",
        }
    }

    /// HTTP status, 0 when there was no answer.
    pub fn status(&self) -> u16 {
        match self {
            Self::Problem(problem) => problem.status,
            Self::Transport(_) | Self::Unexpected(_) => 0,
        }
    }
}

type Result<T, E = ClientError> = std::result::Result<T, E>;

/// The API over some transport. Cheap to clone.
#[derive(Clone)]
pub struct Client {
    transport: Arc<dyn Transport>,
}

const SEGMENT: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'_')
    .remove(b'.')
    .remove(b'~');

fn segment(text: &str) -> String {
    utf8_percent_encode(text, SEGMENT).to_string()
}

/// `?a=b&c=d` from a flat serialisable struct; empty when nothing is set.
fn query(of: &impl Serialize) -> String {
    let Ok(serde_json::Value::Object(fields)) = serde_json::to_value(of) else {
        return String::new();
    };
    let pairs: Vec<String> = fields
        .iter()
        .filter(|(_, value)| !value.is_null())
        .map(|(name, value)| {
            let text = value
                .as_str()
                .map_or_else(|| value.to_string(), str::to_owned);
            format!("{}={}", segment(name), segment(&text))
        })
        .collect();
    if pairs.is_empty() {
        String::new()
    } else {
        format!("?{}", pairs.join("&"))
    }
}

impl Client {
    pub fn new(transport: Arc<dyn Transport>) -> Self {
        Self { transport }
    }

    async fn call<T: DeserializeOwned>(
        &self,
        method: &'static str,
        path: String,
        headers: Vec<(&'static str, String)>,
        body: Option<Vec<u8>>,
    ) -> Result<T> {
        let response = self
            .transport
            .send(Request {
                method,
                path: format!("/api/v1{path}"),
                headers,
                body,
            })
            .await?;
        let text = String::from_utf8_lossy(&response.body);
        if !(200..300).contains(&response.status) {
            let problem = decode::<ProblemDetails>(&text).unwrap_or_else(|_| ProblemDetails {
                code: "unexpected_answer".to_owned(),
                title: format!("The server answered {}", response.status),
                ..ProblemDetails::default()
            });
            return Err(ClientError::Problem(Box::new(ProblemDetails {
                status: response.status,
                ..problem
            })));
        }
        let text = if text.is_empty() { "null" } else { &*text };
        decode(text).map_err(|error| ClientError::Unexpected(error.to_string()))
    }

    async fn get<T: DeserializeOwned>(&self, path: String) -> Result<T> {
        self.call("GET", path, Vec::new(), None).await
    }

    async fn send<T: DeserializeOwned>(
        &self,
        method: &'static str,
        path: String,
        body: &impl Serialize,
    ) -> Result<T> {
        let body =
            serde_json::to_vec(body).map_err(|error| ClientError::Unexpected(error.to_string()))?;
        self.call(method, path, Vec::new(), Some(body)).await
    }

    async fn act<T: DeserializeOwned>(&self, method: &'static str, path: String) -> Result<T> {
        self.call(method, path, Vec::new(), None).await
    }
}

/// Signing in, people, tokens.
impl Client {
    pub async fn session(&self) -> Result<Session> {
        self.get("/session".to_owned()).await
    }

    pub async fn set_up(&self, setup: &Setup) -> Result<Session> {
        self.send("POST", "/setup".to_owned(), setup).await
    }

    pub async fn sign_in(&self, sign_in: &SignIn) -> Result<Session> {
        self.send("POST", "/session".to_owned(), sign_in).await
    }

    pub async fn sign_out(&self) -> Result<()> {
        self.act("DELETE", "/session".to_owned()).await
    }

    pub async fn people(&self) -> Result<Vec<Person>> {
        self.get("/people".to_owned()).await
    }

    pub async fn change_role(&self, person: &str, role: Role) -> Result<Person> {
        self.send(
            "PATCH",
            format!("/people/{}", segment(person)),
            &ChangeRole { role },
        )
        .await
    }

    pub async fn remove_person(&self, person: &str) -> Result<()> {
        self.act("DELETE", format!("/people/{}", segment(person)))
            .await
    }

    pub async fn invitations(&self) -> Result<Vec<Invitation>> {
        self.get("/invitations".to_owned()).await
    }

    pub async fn invite(&self, invitation: &NewInvitation) -> Result<Invitation> {
        self.send("POST", "/invitations".to_owned(), invitation)
            .await
    }

    pub async fn withdraw_invitation(&self, id: &str) -> Result<()> {
        self.act("DELETE", format!("/invitations/{}", segment(id)))
            .await
    }

    /// Looks an invitation up by the token of its link; needs no sign-in.
    pub async fn invitation(&self, token: &str) -> Result<Invitation> {
        self.get(format!("/invitations/{}", segment(token))).await
    }

    pub async fn accept_invitation(
        &self,
        token: &str,
        accept: &AcceptInvitation,
    ) -> Result<Session> {
        self.send(
            "POST",
            format!("/invitations/{}/accept", segment(token)),
            accept,
        )
        .await
    }

    pub async fn tokens(&self) -> Result<Vec<ApiToken>> {
        self.get("/tokens".to_owned()).await
    }

    pub async fn create_token(&self, token: &NewApiToken) -> Result<CreatedApiToken> {
        self.send("POST", "/tokens".to_owned(), token).await
    }

    pub async fn revoke_token(&self, id: &str) -> Result<()> {
        self.act("DELETE", format!("/tokens/{}", segment(id))).await
    }

    pub async fn audit(&self) -> Result<Vec<AuditEntry>> {
        self.get("/audit".to_owned()).await
    }
}

/// Triggers.
impl Client {
    pub async fn trigger(&self, workflow: &str) -> Result<TriggerStatus> {
        self.get(format!("/workflows/{}/trigger", segment(workflow)))
            .await
    }

    /// Opens the draft's address, so that the next call is kept as a sample.
    pub async fn listen_for_sample(&self, workflow: &str) -> Result<Listening> {
        self.act(
            "POST",
            format!("/workflows/{}/trigger/listen", segment(workflow)),
        )
        .await
    }

    pub async fn stop_listening(&self, workflow: &str) -> Result<()> {
        self.act(
            "DELETE",
            format!("/workflows/{}/trigger/listen", segment(workflow)),
        )
        .await
    }

    pub async fn trigger_sample(&self, workflow: &str) -> Result<TriggerSample> {
        self.get(format!("/workflows/{}/trigger/sample", segment(workflow)))
            .await
    }

    pub async fn preview_schedule(&self, schedule: &PreviewSchedule) -> Result<SchedulePreview> {
        self.send("POST", "/schedules/preview".to_owned(), schedule)
            .await
    }
}

/// Workflows.
impl Client {
    pub async fn workflows(&self) -> Result<Vec<WorkflowSummary>> {
        self.get("/workflows".to_owned()).await
    }

    pub async fn workflow(&self, id: &str) -> Result<WorkflowDetail> {
        self.get(format!("/workflows/{}", segment(id))).await
    }

    pub async fn create_workflow(&self, document: &Workflow) -> Result<Saved> {
        self.send("POST", "/workflows".to_owned(), document).await
    }

    /// Replaces the draft if `revision` is still the latest.
    pub async fn save_workflow(
        &self,
        id: &str,
        revision: i64,
        document: &Workflow,
    ) -> Result<Saved> {
        let body = serde_json::to_vec(document)
            .map_err(|error| ClientError::Unexpected(error.to_string()))?;
        let headers = vec![("if-match", format!("\"{revision}\""))];
        self.call(
            "PUT",
            format!("/workflows/{}", segment(id)),
            headers,
            Some(body),
        )
        .await
    }

    pub async fn edit_workflow(&self, id: &str, edits: &Edits) -> Result<Saved> {
        self.send("POST", format!("/workflows/{}/edits", segment(id)), edits)
            .await
    }

    pub async fn delete_workflow(&self, id: &str) -> Result<()> {
        self.act("DELETE", format!("/workflows/{}", segment(id)))
            .await
    }

    pub async fn enable_workflow(&self, id: &str) -> Result<Publication> {
        self.act("POST", format!("/workflows/{}/enable", segment(id)))
            .await
    }

    pub async fn disable_workflow(&self, id: &str) -> Result<Publication> {
        self.act("POST", format!("/workflows/{}/disable", segment(id)))
            .await
    }

    pub async fn revisions(&self, id: &str) -> Result<Vec<Revision>> {
        self.get(format!("/workflows/{}/revisions", segment(id)))
            .await
    }

    pub async fn revision(&self, id: &str, revision: i64) -> Result<WorkflowDetail> {
        self.get(format!("/workflows/{}/revisions/{revision}", segment(id)))
            .await
    }

    pub async fn restore_revision(&self, id: &str, revision: i64) -> Result<Saved> {
        self.act(
            "POST",
            format!("/workflows/{}/revisions/{revision}/restore", segment(id)),
        )
        .await
    }

    pub async fn samples(&self, id: &str) -> Result<Samples> {
        self.get(format!("/workflows/{}/samples", segment(id)))
            .await
    }

    pub async fn templates(&self) -> Result<Vec<Template>> {
        self.get("/templates".to_owned()).await
    }

    pub async fn evaluate(&self, evaluate: &Evaluate) -> Result<Evaluated> {
        self.send("POST", "/evaluate".to_owned(), evaluate).await
    }
}

/// Runs.
impl Client {
    pub async fn start_run(&self, workflow: &str, start: &StartRun) -> Result<Run> {
        self.send(
            "POST",
            format!("/workflows/{}/runs", segment(workflow)),
            start,
        )
        .await
    }

    /// Starts a run and waits for its end, at most so many seconds.
    pub async fn start_run_and_wait(
        &self,
        workflow: &str,
        start: &StartRun,
        seconds: u64,
    ) -> Result<Run> {
        self.send(
            "POST",
            format!("/workflows/{}/runs?wait={seconds}", segment(workflow)),
            start,
        )
        .await
    }

    pub async fn runs(&self, filter: &RunQuery) -> Result<Page<Run>> {
        self.get(format!("/runs{}", query(filter))).await
    }

    pub async fn run(&self, id: &str) -> Result<Run> {
        self.get(format!("/runs/{}", segment(id))).await
    }

    /// Per step, summed over iterations; the same that `GET …/events` streams as `progress`.
    pub async fn run_progress(&self, id: &str) -> Result<Progress> {
        self.get(format!("/runs/{}/progress", segment(id))).await
    }

    pub async fn run_steps(&self, id: &str, filter: &StepQuery) -> Result<Page<StepRun>> {
        self.get(format!("/runs/{}/steps{}", segment(id), query(filter)))
            .await
    }

    pub async fn cancel_run(&self, id: &str) -> Result<Run> {
        self.act("POST", format!("/runs/{}/cancel", segment(id)))
            .await
    }

    /// Does a run again, with its own data or other data.
    pub async fn replay_run(&self, id: &str, replay: &Replay) -> Result<Run> {
        self.send("POST", format!("/runs/{}/replay", segment(id)), replay)
            .await
    }

    /// Does failed runs again.
    pub async fn retry_runs(&self, retry: &Retry) -> Result<Retried> {
        self.send("POST", "/runs/retry".to_owned(), retry).await
    }

    pub async fn delete_run(&self, id: &str) -> Result<()> {
        self.act("DELETE", format!("/runs/{}", segment(id))).await
    }

    pub async fn pins(&self, workflow: &str) -> Result<Vec<Pin>> {
        self.get(format!("/workflows/{}/pins", segment(workflow)))
            .await
    }

    /// Pins a sample output to a step.
    pub async fn pin(&self, workflow: &str, step: &str, pin: &PinOutput) -> Result<Pin> {
        let path = format!("/workflows/{}/pins/{}", segment(workflow), segment(step));
        self.send("PUT", path, pin).await
    }

    pub async fn unpin(&self, workflow: &str, step: &str) -> Result<()> {
        let path = format!("/workflows/{}/pins/{}", segment(workflow), segment(step));
        self.act("DELETE", path).await
    }

    /// How much room the data takes, and how long it is kept.
    pub async fn storage(&self) -> Result<Storage> {
        self.get("/storage".to_owned()).await
    }

    /// Where the event stream (SSE) of a run is: events named `progress`, each a [`Progress`], the last one final.
    pub fn events_path(run: &str) -> String {
        format!("/api/v1/runs/{}/events", segment(run))
    }
}

/// Connectors.
impl Client {
    pub async fn connectors(&self) -> Result<Vec<ConnectorSummary>> {
        self.get("/connectors".to_owned()).await
    }

    pub async fn connector(&self, name: &str) -> Result<ConnectorDetail> {
        self.get(format!("/connectors/{}", segment(name))).await
    }

    /// With the schemas of all operations.
    pub async fn connector_expanded(&self, name: &str) -> Result<ConnectorDetail> {
        self.get(format!("/connectors/{}?expand=all", segment(name)))
            .await
    }

    pub async fn operation(&self, connector: &str, operation: &str) -> Result<OperationDetail> {
        self.get(format!(
            "/connectors/{}/operations/{}",
            segment(connector),
            segment(operation)
        ))
        .await
    }

    pub async fn options(
        &self,
        connector: &str,
        operation: &str,
        of: &OptionsQuery,
    ) -> Result<Vec<Choice>> {
        self.send(
            "POST",
            format!(
                "/connectors/{}/operations/{}/options",
                segment(connector),
                segment(operation)
            ),
            of,
        )
        .await
    }

    pub async fn shape(&self, connector: &str, operation: &str, of: &ShapeQuery) -> Result<Shape> {
        self.send(
            "POST",
            format!(
                "/connectors/{}/operations/{}/shape",
                segment(connector),
                segment(operation)
            ),
            of,
        )
        .await
    }
}

/// Authentications and environments.
impl Client {
    pub async fn authentications(&self) -> Result<Vec<Authentication>> {
        self.get("/authentications".to_owned()).await
    }

    pub async fn create_authentication(&self, new: &NewAuthentication) -> Result<Authentication> {
        self.send("POST", "/authentications".to_owned(), new).await
    }

    pub async fn authorize(&self, authorize: &Authorize) -> Result<Authorization> {
        self.send("POST", "/authentications/authorize".to_owned(), authorize)
            .await
    }

    pub async fn attempt(&self, attempt: &str) -> Result<Attempt> {
        self.get(format!("/authentications/attempts/{}", segment(attempt)))
            .await
    }

    pub async fn rename_authentication(&self, id: &str, name: &str) -> Result<Authentication> {
        let change = ChangeAuthentication {
            name: Some(name.to_owned()),
            credential: None,
        };
        self.change_authentication(id, &change).await
    }

    pub async fn change_authentication(
        &self,
        id: &str,
        change: &ChangeAuthentication,
    ) -> Result<Authentication> {
        self.send("PATCH", format!("/authentications/{}", segment(id)), change)
            .await
    }

    pub async fn delete_authentication(&self, id: &str) -> Result<()> {
        self.act("DELETE", format!("/authentications/{}", segment(id)))
            .await
    }

    pub async fn authentication_used_by(&self, id: &str) -> Result<Vec<UsedBy>> {
        self.get(format!("/authentications/{}/used-by", segment(id)))
            .await
    }

    pub async fn environments(&self) -> Result<Vec<Environment>> {
        self.get("/environments".to_owned()).await
    }

    pub async fn create_environment(&self, new: &NewEnvironment) -> Result<Environment> {
        self.send("POST", "/environments".to_owned(), new).await
    }

    pub async fn change_environment(
        &self,
        id: &str,
        change: &NewEnvironment,
    ) -> Result<Environment> {
        self.send("PUT", format!("/environments/{}", segment(id)), change)
            .await
    }

    pub async fn delete_environment(&self, id: &str) -> Result<()> {
        self.act("DELETE", format!("/environments/{}", segment(id)))
            .await
    }
}
