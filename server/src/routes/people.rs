//! `/api/v1/people`, `/invitations`, `/tokens`, `/audit`: who may do what.

use axum::{
    Json as Answer,
    extract::{Path, State},
    response::{IntoResponse, Response},
};
use http::StatusCode;
use patchbay_api::people::{
    ApiToken, AuditEntry, ChangeRole, CreatedApiToken, Invitation, NewApiToken, NewInvitation,
    Person, Role,
};
use patchbay_model::id::PersonId;
use patchbay_store::{api_tokens, audit, invitations, people};
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::{
    error::{Problem, Result},
    extract::{Admin, Builder, Json, Member, mint_token},
    state::App,
    time::{self, rfc3339, rfc3339_option},
};

/// How long an invitation can be accepted.
const INVITATION_MS: i64 = 7 * 24 * 60 * 60 * 1000;
/// How many entries the audit list gives.
const AUDIT_ENTRIES: u64 = 200;

/// The routes of this file.
pub(super) fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list))
        .routes(routes!(change_role, remove))
        .routes(routes!(list_invitations, invite))
        .routes(routes!(list_tokens, create_token))
        .routes(routes!(revoke_token))
        .routes(routes!(list_audit))
        .routes(routes!(withdraw))
}

/// Lists the members of the organisation.
#[utoipa::path(get, path = "/people", tag = "people", responses((status = 200, body = [Person])))]
async fn list(State(app): State<App>, member: Member) -> Result<Answer<Vec<Person>>> {
    let members = people::list(app.store(), &member.scope).await?;
    Ok(Answer(members.into_iter().map(person).collect()))
}

/// Changes what a member may do.
#[utoipa::path(patch, path = "/people/{id}", tag = "people", params(("id" = String, Path)), request_body = ChangeRole,
    responses((status = 200, body = Person), (status = "4XX", body = patchbay_api::ProblemDetails)))]
async fn change_role(
    State(app): State<App>,
    admin: Admin,
    Path(id): Path<String>,
    Json(change): Json<ChangeRole>,
) -> Result<Answer<Person>> {
    let id = PersonId::from(id);
    people::set_role(app.store(), &admin.scope, &id, store_role(change.role)).await?;
    audit::record(
        app.store(),
        &admin.scope,
        "person.role_changed",
        id.as_str(),
    )
    .await?;
    let members = people::list(app.store(), &admin.scope).await?;
    let member = members.into_iter().find(|member| member.person.id == id);
    member
        .map(person)
        .map(Answer)
        .ok_or_else(|| Problem::not_found("person"))
}

/// Removes a member; their personal authentications go with them.
#[utoipa::path(delete, path = "/people/{id}", tag = "people", params(("id" = String, Path)),
    responses((status = 204), (status = "4XX", body = patchbay_api::ProblemDetails)))]
async fn remove(State(app): State<App>, admin: Admin, Path(id): Path<String>) -> Result<Response> {
    people::remove(app.store(), &admin.scope, &PersonId::from(id.as_str())).await?;
    audit::record(app.store(), &admin.scope, "person.removed", &id).await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}

/// Lists invitations that can still be accepted.
#[utoipa::path(get, path = "/invitations", tag = "people", responses((status = 200, body = [Invitation])))]
async fn list_invitations(State(app): State<App>, admin: Admin) -> Result<Answer<Vec<Invitation>>> {
    let found = invitations::list(app.store(), &admin.scope).await?;
    Ok(Answer(
        found.into_iter().map(|one| invitation(one, None)).collect(),
    ))
}

/// Makes an invitation; the answer alone holds its link.
#[utoipa::path(post, path = "/invitations", tag = "people", request_body = NewInvitation,
    responses((status = 201, body = Invitation), (status = "4XX", body = patchbay_api::ProblemDetails)))]
async fn invite(
    State(app): State<App>,
    admin: Admin,
    Json(request): Json<NewInvitation>,
) -> Result<Response> {
    if store_role(request.role) > admin.scope.role || request.role == Role::Owner {
        return Err(Problem::forbidden(
            "You cannot invite somebody to more than you may do yourself.",
        ));
    }
    let (token, token_hash) = mint_token("")?;
    let new = invitations::NewInvitation {
        token_hash,
        role: store_role(request.role),
        email: request
            .email
            .map(|email| email.trim().to_owned())
            .filter(|email| !email.is_empty()),
        expires_at: time::now() + INVITATION_MS,
    };
    let made = invitations::create(app.store(), &admin.scope, new).await?;
    audit::record(
        app.store(),
        &admin.scope,
        "person.invited",
        made.email.as_deref().unwrap_or(&made.id),
    )
    .await?;
    let link = format!("{}/invitations/{token}", app.public_url());
    Ok((StatusCode::CREATED, Answer(invitation(made, Some(link)))).into_response())
}

/// Withdraws an invitation by its id.
#[utoipa::path(delete, path = "/invitations/{token}", tag = "people", params(("token" = String, Path, description = "the invitation's id")),
    responses((status = 204), (status = "4XX", body = patchbay_api::ProblemDetails)))]
async fn withdraw(
    State(app): State<App>,
    admin: Admin,
    Path(id): Path<String>,
) -> Result<Response> {
    invitations::revoke(app.store(), &admin.scope, &id).await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}

/// Lists one's own API tokens.
#[utoipa::path(get, path = "/tokens", tag = "people", responses((status = 200, body = [ApiToken])))]
async fn list_tokens(State(app): State<App>, member: Member) -> Result<Answer<Vec<ApiToken>>> {
    let tokens = api_tokens::list(app.store(), &member.scope).await?;
    Ok(Answer(tokens.into_iter().map(token).collect()))
}

/// Makes an API token; the answer alone shows it.
#[utoipa::path(post, path = "/tokens", tag = "people", request_body = NewApiToken,
    responses((status = 201, body = CreatedApiToken), (status = "4XX", body = patchbay_api::ProblemDetails)))]
async fn create_token(
    State(app): State<App>,
    builder: Builder,
    Json(request): Json<NewApiToken>,
) -> Result<Response> {
    let name = request.name.trim();
    if name.is_empty() {
        return Err(Problem::unprocessable(
            "missing_name",
            "Name the token after what will use it",
        )
        .field("/name", "is empty"));
    }
    let (secret, hash) = mint_token("pb_")?;
    let made = api_tokens::create(app.store(), &builder.scope, name, &hash).await?;
    audit::record(app.store(), &builder.scope, "token.created", name).await?;
    let answer = CreatedApiToken {
        id: made.id,
        name: made.name,
        token: secret,
    };
    Ok((StatusCode::CREATED, Answer(answer)).into_response())
}

/// Revokes an API token.
#[utoipa::path(delete, path = "/tokens/{id}", tag = "people", params(("id" = String, Path)),
    responses((status = 204), (status = "4XX", body = patchbay_api::ProblemDetails)))]
async fn revoke_token(
    State(app): State<App>,
    member: Member,
    Path(id): Path<String>,
) -> Result<Response> {
    api_tokens::revoke(app.store(), &member.scope, &id).await?;
    audit::record(app.store(), &member.scope, "token.revoked", &id).await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}

/// Who did what, newest first.
#[utoipa::path(get, path = "/audit", tag = "people", responses((status = 200, body = [AuditEntry])))]
async fn list_audit(State(app): State<App>, admin: Admin) -> Result<Answer<Vec<AuditEntry>>> {
    let page = audit::list(app.store(), &admin.scope, None, AUDIT_ENTRIES).await?;
    let entry = |entry: audit::AuditEntry| AuditEntry {
        at: rfc3339(entry.at),
        who: entry.who,
        action: entry.action,
        target: entry.target,
    };
    Ok(Answer(page.items.into_iter().map(entry).collect()))
}

fn person(member: people::Member) -> Person {
    Person {
        id: member.person.id.to_string(),
        name: member.person.name,
        email: member.person.email,
        role: role(member.role),
        last_seen_at: rfc3339_option(member.last_seen_at),
    }
}

fn token(token: api_tokens::ApiToken) -> ApiToken {
    ApiToken {
        id: token.id,
        name: token.name,
        created_at: rfc3339(token.created_at),
        last_used_at: rfc3339_option(token.last_used_at),
    }
}

/// An invitation on the wire.
pub(super) fn invitation(found: invitations::Invitation, link: Option<String>) -> Invitation {
    Invitation {
        id: found.id,
        role: role(found.role),
        email: found.email,
        organisation: found.organisation_name,
        expires_at: rfc3339(found.expires_at),
        link,
    }
}

/// A role on the wire.
pub(super) fn role(role: patchbay_store::Role) -> Role {
    match role {
        patchbay_store::Role::Viewer => Role::Viewer,
        patchbay_store::Role::Builder => Role::Builder,
        patchbay_store::Role::Admin => Role::Admin,
        patchbay_store::Role::Owner => Role::Owner,
    }
}

fn store_role(role: Role) -> patchbay_store::Role {
    match role {
        Role::Viewer => patchbay_store::Role::Viewer,
        Role::Builder => patchbay_store::Role::Builder,
        Role::Admin => patchbay_store::Role::Admin,
        Role::Owner => patchbay_store::Role::Owner,
    }
}
