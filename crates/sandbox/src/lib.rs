//! patchbay-sandbox
