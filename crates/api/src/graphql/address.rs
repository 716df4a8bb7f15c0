//! Addresses, as carts, orders and customers have them.

use commerce::channel::Country;
use commerce::customer::{Address, AddressField, FieldProblem, SavedAddress};

use super::context::Context;
use super::value::{Answer, Args, Ask, Object, Refusal, Value};

/// Reads an address, as `CartAddressInput` or `CustomerAddressInput` have it.
pub(super) fn read(context: &Context, args: Args<'_>) -> Result<Address, Refusal> {
    read_with(context, None, args)
}

/// The same, where what is left out stays as it was.
pub(super) fn read_over(
    context: &Context,
    known: &Address,
    args: Args<'_>,
) -> Result<Address, Refusal> {
    read_with(context, Some(known), args)
}

fn read_with(
    context: &Context,
    known: Option<&Address>,
    args: Args<'_>,
) -> Result<Address, Refusal> {
    let text = |name: &str, of: fn(&Address) -> &String| match (args.text(name), known) {
        (Some(text), _) => text.to_owned(),
        (None, Some(known)) => of(known).clone(),
        (None, None) => String::new(),
    };
    let code = args.text("country_code").or(args.text("country_id"));
    let code = code.or(known.map(|known| known.country.as_str())).unwrap_or_default();
    let country = Country::new(&code.to_ascii_uppercase());
    let country = country.filter(|country| context.settings.channel.ships_to.contains(country));
    let Some(country) = country else {
        return Err(Refusal::input(
            "Some addresses can't be used due to the configurations for specific countries.",
        ));
    };
    let (street, street_extra) = match (args.has("street"), known) {
        (false, Some(known)) => (known.street.clone(), known.street_extra.clone()),
        _ => {
            let mut lines = args.texts("street").into_iter();
            let first = lines.next().unwrap_or_default().to_owned();
            (first, lines.collect::<Vec<_>>().join(", "))
        }
    };
    let address = Address {
        first_name: text("firstname", |known| &known.first_name),
        last_name: text("lastname", |known| &known.last_name),
        company: text("company", |known| &known.company),
        street,
        street_extra,
        postcode: text("postcode", |known| &known.postcode),
        city: text("city", |known| &known.city),
        country,
        phone: text("telephone", |known| &known.phone),
    };
    address.check().map_err(|problems| {
        let (field, problem) =
            problems.first().copied().unwrap_or((AddressField::Street, FieldProblem::Invalid));
        let name = name_of(field);
        Refusal::input(match problem {
            FieldProblem::Missing => format!("\"{name}\" is required. Enter and try again."),
            FieldProblem::TooLong => {
                format!("\"{name}\" is longer than {} characters.", field.limit())
            }
            FieldProblem::Invalid => format!("\"{name}\" is not valid."),
        })
    })
}

fn name_of(field: AddressField) -> &'static str {
    match field {
        AddressField::FirstName => "firstname",
        AddressField::LastName => "lastname",
        AddressField::Company => "company",
        AddressField::Street | AddressField::StreetExtra => "street",
        AddressField::Postcode => "postcode",
        AddressField::City => "city",
        AddressField::Country => "country_code",
        AddressField::Phone => "telephone",
    }
}

/// The fields that every kind of address has.
pub(super) fn common<'a>(address: &'a Address, ask: Ask<'a>) -> Value<'a> {
    match ask.name {
        "firstname" => address.first_name.as_str().into(),
        "lastname" => address.last_name.as_str().into(),
        "company" => Value::filled(&address.company),
        "street" => {
            let lines = [&address.street, &address.street_extra];
            Value::list(lines.into_iter().filter(|line| !line.is_empty()).map(String::as_str))
        }
        "city" => address.city.as_str().into(),
        "postcode" => address.postcode.as_str().into(),
        "telephone" => Value::filled(&address.phone),
        "country_code" | "country_id" => address.country.as_str().into(),
        _ => Value::Nothing,
    }
}

/// A part of a country, of which the countries that we deliver to have none.
pub(super) struct NoRegion(pub(super) &'static str);

impl Object for NoRegion {
    fn type_name(&self) -> &'static str {
        self.0
    }

    fn field<'a>(&'a self, _: Ask<'a>) -> Answer<'a> {
        Ok(Value::Nothing)
    }
}

/// `CartAddressCountry`.
pub(super) struct CountryName<'c> {
    pub(super) context: &'c Context,
    pub(super) country: Country,
}

impl Object for CountryName<'_> {
    fn type_name(&self) -> &'static str {
        "CartAddressCountry"
    }

    fn field<'a>(&'a self, ask: Ask<'a>) -> Answer<'a> {
        Ok(match ask.name {
            "code" => self.country.as_str().into(),
            "label" => self.country.name(self.context.locale).into(),
            _ => Value::Nothing,
        })
    }
}

/// An address on an order.
pub(super) struct OrderAddress<'o>(pub(super) &'o Address);

impl Object for OrderAddress<'_> {
    fn type_name(&self) -> &'static str {
        "OrderAddress"
    }

    fn field<'a>(&'a self, ask: Ask<'a>) -> Answer<'a> {
        Ok(common(self.0, ask))
    }
}

/// An address in a customer's book.
pub(super) struct BookAddress {
    pub(super) saved: SavedAddress,
    pub(super) customer: i64,
}

impl Object for BookAddress {
    fn type_name(&self) -> &'static str {
        "CustomerAddress"
    }

    fn field<'a>(&'a self, ask: Ask<'a>) -> Answer<'a> {
        Ok(match ask.name {
            "id" => self.saved.number.into(),
            "customer_id" => self.customer.into(),
            "default_shipping" => self.saved.is_default_delivery.into(),
            "default_billing" => self.saved.is_default_billing.into(),
            "region" => Value::object(NoRegion("CustomerAddressRegion")),
            _ => common(&self.saved.address, ask),
        })
    }
}
