//! Where the arrow keys lead from an item.
//!
//! Down follows the flow: the next item, into the first lane of a fork, and from the end of a list
//! to what comes after the box or the lanes. Up goes the same way back. Right goes into a box or
//! a lane, else to the next lane on the right. Left goes to the lane to the left, else out.
//! So every item can be reached from every other, and Up alone leads to the first.

use crate::place::{LaneLabel, Placed, PlacedKind, Placement};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Direction {
    Up,
    Down,
    Left,
    Right,
}

/// The id of the item to which an arrow key leads from item `id`; `None` at the rim of the picture
/// and for an id that is not placed.
#[must_use]
pub fn neighbour(placement: &Placement, id: &str, direction: Direction) -> Option<String> {
    let walk = Walk { placement };
    let item = placement.item(id)?;
    let found = match direction {
        Direction::Up => walk.up(item),
        Direction::Down => walk.down(item),
        Direction::Left => walk.left(item),
        Direction::Right => walk.right(item),
    };
    found.map(|item| item.id.clone())
}

/// Which list of which item.
#[derive(Clone, Copy, PartialEq)]
struct List<'a> {
    parent: Option<&'a str>,
    lane: Option<&'a str>,
    side: bool,
}

impl Placed {
    fn list(&self) -> List<'_> {
        List {
            parent: self.parent.as_deref(),
            lane: self.lane.as_deref(),
            side: self.side,
        }
    }
}

impl LaneLabel {
    fn list(&self) -> List<'_> {
        List {
            parent: Some(&self.parent),
            lane: Some(&self.name),
            side: self.side,
        }
    }
}

#[derive(Clone, Copy)]
struct Walk<'p> {
    placement: &'p Placement,
}

impl<'p> Walk<'p> {
    fn down(self, item: &'p Placed) -> Option<&'p Placed> {
        if let Some(first) = self.main_lanes(item).find_map(|lane| self.first(lane)) {
            return Some(first);
        }
        let mut current = item;
        loop {
            if let Some(next) = self.at(current.list(), current.index + 1) {
                return Some(next);
            }
            current = self.parent(current)?;
        }
    }

    fn up(self, item: &'p Placed) -> Option<&'p Placed> {
        let Some(before) = item.index.checked_sub(1) else {
            return self.parent(item);
        };
        let mut found = self.at(item.list(), before)?;
        while let Some(last) = self.main_lanes(found).find_map(|lane| self.last(lane)) {
            found = last;
        }
        Some(found)
    }

    fn left(self, item: &'p Placed) -> Option<&'p Placed> {
        let mut before: Vec<_> = self
            .lanes(item.parent.as_deref()?)
            .take_while(|lane| *lane != item.list())
            .collect();
        before.reverse();
        if item.lane.is_some()
            && let Some(found) = before.iter().find_map(|lane| self.level(*lane, item))
        {
            return Some(found);
        }
        self.parent(item)
    }

    fn right(self, item: &'p Placed) -> Option<&'p Placed> {
        if let Some(inner) = self.into(item) {
            return Some(inner);
        }
        let mut current = item;
        loop {
            let parent = self.parent(current)?;
            // All lanes of a box are to the right of its body.
            let mut after = self.lanes(&parent.id);
            if current.lane.is_some() {
                after.find(|lane| *lane == current.list());
            }
            if let Some(found) = after.find_map(|lane| self.level(lane, item)) {
                return Some(found);
            }
            current = parent;
        }
    }

    fn into(self, item: &'p Placed) -> Option<&'p Placed> {
        let body = List {
            parent: Some(&item.id),
            lane: None,
            side: false,
        };
        let inside = match item.kind {
            PlacedKind::Box => self.first(body),
            PlacedKind::Card => None,
        };
        inside.or_else(|| self.lanes(&item.id).find_map(|lane| self.first(lane)))
    }

    fn parent(self, item: &Placed) -> Option<&'p Placed> {
        self.placement.item(item.parent.as_deref()?)
    }

    /// All lanes of an item from left to right.
    fn lanes(self, id: &str) -> impl Iterator<Item = List<'p>> {
        let labels = self.placement.labels.iter();
        labels
            .filter(move |label| label.parent == id)
            .map(LaneLabel::list)
    }

    /// The lanes through which the flow has to go: without the side lane.
    fn main_lanes(self, item: &'p Placed) -> impl Iterator<Item = List<'p>> {
        self.lanes(&item.id).filter(|lane| !lane.side)
    }

    fn items(self, list: List<'p>) -> impl DoubleEndedIterator<Item = &'p Placed> {
        let items = self.placement.items.iter();
        items.filter(move |item| item.list() == list)
    }

    fn first(self, list: List<'p>) -> Option<&'p Placed> {
        self.items(list).next()
    }

    fn last(self, list: List<'p>) -> Option<&'p Placed> {
        self.items(list).next_back()
    }

    fn at(self, list: List<'p>, index: usize) -> Option<&'p Placed> {
        self.items(list).find(|item| item.index == index)
    }

    /// The item of a list that is most nearly as high up as the given one.
    fn level(self, list: List<'p>, item: &Placed) -> Option<&'p Placed> {
        let distance = |other: &Placed| (other.rect.y - item.rect.y).abs();
        self.items(list)
            .min_by(|one, other| distance(one).total_cmp(&distance(other)))
    }
}
