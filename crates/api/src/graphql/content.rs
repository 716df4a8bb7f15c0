//! Pages that the merchant writes, and what lies at an address.

use commerce::content::{Page, PageText, Slug};
use commerce::customer::Email;
use shop::jobs::SendContactMail;

use super::catalog::category::CategoryNode;
use super::catalog::product::ProductNode;
use super::context::Context;
use super::uid;
use super::value::{Answer, Args, Ask, Object, Refusal, Value};

/// A page in the language of the request. Pages have codes and no numbers.
pub(super) struct PageNode<'c> {
    page: &'c Page,
    text: &'c PageText,
}

impl<'c> PageNode<'c> {
    fn find(context: &'c Context, is_meant: impl Fn(&Page, &PageText) -> bool) -> Option<Self> {
        let published = context.pages.iter().filter(|page| page.is_published);
        published
            .filter_map(|page| {
                let text = page.texts.get(context.locale, context.fallback())?;
                Some(Self { page, text })
            })
            .find(|node| is_meant(node.page, node.text))
            .inspect(|_| context.shown.page())
    }

    fn by_slug(context: &'c Context, slug: &str) -> Option<Self> {
        Self::find(context, |_, text| text.slug.as_str() == slug)
    }
}

impl Object for PageNode<'_> {
    fn type_name(&self) -> &'static str {
        "CmsPage"
    }

    fn field<'a>(&'a self, ask: Ask<'a>) -> Answer<'a> {
        Ok(match ask.name {
            "identifier" => self.page.code.as_str().into(),
            "url_key" | "relative_url" => self.text.slug.as_str().into(),
            "title" | "meta_title" | "content_heading" => self.text.title.as_str().into(),
            "content" => shop::markdown::render(&self.text.body).into(),
            "meta_description" => Value::filled(&self.text.meta_description),
            "page_layout" => "1column".into(),
            "type" => "CMS_PAGE".into(),
            "redirect_code" => 0.into(),
            _ => Value::Nothing,
        })
    }
}

/// The page that `cms_home_page` names.
const HOME: &str = "home";

/// What stands there when the merchant wrote none: our own is a template, so the ways into the
/// catalog.
struct Home<'c>(&'c Context);

impl Home<'_> {
    fn content(&self) -> String {
        let context = self.0;
        let links = context.catalog.children(None).into_iter().filter_map(|category| {
            let text = category.texts.get(context.locale, context.fallback())?;
            Some(format!("- [{}](/{})\n", text.name, context.url_path(category)))
        });
        shop::markdown::render(&links.collect::<String>())
    }
}

impl Object for Home<'_> {
    fn type_name(&self) -> &'static str {
        "CmsPage"
    }

    fn field<'a>(&'a self, ask: Ask<'a>) -> Answer<'a> {
        Ok(match ask.name {
            "identifier" | "url_key" | "relative_url" => HOME.into(),
            "title" | "meta_title" | "content_heading" => {
                self.0.settings.channel.name.as_str().into()
            }
            "content" => self.content().into(),
            "page_layout" => "1column".into(),
            "type" => "CMS_PAGE".into(),
            "redirect_code" => 0.into(),
            _ => Value::Nothing,
        })
    }
}

pub(super) fn page<'c>(context: &'c Context, args: Args<'_>) -> Answer<'c> {
    let Some(identifier) = args.text("identifier") else {
        let id = args.int("id");
        return Err(match id {
            None => Refusal::input("\"Page id/identifier should be specified"),
            Some(id) => {
                Refusal::missing(format!("The CMS page with the \"{id}\" ID doesn't exist."))
            }
        });
    };
    let found = PageNode::find(context, |page, text| {
        page.code.as_str() == identifier || text.slug.as_str() == identifier
    });
    match found {
        Some(page) => Ok(Value::object(page)),
        None if identifier == HOME => Ok(Value::object(Home(context))),
        None => Err(Refusal::missing(format!(
            "The CMS page with the \"{identifier}\" ID doesn't exist."
        ))),
    }
}

/// The longest message and name that `contactUs` takes, in characters.
const MAX_MESSAGE: usize = 4_000;
const MAX_NAME: usize = 120;

/// Answers `contactUs`.
pub(super) async fn write_to_us<'a>(context: &'a Context, input: Args<'a>) -> Answer<'a> {
    let text = |name: &str| input.text(name).unwrap_or_default().trim();
    let (name, comment, phone) = (text("name"), text("comment"), text("telephone"));
    if comment.is_empty() {
        return Err(Refusal::input("Comment field is required."));
    }
    if name.is_empty() {
        return Err(Refusal::input("Name field is required."));
    }
    let email = Email::new(text("email"));
    let email = email.ok_or_else(|| Refusal::input("The email address is invalid."))?;
    let is_long = |text: &str, most| text.chars().count() > most;
    if is_long(comment, MAX_MESSAGE) || is_long(name, MAX_NAME) || is_long(phone, 40) {
        return Err(Refusal::input("The message is too long."));
    }
    if [name, phone].iter().any(|text| text.chars().any(char::is_control)) {
        return Err(Refusal::input("Name field is required."));
    }
    if !context.guard.allow(context.address) {
        return Err(Refusal::too_many());
    }
    let message =
        if phone.is_empty() { comment.to_owned() } else { format!("{comment}\n\n{phone}") };
    let mail = SendContactMail::new(name.to_owned(), &email, name.to_owned(), message);
    shop::jobs::contact(&context.shop, &mail).await?;
    Ok(Value::object(Sent))
}

struct Sent;

impl Object for Sent {
    fn type_name(&self) -> &'static str {
        "ContactUsOutput"
    }

    fn field<'a>(&'a self, ask: Ask<'a>) -> Answer<'a> {
        Ok(match ask.name {
            "status" => true.into(),
            _ => Value::Nothing,
        })
    }
}

/// The shop has no blocks: its templates hold what blocks would.
pub(super) fn blocks<'a>() -> Value<'a> {
    struct Blocks;
    impl Object for Blocks {
        fn type_name(&self) -> &'static str {
            "CmsBlocks"
        }

        fn field<'a>(&'a self, _: Ask<'a>) -> Answer<'a> {
            Ok(Value::List(Vec::new()))
        }
    }
    Value::object(Blocks)
}

/// What search engines may do on the storefront.
pub(super) struct Robots;

impl Object for Robots {
    fn type_name(&self) -> &'static str {
        "RobotsConfig"
    }

    fn field<'a>(&'a self, ask: Ask<'a>) -> Answer<'a> {
        Ok(match ask.name {
            "defaultRobots" => "INDEX,FOLLOW".into(),
            _ => Value::Null,
        })
    }
}

/// A word that leads somewhere else than to its results: the shop has none, and a storefront goes
/// where an answer without this object would send it.
pub(super) struct SearchTerm;

impl Object for SearchTerm {
    fn type_name(&self) -> &'static str {
        "SearchTerm"
    }

    fn field<'a>(&'a self, _: Ask<'a>) -> Answer<'a> {
        Ok(Value::Null)
    }
}

/// What lies at an address of the storefront.
enum Found<'c> {
    Product(ProductNode<'c>),
    Category(CategoryNode<'c>),
    Page(PageNode<'c>),
    Home(Home<'c>),
}

/// The path of an address, without the suffix and the prefixes that our own pages have.
fn path(url: &str) -> &str {
    let path = url.split(['?', '#']).next().unwrap_or_default().trim_matches('/');
    let path = path.strip_suffix(".html").unwrap_or(path);
    ["p/", "c/", "pages/"].iter().find_map(|prefix| path.strip_prefix(prefix)).unwrap_or(path)
}

fn find<'c>(context: &'c Context, url: &str) -> Option<Found<'c>> {
    let path = path(url);
    if path.is_empty() {
        let written = PageNode::find(context, |page, _| page.code.as_str() == HOME);
        return Some(written.map_or(Found::Home(Home(context)), Found::Page));
    }
    if let Some(product) = ProductNode::by_url_key(context, path) {
        return Some(Found::Product(product));
    }
    let by_slug = || {
        let category = context.catalog.category_by_slug(context.locale, &Slug::new(path)?)?;
        Some(CategoryNode { context, category: Some(category) })
    };
    if let Some(category) = CategoryNode::by_url_path(context, path).or_else(by_slug) {
        return Some(Found::Category(category));
    }
    PageNode::by_slug(context, path).map(Found::Page)
}

/// Answers `route`: the thing itself.
pub(super) fn route<'c>(context: &'c Context, args: Args<'_>) -> Value<'c> {
    match find(context, args.text("url").unwrap_or_default()) {
        Some(Found::Product(node)) => Value::object(node),
        Some(Found::Category(node)) => Value::object(node),
        Some(Found::Page(node)) => Value::object(node),
        Some(Found::Home(node)) => Value::object(node),
        None => Value::Null,
    }
}

/// Answers `urlResolver`, which came before `route`.
pub(super) fn resolve_url<'c>(context: &'c Context, args: Args<'_>) -> Value<'c> {
    let url = args.text("url").unwrap_or_default();
    let (kind, number) = match find(context, url) {
        Some(Found::Product(node)) => ("PRODUCT", Some(node.number())),
        Some(Found::Category(node)) => ("CATEGORY", node.category.map(|category| category.number)),
        Some(Found::Page(_) | Found::Home(_)) => ("CMS_PAGE", None),
        None => return Value::Null,
    };
    Value::object(Place { kind, number, path: path(url).to_owned() })
}

struct Place {
    kind: &'static str,
    number: Option<i64>,
    path: String,
}

impl Object for Place {
    fn type_name(&self) -> &'static str {
        "EntityUrl"
    }

    fn field<'a>(&'a self, ask: Ask<'a>) -> Answer<'a> {
        Ok(match ask.name {
            "id" => self.number.into(),
            "entity_uid" => self.number.map(uid::of).into(),
            "relative_url" | "canonical_url" => self.path.as_str().into(),
            "redirectCode" => 0.into(),
            "type" => self.kind.into(),
            _ => Value::Nothing,
        })
    }
}
