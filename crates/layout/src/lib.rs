//! Rectangles and lines for the canvas: place a tree, route its edges, hit-test, pan and zoom.
//!
//! This crate knows no workflow. It is handed a tree of [`Node`]s that have an id and a shape,
//! and gives back where everything stands. It does no I/O and has no dependencies, so the same
//! code runs in the browser, while a page is rendered on the server, and in tests.
//!
//! ```
//! use patchbay_layout::{Node, Point, Style, hit, place};
//!
//! let placement = place(&[Node::card("trigger"), Node::card("store")], &Style::default());
//! assert_eq!(placement.items.len(), 2);
//! assert!(hit(&placement, Point::new(0.0, 10.0)).is_some());
//! ```

mod hit;
mod neighbour;
mod place;
mod point;
mod route;
mod style;
mod tree;
mod view;

pub use hit::{Hit, SLOT_GRAB, hit, nearest_slot};
pub use neighbour::{Direction, neighbour};
pub use place::{Edge, End, LaneLabel, Placed, PlacedKind, Placement, Slot, place};
pub use point::{Point, Rect, ScreenPoint, Size};
pub use route::{cable, cable_on_screen, svg_path};
pub use style::Style;
pub use tree::{Lane, Node, Shape};
pub use view::{MAX_ZOOM, MIN_ZOOM, View};
