//! What the store promises, on every backend.
