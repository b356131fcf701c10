//! Draws a placement as SVG, so that a snapshot can be looked at as well as compared.

#![expect(clippy::unwrap_used, reason = "writing to a string cannot fail")]

use std::fmt::Write as _;

use patchbay_layout::{PlacedKind, Placement, Rect, Style, svg_path};

pub(crate) fn svg(placement: &Placement, style: &Style) -> String {
    let mut out = String::new();
    let frame = placement.bounds.inflate(20.0);
    writeln!(
        out,
        r#"<svg xmlns="http://www.w3.org/2000/svg" viewBox="{} {} {} {}" font-family="sans-serif" font-size="13" text-anchor="middle">"#,
        frame.x, frame.y, frame.width, frame.height
    )
    .unwrap();
    for item in &placement.items {
        let (fill, radius) = match item.kind {
            PlacedKind::Card => ("#ffffff", 12),
            PlacedKind::Box => ("#f6f5f2", 16),
        };
        writeln!(out, "{}", rect(&item.rect, radius, fill, "#c9c5bb")).unwrap();
        if item.kind == PlacedKind::Box {
            let (y, right) = (item.header.bottom(), item.rect.right());
            let x = item.rect.x;
            writeln!(out, r##"<path d="M{x} {y}H{right}" stroke="#c9c5bb"/>"##).unwrap();
        }
        text(&mut out, &item.header, &item.id);
    }
    for edge in &placement.edges {
        let path = svg_path(&edge.points, style.corner);
        writeln!(
            out,
            r##"<path d="{path}" fill="none" stroke="#8d897f" stroke-width="2"/>"##
        )
        .unwrap();
    }
    for label in &placement.labels {
        writeln!(out, "{}", rect(&label.rect, 12, "#ece9e2", "none")).unwrap();
        text(&mut out, &label.rect, &label.name);
    }
    for slot in &placement.slots {
        writeln!(
            out,
            r##"<circle cx="{}" cy="{}" r="{}" fill="#ffffff" stroke="#8d897f"/>"##,
            slot.center.x, slot.center.y, style.slot_radius
        )
        .unwrap();
    }
    out.push_str("</svg>\n");
    out
}

fn rect(rect: &Rect, radius: u32, fill: &str, stroke: &str) -> String {
    let Rect {
        x,
        y,
        width,
        height,
    } = rect;
    format!(
        r#"<rect x="{x}" y="{y}" width="{width}" height="{height}" rx="{radius}" fill="{fill}" stroke="{stroke}"/>"#
    )
}

fn text(out: &mut String, room: &Rect, text: &str) {
    let center = room.center();
    writeln!(
        out,
        r#"<text x="{}" y="{}">{text}</text>"#,
        center.x,
        center.y + 4.0
    )
    .unwrap();
}
