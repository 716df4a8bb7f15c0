//! Pages of content. The shop has no blocks.

use commerce::content::Page as Written;
use schemars::JsonSchema;
use serde::Serialize;

use super::call::{Call, moment};
use super::criteria::Page;
use super::problem::Problem;
use crate::graphql::uid;

#[derive(Serialize, JsonSchema)]
pub(super) struct CmsPage {
    id: i64,
    identifier: String,
    title: String,
    page_layout: String,
    meta_title: String,
    meta_description: String,
    content_heading: String,
    content: String,
    creation_time: String,
    update_time: String,
    sort_order: String,
    active: bool,
}

#[derive(Serialize, JsonSchema)]
pub(super) struct CmsBlock {
    id: i64,
    identifier: String,
    title: String,
    content: String,
    active: bool,
}

fn shown(call: &Call, page: &Written) -> Option<CmsPage> {
    let text = page.texts.get(call.locale, call.fallback())?;
    Some(CmsPage {
        id: uid::page(&page.code),
        identifier: page.code.as_str().to_owned(),
        title: text.title.clone(),
        page_layout: "1column".to_owned(),
        meta_title: text.title.clone(),
        meta_description: text.meta_description.clone(),
        content_heading: text.title.clone(),
        content: shop::markdown::render(&text.body),
        creation_time: moment(page.updated_at),
        update_time: moment(page.updated_at),
        sort_order: "0".to_owned(),
        active: page.is_published,
    })
}

pub(super) async fn pages(call: Call) -> Result<Page<CmsPage>, Problem> {
    call.catalog().await?;
    let pages = call.shop.pages();
    Ok(call.criteria()?.list(pages.iter().filter_map(|page| shown(&call, page))))
}

pub(super) async fn page(call: Call) -> Result<CmsPage, Problem> {
    call.catalog().await?;
    let id = call.param("pageId");
    let missing =
        || Problem::missing("The CMS page with the \"%1\" ID doesn't exist.").with("1", id);
    let pages = call.shop.pages();
    let found = pages.iter().find(|page| uid::page(&page.code).to_string() == id);
    found.and_then(|page| shown(&call, page)).ok_or_else(missing)
}

pub(super) async fn blocks(call: Call) -> Result<Page<CmsBlock>, Problem> {
    Ok(call.criteria()?.page(Vec::new(), 0))
}

pub(super) async fn block(call: Call) -> Result<CmsBlock, Problem> {
    let message = "The CMS block with the \"%1\" ID doesn't exist.";
    Err(Problem::missing(message).with("1", call.param("blockId")))
}
