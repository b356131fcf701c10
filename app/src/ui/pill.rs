//! States as small pills.

use leptos::prelude::*;
use patchbay_model::event::{RunStatus, StepStatus};

/// What a pill means; the colour follows from it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum PillKind {
    #[default]
    Neutral,
    Ok,
    Running,
    Bad,
    Warning,
    Trigger,
    Cable,
}

impl PillKind {
    fn class(self) -> &'static str {
        match self {
            Self::Neutral => "pill",
            Self::Ok => "pill pill-ok",
            Self::Running => "pill pill-run",
            Self::Bad => "pill pill-bad",
            Self::Warning => "pill pill-warning",
            Self::Trigger => "pill pill-trigger",
            Self::Cable => "pill pill-cable",
        }
    }
}

/// A pill.
#[component]
pub fn Pill(#[prop(into)] kind: Signal<PillKind>, children: Children) -> impl IntoView {
    view! { <span class=move || kind.get().class()>{children()}</span> }
}

/// How a run stands.
#[component]
pub fn RunPill(#[prop(into)] status: Signal<RunStatus>) -> impl IntoView {
    let kind = Signal::derive(move || match status.get() {
        RunStatus::Queued | RunStatus::Cancelled => PillKind::Neutral,
        RunStatus::Running => PillKind::Running,
        RunStatus::Waiting => PillKind::Warning,
        RunStatus::Succeeded => PillKind::Ok,
        RunStatus::Failed => PillKind::Bad,
    });
    let text = move || match status.get() {
        RunStatus::Queued => "Queued",
        RunStatus::Running => "Running",
        RunStatus::Waiting => "Waiting",
        RunStatus::Succeeded => "Succeeded",
        RunStatus::Failed => "Failed",
        RunStatus::Cancelled => "Cancelled",
    };
    view! { <Pill kind>{text}</Pill> }
}

/// How a step stands.
#[component]
pub fn StepPill(#[prop(into)] status: Signal<StepStatus>) -> impl IntoView {
    let kind = Signal::derive(move || match status.get() {
        StepStatus::Running => PillKind::Running,
        StepStatus::Waiting => PillKind::Warning,
        StepStatus::Succeeded => PillKind::Ok,
        StepStatus::Failed => PillKind::Bad,
        StepStatus::Skipped | StepStatus::Cancelled => PillKind::Neutral,
    });
    let text = move || match status.get() {
        StepStatus::Running => "Running",
        StepStatus::Waiting => "Waiting",
        StepStatus::Succeeded => "Succeeded",
        StepStatus::Failed => "Failed",
        StepStatus::Skipped => "Skipped",
        StepStatus::Cancelled => "Cancelled",
    };
    view! { <Pill kind>{text}</Pill> }
}
