//! What a package has, as pages to be read: `rbp doc`.
//!
//! [`book`](book::book) gathers what is declared from the compiled model; [`pages`](render::pages) makes
//! pages of it. Both are pure: whoever asks writes the files.

pub mod book;
pub mod markdown;
pub mod render;
