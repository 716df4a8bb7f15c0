//! The pictures of a product: add, order, describe, remove.

use axum::extract::multipart::{Field, Multipart, MultipartError};
use axum::extract::{FromRequest, RawPathParams, Request, State};
use axum::http::StatusCode;
use bytes::Bytes;
use commerce::catalog::{Product, ProductId};
use commerce::content::Localized;
use commerce::media::Picture;
use shop::catalog::{ProductInput, SaveProductError};
use shop::media::UploadError;
use shop::ports::PictureError;

use super::desk::{Answer, Desk, Failure, Id, Posted};
use super::page::Done;
use super::product::{find, page_again};
use crate::app::App;
use crate::guard::Fields;
use crate::i18n::{Locale, Message};

/// The largest picture that may be uploaded.
pub(super) const MAX_BYTES: usize = 20 * 1024 * 1024;
/// The longest description of a picture; a longer one is a text.
const MAX_ALT: usize = 300;

/// A form with a file in it.
struct Upload {
    fields: Fields,
    name: String,
    bytes: Bytes,
}

async fn read(desk: &Desk, app: &App, request: Request) -> Result<Upload, Failure> {
    let broken = |error: &MultipartError| desk.refuse(error.status());
    let mut multipart = Multipart::from_request(request, app)
        .await
        .map_err(|_| desk.refuse(StatusCode::BAD_REQUEST))?;
    let (mut fields, mut name, mut bytes) = (Vec::new(), String::new(), Bytes::new());
    while let Some(field) = multipart.next_field().await.map_err(|error| broken(&error))? {
        let field: Field<'_> = field;
        if let Some(file) = field.file_name() {
            name = file.to_owned();
            bytes = field.bytes().await.map_err(|error| broken(&error))?;
        } else {
            let key = field.name().unwrap_or_default().to_owned();
            fields.push((key, field.text().await.map_err(|error| broken(&error))?));
        }
    }
    let fields = Fields::new(fields).ok_or_else(|| desk.refuse(StatusCode::PAYLOAD_TOO_LARGE))?;
    Ok(Upload { fields, name, bytes })
}

pub(super) async fn upload(
    State(app): State<App>,
    Id(id): Id,
    desk: Desk,
    request: Request,
) -> Answer {
    let Upload { fields, name, bytes } = read(&desk, &app, request).await?;
    desk.check(&fields)?;
    let id = ProductId(id);
    let product = find(&desk, id).await?;
    let refused = StatusCode::UNPROCESSABLE_ENTITY;
    if bytes.is_empty() {
        let message = Message::new("admin-refusal-no-file");
        return page_again(desk, id, refused, "file", message).await;
    }
    if bytes.len() > MAX_BYTES {
        let message = Message::new("admin-refusal-picture-bytes");
        return page_again(desk, id, refused, "file", message).await;
    }
    let original = match shop::media::upload(&app.shop, &name, bytes).await {
        Ok(original) => original,
        Err(UploadError::Refused(reason)) => {
            return page_again(desk, id, refused, "file", wording(&reason)).await;
        }
        Err(UploadError::Db(error)) => return Err(desk.db(&error)),
        Err(UploadError::Store(error)) => return Err(desk.internal(&error)),
    };
    if product.pictures.iter().any(|shown| shown.original.id == original.id) {
        let message = Message::new("admin-refusal-picture-twice");
        return page_again(desk, id, refused, "file", message).await;
    }
    let mut input = ProductInput::from(&product);
    input.pictures.push(Picture { original, alt: alts(&fields), option: None });
    save(desk, &product, product.version, &input, Done::PictureAdded).await
}

fn wording(reason: &PictureError) -> Message {
    match reason {
        PictureError::UnknownFormat => Message::new("admin-refusal-picture-format"),
        PictureError::TooManyBytes(_) => Message::new("admin-refusal-picture-bytes"),
        PictureError::TooManyPixels(_) => Message::new("admin-refusal-picture-pixels"),
        PictureError::Broken => Message::new("admin-refusal-picture-broken"),
    }
}

fn alts(fields: &Fields) -> Localized<String> {
    Locale::ALL
        .into_iter()
        .map(|locale| {
            let alt = fields.get(&format!("alt-{}", locale.tag()));
            (locale.into(), alt.chars().take(MAX_ALT).collect())
        })
        .filter(|(_, alt): &(_, String)| !alt.is_empty())
        .collect()
}

/// Fields: `act`, which is `save`, `up`, `down` or `delete`, `version`, `alt-fr`, `alt-en`.
pub(super) async fn change(
    Id(id): Id,
    params: RawPathParams,
    Posted { desk, fields }: Posted,
) -> Answer {
    let product = find(&desk, ProductId(id)).await?;
    let wanted = params.iter().find(|(name, _)| *name == "picture").map(|(_, value)| value);
    let is_wanted = |shown: &Picture| Some(shown.original.id.0.to_string().as_str()) == wanted;
    let Some(at) = product.pictures.iter().position(is_wanted) else {
        return Err(desk.not_found());
    };
    let mut input = ProductInput::from(&product);
    let done = match fields.get("act") {
        "save" => {
            input.pictures[at].alt = alts(&fields);
            Done::PictureSaved
        }
        "up" if at > 0 => {
            input.pictures.swap(at, at - 1);
            Done::PictureSaved
        }
        "down" if at + 1 < input.pictures.len() => {
            input.pictures.swap(at, at + 1);
            Done::PictureSaved
        }
        "delete" => {
            input.pictures.remove(at);
            Done::PictureDeleted
        }
        // The first cannot go up: somebody else has moved it there.
        _ => Done::PictureSaved,
    };
    let version = fields.get("version").parse().unwrap_or(0);
    save(desk, &product, version, &input, done).await
}

async fn save(
    desk: Desk,
    product: &Product,
    version: u32,
    input: &ProductInput,
    done: Done,
) -> Answer {
    let id = product.id;
    match shop::catalog::update_product(&desk.app.shop, id, version, input).await {
        Ok(_) => desk.lead(&format!("/admin/products/{}#pictures", id.0), done),
        Err(SaveProductError::NotFound) => Err(desk.not_found()),
        Err(SaveProductError::Db(error)) => Err(desk.db(&error)),
        Err(SaveProductError::Stale) => {
            let message = Message::new("admin-product-stale");
            page_again(desk, id, StatusCode::CONFLICT, "", message).await
        }
        Err(SaveProductError::Invalid(problems)) => {
            let detail = problems.iter().map(ToString::to_string).collect::<Vec<_>>().join("; ");
            let message = Message::new("admin-refusal-other").with("detail", detail);
            page_again(desk, id, StatusCode::UNPROCESSABLE_ENTITY, "", message).await
        }
    }
}
