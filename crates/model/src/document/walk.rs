//! Goes through the tree of steps and finds places in it.

use super::{Lane, Place, Step, Workflow};

/// A step where it stands.
#[derive(Debug, Clone, Copy)]
pub struct Visit<'a> {
    /// The step.
    pub step: &'a Step,
    /// The step in whose list it stands; none at the top level.
    pub parent: Option<&'a Step>,
    /// Which of the parent's lists.
    lane: Option<LaneRef<'a>>,
    /// Position in that list.
    pub index: usize,
    /// How many steps it stands inside of.
    pub depth: usize,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum LaneRef<'a> {
    Body,
    Branch(&'a str),
    OnError,
}

impl LaneRef<'_> {
    fn to_lane(self) -> Lane {
        match self {
            Self::Body => Lane::Body,
            Self::Branch(name) => Lane::Branch(name.to_owned()),
            Self::OnError => Lane::OnError,
        }
    }
}

impl Visit<'_> {
    /// Which of the parent's lists it stands in.
    pub fn lane(&self) -> Option<Lane> {
        self.lane.map(LaneRef::to_lane)
    }

    /// Where it stands.
    pub fn place(&self) -> Place {
        Place {
            parent: self.parent.map(|parent| parent.name.clone()),
            lane: self.lane(),
            index: self.index,
        }
    }
}

/// Depth first, a step before what is inside it, lists in the order body, branches, error branch.
struct Walk<'a> {
    /// What is still to be visited, the next one last.
    waiting: Vec<Visit<'a>>,
}

impl<'a> Walk<'a> {
    fn push(
        &mut self,
        list: &'a [Step],
        parent: Option<&'a Step>,
        lane: Option<LaneRef<'a>>,
        depth: usize,
    ) {
        let visits = list.iter().enumerate().rev();
        self.waiting.extend(visits.map(|(index, step)| Visit {
            step,
            parent,
            lane,
            index,
            depth,
        }));
    }
}

impl<'a> Iterator for Walk<'a> {
    type Item = Visit<'a>;

    fn next(&mut self) -> Option<Self::Item> {
        let visit = self.waiting.pop()?;
        let inside = visit.depth + 1;
        for (lane, list) in visit.step.lane_refs().into_iter().rev() {
            self.push(list, Some(visit.step), Some(lane), inside);
        }
        Some(visit)
    }
}

impl Workflow {
    /// Every step with its place, depth first, a step before what is inside it.
    pub fn all_steps(&self) -> impl Iterator<Item = Visit<'_>> {
        let mut walk = Walk {
            waiting: Vec::new(),
        };
        walk.push(&self.steps, None, None, 0);
        walk
    }

    /// The step of that name; the trigger is not one of them.
    pub fn step(&self, name: &str) -> Option<&Step> {
        self.all_steps()
            .map(|visit| visit.step)
            .find(|step| step.name == name)
    }

    /// The step of that name, to be changed.
    pub fn step_mut(&mut self, name: &str) -> Option<&mut Step> {
        let place = self.place_of(name)?;
        self.list_mut(&place)?.get_mut(place.index)
    }

    /// Where the step of that name stands.
    pub fn place_of(&self, name: &str) -> Option<Place> {
        self.all_steps()
            .find(|visit| visit.step.name == name)
            .map(|visit| visit.place())
    }

    /// The list that a place is in; none when its parent or that list is not there.
    pub fn list(&self, place: &Place) -> Option<&Vec<Step>> {
        match (&place.parent, &place.lane) {
            (None, None) => Some(&self.steps),
            (Some(parent), Some(lane)) => self.step(parent)?.lane(lane),
            _ => None,
        }
    }

    /// The list that a place is in, to be changed.
    pub fn list_mut(&mut self, place: &Place) -> Option<&mut Vec<Step>> {
        match (&place.parent, &place.lane) {
            (None, None) => Some(&mut self.steps),
            (Some(parent), Some(lane)) => {
                let path = self.indices_of(parent)?;
                descend(&mut self.steps, &path)?.lane_mut(lane)
            }
            _ => None,
        }
    }

    /// The names of the steps that a step stands inside of, outermost first.
    pub fn ancestors(&self, name: &str) -> Vec<&str> {
        let mut ancestors = Vec::new();
        for visit in self.all_steps() {
            ancestors.truncate(visit.depth);
            if visit.step.name == name {
                return ancestors;
            }
            ancestors.push(visit.step.name.as_str());
        }
        Vec::new()
    }

    /// The way down to a step: which list at each level, and the position in it.
    fn indices_of(&self, name: &str) -> Option<Vec<(Option<Lane>, usize)>> {
        let mut way: Vec<(Option<Lane>, usize)> = Vec::new();
        for visit in self.all_steps() {
            way.truncate(visit.depth);
            way.push((visit.lane(), visit.index));
            if visit.step.name == name {
                return Some(way);
            }
        }
        None
    }
}

fn descend<'a>(top: &'a mut [Step], way: &[(Option<Lane>, usize)]) -> Option<&'a mut Step> {
    let ((_, first), rest) = way.split_first()?;
    let mut step = top.get_mut(*first)?;
    for (lane, index) in rest {
        step = step.lane_mut(lane.as_ref()?)?.get_mut(*index)?;
    }
    Some(step)
}

impl Step {
    /// The lists of steps that it carries, in the order body, branches, error branch.
    pub fn lanes(&self) -> Vec<(Lane, &Vec<Step>)> {
        self.lane_refs()
            .into_iter()
            .map(|(lane, list)| (lane.to_lane(), list))
            .collect()
    }

    /// One of them.
    pub fn lane(&self, lane: &Lane) -> Option<&Vec<Step>> {
        match lane {
            Lane::Body => self.body.as_ref(),
            Lane::Branch(name) => self.branches.as_ref()?.get(name),
            Lane::OnError => self.on_error_steps.as_ref(),
        }
    }

    /// One of them, to be changed.
    pub fn lane_mut(&mut self, lane: &Lane) -> Option<&mut Vec<Step>> {
        match lane {
            Lane::Body => self.body.as_mut(),
            Lane::Branch(name) => self.branches.as_mut()?.get_mut(name),
            Lane::OnError => self.on_error_steps.as_mut(),
        }
    }

    fn lane_refs(&self) -> Vec<(LaneRef<'_>, &Vec<Step>)> {
        let body = self.body.iter().map(|list| (LaneRef::Body, list));
        let branches = self
            .branches
            .iter()
            .flatten()
            .map(|(name, list)| (LaneRef::Branch(name), list));
        let on_error = self
            .on_error_steps
            .iter()
            .map(|list| (LaneRef::OnError, list));
        body.chain(branches).chain(on_error).collect()
    }
}
