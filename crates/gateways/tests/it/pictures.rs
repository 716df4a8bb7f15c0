//! How long the work on pixels takes.

use std::time::{Duration, Instant};

use gateways::pictures::ImagePictures;
use image::{Rgb, RgbImage, codecs::jpeg::JpegEncoder};
use shop::ports::{Pictures, RenditionFormat};

/// Run it with `--nocapture` for the times; the bound is for a machine that is busy otherwise.
#[test]
fn a_photo_is_rendered_in_four_widths_and_two_formats_in_seconds() {
    let mut grain = 1_u32;
    let photo = RgbImage::from_fn(2000, 2000, |x, y| {
        grain = grain.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        let noise = u8::try_from(grain >> 28).unwrap();
        let of = |n: u32| u8::try_from(n * 220 / 4000).unwrap() + noise;
        Rgb([of(x + y), of(x + 2000 - y), of(4000 - x - y)])
    });
    let mut bytes = Vec::new();
    JpegEncoder::new_with_quality(&mut bytes, 90).encode_image(&photo).unwrap();
    let widths = commerce::media::RENDITION_WIDTHS;
    let both = [RenditionFormat::Jpeg, RenditionFormat::Webp];
    let asked: Vec<_> = widths.into_iter().flat_map(|w| both.map(|format| (w, format))).collect();

    let began = Instant::now();
    let inspected = ImagePictures::default().inspect(&bytes).unwrap();
    let looked_at = began.elapsed();
    let began = Instant::now();
    let made = ImagePictures::default().render(&bytes, &asked).unwrap();
    let rendered = began.elapsed();

    assert_eq!((inspected.width, made.len()), (2000, 8));
    let sizes: Vec<_> = made.iter().map(|bytes| bytes.len() / 1024).collect();
    println!(
        "{} KiB inspected in {looked_at:?}, rendered in {rendered:?}: {sizes:?} KiB",
        bytes.len() / 1024
    );
    assert!(rendered < Duration::from_secs(20), "took {rendered:?}");
}
