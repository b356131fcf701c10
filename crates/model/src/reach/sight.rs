//! Who sees whom: decided by the two places in the tree alone.

use super::Reach;
use crate::document::{Lane, Step, TRIGGER};
use std::cmp::Ordering;

/// From where a step is looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum View {
    /// As a step that is done.
    Outside,
    /// As a loop, from inside its body: this iteration.
    Inside,
}

/// Whether one step can see another's output.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Sight {
    /// It can.
    Visible(View),
    /// There is no such step.
    Unknown,
    /// It is the step itself.
    Itself,
    /// It runs later.
    Later,
    /// It runs inside the body of this loop, which cannot be looked into from outside.
    InsideLoop(String),
    /// It stands in another branch of this step.
    OtherBranch(String),
    /// It has failed where this step runs: only `$.errors.<name>` is there.
    Failed,
}

impl Reach<'_> {
    /// Whether `from` (a step or the trigger) can see the output of `to`.
    pub fn sight(&self, from: &str, to: &str) -> Sight {
        if from == to {
            return if from == TRIGGER || self.by_name.contains_key(to) {
                Sight::Itself
            } else {
                Sight::Unknown
            };
        }
        if to == TRIGGER {
            return Sight::Visible(View::Outside);
        }
        let Some(&target) = self.by_name.get(to) else {
            return Sight::Unknown;
        };
        if from == TRIGGER {
            return Sight::Later;
        }
        match self.by_name.get(from) {
            Some(&position) => self.compare(&self.chain(position), &self.chain(target)),
            None => Sight::Unknown,
        }
    }

    /// The same for one field of `from`, given by its JSON pointer below `inputs`.
    ///
    /// `collect` and `conditions` of a loop are worked out at the end of each iteration: they see what a last step
    /// of the body would.
    pub fn sight_of_field(&self, from: &str, field: &str, to: &str) -> Sight {
        match self.by_name.get(from) {
            Some(&position) if self.is_collected(position, field) => {
                self.sight_after_body(position, to)
            }
            _ => self.sight(from, to),
        }
    }

    fn is_collected(&self, position: usize, field: &str) -> bool {
        let after = ["/collect", "/conditions"].into_iter().any(|input| {
            let below = field.strip_prefix(input);
            below.is_some_and(|below| below.is_empty() || below.starts_with('/'))
        });
        after && self.visits[position].step.body.is_some()
    }

    fn sight_after_body(&self, looped: usize, to: &str) -> Sight {
        let Some(&target) = self.by_name.get(to) else {
            return self.sight(&self.visits[looped].step.name, to);
        };
        let chain = self.chain(target);
        match chain.iter().position(|position| *position == looped) {
            Some(depth) => match chain.get(depth + 1..) {
                None | Some([]) => Sight::Visible(View::Inside),
                Some([first, below @ ..]) if self.visits[*first].lane() == Some(Lane::Body) => {
                    self.look_into(below)
                }
                Some(_) => Sight::Later,
            },
            None => self.sight(&self.visits[looped].step.name, to),
        }
    }

    /// The step on whose branch it depends whether `to` has run when `from` sees it: its nearest one that may have
    /// taken another branch. Branches that all run are no such thing; `all_run` says of which steps they are.
    pub fn uncertain(
        &self,
        from: &str,
        to: &str,
        all_run: impl Fn(&Step) -> bool,
    ) -> Option<(&str, Lane)> {
        let (&mine, &theirs) = (self.by_name.get(from)?, self.by_name.get(to)?);
        let around = self.chain(mine);
        let inside = self.chain(theirs);
        let outside = inside.iter().filter(|position| !around.contains(position));
        let mut found = outside.filter_map(|position| {
            let visit = &self.visits[*position];
            let parent = visit.parent?;
            let beside = around.iter().any(|mine| {
                let mine = &self.visits[*mine];
                mine.lane() == visit.lane()
                    && mine.parent.is_some_and(|own| std::ptr::eq(own, parent))
            });
            match visit.lane()? {
                _ if beside => None,
                Lane::Body => None,
                Lane::Branch(_) if all_run(parent) => None,
                lane => Some((parent.name.as_str(), lane)),
            }
        });
        found.next()
    }

    /// Follows both chains down to where they part.
    fn compare(&self, from: &[usize], to: &[usize]) -> Sight {
        let common = from
            .iter()
            .zip(to)
            .take_while(|(mine, theirs)| mine == theirs)
            .count();
        match (from.get(common), to.get(common)) {
            (None, _) => Sight::Later,
            (Some(&mine), None) => match self.visits[mine].lane() {
                Some(Lane::Body) => Sight::Visible(View::Inside),
                Some(Lane::OnError) => Sight::Failed,
                Some(Lane::Branch(_)) | None => Sight::Visible(View::Outside),
            },
            (Some(&mine), Some(&theirs)) => self.compare_siblings(mine, theirs, &to[common + 1..]),
        }
    }

    /// Two steps in lists of the same parent; `below` leads from the second one down to the target.
    fn compare_siblings(&self, mine: usize, theirs: usize, below: &[usize]) -> Sight {
        let (mine, theirs) = (&self.visits[mine], &self.visits[theirs]);
        if mine.lane() != theirs.lane() {
            let parent = mine
                .parent
                .map(|parent| parent.name.clone())
                .unwrap_or_default();
            return match (mine.lane(), theirs.lane()) {
                (_, Some(Lane::OnError)) => Sight::Later,
                (_, Some(Lane::Body)) => Sight::InsideLoop(parent),
                _ => Sight::OtherBranch(parent),
            };
        }
        match theirs.index.cmp(&mine.index) {
            Ordering::Less => self.look_into(below),
            Ordering::Equal | Ordering::Greater => Sight::Later,
        }
    }

    /// From outside, branches that have been joined can be looked into, bodies of loops cannot.
    fn look_into(&self, below: &[usize]) -> Sight {
        let hidden = below
            .iter()
            .map(|position| &self.visits[*position])
            .find(|visit| visit.lane() == Some(Lane::Body));
        match hidden.and_then(|visit| visit.parent) {
            Some(parent) => Sight::InsideLoop(parent.name.clone()),
            None => Sight::Visible(View::Outside),
        }
    }
}
