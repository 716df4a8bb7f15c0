//! Variants that come to a configurable product from outside, and that leave it to stand alone.

use commerce::catalog::{
    AttributeCode, AttributeValue, Options, Product, ProductId, ProductKind, Sku, Variant,
    VariantId, Visibility,
};
use commerce::channel::Locale;
use commerce::content::Localized;
use commerce::redirect::Target;
use db::{DbError, Tx};
use jiff::Timestamp;
use uuid::Uuid;

use super::check::{Known, Problem};
use super::product::{
    ProductInput, SaveProductError, TextInput, VariantInput, announce, count, create_product_in,
    draw_up, known, refuse, write_change, write_new,
};
use crate::{MayRetry, Shop, redirect, use_case};

/// Why a configurable product was not put together. Nothing was written.
#[derive(Debug, thiserror::Error)]
pub enum AssembleError {
    /// Only a simple product becomes a variant.
    #[error("there is no such simple product")]
    NotSimple,
    #[error("{sku} has no value of the attribute {axis}")]
    OptionMissing { sku: Sku, axis: AttributeCode },
    #[error(transparent)]
    Save(#[from] SaveProductError),
}

impl From<DbError> for AssembleError {
    fn from(error: DbError) -> Self {
        Self::Save(error.into())
    }
}

impl MayRetry for AssembleError {
    fn is_worth_retrying(&self) -> bool {
        matches!(self, Self::Save(error) if error.is_worth_retrying())
    }
}

/// What is put together.
#[derive(Clone, Copy, Debug)]
pub enum Assembly<'a> {
    /// A product that is not there yet, and what it goes by.
    New(&'a Sku),
    /// One that is there, in the version that was edited.
    Known(ProductId, u32),
}

/// Which variants come from outside, and which leave.
#[derive(Clone, Copy, Debug, Default)]
pub struct Moves<'a> {
    /// Simple products that become variants, after those that there are: each keeps its SKU, number,
    /// price, stock and the log of its prices, and where its page was leads to the product. It has
    /// to have an option for each axis among its attributes.
    pub adopted: &'a [ProductId],
    /// Variants that become simple products again.
    pub released: &'a [VariantId],
}

/// Saves a product with the variants that come and go.
pub async fn assemble(
    shop: &Shop,
    assembly: Assembly<'_>,
    input: &ProductInput,
    moves: Moves<'_>,
) -> Result<Product, AssembleError> {
    use_case("assemble-product", || async {
        let mut tx = shop.db.write().await?;
        let at = shop.clock.now();
        let source = shop.settings().source.clone();
        let before = match assembly {
            Assembly::New(sku) => {
                let bare = ProductInput {
                    visibility: Visibility::Draft,
                    variants: Vec::new(),
                    ..input.clone()
                };
                let product = create_product_in(&mut tx, &source, &bare, at).await?;
                name(&mut tx, product.id, sku).await?;
                product
            }
            Assembly::Known(id, version) => {
                let found = db::catalog::product::find(&mut tx, id).await?;
                let before = found.ok_or(SaveProductError::NotFound)?;
                if before.version != version {
                    return Err(SaveProductError::Stale.into());
                }
                before
            }
        };

        let mut input = input.clone();
        // To the checks the variants are the product's own already, with numbers and prior prices.
        let mut seen = before.clone();
        let mut children = Vec::new();
        for id in moves.adopted {
            let (child, variant) = adopt(&mut tx, *id, &input.kind, at).await?;
            input.variants.push(variant);
            seen.variants.extend(child.variants.iter().cloned());
            children.push(child);
        }
        let mut leaving = Vec::new();
        for id in moves.released {
            let leaves = before.variants.iter().find(|it| it.id == *id);
            leaving.push(leaves.cloned().ok_or(SaveProductError::NotFound)?);
            input.variants.retain(|it| it.id != Some(*id));
        }
        let known = known(&mut tx).await?;
        let (mut product, mut problems) =
            draw_up(&mut tx, &known, &input, before.id, Some(&seen), at).await?;
        problems.extend(count(&mut tx, &source, &input, at).await?);
        refuse(problems)?;
        if !write_change(&mut tx, &before, &mut product, at).await? {
            return Err(SaveProductError::Stale.into());
        }
        let target = Target::Product(product.id);
        for child in &children {
            redirect::keep(&mut tx, &target, &child.texts, &product.texts, |it| &it.slug, at)
                .await?;
        }
        for variant in leaving {
            stand_alone(&mut tx, &known, &product, variant, at).await?;
        }
        tx.commit().await?;
        Ok(product)
    })
    .await
}

/// Gives a configurable product the SKU that it goes by.
async fn name(tx: &mut Tx, id: ProductId, sku: &Sku) -> Result<(), AssembleError> {
    let skus = std::slice::from_ref(sku);
    let mut owners = db::catalog::product::owners(tx, skus).await?;
    owners.extend(db::catalog::configurable::find_by_skus(tx, skus).await?);
    if let Some((sku, owner)) = owners.into_iter().next() {
        return Err(SaveProductError::Invalid(vec![Problem::SkuTaken { sku, owner }]).into());
    }
    db::catalog::configurable::insert(tx, id, sku).await?;
    Ok(())
}

/// Takes a simple product away and gives what is to be the variant.
async fn adopt(
    tx: &mut Tx,
    id: ProductId,
    kind: &ProductKind,
    at: Timestamp,
) -> Result<(Product, VariantInput), AssembleError> {
    let found = db::catalog::product::find(tx, id).await?;
    let child =
        found.filter(|it| it.kind == ProductKind::Simple).ok_or(AssembleError::NotSimple)?;
    let mut variant =
        child.variants.first().map(VariantInput::from).ok_or(AssembleError::NotSimple)?;
    let axes = match kind {
        ProductKind::Configurable { axes } => axes.as_slice(),
        ProductKind::Simple => &[],
    };
    for axis in axes {
        let Some(AttributeValue::Select(option)) = child.attributes.get(axis) else {
            let sku = variant.sku;
            return Err(AssembleError::OptionMissing { sku, axis: axis.clone() });
        };
        variant.options.insert(axis.clone(), option.clone());
    }
    variant.is_enabled &= child.visibility == Visibility::Published;
    db::catalog::product::delete(tx, id).await?;
    announce(tx, id, at).await?;
    Ok((child, variant))
}

/// Makes a variant that has left a simple product again: a draft with the texts, pictures and
/// categories of the product that it leaves. It keeps its SKU, number, price, stock and the log of
/// its prices.
async fn stand_alone(
    tx: &mut Tx,
    known: &Known,
    product: &Product,
    variant: Variant,
    at: Timestamp,
) -> Result<(), AssembleError> {
    let input = alone(product, &variant, known);
    let id = ProductId(Uuid::now_v7());
    let shell = Product {
        id,
        number: 0,
        version: 1,
        texts: Localized::default(),
        variants: vec![variant],
        created_at: at,
        ..product.clone()
    };
    let (mut released, problems) = draw_up(tx, known, &input, id, Some(&shell), at).await?;
    refuse(problems)?;
    write_new(tx, &mut released, at).await?;
    Ok(())
}

/// What a variant is by itself.
fn alone(product: &Product, variant: &Variant, known: &Known) -> ProductInput {
    let set = known.sets.iter().find(|set| set.code == product.attribute_set);
    let label = |locale: Locale| {
        let labels = variant.options.iter().filter_map(|(axis, option)| {
            let options = &known.attributes.get(axis)?.options;
            let option = options.iter().find(|known| known.code == *option)?;
            Some(format!(" {}", option.label.text(locale, Locale::FR)))
        });
        labels.collect::<String>()
    };
    let mut input = ProductInput {
        kind: ProductKind::Simple,
        visibility: Visibility::Draft,
        variants: vec![VariantInput {
            is_enabled: true,
            options: Options::new(),
            ..VariantInput::from(variant)
        }],
        ..ProductInput::from(product)
    };
    for (&locale, text) in &mut input.texts.0 {
        let name = format!("{}{}", text.name, label(locale));
        *text = TextInput { slug: None, name, ..text.clone() };
    }
    for (axis, option) in &variant.options {
        if set.is_some_and(|set| set.attributes.contains(axis)) {
            input.attributes.insert(axis.clone(), AttributeValue::Select(option.clone()));
        }
    }
    input.pictures.retain_mut(|picture| {
        let shown = picture.option.take();
        shown.is_none_or(|(axis, option)| variant.options.get(&axis) == Some(&option))
    });
    input
}
