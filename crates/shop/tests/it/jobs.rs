//! Work outside transactions: done at least once, once in effect, and given up where it shows.

use std::sync::Arc;

use db::job::{Job, NewJob, QueueState};
use jiff::{SignedDuration, Timestamp};
use shop::jobs::{SendContactMail, contact, run_due};
use shop::ports::{Mail, MailError, Mailer};
use testkit::{RecordingMailer, TestClock, TestShop, a_placed_order, at_once, on_both_engines};
use tokio::sync::watch;
use uuid::Uuid;

fn a_message(subject: &str) -> SendContactMail {
    SendContactMail {
        id: Uuid::now_v7(),
        name: "Jeanne".into(),
        email: "jeanne@exemple.fr".into(),
        subject: subject.into(),
        message: "Bonjour".into(),
    }
}

fn copy(mail: &SendContactMail) -> SendContactMail {
    SendContactMail {
        id: mail.id,
        name: mail.name.clone(),
        email: mail.email.clone(),
        subject: mail.subject.clone(),
        message: mail.message.clone(),
    }
}

/// How many jobs wait and how many were given up.
async fn queue(shop: &TestShop) -> (u32, u32) {
    let QueueState { n_ready, n_dead, .. } =
        db::job::queue_state(&mut shop.read().await, jiff::Timestamp::MAX).await.unwrap();
    (n_ready, n_dead)
}

/// Claims what is due for two minutes, as a worker does that dies before it is done.
async fn claim(shop: &TestShop) -> Vec<Job> {
    let mut tx = shop.db.write().await.unwrap();
    let lease = SignedDuration::from_secs(120);
    let claim = db::job::claim(&mut tx, shop.clock.now(), lease, 12, 4).await.unwrap();
    tx.commit().await.unwrap();
    claim.jobs
}

async fn finish(shop: &TestShop, job: &Job) -> bool {
    let mut tx = shop.db.write().await.unwrap();
    let finished = db::job::finish(&mut tx, job).await.unwrap();
    tx.commit().await.unwrap();
    finished
}

#[tokio::test]
async fn a_message_reaches_the_merchant_and_can_be_answered() {
    on_both_engines(async |shop| {
        contact(&shop, &a_message("Livraison")).await.unwrap();

        shop.run_jobs().await;

        let mails = shop.mailer.sent();
        assert_eq!(mails.len(), 1);
        let mail = &mails[0];
        assert_eq!(
            (mail.to.as_str(), mail.subject.as_str()),
            ("bonjour@greenleaf.test", "[Contact] Livraison")
        );
        assert_eq!(mail.from, "GreenLeaf <bonjour@greenleaf.test>");
        assert_eq!(mail.reply_to.as_deref(), Some("jeanne@exemple.fr"));
        assert_eq!(mail.text, "Jeanne <jeanne@exemple.fr>\n\nBonjour");
        assert_eq!(queue(&shop).await, (0, 0));
    })
    .await;
}

#[tokio::test]
async fn a_mail_is_tried_again_later_and_later_and_then_given_up() {
    on_both_engines(async |shop| {
        shop.mailer.go_away();
        contact(&shop, &a_message("Livraison")).await.unwrap();

        for seconds in [5, 10, 20, 40, 80, 160, 320, 640, 1_280, 2_560, 3_600] {
            assert_eq!(run_due(&shop).await.unwrap(), 1, "before waiting {seconds} s");
            assert_eq!(queue(&shop).await, (1, 0));
            shop.clock.advance(SignedDuration::from_secs(seconds - 1));
            assert_eq!(run_due(&shop).await.unwrap(), 0, "{seconds} s are not over");
            shop.clock.advance(SignedDuration::from_secs(1));
        }
        assert_eq!(run_due(&shop).await.unwrap(), 1);

        assert_eq!(queue(&shop).await, (0, 1));
        let dead = db::job::list_dead(&mut shop.read().await).await.unwrap();
        assert_eq!(dead[0].kind, "send-contact-mail");
        assert_eq!(dead[0].last_error, "nobody answers");
        shop.clock.advance(SignedDuration::from_hours(24));
        assert_eq!(run_due(&shop).await.unwrap(), 0);
        assert_eq!(shop.mailer.sent(), []);
    })
    .await;
}

#[tokio::test]
async fn a_mail_is_sent_once_the_server_is_back() {
    on_both_engines(async |shop| {
        shop.mailer.go_away();
        contact(&shop, &a_message("Livraison")).await.unwrap();
        run_due(&shop).await.unwrap();

        shop.mailer.come_back();
        shop.clock.advance(SignedDuration::from_secs(5));
        shop.run_jobs().await;

        assert_eq!(shop.mailer.subjects(), ["[Contact] Livraison"]);
        assert_eq!(queue(&shop).await, (0, 0));
    })
    .await;
}

#[tokio::test]
async fn a_mail_that_is_refused_for_good_is_given_up_at_once() {
    on_both_engines(async |shop| {
        shop.mailer.refuse();
        contact(&shop, &a_message("Livraison")).await.unwrap();

        run_due(&shop).await.unwrap();

        assert_eq!(queue(&shop).await, (0, 1));
        let dead = db::job::list_dead(&mut shop.read().await).await.unwrap();
        assert_eq!(dead[0].last_error, "no such mailbox");
    })
    .await;
}

#[tokio::test]
async fn a_job_that_was_given_up_can_be_revived() {
    on_both_engines(async |shop| {
        shop.mailer.refuse();
        contact(&shop, &a_message("Livraison")).await.unwrap();
        run_due(&shop).await.unwrap();
        let dead = db::job::list_dead(&mut shop.read().await).await.unwrap();

        shop.mailer.come_back();
        let mut tx = shop.db.write().await.unwrap();
        let at = shop.clock.now();
        assert!(db::job::revive(&mut tx, dead[0].id, at).await.unwrap());
        tx.commit().await.unwrap();
        shop.run_jobs().await;

        assert_eq!(shop.mailer.subjects(), ["[Contact] Livraison"]);
    })
    .await;
}

#[tokio::test]
async fn one_failing_job_does_not_hold_up_the_others() {
    on_both_engines(async |shop| {
        shop.mailer.refuse();
        contact(&shop, &a_message("one")).await.unwrap();
        run_due(&shop).await.unwrap();
        shop.mailer.come_back();

        contact(&shop, &a_message("other")).await.unwrap();
        shop.run_jobs().await;

        assert_eq!(shop.mailer.subjects(), ["[Contact] other"]);
    })
    .await;
}

#[tokio::test]
async fn a_job_of_a_worker_that_died_is_taken_over_when_its_lease_ran_out() {
    on_both_engines(async |shop| {
        contact(&shop, &a_message("Livraison")).await.unwrap();
        let claimed = claim(&shop).await;
        assert_eq!(claimed.len(), 1);

        shop.clock.advance(SignedDuration::from_secs(119));
        assert_eq!(run_due(&shop).await.unwrap(), 0, "the lease holds");
        shop.clock.advance(SignedDuration::from_secs(1));
        assert_eq!(run_due(&shop).await.unwrap(), 1);

        assert_eq!(shop.mailer.subjects(), ["[Contact] Livraison"]);
        assert!(!finish(&shop, &claimed[0]).await, "the first worker has lost it");
    })
    .await;
}

#[tokio::test]
async fn a_worker_that_lost_its_lease_cannot_end_the_job_of_another() {
    on_both_engines(async |shop| {
        contact(&shop, &a_message("Livraison")).await.unwrap();
        let slow = claim(&shop).await;
        shop.clock.advance(SignedDuration::from_secs(120));
        let quick = claim(&shop).await;
        assert_eq!((quick[0].id, quick[0].attempts), (slow[0].id, 2));

        assert!(!finish(&shop, &slow[0]).await);
        assert_eq!(queue(&shop).await, (1, 0));

        assert!(finish(&shop, &quick[0]).await);
        assert_eq!(queue(&shop).await, (0, 0));
    })
    .await;
}

#[tokio::test]
async fn a_job_that_twelve_workers_died_of_is_given_up() {
    on_both_engines(async |shop| {
        contact(&shop, &a_message("Livraison")).await.unwrap();
        for n in 1..=12 {
            let claimed = claim(&shop).await;
            assert_eq!(claimed.iter().map(|job| job.attempts).collect::<Vec<_>>(), [n]);
            assert_eq!(run_due(&shop).await.unwrap(), 0, "the lease holds");
            shop.clock.advance(SignedDuration::from_secs(120));
        }

        assert_eq!(run_due(&shop).await.unwrap(), 1);

        assert_eq!(queue(&shop).await, (0, 1));
        assert_eq!(shop.mailer.sent(), []);
        let dead = db::job::list_dead(&mut shop.read().await).await.unwrap();
        assert_eq!(dead[0].last_error, "whoever began it died before it was done");
        assert!(shop::jobs::retry(&shop, dead[0].id).await.unwrap());
        shop.run_jobs().await;
        assert_eq!(shop.mailer.subjects(), ["[Contact] Livraison"]);
    })
    .await;
}

/// Sends, and tells the worker to stop while it does.
struct Interrupting(Arc<RecordingMailer>, watch::Sender<bool>);

#[async_trait::async_trait]
impl Mailer for Interrupting {
    async fn send(&self, mail: &Mail) -> Result<(), MailError> {
        self.1.send(true).unwrap();
        self.0.send(mail).await
    }

    async fn check(&self) -> Result<(), MailError> {
        Ok(())
    }
}

#[tokio::test]
async fn a_worker_that_is_told_to_stop_ends_its_job_and_gives_the_others_back() {
    on_both_engines(async |shop| {
        for n in 0..4 {
            contact(&shop, &a_message(&n.to_string())).await.unwrap();
        }
        let (stop, told) = watch::channel(false);
        let mut told_meanwhile = (*shop).clone();
        told_meanwhile.mailer = Arc::new(Interrupting(shop.mailer.clone(), stop));

        shop::jobs::work(told_meanwhile, told).await;

        assert_eq!(shop.mailer.sent().len(), 1);
        assert_eq!(queue(&shop).await, (3, 0));
        let others = claim(&shop).await;
        let attempts: Vec<_> = others.iter().map(|job| job.attempts).collect();
        assert_eq!(attempts, [1, 1, 1], "at once, and the try of before does not count");
    })
    .await;
}

/// Sends, and takes its time.
struct Slow(Arc<RecordingMailer>, TestClock);

#[async_trait::async_trait]
impl Mailer for Slow {
    async fn send(&self, mail: &Mail) -> Result<(), MailError> {
        self.1.advance(SignedDuration::from_secs(15));
        self.0.send(mail).await
    }

    async fn check(&self) -> Result<(), MailError> {
        Ok(())
    }
}

#[tokio::test]
async fn a_worker_begins_no_job_that_might_outlast_its_lease() {
    on_both_engines(async |shop| {
        for n in 0..4 {
            contact(&shop, &a_message(&n.to_string())).await.unwrap();
        }
        let mut slowly = (*shop).clone();
        slowly.mailer = Arc::new(Slow(shop.mailer.clone(), shop.clock.clone()));

        assert_eq!(run_due(&slowly).await.unwrap(), 2);

        assert_eq!(shop.mailer.sent().len(), 2);
        let attempts: Vec<_> = claim(&shop).await.iter().map(|job| job.attempts).collect();
        assert_eq!(attempts, [1, 1], "at once, and the try of before does not count");
    })
    .await;
}

fn a_bulk_job(run_at: Timestamp) -> NewJob {
    NewJob {
        kind: "make_renditions",
        payload: "{}".to_owned(),
        dedupe_key: None,
        run_at,
        is_bulk: true,
        lane: None,
        traceparent: None,
    }
}

#[tokio::test]
async fn a_job_keeps_the_trace_that_it_was_asked_for_in_and_has_none_of_its_own() {
    const TRACE: &str = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
    on_both_engines(async |shop| {
        let at = shop.clock.now();
        let traced = NewJob { traceparent: Some(TRACE.to_owned()), ..a_bulk_job(at) };
        let mut tx = shop.db.write().await.unwrap();
        db::job::push(&mut tx, &traced, at).await.unwrap();
        tx.commit().await.unwrap();
        contact(&shop, &a_message("Livraison")).await.unwrap();

        let claimed = claim(&shop).await;

        let traces: Vec<Option<&str>> =
            claimed.iter().map(|job| job.traceparent.as_deref()).collect();
        assert_eq!(traces, [None, Some(TRACE)]);
    })
    .await;
}

#[tokio::test]
async fn nobody_waits_for_work_that_comes_in_masses() {
    on_both_engines(async |shop| {
        let at = shop.clock.now();
        let mut tx = shop.db.write().await.unwrap();
        for _ in 0..6 {
            db::job::push(&mut tx, &a_bulk_job(at), at).await.unwrap();
        }
        tx.commit().await.unwrap();
        shop.clock.advance(SignedDuration::from_secs(1));
        contact(&shop, &a_message("Livraison")).await.unwrap();

        let claimed = claim(&shop).await;

        let kinds: Vec<&str> = claimed.iter().map(|job| job.kind.as_str()).collect();
        assert_eq!(kinds[1..], ["make_renditions"; 3]);
        assert_ne!(kinds[0], "make_renditions");
    })
    .await;
}

#[tokio::test]
async fn a_mail_asked_for_twice_is_sent_once() {
    on_both_engines(async |shop| {
        let message = a_message("Livraison");
        contact(&shop, &message).await.unwrap();
        contact(&shop, &message).await.unwrap();
        shop.run_jobs().await;
        contact(&shop, &message).await.unwrap();
        shop.run_jobs().await;

        assert_eq!(shop.mailer.subjects(), ["[Contact] Livraison"]);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_mail_asked_for_eight_times_at_once_is_sent_once() {
    on_both_engines(async |shop| {
        let message = a_message("Livraison");
        let requests = (0..8).map(|_| {
            let (shop, message) = (shop.clone(), copy(&message));
            async move { contact(&shop, &message).await }
        });
        let answers = at_once(requests).await;

        assert!(answers.iter().all(Result::is_ok), "{answers:?}");
        shop.run_jobs().await;
        assert_eq!(shop.mailer.subjects(), ["[Contact] Livraison"]);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn several_workers_send_each_mail_once() {
    on_both_engines(async |shop| {
        let mut expected = Vec::new();
        for n in 0..20 {
            contact(&shop, &a_message(&format!("{n:02}"))).await.unwrap();
            expected.push(format!("[Contact] {n:02}"));
        }
        let instances = shop.instances(4).await;

        let workers = instances.into_iter().map(|shop| async move {
            while db::job::is_due(&mut shop.db.read().await.unwrap(), shop.clock.now())
                .await
                .unwrap()
            {
                run_due(&shop).await.unwrap();
            }
        });
        at_once(workers).await;

        let mut sent = shop.mailer.subjects();
        sent.sort();
        assert_eq!(sent, expected);
        assert_eq!(queue(&shop).await, (0, 0));
    })
    .await;
}

#[tokio::test]
async fn a_mail_keeps_its_id_through_every_attempt() {
    on_both_engines(async |shop| {
        let order = a_placed_order(&shop).save().await.id;
        let claimed = claim(&shop).await;
        shop.run_jobs().await;
        assert_eq!(shop.mailer.sent(), []);
        shop.clock.advance(SignedDuration::from_secs(120));

        shop.run_jobs().await;

        assert_eq!(claimed.len(), 1);
        let id = format!("order-{}-placed@greenleaf.test", order.0.simple());
        let ids: Vec<_> = shop.mailer.sent().into_iter().map(|mail| mail.message_id).collect();
        assert_eq!(ids, [id]);
    })
    .await;
}

#[tokio::test]
async fn a_worker_stops_when_told() {
    on_both_engines(async |shop| {
        contact(&shop, &a_message("Livraison")).await.unwrap();
        let (stop, told) = watch::channel(false);

        let worker = tokio::spawn(shop::jobs::work(shop.clone(), told));
        while shop.mailer.sent().is_empty() {
            tokio::task::yield_now().await;
        }
        stop.send(true).unwrap();

        worker.await.unwrap();
    })
    .await;
}
