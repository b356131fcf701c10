//! The second pass: from the measured tree to rectangles, lines and slots on the canvas.

use super::measure::{self, MeasuredLane, MeasuredList, MeasuredNode};
use super::{Edge, End, LaneLabel, Placed, PlacedKind, Placement, Slot};
use crate::point::{Point, Rect, Size};
use crate::style::Style;

pub(super) fn emit(list: &MeasuredList<'_>, style: &Style) -> Placement {
    let mut emitter = Emitter {
        style,
        placement: Placement::default(),
    };
    let place = ListPlace {
        parent: None,
        lane: None,
        side: false,
        depth: 0,
        axis: 0.0,
        top: 0.0,
    };
    if list.nodes.is_empty() || style.slot_before_first {
        emitter.slot(&place, 0, -style.gap / 2.0);
    }
    emitter.list(list, &place, None);
    emitter.placement.bounds = bounds(&emitter.placement, style);
    emitter.placement
}

struct Emitter<'s> {
    style: &'s Style,
    placement: Placement,
}

/// Which list is being placed, and where it begins.
#[derive(Clone, Copy)]
struct ListPlace<'a> {
    parent: Option<&'a str>,
    lane: Option<&'a str>,
    side: bool,
    depth: usize,
    axis: f64,
    top: f64,
}

/// An edge that has begun and is still looking for its end.
struct OpenEdge {
    from: End,
    points: Vec<Point>,
    label: Option<String>,
}

impl OpenEdge {
    fn new(from: End, start: Point) -> Self {
        Self {
            from,
            points: vec![start],
            label: None,
        }
    }

    fn close(mut self, to: End, rest: impl IntoIterator<Item = Point>) -> Edge {
        self.points.extend(rest);
        Edge {
            from: self.from,
            to,
            points: self.points,
            label: self.label,
        }
    }
}

impl Emitter<'_> {
    /// Places the nodes and the slots after each of them; takes the edge that leads into the list
    /// and gives back the one that leads out of it.
    fn list(
        &mut self,
        list: &MeasuredList<'_>,
        place: &ListPlace<'_>,
        entry: Option<OpenEdge>,
    ) -> Option<OpenEdge> {
        let mut open = entry;
        let mut top = place.top;
        for (index, node) in list.nodes.iter().enumerate() {
            if let Some(edge) = open {
                let end = Point::new(place.axis, top);
                self.placement
                    .edges
                    .push(edge.close(End::Item(node.id.to_owned()), [end]));
            }
            open = Some(self.node(node, place, index, top));
            let bottom = top + node.extent.height;
            self.slot(place, index + 1, bottom + self.style.gap / 2.0);
            top = bottom + self.style.gap;
        }
        open
    }

    /// Places one node with all that is inside and below it; gives back the edge that leaves it.
    fn node(
        &mut self,
        node: &MeasuredNode<'_>,
        place: &ListPlace<'_>,
        index: usize,
        top: f64,
    ) -> OpenEdge {
        let axis = place.axis;
        let rect = Rect::new(
            axis - node.item.left,
            top,
            node.item.left + node.item.right,
            node.item.height,
        );
        let (kind, header) = match node.body {
            None => (PlacedKind::Card, rect),
            Some(_) => {
                let height = self.style.box_header;
                (PlacedKind::Box, Rect { height, ..rect })
            }
        };
        self.placement.items.push(Placed {
            id: node.id.to_owned(),
            kind,
            rect,
            header,
            axis,
            depth: place.depth,
            parent: place.parent.map(str::to_owned),
            lane: place.lane.map(str::to_owned),
            side: place.side,
            index,
        });
        if let Some(body) = &node.body {
            self.body(node.id, body, place, header.bottom());
        }
        let outlet = Point::new(axis, rect.bottom());
        if node.lanes.is_empty() {
            return OpenEdge::new(End::Item(node.id.to_owned()), outlet);
        }
        let join = Point::new(axis, top + node.extent.height);
        for lane in &node.lanes {
            self.lane(node.id, lane, place, outlet, join);
        }
        if node.straight_on {
            let edge = OpenEdge::new(End::Item(node.id.to_owned()), outlet);
            let to = End::Join(node.id.to_owned());
            self.placement.edges.push(edge.close(to, [join]));
        }
        OpenEdge::new(End::Join(node.id.to_owned()), join)
    }

    fn body(&mut self, id: &str, body: &MeasuredList<'_>, outer: &ListPlace<'_>, start: f64) {
        let place = ListPlace {
            parent: Some(id),
            lane: None,
            side: false,
            depth: outer.depth + 1,
            axis: outer.axis,
            top: start + self.style.gap,
        };
        let first_slot = if body.nodes.is_empty() {
            self.style.empty_body_height / 2.0
        } else {
            self.style.gap / 2.0
        };
        self.slot(&place, 0, start + first_slot);
        let entry = OpenEdge::new(End::Header(id.to_owned()), Point::new(outer.axis, start));
        // What leaves the last item of a body leads nowhere: the box itself goes on.
        self.list(body, &place, Some(entry));
    }

    fn lane(
        &mut self,
        id: &str,
        lane: &MeasuredLane<'_>,
        outer: &ListPlace<'_>,
        outlet: Point,
        join: Point,
    ) {
        let style = self.style;
        let place = ListPlace {
            parent: Some(id),
            lane: Some(lane.name),
            side: lane.side,
            depth: outer.depth + 1,
            axis: outer.axis + lane.offset,
            top: outlet.y + measure::lane_start(style),
        };
        self.placement.labels.push(LaneLabel {
            parent: id.to_owned(),
            name: lane.name.to_owned(),
            side: lane.side,
            rect: Rect::around(
                Point::new(place.axis, outlet.y + measure::label_center(style)),
                style.lane_label,
            ),
        });
        self.slot(&place, 0, place.top - style.gap / 2.0);

        let part = outlet.y + style.fork_drop;
        let meet = join.y - style.corner;
        let entry = OpenEdge {
            from: End::Item(id.to_owned()),
            points: vec![
                outlet,
                Point::new(outlet.x, part),
                Point::new(place.axis, part),
            ],
            label: Some(lane.name.to_owned()),
        };
        if let Some(edge) = self.list(&lane.list, &place, Some(entry)) {
            let rest = [Point::new(place.axis, meet), Point::new(join.x, meet), join];
            self.placement
                .edges
                .push(edge.close(End::Join(id.to_owned()), rest));
        }
    }

    fn slot(&mut self, place: &ListPlace<'_>, index: usize, y: f64) {
        self.placement.slots.push(Slot {
            parent: place.parent.map(str::to_owned),
            lane: place.lane.map(str::to_owned),
            side: place.side,
            index,
            center: Point::new(place.axis, y),
        });
    }
}

fn bounds(placement: &Placement, style: &Style) -> Rect {
    let slot = Size::new(2.0 * style.slot_radius, 2.0 * style.slot_radius);
    let mut rects = (placement.items.iter().map(|item| item.rect))
        .chain(placement.labels.iter().map(|label| label.rect))
        .chain(placement.edges.iter().map(Edge::bounds))
        .chain((placement.slots.iter()).map(|each| Rect::around(each.center, slot)));
    let first = rects.next().unwrap_or_default();
    rects.fold(first, |bounds, rect| bounds.union(&rect))
}
