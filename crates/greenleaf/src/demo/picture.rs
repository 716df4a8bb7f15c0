//! Drawings in two or three colors, filled in and made pictures of.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use anyhow::{Context as _, Result, bail};
use commerce::media::Original;
use db::Db;
use futures::{StreamExt as _, TryStreamExt as _, stream};
use jiff::Timestamp;
use resvg::tiny_skia::{Pixmap, Transform};
use resvg::usvg::{Options, Tree};
use shop::ports::{MediaStore, Pictures};

/// A drawing and the colors it is shown in; those it does not name are its own.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Drawing {
    pub(super) svg: String,
    pub(super) colors: BTreeMap<String, String>,
}

impl Drawing {
    /// The drawing in its colors.
    pub(super) fn tree(&self) -> Result<Tree> {
        let path = format!("pictures/{}.svg", self.svg);
        let filled = fill_in(super::file(&path)?, &self.colors);
        let tree = filled.and_then(|svg| Ok(Tree::from_str(&svg, &Options::default())?));
        tree.with_context(|| format!("assets/demo/{path}"))
    }
}

/// Draws and uploads each drawing once.
pub(super) async fn keep_all(
    db: &Db,
    media: &dyn MediaStore,
    pictures: &Arc<dyn Pictures>,
    drawings: BTreeSet<Drawing>,
    at: Timestamp,
) -> Result<BTreeMap<Drawing, Original>> {
    let n_cores = std::thread::available_parallelism().map_or(2, usize::from);
    stream::iter(drawings)
        .map(async |drawing| {
            let name = format!("{}.png", drawing.svg);
            let (drawing, png) = tokio::task::spawn_blocking(move || {
                let png = drawing.tree().and_then(|tree| draw(&tree));
                png.map(|png| (drawing, png))
            })
            .await??;
            let original = shop::media::keep(db, media, pictures, &name, png.into(), at).await?;
            Ok::<_, anyhow::Error>((drawing, original))
        })
        .buffer_unordered(n_cores)
        .try_collect()
        .await
}

/// Puts the colors into a drawing whose first line names its own:
/// `<!-- defaults: primary=#8aa487 accent=#e9e3d3 -->`.
fn fill_in(svg: &str, colors: &BTreeMap<String, String>) -> Result<String> {
    let first = svg.lines().next().unwrap_or_default();
    let defaults = first
        .trim()
        .strip_prefix("<!-- defaults:")
        .and_then(|rest| rest.strip_suffix("-->"))
        .context("the first line does not name the default colors")?;
    let mut filled = svg.to_owned();
    for default in defaults.split_whitespace() {
        let (name, color) = default.split_once('=').context("a default is written name=#rrggbb")?;
        let color = colors.get(name).map_or(color, String::as_str);
        filled = filled.replace(&format!("{{{{{name}}}}}"), color);
    }
    if let Some((_, rest)) = filled.split_once("{{") {
        bail!("the color {{{{{}}}}} has no default", rest.split("}}").next().unwrap_or_default());
    }
    Ok(filled)
}

/// Draws in the size that the drawing says of itself.
pub(super) fn draw(tree: &Tree) -> Result<Vec<u8>> {
    let size = tree.size().to_int_size();
    let mut pixels = Pixmap::new(size.width(), size.height()).context("the drawing is empty")?;
    resvg::render(tree, Transform::identity(), &mut pixels.as_mut());
    Ok(pixels.encode_png()?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_drawing_takes_the_colors_it_is_given_and_keeps_the_others() {
        let svg = "<!-- defaults: primary=#111111 accent=#222222 -->\n{{primary}} {{accent}}";
        let colors = [("accent".to_owned(), "#333333".to_owned())].into();

        let filled = fill_in(svg, &colors).unwrap();

        assert!(filled.ends_with("\n#111111 #333333"), "{filled}");
        assert!(fill_in("<svg/>", &colors).is_err());
        assert!(fill_in(&format!("{svg} {{{{other}}}}"), &colors).is_err());
    }
}
