//! Who did what, newest first.

use crate::{
    load::{load, resource},
    ui::{EmptyState, Glyph, RelativeTime, Section},
    use_client,
};
use leptos::{either::Either, prelude::*};
use patchbay_api::people::AuditEntry;

#[component]
pub(super) fn Audit() -> impl IntoView {
    let client = use_client();
    let entries = resource(
        || (),
        move |()| {
            let client = client.clone();
            async move { client.audit().await }
        },
    );
    view! {
        <Section title="Audit" summary="Who changed what in this organisation.">
            {load(
                entries,
                |entries| {
                    if entries.is_empty() {
                        Either::Left(
                            view! {
                                <EmptyState title="Nothing to report" glyph=Glyph::List>
                                    <p>"Changes to workflows, people, authentications and tokens appear here."</p>
                                </EmptyState>
                            },
                        )
                    } else {
                        Either::Right(view! { <Table entries/> })
                    }
                },
            )}
        </Section>
    }
    .into_any()
}

#[component]
fn Table(entries: Vec<AuditEntry>) -> impl IntoView {
    let rows = entries
        .into_iter()
        .map(|entry| {
            view! {
                <tr>
                    <td class="muted nowrap"><RelativeTime at=entry.at/></td>
                    <td>{entry.who}</td>
                    <td class="mono">{entry.action}</td>
                    <td class="cut">{entry.target}</td>
                </tr>
            }
        })
        .collect_view();
    view! {
        <div class="table-box">
            <table class="audit">
                <thead>
                    <tr>
                        <th scope="col">"When"</th>
                        <th scope="col">"Who"</th>
                        <th scope="col">"What"</th>
                        <th scope="col">"On what"</th>
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
            </table>
        </div>
    }
    .into_any()
}
