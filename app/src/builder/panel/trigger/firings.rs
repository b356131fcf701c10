//! When a schedule fires next, as it is typed.

use crate::{browser, builder::state::BuilderState, failure::Failure, ui::FailureLine};
use leptos::{prelude::*, task::spawn_local};
use patchbay_api::triggers::{Firing, PreviewSchedule};

/// How long typing rests before the server is asked, in milliseconds.
const REST: i32 = 300;

/// The next ten firings, or why there are none.
#[component]
pub fn Firings() -> impl IntoView {
    let state = expect_context::<BuilderState>();
    let asked = Memo::new(move |_| {
        state.workflow.with(|workflow| PreviewSchedule {
            operation: workflow.trigger.operation.clone(),
            inputs: workflow.trigger.inputs.clone(),
            config: workflow.config.clone(),
        })
    });
    let firings = RwSignal::new(None::<Vec<Firing>>);
    let failure = RwSignal::new(None::<Failure>);
    Effect::new(move |_| {
        let schedule = asked.get();
        spawn_local(async move {
            browser::pause(REST).await;
            let is_current = move |schedule: &PreviewSchedule| {
                asked.try_with_untracked(|asked| asked == schedule) == Some(true)
            };
            if !is_current(&schedule) {
                return;
            }
            let answer = state.client().preview_schedule(&schedule).await;
            if !is_current(&schedule) {
                return;
            }
            match answer {
                Ok(preview) => {
                    failure.set(None);
                    firings.set(Some(preview.firings));
                }
                Err(error) => {
                    firings.set(None);
                    failure.set(Some(error.into()));
                }
            }
        });
    });
    view! {
        <h3 class="trigger-heading">"Next firings"</h3>
        <FailureLine failure/>
        <ol class="firings" aria-label="Next firings" aria-live="polite">
            {move || firings.get().unwrap_or_default().into_iter().map(|one| {
                let (day, time) = parts(&one.local);
                view! { <li title=one.at><span>{day}</span> <b>{time}</b></li> }
            }).collect_view()}
        </ol>
    }
    .into_any()
}

/// Day, and time with offset, of `2026-03-29T03:30:00+02:00`.
fn parts(local: &str) -> (String, String) {
    let (day, time) = local.split_once('T').unwrap_or((local, ""));
    let clock = time.get(..8).unwrap_or(time);
    let clock = clock.strip_suffix(":00").unwrap_or(clock);
    let offset = time.get(8..).unwrap_or_default();
    (day.to_owned(), format!("{clock} {offset}"))
}

#[cfg(test)]
mod tests {
    use super::parts;

    #[test]
    fn a_firing_is_shown_by_its_day_and_its_clock() {
        let cases = [
            ("2026-03-29T03:30:00+02:00", ("2026-03-29", "03:30 +02:00")),
            (
                "2026-03-29T03:30:05+00:00",
                ("2026-03-29", "03:30:05 +00:00"),
            ),
            ("", ("", " ")),
        ];
        for (local, (day, time)) in cases {
            assert_eq!(parts(local), (day.to_owned(), time.to_owned()));
        }
    }
}
