//! Which part of the canvas is on the screen: pan and zoom.

use crate::point::{Point, Rect, ScreenPoint, Size};

pub const MIN_ZOOM: f64 = 0.2;
pub const MAX_ZOOM: f64 = 2.0;

/// How far from the rim [`View::reveal`] brings a rectangle, in CSS pixels.
const REVEAL_MARGIN: f64 = 24.0;

/// A view of the canvas. Its methods give a changed view back and leave this one as it is.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct View {
    /// Where the canvas's origin is on the screen.
    pub pan: ScreenPoint,
    /// CSS pixels per canvas unit, from [`MIN_ZOOM`] to [`MAX_ZOOM`].
    pub zoom: f64,
}

impl Default for View {
    fn default() -> Self {
        Self {
            pan: ScreenPoint::default(),
            zoom: 1.0,
        }
    }
}

impl View {
    /// A view with its zoom brought into the allowed range.
    #[must_use]
    pub fn new(pan: ScreenPoint, zoom: f64) -> Self {
        Self {
            pan,
            zoom: allowed(zoom),
        }
    }

    #[must_use]
    pub fn to_screen(&self, point: Point) -> ScreenPoint {
        ScreenPoint::new(
            point.x * self.zoom + self.pan.x,
            point.y * self.zoom + self.pan.y,
        )
    }

    #[must_use]
    pub fn to_canvas(&self, point: ScreenPoint) -> Point {
        Point::new(
            (point.x - self.pan.x) / self.zoom,
            (point.y - self.pan.y) / self.zoom,
        )
    }

    /// Moves the canvas under the screen by CSS pixels.
    #[must_use]
    pub fn pan_by(&self, dx: f64, dy: f64) -> Self {
        Self {
            pan: ScreenPoint::new(self.pan.x + dx, self.pan.y + dy),
            ..*self
        }
    }

    /// Zooms by `factor` (above 1 is closer); what is under `at` stays there.
    /// A factor that is no positive number changes nothing.
    #[must_use]
    pub fn zoom_at(&self, at: ScreenPoint, factor: f64) -> Self {
        if !(factor.is_finite() && factor > 0.0) {
            return *self;
        }
        let zoom = allowed(self.zoom * factor);
        let under = self.to_canvas(at);
        Self {
            pan: ScreenPoint::new(at.x - under.x * zoom, at.y - under.y * zoom),
            zoom,
        }
    }

    /// The view that shows the whole of `bounds` in the middle of the viewport with `margin` CSS
    /// pixels round it, never closer than life-size. What is too large even for [`MIN_ZOOM`] is
    /// shown from its top, where the flow begins.
    #[must_use]
    pub fn fit(bounds: Rect, viewport: Size, margin: f64) -> Self {
        let across = (viewport.width - 2.0 * margin) / bounds.width;
        let down = (viewport.height - 2.0 * margin) / bounds.height;
        // An empty rectangle gives no usable number; `min` passes over it.
        let zoom = allowed(1.0_f64.min(across).min(down));
        let center = bounds.center();
        let y = if bounds.height * zoom > viewport.height - 2.0 * margin {
            margin - bounds.y * zoom
        } else {
            viewport.height / 2.0 - center.y * zoom
        };
        Self {
            pan: ScreenPoint::new(viewport.width / 2.0 - center.x * zoom, y),
            zoom,
        }
    }

    /// The smallest pan that brings the rectangle into the viewport, a little off its rim.
    /// Of what is larger than the viewport the top left is shown.
    #[must_use]
    pub fn reveal(&self, rect: Rect, viewport: Size) -> Self {
        let start = self.to_screen(Point::new(rect.x, rect.y));
        self.pan_by(
            into_range(start.x, rect.width * self.zoom, viewport.width),
            into_range(start.y, rect.height * self.zoom, viewport.height),
        )
    }

    /// The part of the canvas that the viewport shows; what does not intersect it need not be drawn.
    #[must_use]
    pub fn visible(&self, viewport: Size) -> Rect {
        let start = self.to_canvas(ScreenPoint::default());
        Rect::new(
            start.x,
            start.y,
            viewport.width / self.zoom,
            viewport.height / self.zoom,
        )
    }
}

fn allowed(zoom: f64) -> f64 {
    if zoom.is_nan() {
        1.0
    } else {
        zoom.clamp(MIN_ZOOM, MAX_ZOOM)
    }
}

/// By how much to move a piece of the screen so that it lies within `0..room`.
fn into_range(start: f64, length: f64, room: f64) -> f64 {
    // In a viewport that is hardly larger than the piece, the margin gives way.
    let margin = REVEAL_MARGIN.min(((room - length) / 2.0).max(0.0));
    let (least, most) = (margin, room - margin - length);
    if start < least || most < least {
        least - start
    } else if start > most {
        most - start
    } else {
        0.0
    }
}
