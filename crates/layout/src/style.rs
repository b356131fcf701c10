//! The sizes and distances of the picture, in one place so that canvas and style sheet can agree.

use crate::point::Size;

/// Sizes and distances in canvas units; all of them finite and not negative.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Style {
    /// A card.
    pub card: Size,
    /// From one item to the next below it; the `+` stands in the middle.
    pub gap: f64,
    /// The header line of a box.
    pub box_header: f64,
    /// From the body to the left, right and lower side of its box.
    pub box_padding: f64,
    pub box_min_width: f64,
    /// The whole room below the header of a box that has nothing in it.
    pub empty_body_height: f64,
    /// Between two lanes that stand side by side.
    pub lane_gap: f64,
    /// The width of a lane that has nothing in it, and the least of any other.
    pub lane_min_width: f64,
    /// From the lower side of a fork to the line along which its edges part.
    pub fork_drop: f64,
    /// The name of a lane, on its edge; not wider than `lane_min_width`.
    pub lane_label: Size,
    /// The radius of the corners of edges.
    pub corner: f64,
    /// The radius of the `+`.
    pub slot_radius: f64,
    /// Whether something can be put before the first node of the outermost list.
    pub slot_before_first: bool,
}

impl Default for Style {
    fn default() -> Self {
        Self {
            card: Size::new(272.0, 64.0),
            gap: 44.0,
            box_header: 56.0,
            box_padding: 24.0,
            box_min_width: 320.0,
            empty_body_height: 88.0,
            lane_gap: 44.0,
            lane_min_width: 144.0,
            fork_drop: 22.0,
            lane_label: Size::new(120.0, 24.0),
            corner: 12.0,
            slot_radius: 11.0,
            slot_before_first: false,
        }
    }
}
