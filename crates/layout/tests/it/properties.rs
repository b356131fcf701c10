//! What holds for every tree.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use patchbay_layout::{
    Direction, Hit, Lane, Node, PlacedKind, Placement, Point, Rect, Shape, Size, Slot, Style, hit,
    neighbour, place,
};
use proptest::prelude::*;

use crate::sample;

const NAMES: [&str; 4] = ["true", "false", "maybe", "default"];

/// Trees up to five levels deep; ids are given in a second step, so that they are unique.
fn trees() -> impl Strategy<Value = Vec<Node>> {
    let node = Just(Node::card("")).prop_recursive(5, 60, 4, |inner| {
        let list = || prop::collection::vec(inner.clone(), 0..4);
        let shape = prop_oneof![
            2 => Just(Shape::Card),
            2 => list().prop_map(|body| Shape::Box { body }),
            2 => prop::collection::vec(list(), 0..4).prop_map(|lists| Shape::Fork {
                lanes: NAMES.iter().zip(lists).map(|(name, nodes)| Lane::new(*name, nodes)).collect(),
            }),
        ];
        (shape, prop::option::weighted(0.3, list())).prop_map(|(shape, side)| Node {
            id: String::new(),
            shape,
            side: side.map(|nodes| Lane::new("error", nodes)),
        })
    });
    prop::collection::vec(node, 0..6).prop_map(|mut nodes| {
        number(&mut nodes, &mut 0);
        nodes
    })
}

fn number(nodes: &mut [Node], next: &mut usize) {
    for node in nodes {
        node.id = format!("n{next}");
        *next += 1;
        match &mut node.shape {
            Shape::Card => {}
            Shape::Box { body } => number(body, next),
            Shape::Fork { lanes } => {
                for lane in lanes {
                    number(&mut lane.nodes, next);
                }
            }
        }
        if let Some(lane) = &mut node.side {
            number(&mut lane.nodes, next);
        }
    }
}

/// Parent, lane, whether it is a side lane.
type List = (Option<String>, Option<String>, bool);

/// How many nodes every list of the tree has.
fn lists(nodes: &[Node]) -> BTreeMap<List, usize> {
    let mut found = BTreeMap::new();
    collect((None, None, false), nodes, &mut found);
    found
}

fn collect(list: List, nodes: &[Node], found: &mut BTreeMap<List, usize>) {
    found.insert(list, nodes.len());
    for node in nodes {
        let parent = || Some(node.id.clone());
        match &node.shape {
            Shape::Card => {}
            Shape::Box { body } => collect((parent(), None, false), body, found),
            Shape::Fork { lanes } => {
                for lane in lanes {
                    let list = (parent(), Some(lane.name.clone()), false);
                    collect(list, &lane.nodes, found);
                }
            }
        }
        if let Some(lane) = &node.side {
            let list = (parent(), Some(lane.name.clone()), true);
            collect(list, &lane.nodes, found);
        }
    }
}

/// Every position at which the style lets something be put in.
fn insertion_points(nodes: &[Node], style: &Style) -> BTreeSet<(List, usize)> {
    let mut points = BTreeSet::new();
    for (list, length) in lists(nodes) {
        let outermost = list.0.is_none();
        let first = usize::from(outermost && length > 0 && !style.slot_before_first);
        points.extend((first..=length).map(|index| (list.clone(), index)));
    }
    points
}

/// The boxes that the body of `parent` is in, `parent` itself included.
fn ancestors(placement: &Placement, parent: Option<&str>) -> HashSet<String> {
    let mut found = HashSet::new();
    let mut parent = parent;
    while let Some(item) = parent.and_then(|id| placement.item(id)) {
        found.insert(item.id.clone());
        parent = item.parent.as_deref();
    }
    found
}

fn around(slot: &Slot, style: &Style) -> Rect {
    let size = Size::new(2.0 * style.slot_radius, 2.0 * style.slot_radius);
    Rect::around(slot.center, size)
}

fn placed(nodes: &[Node]) -> Placement {
    place(nodes, &Style::default())
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn items_overlap_only_where_one_is_inside_the_other(nodes in trees()) {
        let placement = placed(&nodes);
        for (index, one) in placement.items.iter().enumerate() {
            for other in &placement.items[index + 1..] {
                let inside = one.kind == PlacedKind::Box && one.rect.contains_rect(&other.rect)
                    && ancestors(&placement, other.parent.as_deref()).contains(&one.id);
                prop_assert!(inside || !one.rect.intersects(&other.rect), "{one:?} {other:?}");
            }
        }
    }

    #[test]
    fn body_lies_in_its_box_below_the_header(nodes in trees()) {
        let placement = placed(&nodes);
        let room = |parent: &Option<String>, lane: &Option<String>| {
            let parent = placement.item(parent.as_deref()?)?;
            let (rect, header) = (parent.rect, parent.header);
            lane.is_none().then(|| Rect {
                y: header.bottom(),
                height: rect.bottom() - header.bottom(),
                ..rect
            })
        };
        for item in &placement.items {
            if let Some(room) = room(&item.parent, &item.lane) {
                prop_assert!(room.contains_rect(&item.rect.inflate(Style::default().box_padding)));
            }
        }
        for slot in &placement.slots {
            if let Some(room) = room(&slot.parent, &slot.lane) {
                prop_assert!(room.contains_rect(&around(slot, &Style::default())));
            }
        }
    }

    #[test]
    fn slots_are_the_insertion_points(nodes in trees(), slot_before_first: bool) {
        let style = Style { slot_before_first, ..Style::default() };
        let slots = place(&nodes, &style).slots;
        let found: BTreeSet<_> = slots
            .iter()
            .map(|slot| ((slot.parent.clone(), slot.lane.clone(), slot.side), slot.index))
            .collect();
        prop_assert_eq!(found.len(), slots.len());
        prop_assert_eq!(found, insertion_points(&nodes, &style));
    }

    #[test]
    fn slots_and_labels_cover_no_item(nodes in trees()) {
        let style = Style::default();
        let placement = place(&nodes, &style);
        let slots = placement.slots.iter().map(|slot| (slot.parent.as_deref(), around(slot, &style)));
        let labels = placement.labels.iter().map(|label| (Some(label.parent.as_str()), label.rect));
        for (parent, rect) in slots.chain(labels) {
            let around = ancestors(&placement, parent);
            for item in &placement.items {
                let inside = item.kind == PlacedKind::Box && around.contains(&item.id);
                prop_assert!(inside || !item.rect.intersects(&rect), "{item:?} {rect:?}");
            }
        }
    }

    #[test]
    fn edges_are_upright_or_level_and_cross_no_card(nodes in trees()) {
        let placement = placed(&nodes);
        for edge in &placement.edges {
            prop_assert!(edge.points.len() >= 2);
            for piece in edge.points.windows(2) {
                prop_assert!(piece[0].x == piece[1].x || piece[0].y == piece[1].y);
                let (one, other) = (corner(piece[0]), corner(piece[1]));
                let line = one.union(&other).inflate(0.5);
                for item in placement.items.iter().filter(|item| item.kind == PlacedKind::Card) {
                    prop_assert!(!line.intersects(&item.rect.inflate(-1.0)), "{edge:?} {item:?}");
                }
            }
        }
    }

    #[test]
    fn every_item_but_the_first_is_led_to_by_one_edge(nodes in trees()) {
        let placement = placed(&nodes);
        for (index, item) in placement.items.iter().enumerate() {
            let end = Point::new(item.axis, item.rect.y);
            let edges = placement.edges.iter();
            let leading = edges.filter(|edge| edge.points.last() == Some(&end)).count();
            prop_assert_eq!(leading, usize::from(index > 0), "{:?}", item);
        }
    }

    #[test]
    fn bounds_hold_everything(nodes in trees()) {
        let placement = placed(&nodes);
        let bounds = placement.bounds.inflate(1e-6);
        prop_assert!(placement.items.iter().all(|item| bounds.contains_rect(&item.rect)));
        prop_assert!(placement.labels.iter().all(|label| bounds.contains_rect(&label.rect)));
        prop_assert!(placement.edges.iter().all(|edge| bounds.contains_rect(&edge.bounds())));
        let style = Style::default();
        prop_assert!(placement.slots.iter().all(|slot| bounds.contains_rect(&around(slot, &style))));
    }

    #[test]
    fn same_tree_has_the_same_placement(nodes in trees()) {
        prop_assert_eq!(placed(&nodes), placed(&nodes.clone()));
    }

    #[test]
    fn what_comes_after_moves_nothing_above_it(nodes in trees(), more in trees()) {
        let before = placed(&nodes);
        let mut longer = nodes;
        longer.push(Node::boxed("more", more));
        let after = placed(&longer);
        prop_assert_eq!(&before.items[..], &after.items[..before.items.len()]);
    }

    #[test]
    fn every_header_and_slot_can_be_hit(nodes in trees()) {
        let placement = placed(&nodes);
        for item in &placement.items {
            let found = hit(&placement, item.header.center());
            prop_assert_eq!(found, Some(Hit::Item(item.id.clone())));
        }
        for (index, slot) in placement.slots.iter().enumerate() {
            prop_assert_eq!(hit(&placement, slot.center), Some(Hit::Slot(index)));
        }
    }

    #[test]
    fn up_leads_to_the_first_item(nodes in trees()) {
        let placement = placed(&nodes);
        let position = |id: &str| placement.items.iter().position(|item| item.id == id);
        for (index, item) in placement.items.iter().enumerate() {
            let up = neighbour(&placement, &item.id, Direction::Up);
            prop_assert_eq!(up.is_some(), index > 0);
            prop_assert!(up.is_none_or(|id| position(&id).unwrap() < index));
        }
    }

    #[test]
    fn arrow_keys_lead_from_the_first_item_to_every_other(nodes in trees()) {
        let placement = placed(&nodes);
        let mut open: Vec<_> = placement.items.first().map(|item| item.id.clone()).into_iter().collect();
        let mut found = HashSet::new();
        while let Some(id) = open.pop() {
            for direction in [Direction::Up, Direction::Down, Direction::Left, Direction::Right] {
                open.extend(neighbour(&placement, &id, direction).filter(|next| !found.contains(next)));
            }
            found.insert(id);
        }
        prop_assert_eq!(found.len(), placement.items.len());
    }
}

fn corner(point: Point) -> Rect {
    Rect::new(point.x, point.y, 0.0, 0.0)
}

#[test]
fn first_item_begins_at_the_origin() {
    for (name, nodes) in sample::samples() {
        let placement = placed(&nodes);
        assert_eq!(
            placement.items[0].rect.top_center(),
            Point::default(),
            "{name}"
        );
    }
}

#[test]
fn empty_tree_offers_one_slot() {
    let placement = placed(&[]);
    assert!(placement.items.is_empty() && placement.edges.is_empty());
    assert_eq!(placement.slots.len(), 1);
    assert_eq!(placement.slots[0].index, 0);
}

#[test]
fn lanes_of_one_name_are_told_apart_by_side() {
    let fork = Node::fork("fork", vec![Lane::new("error", vec![])]);
    let placement = placed(&[fork.with_side(Lane::new("error", vec![]))]);
    let sides: Vec<_> = placement
        .slots
        .iter()
        .filter(|slot| slot.lane.as_deref() == Some("error"))
        .map(|slot| slot.side)
        .collect();
    assert_eq!(sides, [false, true]);
}

#[test]
fn loop_of_one_card_has_the_sizes_of_the_look() {
    let placement = placed(&sample::looped());
    let container = placement.item("loop").unwrap();
    assert_eq!(container.rect, Rect::new(-160.0, 216.0, 320.0, 232.0));
    assert_eq!(container.header, Rect::new(-160.0, 216.0, 320.0, 56.0));
}

#[test]
fn deep_nesting_is_placed() {
    let deep = (0..300).fold(Node::card("core"), |inner, level| {
        Node::boxed(format!("loop-{level}"), vec![inner])
    });
    let placement = placed(&[deep]);
    assert_eq!(placement.item("core").unwrap().depth, 300);
}
