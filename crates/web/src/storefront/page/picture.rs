//! Pictures in several widths.

use serde::Serialize;

/// A picture for `<picture>`: WebP for nearly everybody, JPEG for the rest.
#[derive(Clone, Debug, Serialize)]
pub struct Picture {
    /// Empty when the picture only decorates.
    pub alt: String,
    /// Of the largest rendition; the browser needs the ratio before the file.
    pub width: u32,
    pub height: u32,
    /// The fallback, JPEG.
    pub src: String,
    pub webp: Vec<Rendition>,
    pub jpeg: Vec<Rendition>,
}

/// One width of a picture.
#[derive(Clone, Debug, Serialize)]
pub struct Rendition {
    pub width: u32,
    pub src: String,
}
