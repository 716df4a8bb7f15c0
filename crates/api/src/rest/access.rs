//! Who asks, and whom a route lets in.

use axum::http::{HeaderMap, header};
use commerce::customer::Customer;
use shop::Shop;
use shop::integration::EVERYTHING;

use super::oauth::{self, Signed};
use super::problem::Problem;
use crate::idempotency::{self, GUEST};

/// Who asks.
#[derive(Clone, Debug)]
pub(super) enum Who {
    Guest,
    Customer(Customer),
    /// By their login.
    Staff(String),
    Integration {
        name: String,
        resources: Vec<String>,
    },
}

/// Whom a route lets in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Access {
    Everybody,
    /// A customer, to what is theirs.
    Customer,
    /// Staff, and the integrations that were given this resource of Magento's access control.
    Resource(&'static str),
}

impl Who {
    /// Finds out who asks. A bearer's token that is no longer good makes them a guest, as in
    /// Magento; a signature that does not hold is refused.
    pub(super) async fn find(
        shop: &Shop,
        headers: &HeaderMap,
        signed: Signed<'_>,
    ) -> Result<Self, Problem> {
        let text = headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
        let Some((scheme, rest)) = text.and_then(|text| text.trim().split_once(' ')) else {
            return Ok(Self::Guest);
        };
        if scheme.eq_ignore_ascii_case("oauth") {
            let integration = oauth::check(shop, rest, signed).await?;
            let (name, resources) = (integration.name, integration.resources);
            return Ok(Self::Integration { name, resources });
        }
        if !scheme.eq_ignore_ascii_case("bearer") {
            return Ok(Self::Guest);
        }
        // Clients that take the quotes of the answer for a part of the token are many.
        let token = rest.trim().trim_matches('"');
        if let Some(customer) = shop::customer::find_by_session(shop, token).await? {
            return Ok(Self::Customer(customer));
        }
        if let Some(staff) = shop::staff::find_by_token(shop, token).await? {
            return Ok(Self::Staff(staff.login));
        }
        if let Some(integration) = shop::integration::find_by_token(shop, token).await? {
            let (name, resources) = (integration.name, integration.resources);
            return Ok(Self::Integration { name, resources });
        }
        Ok(Self::Guest)
    }

    /// Tells whoever asks from everybody else.
    pub(super) fn caller(&self) -> String {
        match self {
            Self::Guest => GUEST.to_owned(),
            Self::Customer(customer) => idempotency::of_customer(customer.id),
            Self::Staff(login) => format!("staff {login}"),
            Self::Integration { name, .. } => format!("integration {name}"),
        }
    }

    /// What a history says of who did something.
    pub(super) fn actor(&self) -> &str {
        match self {
            Self::Guest | Self::Customer(_) => "customer",
            Self::Staff(login) => login,
            Self::Integration { name, .. } => name,
        }
    }
}

impl Access {
    pub(super) fn check(self, who: &Who) -> Result<(), Problem> {
        let resource = match (self, who) {
            (Self::Everybody, _) | (Self::Customer, Who::Customer(_)) => return Ok(()),
            (Self::Resource(_), Who::Staff(_)) => return Ok(()),
            (Self::Resource(resource), Who::Integration { resources, .. }) => {
                if resources.iter().any(|one| one == resource || one == EVERYTHING) {
                    return Ok(());
                }
                resource
            }
            (Self::Resource(resource), Who::Guest | Who::Customer(_)) => resource,
            (Self::Customer, _) => "self",
        };
        Err(Problem::unauthorized(resource))
    }
}
