//! What every kind of address says.

use commerce::customer::Address;
use schemars::JsonSchema;
use serde::Serialize;

#[derive(Serialize, JsonSchema)]
#[schemars(rename = "Address")]
pub(super) struct AddressOut {
    firstname: String,
    lastname: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    company: Option<String>,
    street: Vec<String>,
    postcode: String,
    city: String,
    country_id: String,
    telephone: String,
}

impl From<&Address> for AddressOut {
    fn from(of: &Address) -> Self {
        let lines = [&of.street, &of.street_extra].into_iter().filter(|line| !line.is_empty());
        Self {
            firstname: of.first_name.clone(),
            lastname: of.last_name.clone(),
            company: Some(of.company.clone()).filter(|company| !company.is_empty()),
            street: lines.cloned().collect(),
            postcode: of.postcode.clone(),
            city: of.city.clone(),
            country_id: of.country.as_str().to_owned(),
            telephone: of.phone.clone(),
        }
    }
}
