//! Mails without templates: the facts, one a line.

use commerce::customer::Customer;
use commerce::money::Money;
use commerce::order::Order;
use shop::ports::{AccountLetter, Letter, Letters, OrderLetter};
use shop::settings::Settings;

/// Writes `order-placed GL000001` as the subject, and number, total and link as the text.
#[derive(Clone, Copy, Debug, Default)]
pub struct PlainLetters;

impl Letters for PlainLetters {
    fn order(&self, about: OrderLetter, order: &Order, _: &Settings, link: &str) -> Letter {
        let about = match about {
            OrderLetter::Placed => "order-placed",
            OrderLetter::Paid => "order-paid",
            OrderLetter::Shipped(_) => "order-shipped",
            OrderLetter::Canceled => "order-canceled",
            OrderLetter::CancelAsked => "order-cancel-asked",
            OrderLetter::Withdrawal(_) => "order-withdrawal",
        };
        let number = order.number.as_str();
        let total = order.total.gross().map_or_else(|error| error.to_string(), Money::to_decimal);
        Letter {
            subject: format!("{about} {number}"),
            html: String::new(),
            text: format!("{number}\n{total}\n{link}"),
        }
    }

    fn account(&self, about: AccountLetter, to: &Customer, _: &Settings, link: &str) -> Letter {
        let subject = match about {
            AccountLetter::Welcome => "account-welcome",
            AccountLetter::Reset => "account-reset",
            AccountLetter::PasswordChanged => "account-password-changed",
            AccountLetter::EmailChanged => "account-email-changed",
        };
        Letter {
            subject: subject.to_owned(),
            html: String::new(),
            text: format!("{}\n{link}", to.first_name),
        }
    }
}
