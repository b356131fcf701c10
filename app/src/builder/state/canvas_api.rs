//! The canvas as others see it: where the steps are on the screen, which is hovered, which are dimmed.

use crate::builder::nodes;
use leptos::{html, prelude::*};
use patchbay_layout::{Hit, Placement, Point, ScreenPoint, Size, Style, View, hit, place};
use patchbay_model::{
    document::Workflow,
    spec::{Catalog, ConnectorSpec},
};
use std::{collections::HashSet, sync::Arc};

/// A rectangle in client coordinates: CSS pixels from the top left corner of the page's visible part.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct ClientRect {
    pub x: f64,
    pub y: f64,
    pub width: f64,
    pub height: f64,
}

/// Handles to the canvas.
#[derive(Clone, Copy)]
pub struct CanvasApi {
    /// Whether a connector-snake is being drawn; the canvas then neither pans nor drags steps.
    pub snake_active: RwSignal<bool>,
    /// While set, steps not in it are dimmed and those in it are marked as possible sources.
    pub dimmed: RwSignal<Option<HashSet<String>>>,
    /// The step under the pointer; kept up to date also while a snake is drawn.
    pub hovered: RwSignal<Option<String>>,
    /// Where everything stands, in canvas units.
    pub placement: Memo<Arc<Placement>>,
    /// Pan and zoom.
    pub view: RwSignal<View>,
    /// The size of the canvas element in CSS pixels.
    pub viewport: RwSignal<Size>,
    /// The canvas element.
    pub(in crate::builder) element: NodeRef<html::Div>,
}

impl CanvasApi {
    pub(in crate::builder) fn new(
        workflow: RwSignal<Workflow>,
        specs: RwSignal<Vec<ConnectorSpec>>,
    ) -> Self {
        // The tree changes far less often than the values in it; so the picture is placed again for the tree only.
        let tree = Memo::new(move |_| {
            specs.with(|specs| {
                workflow.with(|workflow| {
                    nodes::nodes(workflow, |step| {
                        specs
                            .operation(&step.connector, &step.operation)
                            .is_some_and(|spec| spec.kind.has_body())
                    })
                })
            })
        });
        Self {
            snake_active: RwSignal::default(),
            dimmed: RwSignal::default(),
            hovered: RwSignal::default(),
            placement: Memo::new(move |_| {
                tree.with(|tree| Arc::new(place(tree, &Style::default())))
            }),
            view: RwSignal::default(),
            viewport: RwSignal::default(),
            element: NodeRef::new(),
        }
    }

    /// From client coordinates to canvas units.
    pub fn to_canvas(&self, client: ScreenPoint) -> Point {
        let origin = self.origin();
        self.view
            .get_untracked()
            .to_canvas(ScreenPoint::new(client.x - origin.x, client.y - origin.y))
    }

    /// The step at a place given in client coordinates. Not tracked.
    pub fn step_at(&self, client: ScreenPoint) -> Option<String> {
        let at = self.to_canvas(client);
        self.placement
            .with_untracked(|placement| match hit(placement, at) {
                Some(Hit::Item(id)) => Some(id),
                // Below a `+` there may still be a box.
                Some(Hit::Slot(_)) | None => placement
                    .items
                    .iter()
                    .rev()
                    .find(|item| item.rect.contains(at))
                    .map(|item| item.id.clone()),
            })
    }

    /// [`CanvasApi::rect_of`] for events.
    pub fn rect_of_untracked(&self, step: &str) -> Option<ClientRect> {
        untrack(|| self.rect_of(step))
    }

    /// The canvas element, in client coordinates; none before it is in the page.
    pub fn client_rect(&self) -> Option<ClientRect> {
        let rect = self.element.get_untracked()?.get_bounding_client_rect();
        Some(ClientRect {
            x: rect.x(),
            y: rect.y(),
            width: rect.width(),
            height: rect.height(),
        })
    }

    /// Where a step's card (of a loop: its header) is, in client coordinates. Tracks pan, zoom and placement.
    pub fn rect_of(&self, step: &str) -> Option<ClientRect> {
        let view = self.view.get();
        let origin = self.origin();
        self.placement.with(|placement| {
            let header = placement.item(step)?.header;
            let corner = view.to_screen(Point::new(header.x, header.y));
            Some(ClientRect {
                x: origin.x + corner.x,
                y: origin.y + corner.y,
                width: header.width * view.zoom,
                height: header.height * view.zoom,
            })
        })
    }

    /// Pans, if need be, so that the step can be seen.
    pub fn reveal(&self, step: &str) {
        let viewport = self.viewport.get_untracked();
        if viewport.width <= 0.0 {
            return;
        }
        let header = self
            .placement
            .with_untracked(|placement| placement.item(step).map(|item| item.header));
        if let Some(header) = header {
            let view = self.view.get_untracked();
            let revealed = view.reveal(header, viewport);
            if revealed != view {
                self.view.set(revealed);
            }
        }
    }

    /// The canvas element's corner in client coordinates.
    fn origin(&self) -> ScreenPoint {
        let rect = self.client_rect().unwrap_or_default();
        ScreenPoint::new(rect.x, rect.y)
    }
}
