//! A server that is away, which not everybody has to find out for themselves.
//!
//! Whoever wants a connection that cannot be had waits for seconds. While the server is known to be
//! away one asks for it at a time and the others are told at once, so that those who wait do not
//! take the places of those who need no database.

use std::sync::{Mutex, MutexGuard, PoisonError};

use sqlx::{Error, MySqlPool};

use crate::engine::MAX_CONNECTIONS;

#[derive(Debug, Default)]
pub(crate) struct Absence(Mutex<State>);

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum State {
    #[default]
    Here,
    Away,
    /// Away, and somebody is asking.
    Asked,
}

impl Absence {
    /// Gets a connection, or says at once that the server is away.
    pub(crate) async fn watch<T>(
        &self,
        pool: &MySqlPool,
        get: impl Future<Output = Result<T, Error>>,
    ) -> Result<T, Error> {
        let asking = self.ask().ok_or(Error::PoolTimedOut)?;
        let got = get.await;
        let is_away = match &got {
            Ok(_) => false,
            // A pool that is full is busy, not away.
            Err(Error::PoolTimedOut) => pool.size() < MAX_CONNECTIONS,
            Err(Error::Io(_)) => true,
            Err(_) => return got,
        };
        *self.state() = if is_away { State::Away } else { State::Here };
        drop(asking);
        got
    }

    fn ask(&self) -> Option<Asking<'_>> {
        let mut state = self.state();
        let is_alone = match *state {
            State::Here => false,
            State::Away => {
                *state = State::Asked;
                true
            }
            State::Asked => return None,
        };
        Some(Asking { absence: self, is_alone })
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

struct Asking<'a> {
    absence: &'a Absence,
    is_alone: bool,
}

impl Drop for Asking<'_> {
    /// Who goes away while asking, without an answer, leaves it to the next.
    fn drop(&mut self) {
        let mut state = self.absence.state();
        if self.is_alone && *state == State::Asked {
            *state = State::Away;
        }
    }
}
