//! The plans of the runs accepted last, as they are pinned: a workflow that starts often is written down once.

use crate::plan::Plan;
use patchbay_model::Json;
use std::{
    collections::VecDeque,
    sync::{Arc, Mutex, PoisonError},
};

/// Plans at hand. A plan is known by its place in memory, which is why it is held.
const KEPT: usize = 32;

/// A plan as the journal keeps it.
#[derive(Clone)]
pub(super) struct Pinned {
    pub(super) json: Arc<Json>,
    pub(super) hash: Arc<str>,
}

#[derive(Default)]
pub(super) struct PinnedPlans {
    latest: Mutex<VecDeque<(Arc<Plan>, Pinned)>>,
}

impl PinnedPlans {
    /// The pinned form of this plan.
    pub(super) fn of(&self, plan: &Arc<Plan>) -> Pinned {
        let mut latest = self.latest.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((_, pinned)) = latest.iter().find(|(known, _)| Arc::ptr_eq(known, plan)) {
            return pinned.clone();
        }
        let pinned = Pinned {
            json: Arc::new(plan.to_json()),
            hash: plan.hash().into(),
        };
        if latest.len() >= KEPT {
            latest.pop_front();
        }
        latest.push_back((Arc::clone(plan), pinned.clone()));
        pinned
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::Bench;
    use serde_json::json;

    #[test]
    fn a_plan_is_pinned_as_it_stands_and_only_once_while_it_is_at_hand() {
        let plans = PinnedPlans::default();
        let plan = Bench::of(json!([])).unwrap().plan;
        let first = plans.of(&plan);
        assert_eq!(
            (&*first.json, &*first.hash),
            (&plan.to_json(), &*plan.hash())
        );
        assert!(Arc::ptr_eq(&first.json, &plans.of(&plan).json));
        for _ in 0..KEPT {
            plans.of(&Bench::of(json!([])).unwrap().plan);
        }
        assert!(!Arc::ptr_eq(&first.json, &plans.of(&plan).json));
    }
}
