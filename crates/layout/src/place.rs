//! Gives every node its rectangle, and every edge, `+` and lane name its place.
//!
//! Two passes over the tree, each linear: one measures from the leaves up, one places from the
//! root down. Every list of nodes stands along a straight vertical axis. What stands on either side
//! of the axis need not be equally wide, so a side lane deep in a tree widens its boxes to the
//! right and leaves the main way straight. The outermost axis is `x = 0` and the first item begins
//! at `y = 0`, whatever the tree: adding a step moves only what comes after it.

mod emit;
mod measure;

use crate::point::{Point, Rect};
use crate::style::Style;
use crate::tree::Node;

/// Where everything stands.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Placement {
    /// A box comes before what is inside it, so painting in this order is right.
    pub items: Vec<Placed>,
    pub edges: Vec<Edge>,
    pub slots: Vec<Slot>,
    pub labels: Vec<LaneLabel>,
    /// Holds all of the above.
    pub bounds: Rect,
}

/// A node with its rectangle.
#[derive(Debug, Clone, PartialEq)]
pub struct Placed {
    pub id: String,
    pub kind: PlacedKind,
    pub rect: Rect,
    /// The header of a box; the whole rectangle of a card.
    pub header: Rect,
    /// Where edges meet the upper and lower side: the `x` of the list's axis. It is the centre,
    /// except for a box that a side lane has widened to the right.
    pub axis: f64,
    /// How many nodes this one is inside or below of; 0 in the outermost list.
    pub depth: usize,
    /// The box or fork whose list this node is in; `None` in the outermost list.
    pub parent: Option<String>,
    /// The lane of the parent; `None` in a body or the outermost list.
    pub lane: Option<String>,
    /// Whether that lane is the parent's side lane.
    pub side: bool,
    /// The position in its list.
    pub index: usize,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PlacedKind {
    Card,
    Box,
}

/// A place where something can be put in: the `+`.
#[derive(Debug, Clone, PartialEq)]
pub struct Slot {
    /// The box or fork whose list it is in; `None` in the outermost list.
    pub parent: Option<String>,
    /// The lane of the parent; `None` in a body or the outermost list.
    pub lane: Option<String>,
    /// Whether that lane is the parent's side lane.
    pub side: bool,
    /// The position that what is put in here will have.
    pub index: usize,
    pub center: Point,
}

/// A line from one end to another, made of upright and level pieces.
#[derive(Debug, Clone, PartialEq)]
pub struct Edge {
    pub from: End,
    pub to: End,
    /// At least two.
    pub points: Vec<Point>,
    /// The name of the lane that the edge enters.
    pub label: Option<String>,
}

/// What an edge begins or ends at; the text is the id of the node.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum End {
    /// The lower side of an item when the edge begins there, the upper side when it ends there.
    Item(String),
    /// The lower side of a box's header, where its body begins.
    Header(String),
    /// The point below a node where its lanes come together.
    Join(String),
}

/// The name of a lane, where its edge comes down.
#[derive(Debug, Clone, PartialEq)]
pub struct LaneLabel {
    pub parent: String,
    pub name: String,
    /// Whether this is the parent's side lane.
    pub side: bool,
    /// Room for the text, which is to be centred in it.
    pub rect: Rect,
}

/// Places the nodes from top to bottom; the same nodes and style give the same placement.
///
/// Takes time in proportion to the number of nodes. `examples/place_thousand.rs` measures it.
#[must_use]
pub fn place(nodes: &[Node], style: &Style) -> Placement {
    emit::emit(&measure::list(nodes, style), style)
}

impl Placement {
    #[must_use]
    pub fn item(&self, id: &str) -> Option<&Placed> {
        self.items.iter().find(|item| item.id == id)
    }

    /// Whether the slot lies inside or below the node `id`, so that the node cannot be moved there.
    #[must_use]
    pub fn is_within(&self, slot: &Slot, id: &str) -> bool {
        let mut parent = slot.parent.as_deref();
        while let Some(current) = parent {
            if current == id {
                return true;
            }
            parent = self.item(current).and_then(|item| item.parent.as_deref());
        }
        false
    }
}

impl Edge {
    /// The smallest rectangle round the line, to decide whether it can be seen.
    #[must_use]
    pub fn bounds(&self) -> Rect {
        let mut corners = self
            .points
            .iter()
            .map(|point| Rect::new(point.x, point.y, 0.0, 0.0));
        let first = corners.next().unwrap_or_default();
        corners.fold(first, |bounds, corner| bounds.union(&corner))
    }
}

impl End {
    /// The id of the node.
    #[must_use]
    pub fn id(&self) -> &str {
        match self {
            Self::Item(id) | Self::Header(id) | Self::Join(id) => id,
        }
    }
}
