//! The branches of a step that people name themselves: add one, give it another name, take it away.

use crate::builder::state::BuilderState;
use crate::ui::For;
use leptos::{prelude::*, web_sys};
use patchbay_model::{
    document::Step,
    edit::Edit,
    spec::{Branching, DEFAULT_BRANCH},
};

/// The branches of a step, below its inputs; nothing for a step whose branches are not for people to choose.
#[component]
pub fn Branches(step: String) -> impl IntoView {
    let state = expect_context::<BuilderState>();
    let name = StoredValue::new(step);
    let branching = Memo::new(move |_| {
        state
            .spec_of(&name.get_value())
            .map_or(Branching::None, |spec| spec.kind.branching())
    });
    let branches = Memo::new(move |_| {
        state
            .step(&name.get_value())
            .map(|step| counted(&step))
            .unwrap_or_default()
    });
    let add = move |branch: String| {
        state.edit(Edit::AddBranch {
            step: name.get_value(),
            branch,
            index: None,
            steps: Vec::new(),
        });
    };
    let has_default =
        move || branches.with(|all| all.iter().any(|(name, _)| name == DEFAULT_BRANCH));
    view! {
        <Show when=move || branching.get().is_open()>
            <section class="panel-section branches">
                <h3>"Branches"</h3>
                <p class="help">{move || match branching.get() {
                    Branching::Parallel => "All of them run at the same time; the flow goes on below when the last one has ended.",
                    _ => "The one that is named like the value is taken; default is for everything else.",
                }}</p>
                <For each=move || branches.get() key=Clone::clone let:entry>
                    <BranchRow step=name.get_value() branch=entry.0 count=entry.1 />
                </For>
                <div class="branch-add">
                    <button type="button" class="link-button"
                        on:click=move |_| add(branches.with_untracked(|all| fresh(all)))>"Add branch"</button>
                    <Show when=move || branching.get() == Branching::ByValue && !has_default()>
                        <button type="button" class="link-button" on:click=move |_| add(DEFAULT_BRANCH.to_owned())>"Add default"</button>
                    </Show>
                </div>
            </section>
        </Show>
    }
}

#[component]
fn BranchRow(step: String, branch: String, count: usize) -> impl IntoView {
    let state = expect_context::<BuilderState>();
    let (step, branch) = (StoredValue::new(step), StoredValue::new(branch));
    let rename = move |event: leptos::ev::Event| {
        let to = event_target_value(&event).trim().to_owned();
        let kept = to == branch.get_value()
            || state.edit(Edit::RenameBranch {
                step: step.get_value(),
                branch: branch.get_value(),
                to,
            });
        if !kept {
            // What cannot be a name goes back to what it was.
            let input: web_sys::HtmlInputElement = event_target(&event);
            input.set_value(&branch.get_value());
        }
    };
    let remove = move |_| {
        state.edit(Edit::RemoveBranch {
            step: step.get_value(),
            branch: branch.get_value(),
        });
    };
    let steps = match count {
        0 => "no steps".to_owned(),
        1 => "1 step".to_owned(),
        count => format!("{count} steps"),
    };
    view! {
        <div class="branch-row" data-branch=branch.get_value()>
            <input class="in" aria-label=format!("Name of the branch {}", branch.get_value())
                prop:value=branch.get_value() spellcheck="false" on:change=rename />
            <span class="faint">{steps}</span>
            <button type="button" class="icon-button" title="Remove this branch and its steps"
                aria-label=format!("Remove the branch {}", branch.get_value()) on:click=remove>"×"</button>
        </div>
    }
}

/// The branches by name, with how many steps stand directly in each.
fn counted(step: &Step) -> Vec<(String, usize)> {
    let branches = step.branches.iter().flatten();
    branches
        .map(|(name, steps)| (name.clone(), steps.len()))
        .collect()
}

/// A name that no branch has.
fn fresh(branches: &[(String, usize)]) -> String {
    let names = (branches.len() + 1..).map(|number| format!("branch {number}"));
    let mut free = names.filter(|name| branches.iter().all(|(taken, _)| taken != name));
    free.next().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_new_branch_gets_a_name_that_is_free() {
        let branches = |names: &[&str]| {
            names
                .iter()
                .map(|name| ((*name).to_owned(), 0))
                .collect::<Vec<_>>()
        };
        assert_eq!(fresh(&branches(&[])), "branch 1");
        assert_eq!(fresh(&branches(&["first", "branch 3"])), "branch 4");
    }
}
