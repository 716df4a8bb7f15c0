//! What the first view of a page weighs: its HTML, styles, scripts and the pictures that are not
//! put off, as a browser of 1,280 pixels would ask for them with an empty cache.

use std::collections::BTreeSet;
use std::net::SocketAddr;

use anyhow::{Context, Result, ensure};

use crate::figure::{Figure, shown};
use crate::float;
use crate::load::{BROWSER, Connection};

/// The width of the window that pictures are chosen for.
const WINDOW: f64 = 1_280.0;

/// Bytes and requests, each with what may be reached at most.
type Limit = (f64, f64);

/// Weighs a list, the first of the products that can be bought, and the checkout.
pub(crate) async fn measure(
    address: SocketAddr,
    list: &str,
    products: &[String],
) -> Result<Vec<Figure>> {
    let mut connection = Connection::open(address).await?;
    let mut bought = None;
    for product in products {
        if let Some(cookie) = put_into_cart(&mut connection, product).await? {
            bought = Some((product, cookie));
            break;
        }
    }
    let (product, cookie) = bought.context("a product can be bought")?;
    let pages: [(&str, &str, Limit); 3] = [
        ("list", list, (250.0, 20.0)),
        ("product", product.as_str(), (180.0, 15.0)),
        ("checkout", "/checkout", (120.0, 12.0)),
    ];
    let mut figures = Vec::new();
    for (name, path, (most_bytes, most_requests)) in pages {
        let page = weigh(&mut connection, path, &cookie).await?;
        let kilobytes = float(page.n_bytes) / 1024.0;
        let note = format!(
            "{} KB of it HTML; {} more pictures come when one scrolls",
            shown(float(page.n_html) / 1024.0),
            page.n_put_off
        );
        figures.push(
            Figure::new(&format!("weight of a {name} page"), kilobytes, "KB")
                .note(note)
                .at_most(Some(most_bytes)),
        );
        figures.push(
            Figure::new(&format!("requests of a {name} page"), float(page.n_requests), "")
                .at_most(Some(most_requests)),
        );
    }
    Ok(figures)
}

/// Puts the product into a new cart and gives the cookies that hold it; `None` where it is sold
/// out.
async fn put_into_cart(connection: &mut Connection, product: &str) -> Result<Option<String>> {
    let page = connection.get(product, "").await?;
    let page = String::from_utf8_lossy(page.body).into_owned();
    let sku = attribute(&page, "name=\"sku\" value=\"").or_else(|| attribute(&page, "data-sku=\""));
    let Some(sku) = sku else { return Ok(None) };
    let answer = connection.post("/cart/add", &format!("quantity=1&sku={sku}")).await?;
    ensure!(answer.status == 303, "putting {sku} into the cart answers {}", answer.status);
    let cookies: Vec<&str> = answer
        .head
        .split("\r\nset-cookie: ")
        .skip(1)
        .filter_map(|rest| rest.split([';', '\r']).next())
        .collect();
    let cookies = cookies.join("; ");
    let checkout = connection.get_as("/checkout", "", &cookies).await?;
    Ok((checkout.status == 200).then_some(cookies))
}

struct Weight {
    n_bytes: usize,
    n_html: usize,
    n_requests: usize,
    n_put_off: usize,
}

async fn weigh(connection: &mut Connection, path: &str, cookie: &str) -> Result<Weight> {
    let plain = connection.get_as(path, "", cookie).await?;
    ensure!(plain.status == 200, "{path} answers {}", plain.status);
    let html = String::from_utf8_lossy(plain.body).into_owned();
    let sent = connection.get_as(path, BROWSER, cookie).await?;
    let n_html = sent.head.len() + sent.body.len();
    let (needed, n_put_off) = resources(&html);
    let mut n_bytes = n_html;
    for resource in &needed {
        let answer = connection.get_as(resource, BROWSER, cookie).await?;
        ensure!(answer.status == 200, "{resource} answers {}", answer.status);
        n_bytes += answer.head.len() + answer.body.len();
    }
    Ok(Weight { n_bytes, n_html, n_requests: 1 + needed.len(), n_put_off })
}

/// What a browser asks for beside the page, and how many pictures it puts off.
fn resources(html: &str) -> (BTreeSet<String>, usize) {
    let mut needed = BTreeSet::new();
    let mut put_off = BTreeSet::new();
    let mut source = None;
    for tag in html.split('<').skip(1).filter_map(|rest| rest.split('>').next()) {
        let value = |name: &str| attribute(tag, &format!(" {name}=\""));
        match tag.split([' ', '\n']).next().unwrap_or_default() {
            "link" => {
                let is_asked = matches!(value("rel"), Some("stylesheet" | "icon" | "preload"));
                needed.extend(value("href").filter(|_| is_asked).map(str::to_owned));
            }
            "script" => needed.extend(value("src").map(str::to_owned)),
            "source" => source = source.or_else(|| chosen(value("srcset")?, value("sizes")?)),
            "img" => {
                let own = || chosen(value("srcset")?, value("sizes")?);
                let plain = || value("src").map(str::to_owned);
                let picture = source.take().or_else(own).or_else(plain);
                let is_put_off = tag.contains("loading=\"lazy\"");
                if is_put_off { put_off.extend(picture) } else { needed.extend(picture) }
            }
            _ => {}
        }
    }
    needed.retain(|url| url.starts_with('/'));
    (needed, put_off.len())
}

fn attribute<'a>(text: &'a str, start: &str) -> Option<&'a str> {
    text.split_once(start)?.1.split('"').next()
}

/// The narrowest candidate of `srcset` that fills its place.
fn chosen(srcset: &str, sizes: &str) -> Option<String> {
    let place = place(sizes)?;
    let mut candidates: Vec<(f64, &str)> = srcset
        .split(',')
        .filter_map(|candidate| {
            let (url, width) = candidate.trim().split_once(' ')?;
            Some((width.strip_suffix('w')?.parse().ok()?, url))
        })
        .collect();
    candidates.sort_by(|a, b| a.0.total_cmp(&b.0));
    let fits = candidates.iter().find(|(width, _)| *width >= place);
    fits.or(candidates.last()).map(|(_, url)| (*url).to_owned())
}

/// How many pixels wide the picture is shown: the first of `sizes` whose condition holds.
fn place(sizes: &str) -> Option<f64> {
    sizes.split(',').find_map(|size| {
        let size = size.trim();
        let (least, length) = match size.strip_prefix("(min-width: ") {
            Some(rest) => {
                let (least, length) = rest.split_once("px) ")?;
                (least.parse().ok()?, length)
            }
            None => (0.0, size),
        };
        if WINDOW < least {
            return None;
        }
        match length.strip_suffix("vw") {
            Some(percent) => Some(percent.parse::<f64>().ok()? / 100.0 * WINDOW),
            None => length.strip_suffix("px")?.parse().ok(),
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_browser_asks_for_what_it_shows_first() {
        let html = r#"<link rel="canonical" href="/c/tea"><link rel="stylesheet" href="/a.css">
            <script type="module" src="/a.js"></script>
            <picture><source type="image/webp" sizes="(min-width: 1100px) 290px, 46vw"
              srcset="/160.webp 160w, /400.webp 400w, /800.webp 800w">
            <img src="/800.jpg" alt="" fetchpriority="high"></picture>
            <picture><source sizes="94vw" srcset="/b160.webp 160w, /b400.webp 400w">
            <img src="/b.jpg" loading="lazy"></picture><img src="https://elsewhere/x.png">"#;

        let (needed, n_put_off) = resources(html);

        assert_eq!(needed, ["/400.webp", "/a.css", "/a.js"].map(str::to_owned).into());
        assert_eq!(n_put_off, 1);
    }
}
