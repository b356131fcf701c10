//! What the pointer takes hold of.

#![expect(
    clippy::unwrap_used,
    reason = "a slot that is missing is to fail the test"
)]

use patchbay_layout::{Hit, Placement, Point, SLOT_GRAB, Slot, Style, hit, nearest_slot, place};

use crate::sample;

fn looped() -> Placement {
    place(&sample::looped(), &Style::default())
}

fn slot_index(placement: &Placement, parent: Option<&str>, index: usize) -> usize {
    let wanted = |slot: &Slot| slot.parent.as_deref() == parent && slot.index == index;
    placement.slots.iter().position(wanted).unwrap()
}

fn item(id: &str) -> Option<Hit> {
    Some(Hit::Item(id.to_owned()))
}

#[test]
fn card_is_hit_on_its_rim() {
    let placement = looped();
    assert_eq!(hit(&placement, Point::new(-136.0, 0.0)), item("trigger"));
    assert_eq!(hit(&placement, Point::new(136.0, 64.0)), item("trigger"));
}

#[test]
fn item_in_a_box_is_hit_before_the_box() {
    let placement = looped();
    let inside = placement.item("store").unwrap().rect.center();
    assert_eq!(hit(&placement, inside), item("store"));
}

#[test]
fn box_is_hit_on_its_header_and_beside_its_body() {
    let placement = looped();
    let container = placement.item("loop").unwrap();
    let beside = Point::new(container.rect.x + 5.0, container.rect.bottom() - 5.0);
    assert_eq!(hit(&placement, container.header.center()), item("loop"));
    assert_eq!(hit(&placement, beside), item("loop"));
}

#[test]
fn slot_in_a_box_is_hit_before_the_box() {
    let placement = looped();
    let slot = slot_index(&placement, Some("loop"), 0);
    let near = placement.slots[slot].center;
    let near = Point::new(near.x + SLOT_GRAB - 1.0, near.y);
    assert_eq!(hit(&placement, near), Some(Hit::Slot(slot)));
}

#[test]
fn slot_is_not_hit_beyond_its_grab_radius() {
    let placement = looped();
    let center = placement.slots[slot_index(&placement, None, 1)].center;
    let beyond = Point::new(center.x + SLOT_GRAB + 1.0, center.y);
    assert_eq!(hit(&placement, beyond), None);
}

#[test]
fn nothing_is_hit_off_the_picture() {
    assert_eq!(hit(&looped(), Point::new(5_000.0, 0.0)), None);
    assert_eq!(hit(&Placement::default(), Point::default()), None);
}

#[test]
fn nearest_slot_is_found_within_the_distance_only() {
    let placement = looped();
    let slot = slot_index(&placement, None, 1);
    let center = placement.slots[slot].center;
    let aside = Point::new(center.x + 100.0, center.y + 10.0);
    assert_eq!(nearest_slot(&placement, aside, 120.0), Some(slot));
    assert_eq!(nearest_slot(&placement, aside, 90.0), None);
}

#[test]
fn slot_in_a_nested_body_is_within_every_box_around_it() {
    let placement = place(&sample::nested_loops(), &Style::default());
    let inner = &placement.slots[slot_index(&placement, Some("inner"), 0)];
    let outer = &placement.slots[slot_index(&placement, Some("outer"), 0)];
    assert!(placement.is_within(inner, "inner"));
    assert!(placement.is_within(inner, "outer"));
    assert!(placement.is_within(outer, "outer"));
    assert!(!placement.is_within(outer, "inner"));
    assert!(!placement.is_within(outer, "trigger"));
}
