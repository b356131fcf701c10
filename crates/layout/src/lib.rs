//! patchbay-layout
