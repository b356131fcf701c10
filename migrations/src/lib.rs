//! patchbay-migrations
