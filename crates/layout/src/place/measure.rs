//! The first pass: how much room every node and list needs on either side of its axis.

use crate::style::Style;
use crate::tree::{Lane, Node, Shape};

/// Room on either side of an axis, and downwards.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Extent {
    pub(super) left: f64,
    pub(super) right: f64,
    pub(super) height: f64,
}

pub(super) struct MeasuredList<'a> {
    pub(super) nodes: Vec<MeasuredNode<'a>>,
    /// From the top of the first node to the bottom of the last.
    pub(super) extent: Extent,
}

pub(super) struct MeasuredNode<'a> {
    pub(super) id: &'a str,
    /// The card or box alone.
    pub(super) item: Extent,
    /// With its lanes, down to where they have come together.
    pub(super) extent: Extent,
    pub(super) body: Option<MeasuredList<'a>>,
    pub(super) lanes: Vec<MeasuredLane<'a>>,
    /// Whether there is a straight way down beside the lanes.
    pub(super) straight_on: bool,
}

pub(super) struct MeasuredLane<'a> {
    pub(super) name: &'a str,
    pub(super) side: bool,
    pub(super) list: MeasuredList<'a>,
    /// From the axis of the fork to that of the lane, to the right.
    pub(super) offset: f64,
    left: f64,
    right: f64,
}

pub(super) fn list<'a>(nodes: &'a [Node], style: &Style) -> MeasuredList<'a> {
    let nodes: Vec<_> = nodes.iter().map(|each| node(each, style)).collect();
    let mut extent = Extent::default();
    for (index, each) in nodes.iter().enumerate() {
        extent.left = extent.left.max(each.extent.left);
        extent.right = extent.right.max(each.extent.right);
        extent.height += each.extent.height + if index == 0 { 0.0 } else { style.gap };
    }
    MeasuredList { nodes, extent }
}

/// From the lower side of a fork to the top of the first item of a lane.
pub(super) fn lane_start(style: &Style) -> f64 {
    label_center(style) + style.lane_label.height / 2.0 + style.gap
}

/// From the lower side of a fork to the middle of the names of its lanes.
pub(super) fn label_center(style: &Style) -> f64 {
    style.fork_drop + style.corner + style.lane_label.height / 2.0
}

/// From the lower side of a fork to the line along which its lanes come together.
fn lanes_height(lanes: &[MeasuredLane<'_>], style: &Style) -> f64 {
    lanes
        .iter()
        .map(|lane| lane_start(style) + after_items(&lane.list, style))
        .fold(0.0, f64::max)
}

fn after_items(list: &MeasuredList<'_>, style: &Style) -> f64 {
    if list.nodes.is_empty() {
        0.0
    } else {
        // The last slot keeps clear of the corner below it.
        list.extent.height + style.gap + style.corner
    }
}

fn node<'a>(node: &'a Node, style: &Style) -> MeasuredNode<'a> {
    let (item, body, fork): (_, _, &[Lane]) = match &node.shape {
        Shape::Card => (card(style), None, &[]),
        Shape::Fork { lanes } => (card(style), None, lanes),
        Shape::Box { body } => {
            let body = list(body, style);
            (container(&body, style), Some(body), &[])
        }
    };
    let lanes = side_by_side(fork, node.side.as_ref(), style);
    let mut extent = item;
    for lane in &lanes {
        extent.left = extent.left.max(lane.left - lane.offset);
        extent.right = extent.right.max(lane.offset + lane.right);
    }
    if !lanes.is_empty() {
        extent.height += lanes_height(&lanes, style) + style.corner;
    }
    MeasuredNode {
        id: &node.id,
        item,
        extent,
        body,
        straight_on: fork.is_empty(),
        lanes,
    }
}

fn card(style: &Style) -> Extent {
    Extent {
        left: style.card.width / 2.0,
        right: style.card.width / 2.0,
        height: style.card.height,
    }
}

fn container(body: &MeasuredList<'_>, style: &Style) -> Extent {
    let half = style.box_min_width / 2.0;
    let room = if body.nodes.is_empty() {
        style.empty_body_height
    } else {
        style.gap + body.extent.height + style.gap + style.box_padding
    };
    Extent {
        left: half.max(body.extent.left + style.box_padding),
        right: half.max(body.extent.right + style.box_padding),
        height: style.box_header + room,
    }
}

/// The lanes of a fork are centred below it as a group, the side lane comes to their right. Where
/// there are no other lanes, the side lane only keeps clear of the straight line down.
fn side_by_side<'a>(
    fork: &'a [Lane],
    side: Option<&'a Lane>,
    style: &Style,
) -> Vec<MeasuredLane<'a>> {
    let mut lanes: Vec<_> = fork.iter().map(|each| lane(each, false, style)).collect();
    let widths: f64 = lanes.iter().map(|lane| lane.left + lane.right).sum();
    let gaps = style.lane_gap * lanes.len().saturating_sub(1) as f64;
    let group = widths + gaps;

    let mut edge = -group / 2.0;
    for lane in &mut lanes {
        lane.offset = edge + lane.left;
        edge += lane.left + lane.right + style.lane_gap;
    }
    if let Some(each) = side {
        let mut lane = lane(each, true, style);
        lane.offset = group / 2.0 + style.lane_gap + lane.left;
        lanes.push(lane);
    }
    lanes
}

fn lane<'a>(lane: &'a Lane, side: bool, style: &Style) -> MeasuredLane<'a> {
    let list = list(&lane.nodes, style);
    let half = style.lane_min_width / 2.0;
    MeasuredLane {
        name: &lane.name,
        side,
        offset: 0.0,
        left: half.max(list.extent.left),
        right: half.max(list.extent.right),
        list,
    }
}
