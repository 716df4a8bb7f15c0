//! The pictures of products.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use commerce::media::{Original, Picture};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use shop::catalog::ProductInput;
use shop::media::UploadError;

use super::{Entry, write};
use crate::graphql::uid;
use crate::rest::call::Call;
use crate::rest::lenient::Int;
use crate::rest::problem::Problem;

#[derive(Serialize, JsonSchema)]
#[schemars(rename = "MediaEntry")]
pub(in crate::rest) struct MediaEntry {
    id: i64,
    media_type: String,
    label: Option<String>,
    position: u32,
    disabled: bool,
    types: Vec<String>,
    /// Below the folder of products.
    file: String,
}

#[derive(Deserialize, JsonSchema)]
#[schemars(rename = "MediaEntryInput")]
pub(in crate::rest) struct EntryIn {
    id: Option<Int>,
    label: Option<String>,
    position: Option<Int>,
    types: Option<Vec<String>>,
    content: Option<Content>,
}

#[derive(Deserialize, JsonSchema)]
#[schemars(rename = "MediaContent")]
struct Content {
    base64_encoded_data: String,
    name: Option<String>,
}

#[derive(Deserialize, JsonSchema)]
#[schemars(rename = "MediaEntryBody")]
pub(in crate::rest) struct Body {
    entry: EntryIn,
}

/// The longest description of a picture.
const MAX_LABEL: usize = 300;

impl MediaEntry {
    pub(super) fn of(entry: &Entry, call: &Call) -> Vec<Self> {
        let pictures = (0_u32..).zip(&entry.product.pictures);
        pictures.map(|(place, picture)| Self::new(call, place, picture)).collect()
    }

    fn new(call: &Call, place: u32, picture: &Picture) -> Self {
        let types: &[&str] =
            if place == 0 { &["image", "small_image", "thumbnail", "swatch_image"] } else { &[] };
        let label = call.text(&picture.alt);
        Self {
            id: uid::media(picture.original.id),
            media_type: "image".to_owned(),
            label: (!label.is_empty()).then(|| label.to_owned()),
            position: place + 1,
            disabled: false,
            types: types.iter().map(|&kind| kind.to_owned()).collect(),
            file: format!("/{}", picture.original.key),
        }
    }
}

async fn upload(call: &Call, content: &Content) -> Result<Original, Problem> {
    let refused = || Problem::bad("The image content must be valid base64 encoded data.");
    let compact: String =
        content.base64_encoded_data.chars().filter(|char| !char.is_whitespace()).collect();
    let bytes = STANDARD.decode(compact).map_err(|_| refused())?;
    let name = content.name.as_deref().unwrap_or("picture");
    match shop::media::upload(&call.shop, name, Bytes::from(bytes)).await {
        Ok(original) => Ok(original),
        Err(UploadError::Refused(reason)) => {
            Err(Problem::bad(format!("The image content is not valid: {reason}.")))
        }
        Err(UploadError::Db(error)) => Err(error.into()),
        Err(UploadError::Store(error)) => Err(Problem::internal(&error)),
    }
}

/// Keeps the pictures that come with a product, before the product has them.
pub(super) async fn upload_all(
    call: &Call,
    entries: &[EntryIn],
) -> Result<Vec<Option<Original>>, Problem> {
    let mut uploaded = Vec::with_capacity(entries.len());
    for entry in entries {
        uploaded.push(match &entry.content {
            Some(content) => Some(upload(call, content).await?),
            None => None,
        });
    }
    Ok(uploaded)
}

/// Writes the label, place and use of a picture, and puts it where it belongs.
fn describe(call: &Call, input: &mut ProductInput, at: usize, said: &EntryIn) {
    let Some(picture) = input.pictures.get_mut(at) else { return };
    if let Some(label) = &said.label {
        let label: String = label.trim().chars().take(MAX_LABEL).collect();
        match label.is_empty() {
            true => picture.alt.0.remove(&call.locale),
            false => picture.alt.0.insert(call.locale, label),
        };
    }
    let is_first = said.types.iter().flatten().any(|kind| kind == "image");
    let wanted = match (is_first, said.position) {
        (true, _) => 0,
        (false, Some(Int(position))) => usize::try_from(position - 1).unwrap_or(0),
        (false, None) => return,
    };
    let picture = input.pictures.remove(at);
    input.pictures.insert(wanted.min(input.pictures.len()), picture);
}

/// Gives a product the pictures of a list, and no others.
pub(super) fn replace(
    call: &Call,
    input: &mut ProductInput,
    entries: &[EntryIn],
    uploaded: &[Option<Original>],
) -> Result<(), Problem> {
    let known = std::mem::take(&mut input.pictures);
    for (entry, uploaded) in entries.iter().zip(uploaded) {
        let picture = match (uploaded, entry.id) {
            (Some(original), _) => {
                let alt = commerce::content::Localized::default();
                Picture { original: original.clone(), alt, option: None }
            }
            (None, Some(Int(id))) => {
                let found = known.iter().find(|picture| uid::media(picture.original.id) == id);
                found.ok_or_else(|| Problem::no_entity("id", id))?.clone()
            }
            (None, None) => return Err(Problem::required("content")),
        };
        if input.pictures.iter().any(|other| other.original.id == picture.original.id) {
            continue;
        }
        input.pictures.push(picture);
        let at = input.pictures.len() - 1;
        let unplaced = EntryIn { position: None, types: entry.types.clone(), ..label_of(entry) };
        describe(call, input, at, &unplaced);
    }
    Ok(())
}

fn label_of(entry: &EntryIn) -> EntryIn {
    EntryIn { id: None, label: entry.label.clone(), position: None, types: None, content: None }
}

pub(in crate::rest) async fn all(call: Call) -> Result<Vec<MediaEntry>, Problem> {
    let entry = Entry::find(&call, call.param("sku")).await?;
    Ok(MediaEntry::of(&entry, &call))
}

/// Where the picture lies that the path names.
fn place(call: &Call, input: &[Picture]) -> Result<usize, Problem> {
    let id = call.param("entryId");
    let found = input.iter().position(|it| uid::media(it.original.id).to_string() == id);
    found.ok_or_else(|| {
        Problem::missing("No image with the provided ID was found. Verify the ID and try again.")
    })
}

pub(in crate::rest) async fn one(call: Call) -> Result<MediaEntry, Problem> {
    let entry = Entry::find(&call, call.param("sku")).await?;
    let at = place(&call, &entry.product.pictures)?;
    MediaEntry::of(&entry, &call).into_iter().nth(at).ok_or_else(|| Problem::no_entity("id", at))
}

/// Adds a picture and gives its number.
pub(in crate::rest) async fn add(call: Call, body: Body) -> Result<i64, Problem> {
    let entry = Entry::find(&call, call.param("sku")).await?;
    let content = body.entry.content.as_ref().ok_or_else(|| Problem::required("content"))?;
    let original = upload(&call, content).await?;
    let id = uid::media(original.id);
    write::update(&call, entry, |input| {
        if input.pictures.iter().any(|shown| shown.original.id == original.id) {
            return Ok(());
        }
        let alt = commerce::content::Localized::default();
        input.pictures.push(Picture { original: original.clone(), alt, option: None });
        describe(&call, input, input.pictures.len() - 1, &body.entry);
        Ok(())
    })
    .await?;
    Ok(id)
}

pub(in crate::rest) async fn change(call: Call, body: Body) -> Result<bool, Problem> {
    let entry = Entry::find(&call, call.param("sku")).await?;
    let original = match &body.entry.content {
        Some(content) => Some(upload(&call, content).await?),
        None => None,
    };
    write::update(&call, entry, |input| {
        let at = place(&call, &input.pictures)?;
        if let Some(original) = &original {
            input.pictures[at].original = original.clone();
        }
        describe(&call, input, at, &body.entry);
        Ok(())
    })
    .await?;
    Ok(true)
}

pub(in crate::rest) async fn remove(call: Call) -> Result<bool, Problem> {
    let entry = Entry::find(&call, call.param("sku")).await?;
    write::update(&call, entry, |input| {
        let at = place(&call, &input.pictures)?;
        input.pictures.remove(at);
        Ok(())
    })
    .await?;
    Ok(true)
}
