//! How much room the data takes, what is left, and how long runs are kept.

use super::manages;
use crate::{
    load::{load, resource},
    ui::{Note, NoteKind, Section},
    use_client,
};
use leptos::{either::Either, prelude::*};
use patchbay_api::{debug::Storage, people::Person};

/// The section; only for those who manage the organisation.
#[component]
pub(super) fn StoragePage(me: Person) -> impl IntoView {
    if !manages(&me) {
        return Either::Left(view! {
            <Section title="Storage">
                <p>"Owners and administrators see here how much room the data takes."</p>
            </Section>
        });
    }
    let client = use_client();
    let storage = resource(
        || (),
        move |()| {
            let client = client.clone();
            async move { client.storage().await }
        },
    );
    Either::Right(view! {
        <Section title="Storage" summary="The room that data takes on the disk of the server.">
            {load(storage, |storage| view! { <Gauge storage/> })}
        </Section>
    })
}

#[component]
fn Gauge(storage: Storage) -> impl IntoView {
    let ours = storage.main_bytes + storage.journal_bytes + storage.blob_bytes;
    let rows = [
        ("Runs and their events", size(storage.journal_bytes)),
        ("Of that, free for new runs", size(storage.reusable_bytes)),
        (
            "Large outputs",
            format!("{} in {} files", size(storage.blob_bytes), storage.blobs),
        ),
        (
            "Workflows, people, authentications",
            size(storage.main_bytes),
        ),
        ("Runs kept", storage.runs.to_string()),
    ];
    let disk = storage.free_bytes.zip(storage.disk_bytes);
    let low = disk.is_some_and(|(free, of)| free < of / 10 || free < (1 << 30));
    view! {
        {disk.map(|(free, of)| {
            let other = of.saturating_sub(free).saturating_sub(ours);
            let label = format!("{} of {} are free; Patchbay takes {}", size(free), size(of), size(ours));
            view! {
                <div class="gauge" role="img" aria-label=label.clone()>
                    <i class="gauge-ours" style:width=share(ours, of)></i>
                    <i class="gauge-other" style:width=share(other, of)></i>
                </div>
                <p class="muted">{label}</p>
            }
        })}
        {low.then(|| view! {
            <Note kind=NoteKind::Warning>
                "The disk is nearly full. When it is, runs wait and nothing new is accepted until there is room."
            </Note>
        })}
        <dl class="facts">
            {rows.into_iter().map(|(name, value)| view! {
                <div>
                    <dt>{name}</dt>
                    <dd class="number">{value}</dd>
                </div>
            }).collect_view()}
        </dl>
        <p>{kept(&storage)}</p>
        <p class="muted">
            "Set by PATCHBAY_KEEP_DAYS, PATCHBAY_KEEP_RUNS and PATCHBAY_KEEP_MEGABYTES when the server starts."
        </p>
    }
    .into_any()
}

/// How long runs are kept, as a sentence.
fn kept(storage: &Storage) -> String {
    let mut bounds = Vec::new();
    bounds.extend(
        storage
            .keep_days
            .map(|days| format!("{days} days after their end")),
    );
    bounds.extend(
        storage
            .keep_runs
            .map(|runs| format!("when {runs} newer ones of the same workflow are there")),
    );
    bounds.extend(
        storage
            .keep_bytes
            .map(|bytes| format!("when all of them take more than {}", size(bytes))),
    );
    match bounds.split_last() {
        None => "Runs are kept for ever.".to_owned(),
        Some((last, [])) => format!("Runs are deleted {last}."),
        Some((last, first)) => format!("Runs are deleted {}, or {last}.", first.join(", ")),
    }
}

fn share(part: u64, whole: u64) -> String {
    let permille = part
        .saturating_mul(1_000)
        .checked_div(whole)
        .unwrap_or(0)
        .min(1_000);
    format!("{}.{}%", permille / 10, permille % 10)
}

/// `1.5 GB`, in steps of 1024.
fn size(bytes: u64) -> String {
    const UNITS: [&str; 5] = ["B", "KB", "MB", "GB", "TB"];
    let mut tenths = bytes.saturating_mul(10);
    let mut unit = 0;
    while tenths >= 10_240 && unit + 1 < UNITS.len() {
        tenths /= 1_024;
        unit += 1;
    }
    match tenths % 10 {
        0 => format!("{} {}", tenths / 10, UNITS[unit]),
        rest => format!("{}.{rest} {}", tenths / 10, UNITS[unit]),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_are_short_and_shares_stay_within_the_bar() {
        let cases = [
            (0, "0 B"),
            (1_023, "1023 B"),
            (1_536, "1.5 KB"),
            (10 << 30, "10 GB"),
        ];
        for (bytes, expected) in cases {
            assert_eq!(size(bytes), expected, "{bytes}");
        }
        let shares = [share(1, 3), share(5, 0), share(9, 3)];
        assert_eq!(shares, ["33.3%", "0.0%", "100.0%"]);
    }

    #[test]
    fn the_bounds_are_one_sentence() {
        assert_eq!(kept(&Storage::default()), "Runs are kept for ever.");
        let storage = Storage {
            keep_days: Some(90),
            keep_runs: Some(5),
            ..Storage::default()
        };
        assert_eq!(
            kept(&storage),
            "Runs are deleted 90 days after their end, or when 5 newer ones of the same workflow are there."
        );
    }
}
