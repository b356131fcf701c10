//! What lies under the pointer, and which slot something that is dragged would fall into.

use crate::place::{Placement, Slot};
use crate::point::Point;

/// How close to the middle of a slot, in canvas units, the pointer takes hold of it: a little more
/// than the drawn `+`, and less than the way to the items above and below.
pub const SLOT_GRAB: f64 = 16.0;

/// What lies under a point.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Hit {
    /// The item with this id.
    Item(String),
    /// The slot with this position in [`Placement::slots`].
    Slot(usize),
}

/// What lies under the point: a slot within [`SLOT_GRAB`], else the innermost item.
#[must_use]
pub fn hit(placement: &Placement, point: Point) -> Option<Hit> {
    if let Some(slot) = nearest_slot(placement, point, SLOT_GRAB) {
        return Some(Hit::Slot(slot));
    }
    // A box comes before what is inside it, so the last match is the innermost.
    let mut items = placement.items.iter().rev();
    items
        .find(|item| item.rect.contains(point))
        .map(|item| Hit::Item(item.id.clone()))
}

/// The position in [`Placement::slots`] of the slot nearest to the point, if one is within
/// `max_distance` canvas units; the earlier of two that are equally near.
#[must_use]
pub fn nearest_slot(placement: &Placement, point: Point, max_distance: f64) -> Option<usize> {
    let distance = |slot: &Slot| slot.center.distance(point);
    placement
        .slots
        .iter()
        .map(distance)
        .enumerate()
        .filter(|(_, distance)| *distance <= max_distance)
        .min_by(|(_, one), (_, other)| one.total_cmp(other))
        .map(|(index, _)| index)
}
