//! What the shop tells of a product beyond Magento's contract.

use commerce::catalog::{ContentUnit, LEGAL_GUARANTEE_MONTHS};
use commerce::eco::{CarbonFootprint, Label, Manufacturer, Material};
use commerce::money::Money;

use super::product::ProductNode;
use crate::graphql::context::Context;
use crate::graphql::value::{Answer, Ask, Object, Value};

pub(super) struct EcoNode<'c>(pub(super) ProductNode<'c>);

impl Object for EcoNode<'_> {
    fn type_name(&self) -> &'static str {
        "ProductEco"
    }

    fn field<'a>(&'a self, ask: Ask<'a>) -> Answer<'a> {
        let ProductNode { context, offer, .. } = &self.0;
        let (product, eco) = (&offer.product, &offer.product.eco);
        Ok(match ask.name {
            "carbon_footprint" => match &eco.carbon {
                Some(carbon) => Value::object(CarbonNode { context, carbon }),
                None => Value::Null,
            },
            "labels" => Value::objects(eco.labels.iter().map(LabelNode)),
            "legal_guarantee_months" => LEGAL_GUARANTEE_MONTHS.into(),
            "materials" => {
                let materials = eco.materials.iter();
                Value::objects(materials.map(|material| MaterialNode { context, material }))
            }
            "producer" => match &product.manufacturer {
                Some(maker) => Value::object(ProducerNode(maker)),
                None => Value::Null,
            },
            "origin_country" => eco.origin.map(|country| country.as_str().to_owned()).into(),
            "origin_detail" => Value::filled(context.text(&eco.origin_detail)),
            "packaging" => Value::filled(context.text(&eco.packaging)),
            _ => Value::Nothing,
        })
    }
}

struct CarbonNode<'c> {
    context: &'c Context,
    carbon: &'c CarbonFootprint,
}

impl Object for CarbonNode<'_> {
    fn type_name(&self) -> &'static str {
        "ProductCarbonFootprint"
    }

    fn field<'a>(&'a self, ask: Ask<'a>) -> Answer<'a> {
        Ok(match ask.name {
            "grams_co2e" => Value::Number(self.carbon.grams_co2e.to_string()),
            "source" => self.context.text(&self.carbon.source).into(),
            _ => Value::Nothing,
        })
    }
}

struct LabelNode<'c>(&'c Label);

impl Object for LabelNode<'_> {
    fn type_name(&self) -> &'static str {
        "ProductEcoLabel"
    }

    fn field<'a>(&'a self, ask: Ask<'a>) -> Answer<'a> {
        Ok(match ask.name {
            "licence" => self.0.licence.as_str().into(),
            "scheme" => self.0.scheme.as_str().into(),
            _ => Value::Nothing,
        })
    }
}

struct MaterialNode<'c> {
    context: &'c Context,
    material: &'c Material,
}

impl Object for MaterialNode<'_> {
    fn type_name(&self) -> &'static str {
        "ProductMaterial"
    }

    fn field<'a>(&'a self, ask: Ask<'a>) -> Answer<'a> {
        Ok(match ask.name {
            "name" => self.context.text(&self.material.name).into(),
            "recycled_percent" => u32::from(self.material.recycled.get()).into(),
            "share_percent" => u32::from(self.material.share.get()).into(),
            _ => Value::Nothing,
        })
    }
}

struct ProducerNode<'c>(&'c Manufacturer);

impl Object for ProducerNode<'_> {
    fn type_name(&self) -> &'static str {
        "ProductProducer"
    }

    fn field<'a>(&'a self, ask: Ask<'a>) -> Answer<'a> {
        Ok(match ask.name {
            "address" => self.0.address.as_str().into(),
            "email" => self.0.email.as_str().into(),
            "name" => self.0.name.as_str().into(),
            _ => Value::Nothing,
        })
    }
}

pub(super) struct UnitPrice(pub(super) ContentUnit, pub(super) Money);

impl Object for UnitPrice {
    fn type_name(&self) -> &'static str {
        "ProductUnitPrice"
    }

    fn field<'a>(&'a self, ask: Ask<'a>) -> Answer<'a> {
        Ok(match ask.name {
            "amount" => self.1.into(),
            "unit" => match self.0 {
                ContentUnit::Milliliter => "LITER",
                ContentUnit::Gram => "KILOGRAM",
                ContentUnit::Centimeter => "METER",
                ContentUnit::Piece => "PIECE",
            }
            .into(),
            _ => Value::Nothing,
        })
    }
}
