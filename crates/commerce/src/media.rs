//! Pictures as the rules know them: where they lie and how large they are.

use crate::{code, content::Localized, id};

id! {
    /// Identifies an uploaded original.
    MediaId
}

code! {
    /// Where an original lies in the media store: `ab/cd/name-hash.jpg`.
    MediaKey, 190, b'a'..=b'z' | b'0'..=b'9' | b'-' | b'_' | b'/' | b'.'
}

/// The content types that an upload may have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PictureFormat {
    Jpeg,
    Png,
    Webp,
}

/// An uploaded original and its size in pixels.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Original {
    pub id: MediaId,
    pub key: MediaKey,
    pub format: PictureFormat,
    pub width: u32,
    pub height: u32,
    pub bytes: u64,
}

/// The widths in pixels that renditions are made in; none is wider than its original.
pub const RENDITION_WIDTHS: [u32; 4] = [160, 400, 800, 1200];

/// A picture of a product, with its place in the gallery.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Picture {
    pub original: Original,
    pub alt: Localized<String>,
    /// The option of an axis that this picture shows, such as the color sage; `None` shows all.
    pub option: Option<(crate::catalog::AttributeCode, crate::catalog::OptionCode)>,
}
