//! A mailer that keeps what it was given.

use std::sync::{Mutex, MutexGuard, PoisonError};

use async_trait::async_trait;
use shop::ports::{Mail, MailError, Mailer};

/// Keeps every mail in the order of sending; fails while a test says so.
#[derive(Debug, Default)]
pub struct RecordingMailer {
    sent: Mutex<Vec<Mail>>,
    outage: Mutex<Option<Outage>>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Outage {
    Unavailable,
    Refused,
}

impl RecordingMailer {
    /// What was sent so far, repetitions included.
    pub fn sent(&self) -> Vec<Mail> {
        open(&self.sent).clone()
    }

    /// The subjects of what was sent so far.
    pub fn subjects(&self) -> Vec<String> {
        open(&self.sent).iter().map(|mail| mail.subject.clone()).collect()
    }

    /// From now on the server cannot be reached.
    pub fn go_away(&self) {
        *open(&self.outage) = Some(Outage::Unavailable);
    }

    /// From now on the server refuses each mail for good.
    pub fn refuse(&self) {
        *open(&self.outage) = Some(Outage::Refused);
    }

    pub fn come_back(&self) {
        *open(&self.outage) = None;
    }

    fn look(&self) -> Result<(), MailError> {
        match *open(&self.outage) {
            None => Ok(()),
            Some(Outage::Unavailable) => Err(MailError::Unavailable("nobody answers".into())),
            Some(Outage::Refused) => Err(MailError::Refused("no such mailbox".into())),
        }
    }
}

fn open<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[async_trait]
impl Mailer for RecordingMailer {
    async fn send(&self, mail: &Mail) -> Result<(), MailError> {
        self.look()?;
        open(&self.sent).push(mail.clone());
        Ok(())
    }

    async fn check(&self) -> Result<(), MailError> {
        self.look()
    }
}
