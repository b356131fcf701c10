//! patchbay-kit
