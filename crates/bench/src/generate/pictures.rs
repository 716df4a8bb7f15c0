//! The pictures that generated products share: discs on a ground, in the shop's colors.

use std::io::Cursor;
use std::path::Path;
use std::sync::Arc;

use anyhow::{Context, Result};
use commerce::media::Original;
use db::Db;
use gateways::media::ObjectMediaStore;
use gateways::pictures::ImagePictures;
use image::{ImageFormat, Rgb, RgbImage};
use jiff::Timestamp;
use shop::ports::Pictures;
use url::Url;

use super::dice::Dice;

const N_PICTURES: u64 = 16;
const SIDE: u32 = 1_200;

/// Draws the pictures and keeps them as uploads.
pub(super) async fn keep(db: &Db, folder: &Path, at: Timestamp) -> Result<Vec<Original>> {
    let folder = std::path::absolute(folder)?;
    let url = Url::from_directory_path(&folder).ok().context("a folder has an address")?;
    let store = ObjectMediaStore::from_url(&url)?;
    let pictures: Arc<dyn Pictures> = Arc::new(ImagePictures::default());
    let mut kept = Vec::new();
    for n in 0..N_PICTURES {
        let png = tokio::task::spawn_blocking(move || draw(n)).await??;
        let name = format!("generated-{n}.png");
        kept.push(shop::media::keep(db, &store, &pictures, &name, png.into(), at).await?);
    }
    Ok(kept)
}

fn draw(n: u64) -> Result<Vec<u8>> {
    let mut dice = Dice::of(n, 1);
    let mut color = || Rgb([0; 3].map(|_: u8| u8::try_from(110 + dice.roll(130)).unwrap_or(255)));
    let (ground, front) = (color(), color());
    let radius = i64::from(SIDE) / 3;
    let picture = RgbImage::from_fn(SIDE, SIDE, |x, y| {
        let (x, y) = (i64::from(x) - i64::from(SIDE) / 2, i64::from(y) - i64::from(SIDE) / 2);
        if x * x + y * y < radius * radius { front } else { ground }
    });
    let mut png = Cursor::new(Vec::new());
    picture.write_to(&mut png, ImageFormat::Png)?;
    Ok(png.into_inner())
}
