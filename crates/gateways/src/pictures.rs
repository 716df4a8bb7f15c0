//! Uploads are looked at, renditions are made: JPEG and WebP, from large to small.

use std::{
    io::Cursor,
    panic::{AssertUnwindSafe, catch_unwind},
};

use bytes::Bytes;
use commerce::media::PictureFormat;
use fast_image_resize::{
    FilterType, PixelTrait, ResizeAlg, ResizeOptions, Resizer,
    images::{TypedImage, TypedImageRef},
    pixels::{InnerPixel, U8x3, U8x4},
};
use image::{
    DynamicImage, ImageDecoder, ImageError, ImageFormat, ImageReader, Limits, Rgb, RgbImage,
    RgbaImage, codecs::jpeg::JpegEncoder, metadata::Orientation,
};
use moxcms::{ColorProfile, DataColorSpace, Layout, TransformOptions};
use shop::ports::{Inspected, PictureError, Pictures, RenditionFormat};

const JPEG_QUALITY: u8 = 82;
const WEBP_QUALITY: f32 = 80.0;

/// A WebP has no longer side than this. Scrolls that are longer become narrower instead.
const MAX_SIDE: u32 = 16_383;

/// Reads JPEG, PNG and WebP and nothing else, within limits that the header alone can break.
///
/// The limits bound the memory of one call to some 12 bytes a pixel in the worst case (a picture
/// with 16 bits a channel and transparency), 6 for an ordinary photo.
#[derive(Clone, Copy, Debug)]
pub struct ImagePictures {
    pub max_bytes: u64,
    pub max_pixels: u64,
}

impl Default for ImagePictures {
    /// 20 MiB and 50 megapixels: what the cameras of today deliver.
    fn default() -> Self {
        Self { max_bytes: 20 * 1024 * 1024, max_pixels: 50_000_000 }
    }
}

/// What the header and the pixels of an upload say.
struct Decoded {
    pixels: DynamicImage,
    format: PictureFormat,
    profile: Option<Vec<u8>>,
}

impl Pictures for ImagePictures {
    /// The size is the one people see, after the orientation that the camera noted.
    fn inspect(&self, bytes: &[u8]) -> Result<Inspected, PictureError> {
        let Decoded { pixels, format, .. } = self.decode(bytes)?;
        Ok(Inspected { format, width: pixels.width(), height: pixels.height() })
    }

    fn render(
        &self,
        bytes: &[u8],
        renditions: &[(u32, RenditionFormat)],
    ) -> Result<Vec<Bytes>, PictureError> {
        let Decoded { pixels, profile, .. } = self.decode(bytes)?;
        unless_it_panics(|| cascade(pixels, profile.as_deref(), renditions))
    }
}

impl ImagePictures {
    fn decode(&self, bytes: &[u8]) -> Result<Decoded, PictureError> {
        if u64::try_from(bytes.len()).is_ok_and(|n| n > self.max_bytes) {
            return Err(PictureError::TooManyBytes(self.max_bytes));
        }
        let (read_as, format) = match image::guess_format(bytes) {
            Ok(ImageFormat::Jpeg) => (ImageFormat::Jpeg, PictureFormat::Jpeg),
            Ok(ImageFormat::Png) => (ImageFormat::Png, PictureFormat::Png),
            Ok(ImageFormat::WebP) => (ImageFormat::WebP, PictureFormat::Webp),
            _ => return Err(PictureError::UnknownFormat),
        };
        // The JPEG decoder fills what is missing with gray, which is no picture to sell with.
        if format == PictureFormat::Jpeg && !jpeg_has_an_end(bytes) {
            return Err(PictureError::Broken);
        }
        unless_it_panics(|| self.decode_as(bytes, read_as, format))
    }

    fn decode_as(
        &self,
        bytes: &[u8],
        read_as: ImageFormat,
        format: PictureFormat,
    ) -> Result<Decoded, PictureError> {
        let refused = |error: ImageError| match error {
            ImageError::Limits(_) => PictureError::TooManyPixels(self.max_pixels),
            _ => PictureError::Broken,
        };
        let side = u32::try_from(self.max_pixels).unwrap_or(u32::MAX);
        let mut limits = Limits::default();
        limits.max_image_width = Some(side);
        limits.max_image_height = Some(side);
        // Four channels of 16 bits, and something for the tables of the decoder.
        limits.max_alloc = Some(self.max_pixels.saturating_mul(8).saturating_add(64 << 20));

        let mut reader = ImageReader::with_format(Cursor::new(bytes), read_as);
        reader.limits(limits);
        let mut decoder = reader.into_decoder().map_err(refused)?;
        let (width, height) = decoder.dimensions();
        if u64::from(width) * u64::from(height) > self.max_pixels {
            return Err(PictureError::TooManyPixels(self.max_pixels));
        }
        // Metadata that cannot be read is metadata that the renditions do without.
        let orientation = decoder.orientation().unwrap_or(Orientation::NoTransforms);
        let profile = decoder.icc_profile().ok().flatten();

        let mut pixels = DynamicImage::from_decoder(decoder).map_err(refused)?;
        pixels.apply_orientation(orientation);
        Ok(Decoded { pixels, format, profile })
    }
}

/// The decoders are safe code that strangers feed: what they did not think of is a broken picture.
fn unless_it_panics<T>(work: impl FnOnce() -> Result<T, PictureError>) -> Result<T, PictureError> {
    catch_unwind(AssertUnwindSafe(work)).unwrap_or(Err(PictureError::Broken))
}

/// Whether the markers of a JPEG lead to its end, past thumbnails and through every scan.
fn jpeg_has_an_end(bytes: &[u8]) -> bool {
    let mut at = 2;
    while let Some(skipped) = bytes.get(at..).and_then(|rest| rest.iter().position(|&b| b == 0xff))
    {
        at += skipped + 1;
        match bytes.get(at) {
            // A stuffed byte of a scan, a restart marker, a marker without length, padding.
            Some(0x00 | 0x01 | 0xd0..=0xd8) => at += 1,
            Some(0xff) => {}
            Some(0xd9) => return true,
            Some(_) => match bytes.get(at + 1..at + 3) {
                Some(&[high, low]) => at += 1 + usize::from(u16::from_be_bytes([high, low])),
                _ => return false,
            },
            None => return false,
        }
    }
    false
}

/// Resizes from large to small, each from the one before, and answers in the order asked.
fn cascade(
    original: DynamicImage,
    profile: Option<&[u8]>,
    renditions: &[(u32, RenditionFormat)],
) -> Result<Vec<Bytes>, PictureError> {
    let (width, height) = (original.width(), original.height());
    let mut order: Vec<usize> = (0..renditions.len()).collect();
    order.sort_by_key(|&i| std::cmp::Reverse(renditions[i].0));

    let mut resizer = Resizer::new();
    let mut current = eight_bits(original);
    let mut profile = profile;
    let mut made = vec![Bytes::new(); renditions.len()];
    for i in order {
        let (asked, format) = renditions[i];
        let (w, h) = size(width, height, asked);
        if (current.width(), current.height()) != (w, h) {
            current = resized(&mut resizer, &current, w, h)?;
        }
        // On the largest rendition rather than on the original: the same colors, fewer pixels.
        if let Some(profile) = profile.take() {
            to_srgb(&mut current, profile);
        }
        made[i] = match format {
            RenditionFormat::Jpeg => jpeg(&current)?,
            RenditionFormat::Webp => webp(&current)?,
        };
    }
    Ok(made)
}

/// Resizes three or four channels, and these alone: the general door of the library would compile
/// its kernels here for every other kind of pixel too.
fn resized(
    resizer: &mut Resizer,
    from: &DynamicImage,
    width: u32,
    height: u32,
) -> Result<DynamicImage, PictureError> {
    let to = match from {
        DynamicImage::ImageRgb8(rgb) => {
            let mut to = RgbImage::new(width, height);
            resize::<U8x3>(resizer, rgb, from, &mut to, (width, height)).map(|()| to.into())
        }
        DynamicImage::ImageRgba8(rgba) => {
            let mut to = RgbaImage::new(width, height);
            resize::<U8x4>(resizer, rgba, from, &mut to, (width, height)).map(|()| to.into())
        }
        _ => None,
    };
    to.ok_or(PictureError::Broken)
}

fn resize<P: InnerPixel + PixelTrait>(
    resizer: &mut Resizer,
    samples: &[u8],
    from: &DynamicImage,
    to: &mut [u8],
    (width, height): (u32, u32),
) -> Option<()> {
    let from = TypedImageRef::<P>::from_buffer(from.width(), from.height(), samples).ok()?;
    let mut to = TypedImage::<P>::from_buffer(width, height, to).ok()?;
    let options = ResizeOptions::new().resize_alg(ResizeAlg::Convolution(FilterType::Lanczos3));
    resizer.resize_typed(&from, &mut to, &options).ok()
}

/// The size of a rendition: never larger than the original, its shape kept.
fn size(width: u32, height: u32, asked: u32) -> (u32, u32) {
    let scaled = |side: u32, by: u32, of: u32| {
        let exact = (u64::from(side) * u64::from(by) + u64::from(of) / 2) / u64::from(of.max(1));
        u32::try_from(exact).unwrap_or(MAX_SIDE).max(1)
    };
    let w = asked.clamp(1, width.clamp(1, MAX_SIDE));
    let h = scaled(height, w, width);
    if h <= MAX_SIDE { (w, h) } else { (scaled(width, MAX_SIDE, height), MAX_SIDE) }
}

/// Three or four channels of 8 bits; a transparency that nothing uses is left out.
fn eight_bits(pixels: DynamicImage) -> DynamicImage {
    if pixels.color().has_alpha() {
        let rgba = pixels.into_rgba8();
        if rgba.pixels().all(|pixel| pixel[3] == u8::MAX) {
            DynamicImage::ImageRgba8(rgba).into_rgb8().into()
        } else {
            rgba.into()
        }
    } else {
        pixels.into_rgb8().into()
    }
}

/// Phones photograph in Display P3: without its profile such a photo would look pale.
///
/// A profile that does not fit the pixels or cannot be read changes nothing.
fn to_srgb(pixels: &mut DynamicImage, profile: &[u8]) {
    let Ok(from) = ColorProfile::new_from_slice(profile) else { return };
    if from.color_space != DataColorSpace::Rgb {
        return;
    }
    let (layout, samples): (_, &mut [u8]) = match pixels {
        DynamicImage::ImageRgb8(rgb) => (Layout::Rgb, rgb.as_mut()),
        DynamicImage::ImageRgba8(rgba) => (Layout::Rgba, rgba.as_mut()),
        _ => return,
    };
    let to = ColorProfile::new_srgb();
    let Ok(transform) =
        from.create_transform_8bit(layout, &to, layout, TransformOptions::default())
    else {
        return;
    };
    let before = samples.to_vec();
    if transform.transform(&before, samples).is_err() {
        samples.copy_from_slice(&before);
    }
}

fn jpeg(pixels: &DynamicImage) -> Result<Bytes, PictureError> {
    let mut bytes = Vec::new();
    let mut encoder = JpegEncoder::new_with_quality(&mut bytes, JPEG_QUALITY);
    let done = match pixels {
        DynamicImage::ImageRgba8(_) => encoder.encode_image(&on_white(pixels)),
        _ => encoder.encode_image(pixels),
    };
    done.map_err(|_| PictureError::Broken)?;
    Ok(bytes.into())
}

/// JPEG knows no transparency, and a bottle cut out in front of black sells badly.
fn on_white(pixels: &DynamicImage) -> RgbImage {
    let rgba = pixels.to_rgba8();
    let mut rgb = RgbImage::new(rgba.width(), rgba.height());
    for (from, to) in rgba.pixels().zip(rgb.pixels_mut()) {
        let alpha = u32::from(from[3]);
        let blend = |channel: u8| {
            let sum = u32::from(channel) * alpha + 255 * (255 - alpha) + 127;
            u8::try_from(sum / 255).unwrap_or(u8::MAX)
        };
        *to = Rgb([blend(from[0]), blend(from[1]), blend(from[2])]);
    }
    rgb
}

fn webp(pixels: &DynamicImage) -> Result<Bytes, PictureError> {
    let (width, height) = (pixels.width(), pixels.height());
    let encoder = match pixels {
        DynamicImage::ImageRgb8(rgb) => webp::Encoder::from_rgb(rgb, width, height),
        DynamicImage::ImageRgba8(rgba) => webp::Encoder::from_rgba(rgba, width, height),
        _ => return Err(PictureError::Broken),
    };
    let bytes = encoder.encode_simple(false, WEBP_QUALITY).map_err(|_| PictureError::Broken)?;
    Ok(Bytes::copy_from_slice(&bytes))
}

#[cfg(test)]
mod tests {
    use image::{ExtendedColorType, ImageEncoder, Rgba, codecs::png::PngEncoder};

    use super::*;

    const JPEG: RenditionFormat = RenditionFormat::Jpeg;
    const WEBP: RenditionFormat = RenditionFormat::Webp;

    fn pictures() -> ImagePictures {
        ImagePictures::default()
    }

    /// A sequence that is the same on every machine.
    struct Noise(u64);

    impl Noise {
        fn byte(&mut self) -> u8 {
            self.0 ^= self.0 << 13;
            self.0 ^= self.0 >> 7;
            self.0 ^= self.0 << 17;
            self.0.to_le_bytes()[3]
        }
    }

    fn byte(n: u32) -> u8 {
        u8::try_from(n % 256).unwrap()
    }

    /// A gradient with a little noise, as a photo has.
    fn photo(width: u32, height: u32) -> RgbImage {
        let mut noise = Noise(88_172_645_463_325_252);
        RgbImage::from_fn(width, height, |x, y| {
            let grain = noise.byte() % 16;
            let right = byte(x * 200 / width).saturating_add(grain);
            Rgb([right, byte(y * 200 / height).saturating_add(grain), 90 + grain])
        })
    }

    fn as_png(pixels: impl Into<DynamicImage>) -> Vec<u8> {
        let mut bytes = Cursor::new(Vec::new());
        pixels.into().write_to(&mut bytes, ImageFormat::Png).unwrap();
        bytes.into_inner()
    }

    fn as_jpeg(pixels: &RgbImage) -> Vec<u8> {
        let mut bytes = Vec::new();
        JpegEncoder::new_with_quality(&mut bytes, 90).encode_image(pixels).unwrap();
        bytes
    }

    fn as_webp(pixels: &RgbImage) -> Vec<u8> {
        webp::Encoder::from_rgb(pixels, pixels.width(), pixels.height()).encode(90.0).to_vec()
    }

    /// An EXIF block that says nothing but the orientation, and a text that must not survive.
    fn exif(orientation: u8) -> Vec<u8> {
        let mut block = b"MM\0\x2a\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0".to_vec();
        block.extend([orientation, 0, 0, 0, 0, 0, 0]);
        block.extend(b"48.8584N 2.2945E");
        block
    }

    fn decoded(bytes: &[u8]) -> DynamicImage {
        image::load_from_memory(bytes).unwrap()
    }

    fn far(a: u8, b: u8) -> u8 {
        a.abs_diff(b)
    }

    #[test]
    fn an_upload_is_what_its_content_says() {
        let photo = photo(61, 40);

        for (bytes, format) in [
            (as_jpeg(&photo), PictureFormat::Jpeg),
            (as_png(photo.clone()), PictureFormat::Png),
            (as_webp(&photo), PictureFormat::Webp),
        ] {
            let inspected = pictures().inspect(&bytes);

            assert_eq!(inspected, Ok(Inspected { format, width: 61, height: 40 }));
        }
    }

    #[test]
    fn anything_else_than_a_picture_is_refused() {
        for other in [
            &b""[..],
            b"GIF89a\x01\0\x01\0\x80\0\0\0\0\0\xff\xff\xff!\xf9\x04\x01\0\0\0\0,\0\0\0\0\x01\0\x01\0\0",
            b"<svg xmlns=\"http://www.w3.org/2000/svg\"><script>alert(1)</script></svg>",
            b"<!DOCTYPE html><html></html>",
            b"BM\x46\0\0\0\0\0\0\0",
            b"%PDF-1.7",
            b"II*\0\x08\0\0\0",
            b"\0\0\0 ftypavif\0\0\0\0avifmif1",
        ] {
            assert_eq!(pictures().inspect(other), Err(PictureError::UnknownFormat));
            let rendered = pictures().render(other, &[(10, JPEG)]);
            assert_eq!(rendered, Err(PictureError::UnknownFormat));
        }
    }

    #[test]
    fn limits_hold_before_anything_is_decoded() {
        let bytes = as_png(photo(40, 30));
        let n = u64::try_from(bytes.len()).unwrap();

        let small = ImagePictures { max_bytes: n - 1, ..pictures() };
        assert_eq!(small.inspect(&bytes), Err(PictureError::TooManyBytes(n - 1)));
        let few = ImagePictures { max_pixels: 40 * 30 - 1, ..pictures() };
        assert_eq!(few.inspect(&bytes), Err(PictureError::TooManyPixels(40 * 30 - 1)));
        let exact = ImagePictures { max_bytes: n, max_pixels: 40 * 30 };
        assert!(exact.inspect(&bytes).is_ok());
    }

    #[test]
    fn a_header_that_claims_a_wall_of_pixels_is_refused() {
        let mut png = as_png(photo(8, 8));
        png[16..24].copy_from_slice(&[0, 0, 0xea, 0x60, 0, 0, 0xea, 0x60]);
        let crc = crc32(&png[12..29]).to_be_bytes();
        png[29..33].copy_from_slice(&crc);
        let mut jpeg = as_jpeg(&photo(8, 8));
        let frame = jpeg.windows(2).position(|pair| pair == [0xff, 0xc0]).unwrap();
        jpeg[frame + 5..frame + 9].copy_from_slice(&[0xea, 0x60, 0xea, 0x60]);

        for bomb in [png, jpeg] {
            let refused = Err(PictureError::TooManyPixels(50_000_000));
            assert_eq!(pictures().inspect(&bomb), refused);
            assert!(pictures().render(&bomb, &[(100, WEBP)]).is_err());
        }
    }

    fn crc32(bytes: &[u8]) -> u32 {
        !bytes.iter().fold(!0, |crc, &byte| {
            (0..8).fold(crc ^ u32::from(byte), |crc, _| {
                (crc >> 1) ^ (0xedb8_8320 & (crc & 1).wrapping_neg())
            })
        })
    }

    #[test]
    fn a_truncated_upload_is_broken() {
        let photo = photo(90, 70);

        for whole in [as_jpeg(&photo), as_png(photo.clone()), as_webp(&photo)] {
            assert!(pictures().inspect(&whole).is_ok());
            for tenth in 1..10 {
                let part = &whole[..whole.len() * tenth / 10];

                assert_eq!(pictures().inspect(part), Err(PictureError::Broken), "{tenth}/10");
            }
        }
        let jpeg = as_jpeg(&photo);
        assert_eq!(pictures().inspect(&jpeg[..jpeg.len() - 2]), Err(PictureError::Broken));
    }

    #[test]
    fn what_a_camera_appends_to_a_jpeg_is_no_harm() {
        let mut jpeg = as_jpeg(&photo(20, 20));
        jpeg.extend(b"trailer of the maker\xff\xd8");

        assert!(pictures().inspect(&jpeg).is_ok());
    }

    #[test]
    fn random_and_damaged_bytes_never_panic() {
        let mut noise = Noise(0x9e37_79b9_7f4a_7c15);
        let photo = photo(50, 50);
        let starts: [&[u8]; 4] =
            [b"\xff\xd8\xff\xe0", b"\x89PNG\r\n\x1a\n", b"RIFF\xff\0\0\0WEBPVP8X", b""];

        for round in 0..400 {
            let mut bytes = starts[round % 4].to_vec();
            bytes.extend((0..round).map(|_| noise.byte()));

            assert!(pictures().inspect(&bytes).is_err());
        }
        for whole in [as_jpeg(&photo), as_png(photo.clone()), as_webp(&photo)] {
            for _ in 0..300 {
                let mut damaged = whole.clone();
                for _ in 0..4 {
                    let at = usize::from(noise.byte()) * 256 + usize::from(noise.byte());
                    let n = damaged.len();
                    damaged[at % n] = noise.byte();
                }
                // Damage that still decodes is a picture; all that counts is an answer.
                let inspected = pictures().inspect(&damaged);
                let rendered = pictures().render(&damaged, &[(20, JPEG), (10, WEBP)]);
                assert_eq!(inspected.is_ok(), rendered.is_ok());
            }
        }
    }

    #[test]
    fn renditions_come_in_the_order_asked_and_never_larger_than_the_original() {
        let bytes = as_jpeg(&photo(300, 200));

        let asked = [(40, WEBP), (4000, JPEG), (150, JPEG), (150, WEBP), (0, JPEG)];
        let made = pictures().render(&bytes, &asked).unwrap();

        let seen: Vec<_> = made
            .iter()
            .map(|bytes| {
                let inspected = pictures().inspect(bytes).unwrap();
                (inspected.format, inspected.width, inspected.height)
            })
            .collect();
        assert_eq!(
            seen,
            [
                (PictureFormat::Webp, 40, 27),
                (PictureFormat::Jpeg, 300, 200),
                (PictureFormat::Jpeg, 150, 100),
                (PictureFormat::Webp, 150, 100),
                (PictureFormat::Jpeg, 1, 1),
            ]
        );
        assert_eq!(pictures().render(&bytes, &[]), Ok(vec![]));
    }

    #[test]
    fn a_rendition_looks_like_its_original() {
        let photo = photo(400, 400);

        let made = pictures().render(&as_png(photo.clone()), &[(100, JPEG), (100, WEBP)]).unwrap();

        for rendition in made {
            let small = decoded(&rendition).into_rgb8();
            for (x, y) in [(5, 5), (50, 50), (95, 20), (20, 95)] {
                let (a, b) = (small.get_pixel(x, y), photo.get_pixel(x * 4, y * 4));
                assert!((0..3).all(|i| far(a[i], b[i]) < 24), "{a:?} {b:?}");
            }
        }
    }

    #[test]
    fn the_orientation_is_applied_and_the_metadata_dropped() {
        let mut upright = RgbImage::from_pixel(60, 40, Rgb([250, 250, 250]));
        for (x, y) in (0..20).flat_map(|x| (0..20).map(move |y| (x, y))) {
            upright.put_pixel(x, y, Rgb([200, 0, 0]));
        }
        // Orientation 6: the camera was turned, the top left corner belongs to the top right.
        let mut bytes = Vec::new();
        let mut encoder = JpegEncoder::new_with_quality(&mut bytes, 95);
        encoder.set_exif_metadata(exif(6)).unwrap();
        encoder.encode_image(&upright).unwrap();
        assert!(bytes.windows(8).any(|window| window == b"48.8584N"));

        let inspected = pictures().inspect(&bytes).unwrap();
        assert_eq!((inspected.width, inspected.height), (40, 60));
        for rendition in pictures().render(&bytes, &[(40, JPEG), (40, WEBP)]).unwrap() {
            let seen = decoded(&rendition).into_rgb8();
            assert_eq!(seen.dimensions(), (40, 60));
            assert!(seen.get_pixel(35, 5)[1] < 60, "the red corner is at the top right");
            assert!(seen.get_pixel(5, 5)[1] > 200);
            assert!(seen.get_pixel(35, 50)[1] > 200);
            for text in [&b"Exif"[..], b"EXIF", b"48.8584N", b"XMP ", b"ICC"] {
                assert!(!rendition.windows(text.len()).any(|window| window == text));
            }
        }
    }

    #[test]
    fn transparency_is_kept_in_webp_and_white_in_jpeg() {
        let cut_out = RgbaImage::from_fn(80, 80, |x, _| {
            if x < 40 { Rgba([0, 120, 0, 255]) } else { Rgba([0, 0, 0, 0]) }
        });

        let made = pictures().render(&as_png(cut_out), &[(40, JPEG), (40, WEBP)]).unwrap();

        let jpeg = decoded(&made[0]).into_rgb8();
        assert!(jpeg.get_pixel(35, 20).0.iter().all(|&channel| channel > 245));
        assert!(jpeg.get_pixel(5, 20)[0] < 20);
        let webp = decoded(&made[1]);
        assert!(webp.color().has_alpha());
        assert_eq!(webp.to_rgba8().get_pixel(35, 20)[3], 0);
        assert_eq!(webp.to_rgba8().get_pixel(5, 20)[3], 255);
    }

    #[test]
    fn a_transparency_that_nothing_uses_is_left_out() {
        let opaque = RgbaImage::from_pixel(30, 30, Rgba([10, 200, 10, 255]));

        let made = pictures().render(&as_png(opaque), &[(30, WEBP)]).unwrap();

        assert!(!decoded(&made[0]).color().has_alpha());
    }

    #[test]
    fn gray_and_deep_pictures_become_ordinary_ones() {
        let gray = image::GrayImage::from_pixel(20, 10, image::Luma([128]));
        let deep = image::ImageBuffer::from_pixel(20, 10, Rgb([0x8080_u16, 0x8080, 0x8080]));

        for bytes in [as_png(gray), as_png(DynamicImage::ImageRgb16(deep))] {
            for rendition in pictures().render(&bytes, &[(10, JPEG), (10, WEBP)]).unwrap() {
                let pixel = *decoded(&rendition).into_rgb8().get_pixel(5, 2);
                assert!(pixel.0.iter().all(|&channel| far(channel, 128) < 4), "{pixel:?}");
            }
        }
    }

    #[test]
    fn wide_gamut_colors_are_brought_to_srgb() {
        let leaf = RgbImage::from_pixel(16, 16, Rgb([200, 100, 50]));
        let mut bytes = Vec::new();
        let mut encoder = PngEncoder::new(&mut bytes);
        encoder.set_icc_profile(ColorProfile::new_display_p3().encode().unwrap()).unwrap();
        encoder.write_image(&leaf, 16, 16, ExtendedColorType::Rgb8).unwrap();

        let made = pictures().render(&bytes, &[(16, WEBP)]).unwrap();

        // The same color has a redder number in the smaller space: 215, 93, 31 by the standard.
        let pixel = *decoded(&made[0]).into_rgb8().get_pixel(8, 8);
        let expected = [215, 93, 31];
        assert!((0..3).all(|i| far(pixel[i], expected[i]) < 6), "{pixel:?}");
    }

    #[test]
    fn a_profile_that_makes_no_sense_is_ignored() {
        let leaf = RgbImage::from_pixel(16, 16, Rgb([200, 100, 50]));
        let mut bytes = Vec::new();
        let mut encoder = PngEncoder::new(&mut bytes);
        encoder.set_icc_profile(b"not a profile".to_vec()).unwrap();
        encoder.write_image(&leaf, 16, 16, ExtendedColorType::Rgb8).unwrap();

        let made = pictures().render(&bytes, &[(16, WEBP)]).unwrap();

        assert!(far(decoded(&made[0]).into_rgb8().get_pixel(8, 8)[0], 200) < 6);
    }

    #[test]
    fn a_scroll_becomes_narrower_rather_than_too_long() {
        assert_eq!(size(100, 40_000, 100), (41, MAX_SIDE));
        assert_eq!(size(1, 50_000_000, 800), (1, MAX_SIDE));
        assert_eq!(size(40_000, 10, 60_000), (MAX_SIDE, 4));
        assert_eq!(size(2000, 1000, 800), (800, 400));

        let scroll = RgbImage::from_pixel(20, 20_000, Rgb([1, 2, 3]));
        let made = pictures().render(&as_png(scroll), &[(20, WEBP), (20, JPEG)]).unwrap();

        assert!(made.iter().all(|bytes| pictures().inspect(bytes).unwrap().height == MAX_SIDE));
    }
}
