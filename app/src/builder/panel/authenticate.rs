//! The Authenticate tab: which authentication the step uses, a new one, and what it may do.

use crate::{
    authenticate::{AuthenticationModal, Returned, when_returned},
    builder::state::{BuilderState, Phase},
    ui::{Button, For, Pill, PillKind},
};
use leptos::prelude::*;
use patchbay_api::authentications::{Authentication, AuthenticationState, Ownership};
use patchbay_model::{
    document::TRIGGER,
    edit::Edit,
    id::AuthenticationId,
    spec::{Catalog, ServiceSpec},
};
use std::collections::BTreeSet;

use super::{problems::Problems, scopes};

/// Drop-down, details and the modal.
#[component]
pub fn AuthenticateTab(step: String) -> impl IntoView {
    let state = expect_context::<BuilderState>();
    let name = StoredValue::new(step);
    let connector = Memo::new(move |_| state.connector_of(&name.get_value()));
    let service = Memo::new(move |_| connector.get().and_then(|connector| connector.service));
    let chosen_id = Memo::new(move |_| state.step(&name.get_value()).and_then(|step| step.auth));
    let candidates = Memo::new(move |_| {
        let service = service
            .get()
            .map(|service| service.name)
            .unwrap_or_default();
        state.authentications.with(|all| {
            all.iter()
                .filter(|one| one.service == service)
                .cloned()
                .collect::<Vec<_>>()
        })
    });
    let chosen = Memo::new(move |_| {
        let id = chosen_id.get()?;
        candidates.with(|all| all.iter().find(|one| one.id == id).cloned())
    });
    let needed = Signal::derive(move || {
        service
            .get()
            .map(|service| needed_scopes(state, &service))
            .unwrap_or_default()
    });
    let missing = Memo::new(move |_| {
        let (Some(service), Some(chosen)) = (service.get(), chosen.get()) else {
            return Vec::new();
        };
        let wanted = state
            .spec_of(&name.get_value())
            .zip(state.step(&name.get_value()))
            .map(|(spec, step)| spec.scopes_for(&step.inputs))
            .unwrap_or_default();
        let missing = service.missing_scopes(&wanted, &chosen.scopes);
        missing.into_iter().map(str::to_owned).collect::<Vec<_>>()
    });
    let problems = Memo::new(move |_| {
        let all = state.problems_of(&name.get_value()).into_iter();
        all.filter(|problem| problem.field.as_deref() == Some("auth"))
            .collect::<Vec<_>>()
    });
    Effect::new(move |_| {
        let Some(focus) = state.focus_field.get() else {
            return;
        };
        if focus.step == name.get_value() && focus.field == "auth" {
            state.focus_field.set(None);
            request_animation_frame(|| super::focus_by_id("auth-select"));
        }
    });
    // Back from signing in in this tab, with this step chosen by the address.
    let mut waits = true;
    Effect::new(move |_| {
        if waits && state.phase.get() == Phase::Ready && service.get().is_some() {
            waits = false;
            when_returned(move |returned| match returned {
                Returned::Connected(made, missing) => {
                    state.say(format!(
                        "{} is connected. {}",
                        made.name,
                        missing.unwrap_or_default()
                    ));
                    take(state, *made, &name.get_value());
                }
                Returned::Failed(failure) => state.say(failure.sentence()),
            });
        }
    });
    // None: closed. Some(None): a new one. Some(Some(…)): reconnects that one.
    let modal = RwSignal::new(None::<Option<Authentication>>);
    let choose = move |auth: Option<AuthenticationId>| {
        state.edit(Edit::SetAuth {
            step: name.get_value(),
            auth,
        });
    };
    let done = Callback::new(move |made: Authentication| {
        take(state, made, &name.get_value());
        modal.set(None);
    });

    view! {
        <div class="auth-tab">
        <Show when=move || service.get().is_some()
            fallback=|| view! { <p class="panel-note">"This step needs no authentication."</p> }>
            <div class="f">
                <div class="f-label">
                    <label for="auth-select">"Authentication"<Show when=move || is_needed(state, &name.get_value())><em title="required">"*"</em></Show></label>
                </div>
                <span class="pick"><select id="auth-select" class="in" on:change=move |event| {
                    let id = event_target_value(&event);
                    choose((!id.is_empty()).then(|| AuthenticationId::new(id)));
                }>
                    <option value="" prop:selected=move || chosen_id.get().is_none()>
                        {move || if candidates.with(Vec::is_empty) { "None yet" } else { "Choose one…" }}
                    </option>
                    <Group title="Personal" ownership=Ownership::Personal candidates chosen=chosen_id />
                    <Group title="Organisational" ownership=Ownership::Organisational candidates chosen=chosen_id />
                    <Show when=move || chosen_id.get().is_some() && chosen.get().is_none()>
                        <option value=move || chosen_id.get().map(|id| id.to_string()).unwrap_or_default() selected>
                            "An authentication that you may not use"
                        </option>
                    </Show>
                </select></span>
                <Problems of=problems />
                <p class="help">"Only those for this service, and only yours or your organisation's."</p>
            </div>
            <Button on_click=move |_| modal.set(Some(None))>"New authentication"</Button>
            {move || chosen.get().map(|authentication| {
                let again = authentication.clone();
                view! {
                    <Details authentication missing=missing.get()
                        on_reconnect=Callback::new(move |()| modal.set(Some(Some(again.clone())))) />
                }
            })}
        </Show>
        </div>
        {move || modal.get().and_then(|reconnect| {
            let connector = connector.get_untracked()?;
            let service = connector.service.clone()?;
            Some(view! {
                <AuthenticationModal service connector_title=connector.title connector_icon=connector.icon
                    needed_scopes=needed reconnect on_done=done
                    return_to=format!("/workflows/{}?step={}", state.workflow_id(), name.get_value())
                    on_close=Callback::new(move |()| modal.set(None)) />
            })
        })}
    }
}

/// The entries of one owner kind.
#[component]
fn Group(
    title: &'static str,
    ownership: Ownership,
    candidates: Memo<Vec<Authentication>>,
    chosen: Memo<Option<AuthenticationId>>,
) -> impl IntoView {
    let entries = move || {
        candidates
            .get()
            .into_iter()
            .filter(|one| one.owner == ownership)
            .collect::<Vec<_>>()
    };
    view! {
        <Show when=move || !entries().is_empty()>
            <optgroup label=title>
                <For each=entries key=|one| (one.id.clone(), one.name.clone(), one.state == AuthenticationState::Connected) let:one>
                    {
                        let id = one.id.clone();
                        let label = match one.state {
                            AuthenticationState::Connected => one.name.clone(),
                            AuthenticationState::NeedsReconnect => format!("{} — needs reconnecting", one.name),
                        };
                        view! {
                            <option value=one.id.to_string() prop:selected=move || chosen.get().as_ref() == Some(&id)>{label}</option>
                        }
                    }
                </For>
            </optgroup>
        </Show>
    }
}

/// What the chosen one is.
#[component]
fn Details(
    authentication: Authentication,
    missing: Vec<String>,
    on_reconnect: Callback<()>,
) -> impl IntoView {
    let connected = authentication.state == AuthenticationState::Connected;
    let owner = match authentication.owner {
        Ownership::Personal => format!("Personal, {}", authentication.owner_name),
        Ownership::Organisational => {
            format!("Organisational, made by {}", authentication.owner_name)
        }
    };
    let environment = authentication
        .environment
        .title
        .clone()
        .or_else(|| authentication.environment.base_url.clone())
        .unwrap_or_else(|| "Production".to_owned());
    // What it may not do is told as a problem of the step.
    let attention =
        (!connected).then_some("The service no longer accepts it. Sign in again to go on.");
    let reconnect = if missing.is_empty() {
        "Reconnect".to_owned()
    } else {
        format!("Reconnect with {}", missing.join(", "))
    };
    view! {
        <div class="auth-card" data-auth=authentication.id.to_string()>
            <div class="auth-head">
                <b>{authentication.name.clone()}</b>
                <Pill kind=if connected { PillKind::Ok } else { PillKind::Bad }>
                    {if connected { "Connected" } else { "Needs reconnecting" }}
                </Pill>
            </div>
            <dl>
                {authentication.account.clone().map(|account| view! { <dt>"Acts as"</dt><dd>{account}</dd> })}
                <dt>"Owner"</dt><dd>{owner}</dd>
                <dt>"Environment"</dt><dd>{environment}</dd>
                <dt>"May"</dt><dd class="scopes">{authentication.scopes.iter().map(|scope| view! { <span class="scope-chip mono" title=scope.clone()>{scopes::short(scope)}</span> }).collect_view()}</dd>
            </dl>
            {attention.map(|text| view! { <p class="problem" role="status">{text}</p> })}
            {authentication.manageable.then(|| view! { <Button on_click=move |_| on_reconnect.run(())>{reconnect}</Button> })}
        </div>
    }
}

fn is_needed(state: BuilderState, step: &str) -> bool {
    state
        .spec_of(step)
        .is_some_and(|spec| spec.needs_authentication)
}

/// What all steps of this workflow that use the service need together.
fn needed_scopes(state: BuilderState, service: &ServiceSpec) -> Vec<String> {
    let mut needed = BTreeSet::new();
    // What only fills drop-downs is wanted while there is something to choose: an address may have been pasted.
    let mut helpful = BTreeSet::new();
    state.specs.with(|specs| {
        state.workflow.with(|workflow| {
            let trigger = (
                workflow.trigger.connector.clone(),
                workflow.trigger.operation.clone(),
                workflow.trigger.inputs.clone(),
            );
            let mut used = vec![trigger];
            workflow
                .all_steps()
                .map(|visit| visit.step)
                .for_each(|step| {
                    used.push((
                        step.connector.clone(),
                        step.operation.clone(),
                        step.inputs.clone(),
                    ));
                });
            for (connector, operation, inputs) in used {
                let same = specs
                    .connector(&connector)
                    .and_then(|spec| spec.service.as_ref())
                    .is_some_and(|used| used.name == service.name);
                if let Some(operation) = specs.operation(&connector, &operation).filter(|_| same) {
                    needed.extend(operation.scopes_for(&inputs));
                    let open = operation
                        .inputs
                        .properties
                        .iter()
                        .filter(|(name, _)| !inputs.contains_key(*name));
                    for listing in open.filter_map(|(_, field)| field.hints.options.as_ref()) {
                        let listing = specs.operation(&connector, &listing.operation);
                        helpful.extend(listing.into_iter().flat_map(|spec| spec.scopes.clone()));
                    }
                }
            }
        });
    });
    let mut needed: Vec<String> = needed.into_iter().collect();
    let helpful: Vec<String> = helpful.into_iter().collect();
    let further: Vec<String> = service
        .missing_scopes(&helpful, &needed)
        .into_iter()
        .map(str::to_owned)
        .collect();
    needed.extend(further);
    needed
}

/// Puts a new or renewed authentication among the known ones and chooses it.
fn take(state: BuilderState, made: Authentication, here: &str) {
    let (service, id) = (made.service.clone(), made.id.clone());
    state.authentications.update(|all| {
        all.retain(|one| one.id != made.id);
        all.push(made);
    });
    use_in_open_steps(state, &service, &id, here);
}

/// Chooses a new authentication for the step at hand and for every other step of the service that has none.
fn use_in_open_steps(state: BuilderState, service: &str, id: &AuthenticationId, here: &str) {
    let mut edits = Vec::new();
    state.specs.with_untracked(|specs| {
        state.workflow.with_untracked(|workflow| {
            workflow
                .all_steps()
                .map(|visit| visit.step)
                .for_each(|step| {
                    let same = specs
                        .connector(&step.connector)
                        .and_then(|spec| spec.service.as_ref())
                        .is_some_and(|used| used.name == service);
                    if same
                        && (step.name == here || step.auth.is_none())
                        && step.auth.as_ref() != Some(id)
                    {
                        edits.push(Edit::SetAuth {
                            step: step.name.clone(),
                            auth: Some(id.clone()),
                        });
                    }
                });
        });
    });
    let trigger = state.workflow.with_untracked(|workflow| {
        let trigger = &workflow.trigger;
        let same = state.specs.with_untracked(|specs| {
            specs
                .connector(&trigger.connector)
                .and_then(|spec| spec.service.as_ref())
                .is_some_and(|used| used.name == service)
        });
        same && (here == TRIGGER || trigger.auth.is_none()) && trigger.auth.as_ref() != Some(id)
    });
    if trigger {
        edits.insert(
            0,
            Edit::SetAuth {
                step: TRIGGER.to_owned(),
                auth: Some(id.clone()),
            },
        );
    }
    match edits.len() {
        0 => {}
        1 => {
            state.edit(edits.remove(0));
        }
        _ => {
            state.edit(Edit::Batch { edits });
        }
    }
}
