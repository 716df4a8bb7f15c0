//! The eco data of a product in one cell, as JSON; Magento has no columns for them.

use std::collections::BTreeMap;

use commerce::channel::{Country, Locale};
use commerce::content::Localized;
use commerce::eco::{CarbonFootprint, EcoSheet, Label, Material, Percent};
use serde::{Deserialize, Serialize};

type Texts = BTreeMap<String, String>;

#[derive(Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[derive(Default)]
struct EcoJson {
    #[serde(skip_serializing_if = "Vec::is_empty")]
    labels: Vec<LabelJson>,
    #[serde(skip_serializing_if = "Option::is_none")]
    origin: Option<String>,
    #[serde(skip_serializing_if = "Texts::is_empty")]
    origin_detail: Texts,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    materials: Vec<MaterialJson>,
    #[serde(skip_serializing_if = "Option::is_none")]
    carbon: Option<CarbonJson>,
    #[serde(skip_serializing_if = "Texts::is_empty")]
    packaging: Texts,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct LabelJson {
    scheme: String,
    licence: String,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct MaterialJson {
    name: Texts,
    share: u8,
    recycled: u8,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct CarbonJson {
    grams_co2e: u64,
    source: Texts,
}

fn texts(localized: &Localized<String>) -> Texts {
    localized.0.iter().map(|(locale, text)| (locale.as_str().to_owned(), text.clone())).collect()
}

fn localized(texts: Texts) -> Result<Localized<String>, String> {
    let text = |(code, text): (String, String)| match Locale::new(&code) {
        Some(locale) => Ok((locale, text)),
        None => Err(format!("{code} is no language")),
    };
    texts.into_iter().map(text).collect()
}

pub(crate) fn write(eco: &EcoSheet) -> String {
    let json = EcoJson {
        labels: eco
            .labels
            .iter()
            .map(|it| LabelJson { scheme: it.scheme.clone(), licence: it.licence.clone() })
            .collect(),
        origin: eco.origin.map(|country| country.as_str().to_owned()),
        origin_detail: texts(&eco.origin_detail),
        materials: eco
            .materials
            .iter()
            .map(|it| MaterialJson {
                name: texts(&it.name),
                share: it.share.get(),
                recycled: it.recycled.get(),
            })
            .collect(),
        carbon: eco
            .carbon
            .as_ref()
            .map(|it| CarbonJson { grams_co2e: it.grams_co2e, source: texts(&it.source) }),
        packaging: texts(&eco.packaging),
    };
    serde_json::to_string(&json).expect("maps with text keys and plain values serialize")
}

pub(crate) fn read(text: &str) -> Result<EcoSheet, String> {
    let json: EcoJson = serde_json::from_str(text).map_err(|error| error.to_string())?;
    let percent = |share| Percent::new(share).ok_or("a share is at most 100 %".to_owned());
    let country = |code: String| Country::new(&code).ok_or(format!("{code} is no country"));
    Ok(EcoSheet {
        labels: json
            .labels
            .into_iter()
            .map(|it| Label { scheme: it.scheme, licence: it.licence })
            .collect(),
        origin: json.origin.map(country).transpose()?,
        origin_detail: localized(json.origin_detail)?,
        materials: json
            .materials
            .into_iter()
            .map(|it| {
                Ok(Material {
                    name: localized(it.name)?,
                    share: percent(it.share)?,
                    recycled: percent(it.recycled)?,
                })
            })
            .collect::<Result<_, String>>()?,
        carbon: json
            .carbon
            .map(|it| {
                Ok::<_, String>(CarbonFootprint {
                    grams_co2e: it.grams_co2e,
                    source: localized(it.source)?,
                })
            })
            .transpose()?,
        packaging: localized(json.packaging)?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn eco_data_come_back() {
        let both = || Localized::default().with(Locale::FR, "é".to_owned());
        let eco = EcoSheet {
            labels: vec![Label { scheme: "GOTS".into(), licence: "1".into() }],
            origin: Some(Country::FR),
            origin_detail: both(),
            materials: vec![Material {
                name: both(),
                share: Percent::new(80).unwrap(),
                recycled: Percent::new(5).unwrap(),
            }],
            carbon: Some(CarbonFootprint { grams_co2e: 1_200, source: both() }),
            packaging: both(),
        };

        assert_eq!(read(&write(&eco)), Ok(eco));
        assert_eq!(write(&EcoSheet::default()), "{}");
        assert!(read(r#"{"smell":"good"}"#).is_err());
        assert!(read(r#"{"origin":"France"}"#).is_err());
    }
}
