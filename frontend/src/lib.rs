//! The browser's entry point: takes over the page that the server rendered.
