//! google_sign_in
