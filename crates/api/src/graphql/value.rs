//! What resolvers are asked and what they answer.

use std::borrow::Cow;

use apollo_compiler::ast::Type;
use apollo_compiler::response::{JsonMap, JsonValue};
use commerce::money::{Money, MoneyError};
use futures::future::BoxFuture;
use shop::DbError;

/// An object of the schema, of which fields are asked one by one.
pub(super) trait Object: Send + Sync {
    /// The name of its object type in the schema.
    fn type_name(&self) -> &'static str;

    fn field<'a>(&'a self, ask: Ask<'a>) -> Answer<'a>;
}

/// One field that is asked for.
#[derive(Clone, Copy)]
pub(super) struct Ask<'a> {
    pub(super) name: &'a str,
    pub(super) args: Args<'a>,
    /// What the schema says the field holds.
    pub(super) ty: &'a Type,
}

pub(super) type Answer<'a> = Result<Value<'a>, Refusal>;

/// What a field holds.
pub(super) enum Value<'a> {
    Null,
    /// We have no such thing: null, an empty list or the zero of its type, as the schema allows.
    Nothing,
    Bool(bool),
    Int(i64),
    /// A number as it is written, such as `24.90`.
    Number(String),
    Text(Cow<'a, str>),
    Object(Box<dyn Object + 'a>),
    List(Vec<Value<'a>>),
    /// What has to be read first.
    Later(BoxFuture<'a, Answer<'a>>),
}

impl<'a> Value<'a> {
    pub(super) fn object(object: impl Object + 'a) -> Self {
        Self::Object(Box::new(object))
    }

    pub(super) fn later(answer: impl Future<Output = Answer<'a>> + Send + 'a) -> Self {
        Self::Later(Box::pin(answer))
    }

    pub(super) fn list<V: Into<Self>>(values: impl IntoIterator<Item = V>) -> Self {
        Self::List(values.into_iter().map(Into::into).collect())
    }

    pub(super) fn objects<O: Object + 'a>(objects: impl IntoIterator<Item = O>) -> Self {
        Self::List(objects.into_iter().map(Self::object).collect())
    }

    /// Null for an empty text.
    pub(super) fn filled(text: &'a str) -> Self {
        if text.is_empty() { Self::Null } else { text.into() }
    }
}

impl<'a> From<&'a str> for Value<'a> {
    fn from(text: &'a str) -> Self {
        Self::Text(Cow::Borrowed(text))
    }
}

impl From<String> for Value<'_> {
    fn from(text: String) -> Self {
        Self::Text(Cow::Owned(text))
    }
}

impl From<bool> for Value<'_> {
    fn from(is_so: bool) -> Self {
        Self::Bool(is_so)
    }
}

impl From<i64> for Value<'_> {
    fn from(number: i64) -> Self {
        Self::Int(number)
    }
}

impl From<i32> for Value<'_> {
    fn from(number: i32) -> Self {
        Self::Int(number.into())
    }
}

impl From<u32> for Value<'_> {
    fn from(number: u32) -> Self {
        Self::Int(number.into())
    }
}

impl<'a, V: Into<Value<'a>>> From<Option<V>> for Value<'a> {
    fn from(value: Option<V>) -> Self {
        value.map_or(Self::Null, Into::into)
    }
}

impl From<Money> for Value<'_> {
    fn from(amount: Money) -> Self {
        Self::object(Amount(amount))
    }
}

/// Magento's `Money`.
struct Amount(Money);

impl Object for Amount {
    fn type_name(&self) -> &'static str {
        "Money"
    }

    fn field<'a>(&'a self, ask: Ask<'a>) -> Answer<'a> {
        Ok(match ask.name {
            "currency" => self.0.currency().as_str().to_owned().into(),
            "value" => Value::Number(self.0.to_decimal()),
            _ => Value::Nothing,
        })
    }
}

/// The category of an error, as clients read it in `extensions.category`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Category {
    Input,
    Authorization,
    Authentication,
    NoSuchEntity,
    /// Who asks has asked too often.
    Throttled,
    /// The database is away; the answer's status is 503.
    Unavailable,
    /// A bug of ours; the log has it.
    Internal,
}

impl Category {
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Input | Self::Throttled => "graphql-input",
            Self::Authorization => "graphql-authorization",
            Self::Authentication => "graphql-authentication",
            Self::NoSuchEntity => "graphql-no-such-entity",
            Self::Unavailable => "graphql-unavailable",
            Self::Internal => "internal",
        }
    }
}

/// Why a field was not answered, in the words that clients of Magento match.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Refusal {
    pub(super) category: Category,
    pub(super) message: String,
}

impl Refusal {
    pub(super) fn input(message: impl Into<String>) -> Self {
        Self { category: Category::Input, message: message.into() }
    }

    pub(super) fn missing(message: impl Into<String>) -> Self {
        Self { category: Category::NoSuchEntity, message: message.into() }
    }

    pub(super) fn forbidden(message: impl Into<String>) -> Self {
        Self { category: Category::Authorization, message: message.into() }
    }

    pub(super) fn unauthenticated(message: impl Into<String>) -> Self {
        Self { category: Category::Authentication, message: message.into() }
    }

    pub(super) fn too_many() -> Self {
        let message = "Too many requests. Wait a minute and try again.".to_owned();
        Self { category: Category::Throttled, message }
    }

    /// Somebody who is not logged in asks what only customers may.
    pub(super) fn not_logged_in() -> Self {
        Self::forbidden("The current customer isn't authorized.")
    }

    pub(super) fn internal(error: &(dyn std::error::Error + 'static)) -> Self {
        tracing::error!(error, "a field failed");
        Self { category: Category::Internal, message: "Internal server error".to_owned() }
    }
}

impl From<DbError> for Refusal {
    fn from(error: DbError) -> Self {
        if !error.is_unavailable() {
            return Self::internal(&error);
        }
        let error = shop::logged(&error);
        tracing::warn!(error, "no database");
        Self {
            category: Category::Unavailable,
            message: "The service is temporarily unavailable. Try again later.".to_owned(),
        }
    }
}

impl From<MoneyError> for Refusal {
    fn from(error: MoneyError) -> Self {
        Self::internal(&error)
    }
}

/// The arguments of a field or the fields of an input object, coerced to the schema.
#[derive(Clone, Copy)]
pub(super) struct Args<'a>(pub(super) &'a JsonMap);

impl<'a> Args<'a> {
    fn get(self, name: &str) -> Option<&'a JsonValue> {
        self.0.get(name).filter(|value| !value.is_null())
    }

    pub(super) fn text(self, name: &str) -> Option<&'a str> {
        self.get(name)?.as_str()
    }

    pub(super) fn int(self, name: &str) -> Option<i64> {
        self.get(name)?.as_i64()
    }

    pub(super) fn flag(self, name: &str) -> Option<bool> {
        self.get(name)?.as_bool()
    }

    pub(super) fn object(self, name: &str) -> Option<Self> {
        self.get(name)?.as_object().map(Args)
    }

    pub(super) fn objects(self, name: &str) -> Vec<Self> {
        let values = self.get(name).and_then(JsonValue::as_array);
        values.into_iter().flatten().filter_map(|value| value.as_object().map(Args)).collect()
    }

    pub(super) fn texts(self, name: &str) -> Vec<&'a str> {
        let values = self.get(name).and_then(JsonValue::as_array);
        values.into_iter().flatten().filter_map(|value| value.as_str()).collect()
    }

    pub(super) fn has(self, name: &str) -> bool {
        self.get(name).is_some()
    }

    /// The names and values that were given.
    pub(super) fn given(self) -> impl Iterator<Item = (&'a str, Self)> {
        self.0.iter().filter_map(|(name, value)| Some((name.as_str(), Args(value.as_object()?))))
    }

    /// A quantity that may be written with a fraction, of which we sell none.
    pub(super) fn quantity(self, name: &str) -> Option<i64> {
        let value = self.get(name)?;
        value.as_i64().or_else(|| {
            let text = value.as_f64()?.to_string();
            text.parse().ok()
        })
    }
}
