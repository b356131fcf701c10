//! patchbay-tests
