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
    /// Allows to ask for a connection, or says at once that the server is away.
    pub(crate) fn ask(&self) -> Result<Asking<'_>, Error> {
        let mut state = self.state();
        let is_alone = match *state {
            State::Here => false,
            State::Away => {
                *state = State::Asked;
                true
            }
            State::Asked => return Err(Error::PoolTimedOut),
        };
        Ok(Asking { absence: self, is_alone })
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

pub(crate) struct Asking<'a> {
    absence: &'a Absence,
    is_alone: bool,
}

impl Asking<'_> {
    /// Passes on what came, having learned from it whether the server is there.
    pub(crate) fn heard<T>(self, pool: &MySqlPool, got: Result<T, Error>) -> Result<T, Error> {
        let is_away = match &got {
            Ok(_) => false,
            // A pool that is full is busy, not away.
            Err(Error::PoolTimedOut) => pool.size() < MAX_CONNECTIONS,
            Err(Error::Io(_)) => true,
            Err(_) => return got,
        };
        *self.absence.state() = if is_away { State::Away } else { State::Here };
        got
    }
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
