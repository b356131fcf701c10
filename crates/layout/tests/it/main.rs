//! Tests of the public face of the crate, in one binary so that they link once.

mod arrows;
mod hits;
mod pictures;
mod properties;
mod sample;
mod svg;
mod views;
