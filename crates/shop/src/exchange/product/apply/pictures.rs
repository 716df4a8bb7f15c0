//! The pictures of a product, with their labels and what they show.

use commerce::channel::Locale;
use commerce::content::Localized;
use commerce::media::Picture;
use exchange::product::Texts;
use exchange::{Fault, Field};

use super::Step;
use crate::catalog::ProductInput;

impl Step<'_> {
    fn picture(&mut self, column: &str, path: &str, known: &[Picture]) -> Option<Picture> {
        match self.task.images.get(path) {
            Ok(original) => {
                let known = known.iter().find(|it| it.original.key == original.key).cloned();
                let fresh = || Picture { original, alt: Localized::default(), option: None };
                Some(known.unwrap_or_else(fresh))
            }
            Err(reason) => {
                self.refuse(column, reason);
                None
            }
        }
    }

    pub(super) fn pictures(&mut self, input: &mut ProductInput) {
        let row = self.row;
        if !self.task.images.are_wanted() {
            return;
        }
        let known = input.pictures.clone();
        let (known_base, known_rest) = match known.split_first() {
            Some((base, rest)) => (Some(base.clone()), rest.to_vec()),
            None => (None, Vec::new()),
        };
        let base = match &row.base_image {
            Field::Keep => known_base,
            Field::Clear => None,
            Field::Set(path) => self.picture("base_image", path, &known),
        };
        let rest = match &row.additional_images {
            Field::Keep => known_rest,
            Field::Clear => Vec::new(),
            Field::Set(paths) => paths
                .iter()
                .filter_map(|path| self.picture("additional_images", path, &known))
                .collect(),
        };
        // Magento lists the base image among the others again.
        let mut pictures: Vec<Picture> = Vec::new();
        for picture in base.into_iter().chain(rest) {
            if pictures.iter().all(|it| it.original.key != picture.original.key) {
                pictures.push(picture);
            }
        }
        input.pictures = pictures;
    }

    /// Labels stand beside their images; a base image that is listed twice is labelled once.
    pub(super) fn labels(&mut self, input: &mut ProductInput, texts: &Texts, locale: Locale) {
        let set = |picture: &mut Picture, label: &str| {
            match label {
                "" => picture.alt.0.remove(&locale),
                label => picture.alt.0.insert(locale, label.to_owned()),
            };
        };
        let [base, rest @ ..] = input.pictures.as_mut_slice() else { return };
        match &texts.base_image_label {
            Field::Keep => {}
            Field::Clear => set(base, ""),
            Field::Set(label) => {
                self.limit("base_image_label", label);
                set(base, label);
            }
        }
        match &texts.additional_image_labels {
            Field::Keep => {}
            Field::Clear => rest.iter_mut().for_each(|picture| set(picture, "")),
            Field::Set(labels) => {
                let n_listed = self.row.additional_images.set().map_or(0, Vec::len);
                let is_base_again = n_listed == labels.len() && n_listed > rest.len();
                let labels = labels.iter().skip(usize::from(is_base_again));
                for (picture, label) in rest.iter_mut().zip(labels) {
                    self.limit("additional_image_labels", label);
                    set(picture, label);
                }
            }
        }
    }

    pub(super) fn image_options(&mut self, input: &mut ProductInput) {
        const COLUMN: &str = "greenleaf_image_options";
        let options = match &self.row.image_options {
            Field::Set(options) if self.task.images.are_wanted() => options.clone(),
            _ => return,
        };
        for (picture, option) in input.pictures.iter_mut().zip(&options) {
            picture.option = match option.split_once('=') {
                None if option.is_empty() => None,
                Some((axis, label)) => {
                    let Some(axis) = self.frame.axis(axis, &mut self.faults) else { continue };
                    let option = self.frame.option(COLUMN, &axis, label, &mut self.faults);
                    let Some(option) = option else { continue };
                    Some((axis, option))
                }
                None => {
                    self.faults.push(Fault::new(COLUMN, format!("“{option}” is not axis=option")));
                    continue;
                }
            };
        }
    }
}
