//! Mails to buyers, customers and the merchant.

use commerce::content::PageCode;
use commerce::customer::{CustomerId, Email};
use commerce::order::{LineQuantity, Order, OrderId, Withdrawal};
use commerce::shipment::ShipmentId;
use db::{Conn, DbError};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{JobError, Work};
use crate::Shop;
use crate::ports::{AccountLetter, Attachment, Letter, Mail, MailError, OrderLetter};

/// A mail about an order, to whoever placed it.
#[derive(Debug, Serialize, Deserialize)]
pub struct SendOrderMail {
    order: Uuid,
    about: About,
}

#[derive(Debug, Serialize, Deserialize)]
enum About {
    Placed,
    /// The confirmation once more, because staff asked for it at this moment.
    Again(i64),
    Paid,
    Shipped(Uuid),
    Canceled,
    /// To whom the declaration says, with all that it says.
    Withdrawal {
        name: String,
        email: String,
        /// Positions and quantities.
        lines: Vec<(u32, u32)>,
        at: i64,
    },
}

impl SendOrderMail {
    pub(crate) fn placed(order: OrderId) -> Self {
        Self { order: order.0, about: About::Placed }
    }

    pub(crate) fn again(order: OrderId, at: Timestamp) -> Self {
        Self { order: order.0, about: About::Again(at.as_microsecond()) }
    }

    pub(crate) fn paid(order: OrderId) -> Self {
        Self { order: order.0, about: About::Paid }
    }

    pub(crate) fn shipped(order: OrderId, shipment: ShipmentId) -> Self {
        Self { order: order.0, about: About::Shipped(shipment.0) }
    }

    pub(crate) fn canceled(order: OrderId) -> Self {
        Self { order: order.0, about: About::Canceled }
    }

    pub(crate) fn withdrawal(order: OrderId, withdrawal: &Withdrawal) -> Self {
        let about = About::Withdrawal {
            name: withdrawal.name.clone(),
            email: withdrawal.email.as_str().to_owned(),
            lines: withdrawal.lines.iter().map(|line| (line.line, line.quantity)).collect(),
            at: withdrawal.received_at.as_microsecond(),
        };
        Self { order: order.0, about }
    }

    /// Names this mail and no other, whoever sends it and however often.
    fn name(&self) -> String {
        let order = self.order.simple();
        match &self.about {
            About::Placed => format!("order-{order}-placed"),
            About::Again(at) => format!("order-{order}-again-{at}"),
            About::Paid => format!("order-{order}-paid"),
            About::Shipped(shipment) => format!("order-{order}-shipped-{}", shipment.simple()),
            About::Canceled => format!("order-{order}-canceled"),
            About::Withdrawal { at, .. } => format!("order-{order}-withdrawal-{at}"),
        }
    }
}

impl Work for SendOrderMail {
    const KIND: &'static str = "send-order-mail";

    fn dedupe_key(&self) -> Option<String> {
        Some(self.name())
    }

    async fn run(&self, shop: &Shop) -> Result<(), JobError> {
        let id = OrderId(self.order);
        let mut conn = shop.db.read().await?;
        let found = db::order::find(&mut conn, id).await?;
        let order = found.ok_or_else(|| JobError::Hopeless("the order is gone".into()))?.order;
        let attachments = match &self.about {
            About::Placed | About::Again(_) => terms(&mut conn, &order).await?,
            _ => Vec::new(),
        };
        drop(conn);
        let about = match &self.about {
            About::Placed | About::Again(_) => OrderLetter::Placed,
            About::Paid => OrderLetter::Paid,
            About::Shipped(shipment) => OrderLetter::Shipped(ShipmentId(*shipment)),
            About::Canceled => OrderLetter::Canceled,
            About::Withdrawal { name, email, lines, at } => {
                let broken = || JobError::Hopeless("the declaration is not understood".into());
                let line = |&(line, quantity): &(u32, u32)| LineQuantity { line, quantity };
                OrderLetter::Withdrawal(Withdrawal {
                    name: name.clone(),
                    email: Email::new(email).ok_or_else(broken)?,
                    lines: lines.iter().map(line).collect(),
                    received_at: Timestamp::from_microsecond(*at).map_err(|_| broken())?,
                })
            }
        };
        let to = match &about {
            OrderLetter::Withdrawal(withdrawal) => withdrawal.email.clone(),
            _ => order.email.clone(),
        };
        let link = order_link(shop, &order);
        let settings = shop.settings();
        let letter = shop.letters.order(about, &order, &settings, &link);
        send(shop, &self.name(), to.as_str(), None, letter, attachments).await
    }
}

/// Asks a guest to confirm that their order be canceled.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct SendCancelMail {
    order: Uuid,
    asked_at: i64,
}

impl SendCancelMail {
    pub(crate) fn new(order: OrderId, asked_at: Timestamp) -> Self {
        Self { order: order.0, asked_at: asked_at.as_microsecond() }
    }

    fn name(&self) -> String {
        format!("order-{}-cancel-{}", self.order.simple(), self.asked_at)
    }
}

impl Work for SendCancelMail {
    const KIND: &'static str = "send-cancel-mail";

    fn dedupe_key(&self) -> Option<String> {
        Some(self.name())
    }

    async fn run(&self, shop: &Shop) -> Result<(), JobError> {
        let id = OrderId(self.order);
        let found = db::order::find(&mut shop.db.read().await?, id).await?;
        let order = found.ok_or_else(|| JobError::Hopeless("the order is gone".into()))?.order;
        let asked_at = Timestamp::from_microsecond(self.asked_at)
            .map_err(|_| JobError::Hopeless("this is no moment".into()))?;
        let key = crate::order::cancel_key(shop, id, asked_at);
        let link = format!("{}/cancel/{key}", order_link(shop, &order));
        let letter = shop.letters.order(OrderLetter::CancelAsked, &order, &shop.settings(), &link);
        send(shop, &self.name(), order.email.as_str(), None, letter, Vec::new()).await
    }
}

/// The page of an order, for whoever has this address.
fn order_link(shop: &Shop, order: &Order) -> String {
    let prefix = prefix(shop, order.locale);
    format!("{}{prefix}/orders/{}", shop.base_url, crate::order::access_token(shop, order.id))
}

/// The terms that the buyer accepted, in the version of that day, to be kept (C. conso. L221-13).
async fn terms(conn: &mut Conn, order: &Order) -> Result<Vec<Attachment>, DbError> {
    let code = PageCode::new("terms").expect("a valid code");
    let Some(page) = db::content::find(conn, &code).await? else { return Ok(Vec::new()) };
    let (version, locale) = (order.terms_version, order.locale);
    let Some((title, body)) = db::content::find_version(conn, page.id, version, locale).await?
    else {
        return Ok(Vec::new());
    };
    let html = format!(
        "<!doctype html>\n<html lang=\"{}\">\n<head><meta charset=\"utf-8\"><title>{title}</title>\
         </head>\n<body>\n<h1>{title}</h1>\n{}</body>\n</html>\n",
        locale.as_str(),
        crate::markdown::render(&body),
        title = crate::markdown::escape(&title),
    );
    Ok(vec![Attachment { file_name: format!("terms-{version}.html"), html }])
}

/// A mail about an account, to its owner.
#[derive(Debug, Serialize, Deserialize)]
pub enum SendAccountMail {
    Welcome {
        customer: Uuid,
    },
    /// The token is sealed under the shop's key: a copy of the table opens no account.
    Reset {
        customer: Uuid,
        sealed_token: String,
    },
    PasswordChanged {
        customer: Uuid,
        at: i64,
    },
    /// To the former address, where the owner reads it if it was somebody else.
    EmailChanged {
        customer: Uuid,
        former: String,
        at: i64,
    },
}

impl SendAccountMail {
    fn customer(&self) -> CustomerId {
        match self {
            Self::Welcome { customer }
            | Self::Reset { customer, .. }
            | Self::PasswordChanged { customer, .. }
            | Self::EmailChanged { customer, .. } => CustomerId(*customer),
        }
    }
}

impl Work for SendAccountMail {
    const KIND: &'static str = "send-account-mail";

    fn dedupe_key(&self) -> Option<String> {
        let customer = self.customer().0.simple();
        Some(match self {
            Self::Welcome { .. } => format!("account-{customer}-welcome"),
            Self::Reset { sealed_token, .. } => {
                let token = data_encoding::HEXLOWER.encode(&crate::secret::hash(sealed_token)[..8]);
                format!("account-{customer}-reset-{token}")
            }
            Self::PasswordChanged { at, .. } => format!("account-{customer}-changed-{at}"),
            Self::EmailChanged { at, .. } => format!("account-{customer}-moved-{at}"),
        })
    }

    async fn run(&self, shop: &Shop) -> Result<(), JobError> {
        let found = db::customer::find(&mut shop.db.read().await?, self.customer()).await?;
        let mut customer = found.ok_or_else(|| JobError::Hopeless("the account is gone".into()))?;
        let page = format!("{}{}/account", shop.base_url, prefix(shop, customer.locale));
        let (about, link) = match self {
            Self::Welcome { .. } => (AccountLetter::Welcome, page),
            Self::PasswordChanged { .. } => (AccountLetter::PasswordChanged, page),
            Self::EmailChanged { former, .. } => {
                let former = Email::new(former);
                customer.email =
                    former.ok_or_else(|| JobError::Hopeless("this is no address".into()))?;
                (AccountLetter::EmailChanged, page)
            }
            Self::Reset { sealed_token, .. } => {
                let token = data_encoding::BASE64URL_NOPAD
                    .decode(sealed_token.as_bytes())
                    .ok()
                    .and_then(|sealed| shop.key.open(&sealed))
                    .and_then(|token| String::from_utf8(token).ok())
                    .ok_or_else(|| JobError::Hopeless("sealed under another key".into()))?;
                (AccountLetter::Reset, format!("{page}/reset/{token}"))
            }
        };
        let letter = shop.letters.account(about, &customer, &shop.settings(), &link);
        let name = self.dedupe_key().expect("every account mail has a key");
        send(shop, &name, customer.email.as_str(), None, letter, Vec::new()).await
    }
}

/// A message from the contact form, to the merchant.
#[derive(Debug, Serialize, Deserialize)]
pub struct SendContactMail {
    /// Made of what it says, so that a form sent twice arrives once.
    pub id: Uuid,
    pub name: String,
    pub email: String,
    pub subject: String,
    pub message: String,
}

impl SendContactMail {
    pub fn new(name: String, email: &Email, subject: String, message: String) -> Self {
        let digest = crate::secret::hash(&[&name, email.as_str(), &subject, &message].join("\0"));
        let bytes = digest.first_chunk::<16>().expect("32 bytes begin with 16");
        let id = uuid::Builder::from_custom_bytes(*bytes).into_uuid();
        Self { id, name, email: email.as_str().to_owned(), subject, message }
    }
}

impl Work for SendContactMail {
    const KIND: &'static str = "send-contact-mail";

    fn dedupe_key(&self) -> Option<String> {
        Some(format!("contact-{}", self.id.simple()))
    }

    async fn run(&self, shop: &Shop) -> Result<(), JobError> {
        let settings = shop.settings();
        let text = format!("{} <{}>\n\n{}", self.name, self.email, self.message);
        let letter =
            Letter { subject: format!("[Contact] {}", self.subject), html: String::new(), text };
        let to = settings.channel.merchant.email.clone();
        let name = format!("contact-{}", self.id.simple());
        send(shop, &name, &to, Some(self.email.clone()), letter, Vec::new()).await
    }
}

fn prefix(shop: &Shop, locale: commerce::channel::Locale) -> String {
    if locale == shop.settings().channel.default_locale() {
        String::new()
    } else {
        format!("/{}", locale.as_str())
    }
}

async fn send(
    shop: &Shop,
    name: &str,
    to: &str,
    reply_to: Option<String>,
    letter: Letter,
    attachments: Vec<Attachment>,
) -> Result<(), JobError> {
    let settings = shop.settings();
    let merchant = &settings.channel.merchant;
    let domain = merchant.email.rsplit_once('@').map_or("localhost", |(_, domain)| domain);
    let mail = Mail {
        message_id: format!("{name}@{domain}"),
        from: format!("{} <{}>", merchant.trade_name, merchant.email),
        to: to.to_owned(),
        reply_to,
        subject: letter.subject,
        html: letter.html,
        text: letter.text,
        attachments,
    };
    shop.mailer.send(&mail).await.map_err(|error| match error {
        MailError::Refused(reason) => JobError::Hopeless(reason),
        MailError::Unavailable(reason) => JobError::Later(reason),
    })
}
