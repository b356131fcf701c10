//! Pan and zoom.

use patchbay_layout::{MAX_ZOOM, MIN_ZOOM, Point, Rect, ScreenPoint, Size, View};
use proptest::prelude::*;

const VIEWPORT: Size = Size::new(800.0, 600.0);

prop_compose! {
    fn views()(x in -1e4..1e4, y in -1e4..1e4, zoom in MIN_ZOOM..=MAX_ZOOM) -> View {
        View::new(ScreenPoint::new(x, y), zoom)
    }
}

prop_compose! {
    fn rects()(x in -5e3..5e3, y in -5e3..5e3, width in 0.0..4e3, height in 0.0..4e3) -> Rect {
        Rect::new(x, y, width, height)
    }
}

/// The rectangle as it is seen on the screen.
fn seen(view: View, rect: Rect) -> Rect {
    let start = view.to_screen(Point::new(rect.x, rect.y));
    let (width, height) = (rect.width * view.zoom, rect.height * view.zoom);
    Rect::new(start.x, start.y, width, height)
}

fn screen() -> Rect {
    Rect::new(0.0, 0.0, VIEWPORT.width, VIEWPORT.height).inflate(1e-6)
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn screen_and_back_is_where_it_was(view in views(), x in -1e4..1e4, y in -1e4..1e4) {
        let point = Point::new(x, y);
        prop_assert!(view.to_canvas(view.to_screen(point)).distance(point) < 1e-6);
    }

    #[test]
    fn zoom_keeps_what_is_under_the_pointer(
        view in views(), x in 0.0..800.0, y in 0.0..600.0, factor in 0.01..100.0,
    ) {
        let at = ScreenPoint::new(x, y);
        let zoomed = view.zoom_at(at, factor);
        prop_assert!(zoomed.to_canvas(at).distance(view.to_canvas(at)) < 1e-6);
        prop_assert!((MIN_ZOOM..=MAX_ZOOM).contains(&zoomed.zoom));
    }

    #[test]
    fn fit_shows_everything_unless_it_is_too_large(bounds in rects()) {
        let view = View::fit(bounds, VIEWPORT, 40.0);
        prop_assert!((MIN_ZOOM..=1.0).contains(&view.zoom));
        if view.zoom > MIN_ZOOM {
            prop_assert!(screen().inflate(-40.0 + 1e-6).contains_rect(&seen(view, bounds)));
        }
    }

    #[test]
    fn reveal_brings_into_view_what_has_room(view in views(), rect in rects()) {
        let shown = seen(view.reveal(rect, VIEWPORT), rect);
        if shown.width <= VIEWPORT.width && shown.height <= VIEWPORT.height {
            prop_assert!(screen().contains_rect(&shown), "{:?}", shown);
        }
    }

    #[test]
    fn reveal_leaves_alone_what_is_well_in_view(x in 24.0..300.0, y in 24.0..300.0) {
        let rect = Rect::new(x, y, 272.0, 64.0);
        prop_assert_eq!(View::default().reveal(rect, VIEWPORT), View::default());
    }

    #[test]
    fn visible_part_fills_the_screen(view in views()) {
        let shown = seen(view, view.visible(VIEWPORT));
        prop_assert!(shown.x.abs() < 1e-6 && shown.y.abs() < 1e-6);
        prop_assert!((shown.width - VIEWPORT.width).abs() < 1e-6);
        prop_assert!((shown.height - VIEWPORT.height).abs() < 1e-6);
    }
}

#[test]
fn reveal_pans_no_further_than_it_has_to() {
    let rect = Rect::new(700.0, -50.0, 272.0, 64.0);
    let view = View::default().reveal(rect, VIEWPORT);
    assert_eq!(view.pan, ScreenPoint::new(800.0 - 24.0 - 972.0, 74.0));
}

#[test]
fn reveal_shows_the_top_left_of_what_is_too_large() {
    let view = View::default().reveal(Rect::new(100.0, 100.0, 2_000.0, 2_000.0), VIEWPORT);
    assert_eq!(view.pan, ScreenPoint::new(-100.0, -100.0));
}

#[test]
fn pan_moves_by_pixels_at_any_zoom() {
    let view = View::new(ScreenPoint::new(10.0, 10.0), 0.5).pan_by(5.0, -5.0);
    assert_eq!(view.pan, ScreenPoint::new(15.0, 5.0));
}

#[test]
fn zoom_factor_that_makes_no_sense_changes_nothing() {
    let view = View::default();
    for factor in [0.0, -1.0, f64::NAN, f64::INFINITY] {
        assert_eq!(view.zoom_at(ScreenPoint::new(5.0, 5.0), factor), view);
    }
}

#[test]
fn fit_of_nothing_is_life_size_and_centred() {
    let view = View::fit(Rect::default(), VIEWPORT, 40.0);
    assert_eq!(view, View::new(ScreenPoint::new(400.0, 300.0), 1.0));
}

#[test]
fn fit_of_what_is_too_long_shows_its_top() {
    let view = View::fit(Rect::new(-136.0, 0.0, 272.0, 90_000.0), VIEWPORT, 40.0);
    assert_eq!(
        view.to_screen(Point::default()),
        ScreenPoint::new(400.0, 40.0)
    );
}
