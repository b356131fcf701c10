//! patchbay-api
