//! Programs of others that are told what happens, and what became of each message.

use axum::http::StatusCode;
use shop::ports::BadAddress;
use shop::webhook::{self, MessageState, SubscribeError, Topic, Webhook};

use super::desk::{Answer, Desk, Id, Posted};
use super::page::{
    Badge, Done, MessageRow, Section, Tone, TopicChoice, WebhookPage, WebhookRow, WebhooksPage,
};
use super::view::refuse;
use crate::i18n::Message;
use crate::storefront::page::Form;

const PATH: &str = "/admin/webhooks";

pub(super) async fn show(desk: Desk) -> Answer {
    page(desk, StatusCode::OK, Form::default(), &[], None).await
}

async fn page(
    mut desk: Desk,
    status: StatusCode,
    form: Form,
    chosen: &[Topic],
    secret: Option<String>,
) -> Answer {
    let webhooks = webhook::list(&desk.app.shop).await.map_err(|error| desk.db(&error))?;
    let choice = |topic: Topic| TopicChoice {
        code: topic.name(),
        name: wording(topic),
        is_chosen: chosen.contains(&topic),
    };
    let row = |webhook: Webhook| WebhookRow {
        path: path(&webhook),
        topics: topics(&webhook),
        state: state(webhook.is_active),
        url: webhook.url,
    };
    let page = WebhooksPage {
        layout: desk.layout(Section::Webhooks),
        webhooks: webhooks.into_iter().map(row).collect(),
        topics: Topic::ALL.into_iter().map(choice).collect(),
        form,
        secret,
    };
    desk.page_with(status, &page)
}

pub(super) async fn subscribe(Posted { desk, fields }: Posted) -> Answer {
    let url = fields.get("url").to_owned();
    let chosen: Vec<Topic> = fields.all("topic").filter_map(Topic::parse).collect();
    let mut form = Form::default().with("url", &url);
    let (field, message) = match webhook::subscribe(&desk.app.shop, &url, &chosen).await {
        Ok((_, secret)) => {
            return page(desk, StatusCode::OK, Form::default(), &[], Some(secret)).await;
        }
        Err(SubscribeError::BadUrl(BadAddress::NotAUrl)) => {
            ("url", Message::new("admin-webhook-no-url"))
        }
        Err(SubscribeError::BadUrl(BadAddress::NotHttps)) => {
            ("url", Message::new("admin-webhook-no-https"))
        }
        Err(SubscribeError::BadUrl(BadAddress::Private)) => {
            ("url", Message::new("admin-webhook-private"))
        }
        Err(SubscribeError::NoTopic) => ("topics", Message::new("admin-webhook-no-topic")),
        Err(SubscribeError::Db(error)) => return Err(desk.db(&error)),
    };
    refuse(&mut form, field, message);
    page(desk, StatusCode::UNPROCESSABLE_ENTITY, form, &chosen, None).await
}

pub(super) async fn show_one(mut desk: Desk, Id(id): Id) -> Answer {
    let found = webhook::view(&desk.app.shop, id).await.map_err(|error| desk.db(&error))?;
    let Some((webhook, messages)) = found else { return Err(desk.not_found()) };
    let row = |message: webhook::Message| MessageRow {
        id: message.id.to_string(),
        topic: message.topic,
        body: message.body,
        is_open: message.state == MessageState::Open,
        state: match message.state {
            MessageState::Open => Badge::new(Tone::Waiting, Message::new("admin-message-open")),
            MessageState::Done => Badge::new(Tone::Good, Message::new("admin-message-done")),
            MessageState::Failed => Badge::new(Tone::Bad, Message::new("admin-message-failed")),
        },
        n_attempts: message.n_attempts,
        error: message.last_error,
        created_at: message.created_at.as_microsecond(),
    };
    let page = WebhookPage {
        layout: desk.layout(Section::Webhooks),
        path: path(&webhook),
        topics: topics(&webhook),
        is_active: webhook.is_active,
        state: state(webhook.is_active),
        created_at: webhook.created_at.as_microsecond(),
        address: webhook.url,
        messages: messages.into_iter().map(row).collect(),
    };
    desk.page(&page)
}

pub(super) async fn switch(Id(id): Id, Posted { desk, fields }: Posted) -> Answer {
    let is_on = fields.get("active") == "yes";
    let is_found = webhook::set_active(&desk.app.shop, id, is_on).await;
    if !is_found.map_err(|error| desk.db(&error))? {
        return Err(desk.not_found());
    }
    let done = if is_on { Done::WebhookOn } else { Done::WebhookOff };
    desk.lead(&format!("{PATH}/{id}"), done)
}

pub(super) async fn delete(Id(id): Id, Posted { desk, .. }: Posted) -> Answer {
    let is_found = webhook::unsubscribe(&desk.app.shop, id).await;
    if !is_found.map_err(|error| desk.db(&error))? {
        return Err(desk.not_found());
    }
    desk.lead(PATH, Done::WebhookDeleted)
}

pub(super) async fn replay(Id(id): Id, Posted { desk, fields }: Posted) -> Answer {
    let Ok(message) = fields.get("message").parse() else { return Err(desk.not_found()) };
    let is_again = webhook::replay(&desk.app.shop, id, message).await;
    let is_again = is_again.map_err(|error| desk.db(&error))?;
    let done = if is_again { Done::MessageReplayed } else { Done::MessageGone };
    desk.lead(&format!("{PATH}/{id}"), done)
}

fn path(webhook: &Webhook) -> String {
    format!("{PATH}/{}", webhook.id)
}

fn topics(webhook: &Webhook) -> Vec<Message> {
    webhook.topics.iter().filter_map(|name| Topic::parse(name)).map(wording).collect()
}

fn state(is_active: bool) -> Badge {
    if is_active {
        Badge::new(Tone::Good, Message::new("admin-webhook-on"))
    } else {
        Badge::new(Tone::Waiting, Message::new("admin-webhook-off"))
    }
}

fn wording(topic: Topic) -> Message {
    match topic {
        Topic::OrderPlaced => Message::new("admin-topic-order-placed"),
        Topic::OrderPaid => Message::new("admin-topic-order-paid"),
        Topic::OrderShipped => Message::new("admin-topic-order-shipped"),
        Topic::OrderCanceled => Message::new("admin-topic-order-canceled"),
        Topic::ProductChanged => Message::new("admin-topic-product-changed"),
        Topic::StockChanged => Message::new("admin-topic-stock-changed"),
    }
}
