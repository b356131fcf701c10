//! Turns points into SVG path data: edges with rounded corners, and the connector-snake.

use std::fmt::Write as _;

use crate::point::{Point, ScreenPoint};

/// How far the connector-snake at least keeps its direction at either end, so that it is seen to
/// come out of a socket even where both ends are close together.
const CABLE_REACH: f64 = 40.0;

/// SVG path data of a line through the points, its corners rounded with at most `radius`.
///
/// Two corners share the piece between them; one next to an end may take the whole. Points that are not finite, that repeat the one
/// before, or that lie on the way from it to the next are left out; with fewer than two points left
/// the answer is empty.
#[must_use]
pub fn svg_path(points: &[Point], radius: f64) -> String {
    let points = corners(points);
    let [start, .., end] = points.as_slice() else {
        return String::new();
    };
    let mut path = String::new();
    push(&mut path, 'M', &[*start]);
    for (index, window) in points.windows(3).enumerate() {
        let [before, corner, after] = window else {
            continue;
        };
        let (is_first, is_last) = (index == 0, index + 3 == points.len());
        let room = f64::min(
            before.distance(*corner) * if is_first { 1.0 } else { 0.5 },
            corner.distance(*after) * if is_last { 1.0 } else { 0.5 },
        );
        let cut = radius.min(room);
        if cut > 0.0 {
            push(&mut path, 'L', &[towards(*corner, *before, cut)]);
            push(&mut path, 'Q', &[*corner, towards(*corner, *after, cut)]);
        } else {
            push(&mut path, 'L', &[*corner]);
        }
    }
    push(&mut path, 'L', &[*end]);
    path
}

/// SVG path data of the connector-snake, from the socket left of a field's label to the right side
/// of a value: it leaves to the left and arrives from the right, level at both ends.
#[must_use]
pub fn cable(from: Point, to: Point) -> String {
    let reach = ((from.x - to.x).abs() / 2.0).max(CABLE_REACH);
    let mut path = String::new();
    push(&mut path, 'M', &[from]);
    let leave = Point::new(from.x - reach, from.y);
    let arrive = Point::new(to.x + reach, to.y);
    push(&mut path, 'C', &[leave, arrive, to]);
    path
}

/// [`cable`] for one that is drawn over panels as well as the canvas.
#[must_use]
pub fn cable_on_screen(from: ScreenPoint, to: ScreenPoint) -> String {
    cable(Point::new(from.x, from.y), Point::new(to.x, to.y))
}

/// The points at which the line begins, turns and ends.
fn corners(points: &[Point]) -> Vec<Point> {
    let mut kept: Vec<Point> = Vec::with_capacity(points.len());
    let finite = |point: &&Point| point.x.is_finite() && point.y.is_finite();
    for point in points.iter().filter(finite) {
        if kept.last() == Some(point) {
            continue;
        }
        if let [.., before, middle] = kept.as_slice()
            && is_on_the_way(*before, *middle, *point)
        {
            kept.pop();
        }
        kept.push(*point);
    }
    kept
}

fn is_on_the_way(before: Point, middle: Point, after: Point) -> bool {
    let (first, second) = (
        (middle.x - before.x, middle.y - before.y),
        (after.x - middle.x, after.y - middle.y),
    );
    let cross = first.0 * second.1 - first.1 * second.0;
    let along = first.0 * second.0 + first.1 * second.1;
    cross == 0.0 && along > 0.0
}

fn towards(from: Point, to: Point, distance: f64) -> Point {
    let part = distance / from.distance(to);
    Point::new(
        from.x + (to.x - from.x) * part,
        from.y + (to.y - from.y) * part,
    )
}

fn push(path: &mut String, command: char, points: &[Point]) {
    path.push(command);
    for (index, point) in points.iter().enumerate() {
        if index > 0 {
            path.push(' ');
        }
        // Writing to a string cannot fail.
        let _ = write!(path, "{} {}", short(point.x), short(point.y));
    }
}

/// Hundredths of a pixel are finer than any screen; adding zero turns `-0` into `0`.
fn short(number: f64) -> f64 {
    (number * 100.0).round() / 100.0 + 0.0
}

#[cfg(test)]
mod tests {
    use super::*;

    fn path(points: &[(f64, f64)], radius: f64) -> String {
        let points: Vec<_> = points.iter().map(|&(x, y)| Point::new(x, y)).collect();
        svg_path(&points, radius)
    }

    #[test]
    fn straight_line_has_no_corner() {
        let points = [(0.0, 0.0), (0.0, 20.0), (0.0, 20.0), (0.0, 44.0)];
        assert_eq!(path(&points, 12.0), "M0 0L0 44");
    }

    #[test]
    fn corner_is_rounded() {
        let points = [(0.0, 0.0), (0.0, 50.0), (50.0, 50.0)];
        assert_eq!(path(&points, 12.0), "M0 0L0 38Q0 50 12 50L50 50");
    }

    #[test]
    fn corners_share_the_piece_between_them() {
        let points = [(0.0, 0.0), (0.0, 50.0), (16.0, 50.0), (16.0, 100.0)];
        assert_eq!(
            path(&points, 12.0),
            "M0 0L0 42Q0 50 8 50L8 50Q16 50 16 58L16 100"
        );
    }

    #[test]
    fn corner_next_to_an_end_takes_at_most_the_whole_piece() {
        let points = [(0.0, 0.0), (50.0, 0.0), (50.0, 10.0)];
        assert_eq!(path(&points, 12.0), "M0 0L40 0Q50 0 50 10L50 10");
    }

    #[test]
    fn no_radius_gives_sharp_corners() {
        let points = [(0.0, 0.0), (0.0, 10.0), (10.0, 10.0)];
        assert_eq!(path(&points, 0.0), "M0 0L0 10L10 10");
    }

    #[test]
    fn fewer_than_two_points_give_nothing() {
        assert_eq!(path(&[], 12.0), "");
        assert_eq!(path(&[(1.0, 2.0)], 12.0), "");
        assert_eq!(path(&[(1.0, 2.0), (f64::NAN, 3.0)], 12.0), "");
    }

    #[test]
    fn cable_is_level_at_both_ends() {
        let cable = cable(Point::new(300.0, 80.0), Point::new(100.0, 20.0));
        assert_eq!(cable, "M300 80C200 80 200 20 100 20");
    }

    #[test]
    fn cable_keeps_its_reach_when_the_ends_are_close() {
        let cable = cable_on_screen(ScreenPoint::new(10.0, 0.0), ScreenPoint::new(0.0, 50.0));
        assert_eq!(cable, "M10 0C-30 0 40 50 0 50");
    }
}
