//! A state is the fold of its events, at every point.
