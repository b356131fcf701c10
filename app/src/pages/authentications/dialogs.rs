//! Renaming and deleting an authentication.

use super::Shelf;
use crate::{
    failure::Failure,
    job::Job,
    ui::{ConfirmDialog, Note, NoteKind, Pill, PillKind, RenameDialog, Skeleton, use_toasts},
    use_client,
};
use leptos::{prelude::*, task::spawn_local};
use patchbay_api::authentications::{Authentication, UsedBy};

#[component]
pub(super) fn Rename(shelf: Shelf, old: Authentication) -> impl IntoView {
    let client = use_client();
    let job = Job::new();
    let id = old.id;
    let rename = move |name: String| {
        let (client, id) = (client.clone(), id.clone());
        job.run(
            async move { client.rename_authentication(id.as_str(), &name).await },
            move |new| shelf.put(new),
        );
    };
    view! {
        <RenameDialog
            old=old.name
            help="Workflows that use it go on using it."
            job
            on_rename=rename
            on_close=move || shelf.doing.set(None)
        />
    }
    .into_any()
}

#[component]
pub(super) fn Delete(shelf: Shelf, old: Authentication) -> impl IntoView {
    let client = use_client();
    let toasts = use_toasts();
    let job = Job::new();
    let used_by = RwSignal::new(None::<Result<Vec<UsedBy>, Failure>>);
    let id = old.id.clone();
    let asker = client.clone();
    Effect::new(move |_| {
        let (client, id) = (asker.clone(), id.clone());
        spawn_local(async move {
            let found = client
                .authentication_used_by(id.as_str())
                .await
                .map_err(Failure::from);
            used_by.try_set(Some(found));
        });
    });
    let (id, name) = (old.id, old.name);
    let shown_name = name.clone();
    let confirm = move || {
        let (client, id, name) = (client.clone(), id.clone(), name.clone());
        let gone = id.clone();
        job.run(
            async move { client.delete_authentication(id.as_str()).await },
            move |()| {
                shelf.all.update(|all| all.retain(|one| one.id != gone));
                shelf.doing.set(None);
                toasts.say(format!("Deleted {name}"));
            },
        );
    };
    let uses = move || match used_by.get() {
        None => view! { <Skeleton rows=2/> }.into_any(),
        Some(Err(failure)) => {
            view! { <Note kind=NoteKind::Warning>{failure.sentence()}</Note> }.into_any()
        }
        Some(Ok(uses)) if uses.is_empty() => {
            view! { <p class="muted">"No workflow uses it."</p> }.into_any()
        }
        Some(Ok(uses)) => {
            let count = uses.len();
            let title = if count == 1 {
                "This workflow uses it and will fail until another one is chosen there:".to_owned()
            } else {
                format!(
                    "These {count} workflows use it and will fail until another one is chosen there:"
                )
            };
            let items = uses
                .into_iter()
                .map(|one| {
                    view! {
                        <li>
                            <a class="link" href=format!("/workflows/{}", one.id) target="_blank">
                                {one.name}
                            </a>
                            {one.enabled.then(|| view! { " " <Pill kind=PillKind::Ok>"Enabled"</Pill> })}
                        </li>
                    }
                })
                .collect_view();
            view! {
                <Note kind=NoteKind::Warning>
                    <p>{title}</p>
                    <ul>{items}</ul>
                </Note>
            }
            .into_any()
        }
    };
    view! {
        <ConfirmDialog
            title="Delete this authentication?"
            confirm="Delete"
            danger=true
            busy=job.busy
            failure=job.failure
            on_confirm=confirm
            on_close=move || shelf.doing.set(None)
        >
            <p>
                <b>{shown_name}</b>
                " goes for good, and the access is given back to the service where the service allows it."
            </p>
            {uses}
        </ConfirmDialog>
    }
    .into_any()
}
