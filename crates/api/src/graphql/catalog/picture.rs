//! Pictures of products.

use std::sync::Arc;

use commerce::media::{Picture, PictureFormat};
use search::Offer;

use crate::graphql::context::Context;
use crate::graphql::uid;
use crate::graphql::value::{Answer, Ask, Object, Value};

/// Where Magento has the pictures of products, below the media folder.
pub(in crate::graphql) const FOLDER: &str = "catalog/product/";

pub(super) struct ImageNode<'c> {
    pub(super) context: &'c Context,
    pub(super) offer: Arc<Offer>,
    /// Which of the product's pictures.
    pub(super) place: usize,
    /// Where it stands in the gallery.
    pub(super) position: u32,
}

impl ImageNode<'_> {
    fn picture(&self) -> Option<&Picture> {
        self.offer.product.pictures.get(self.place)
    }

    /// What is to be seen, or else the product's name.
    fn label(&self) -> &str {
        let alt = self.picture().map_or("", |picture| self.context.text(&picture.alt));
        if alt.is_empty() { self.offer.name(self.context.locale) } else { alt }
    }
}

impl Object for ImageNode<'_> {
    fn type_name(&self) -> &'static str {
        "ProductImage"
    }

    fn field<'a>(&'a self, ask: Ask<'a>) -> Answer<'a> {
        Ok(match ask.name {
            "url" => {
                let base = &self.context.shop.base_url;
                let url =
                    |picture: &Picture| format!("{base}/media/{FOLDER}{}", picture.original.key);
                self.picture().map(url).into()
            }
            "label" => self.label().into(),
            "position" => self.position.into(),
            "disabled" => false.into(),
            _ => Value::Nothing,
        })
    }
}

/// The same picture in the shape that came before `media_gallery`.
pub(super) struct EntryNode<'c>(pub(super) ImageNode<'c>);

impl Object for EntryNode<'_> {
    fn type_name(&self) -> &'static str {
        "MediaGalleryEntry"
    }

    fn field<'a>(&'a self, ask: Ask<'a>) -> Answer<'a> {
        let position = self.0.position;
        let Some(picture) = self.0.picture() else { return Ok(Value::Null) };
        Ok(match ask.name {
            "id" => (position + 1).into(),
            "uid" => uid::of(&picture.original.key).into(),
            "file" => format!("/{}", picture.original.key).into(),
            "label" => self.0.label().into(),
            "media_type" => "image".into(),
            "position" => position.into(),
            "disabled" => false.into(),
            "types" if position == 0 => {
                Value::list(["image", "small_image", "thumbnail", "swatch_image"])
            }
            "types" => Value::List(Vec::new()),
            "content" => Value::object(Content(picture)),
            _ => Value::Nothing,
        })
    }
}

/// What a picture is, without its bytes, which clients fetch.
struct Content<'c>(&'c Picture);

impl Object for Content<'_> {
    fn type_name(&self) -> &'static str {
        "ProductMediaGalleryEntriesContent"
    }

    fn field<'a>(&'a self, ask: Ask<'a>) -> Answer<'a> {
        let original = &self.0.original;
        Ok(match ask.name {
            "name" => original.key.as_str().rsplit('/').next().unwrap_or_default().into(),
            "type" => match original.format {
                PictureFormat::Jpeg => "image/jpeg".into(),
                PictureFormat::Png => "image/png".into(),
                PictureFormat::Webp => "image/webp".into(),
            },
            _ => Value::Nothing,
        })
    }
}
