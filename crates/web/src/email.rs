//! Mails: what buyers and customers get, in their language, as HTML and as plain text.
//!
//! Nothing in a mail is fetched from elsewhere: no picture, no font, no tracker.

mod page;

use std::path::Path;

use commerce::customer::Customer;
use commerce::order::Order;
use jiff::tz::TimeZone;
use shop::ports::{AccountLetter, Letter, OrderLetter};
use shop::settings::Settings;

use self::page::{
    AccountHtml, AccountMail, AccountText, OrderHtml, OrderMail, OrderText, WithdrawalHtml,
    WithdrawalText,
};
use crate::assets::Assets;
use crate::i18n::{Locale, Message};
use crate::render::{Page, Renderer};

/// Writes the shop's mails with the templates of `templates/email`.
pub struct Letters {
    renderer: Renderer,
    base_url: String,
}

impl Letters {
    /// `theme` is a folder whose templates win over the embedded ones; `base_url` is where the
    /// shop is reached from outside.
    pub fn new(base_url: &str, theme: Option<&Path>, zone: &TimeZone) -> Self {
        Self {
            renderer: Renderer::new(&Assets::embedded(), theme, zone),
            base_url: base_url.trim_end_matches('/').to_owned(),
        }
    }

    /// A mail leaves even when a theme has broken its HTML: the plain text says the same.
    fn html<P: Page>(&self, page: &P) -> String {
        self.render(page).unwrap_or_default()
    }

    fn text<P: Page>(&self, page: &P, link: &str) -> String {
        self.render(page).unwrap_or_else(|| format!("{link}\n"))
    }

    fn render<P: Page>(&self, page: &P) -> Option<String> {
        self.renderer
            .render(page)
            .inspect_err(|error| {
                tracing::error!(error = shop::logged(error), "a mail failed");
            })
            .ok()
    }

    fn withdrawal_link(&self, locale: Locale) -> String {
        format!("{}{}", self.base_url, locale.path("/withdrawal"))
    }
}

impl shop::ports::Letters for Letters {
    fn order(&self, about: OrderLetter, order: &Order, settings: &Settings, link: &str) -> Letter {
        let locale = Locale::from(order.locale);
        let withdrawal = self.withdrawal_link(locale);
        let mail = OrderMail::new(&about, order, settings, link, &withdrawal);
        let subject = match &about {
            OrderLetter::Placed => Message::new("email-placed-subject"),
            OrderLetter::Paid => Message::new("email-paid-subject"),
            OrderLetter::Shipped(_) => Message::new("email-shipped-subject"),
            OrderLetter::Canceled => Message::new("email-canceled-subject"),
            OrderLetter::CancelAsked => Message::new("email-cancel-subject"),
            OrderLetter::Withdrawal(_) => Message::new("email-withdrawal-subject"),
        };
        let subject = self.renderer.say(locale, &subject.with("number", order.number.as_str()));
        let (html, text) = if matches!(about, OrderLetter::Withdrawal(_)) {
            (self.html(&WithdrawalHtml(&mail)), self.text(&WithdrawalText(&mail), link))
        } else {
            (self.html(&OrderHtml(&mail)), self.text(&OrderText(&mail), link))
        };
        Letter { subject, html, text }
    }

    fn account(
        &self,
        about: AccountLetter,
        customer: &Customer,
        settings: &Settings,
        link: &str,
    ) -> Letter {
        let mail = AccountMail::new(about, customer, settings, link);
        let subject = match about {
            AccountLetter::Welcome => Message::new("email-welcome-subject")
                .with("shop", settings.channel.merchant.trade_name.as_str()),
            AccountLetter::Reset => Message::new("email-reset-subject"),
            AccountLetter::PasswordChanged => Message::new("email-password-subject"),
            AccountLetter::EmailChanged => Message::new("email-moved-subject"),
        };
        let subject = self.renderer.say(customer.locale.into(), &subject);
        let (html, text) = (self.html(&AccountHtml(&mail)), self.text(&AccountText(&mail), link));
        Letter { subject, html, text }
    }
}
