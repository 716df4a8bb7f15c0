//! How many requests are answered at a time, and of how many one client.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Mutex, PoisonError};

/// The places for requests in flight.
pub(crate) struct Seats {
    max: u32,
    n_taken: AtomicU32,
    of_clients: Mutex<HashMap<IpAddr, u32>>,
}

impl Seats {
    pub(crate) fn new(max: u32) -> Self {
        Self { max, n_taken: AtomicU32::new(0), of_clients: Mutex::default() }
    }

    pub(crate) fn n_taken(&self) -> u32 {
        self.n_taken.load(Ordering::Relaxed)
    }

    /// One client has a quarter of the places at most, so that slow requests of one do not keep out
    /// the others.
    pub(crate) fn take(&self, client: IpAddr) -> Option<Seat<'_>> {
        let n_before = self.n_taken.fetch_add(1, Ordering::Relaxed);
        metrics::gauge!("http_requests_in_flight").increment(1);
        let mut clients = self.of_clients.lock().unwrap_or_else(PoisonError::into_inner);
        let n_of_client = clients.entry(client).or_insert(0);
        *n_of_client += 1;
        let is_modest = *n_of_client <= self.max.div_ceil(4);
        drop(clients);
        let seat = Seat { seats: self, client };
        (n_before < self.max && is_modest).then_some(seat)
    }
}

/// A place among the requests in flight, given back when dropped: also when the client goes away.
pub(crate) struct Seat<'a> {
    seats: &'a Seats,
    client: IpAddr,
}

impl Drop for Seat<'_> {
    fn drop(&mut self) {
        self.seats.n_taken.fetch_sub(1, Ordering::Relaxed);
        metrics::gauge!("http_requests_in_flight").decrement(1);
        let mut clients = self.seats.of_clients.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(n_of_client) = clients.get_mut(&self.client) {
            *n_of_client -= 1;
            if *n_of_client == 0 {
                clients.remove(&self.client);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_client_has_a_quarter_of_the_places() {
        let seats = Seats::new(8);
        let seat = |client: &str| seats.take(client.parse().unwrap());

        let (first, second) = (seat("192.0.2.1"), seat("192.0.2.1"));
        assert!(first.is_some() && second.is_some() && seat("192.0.2.1").is_none());
        let other = seat("192.0.2.2");
        assert!(other.is_some());
        drop(first);
        assert!(seat("192.0.2.1").is_some());
        drop((second, other));
        assert_eq!(seats.n_taken(), 0);
        assert!(seats.of_clients.lock().unwrap().is_empty());
    }

    #[test]
    fn there_are_no_more_places_than_that() {
        let seats = Seats::new(2);
        let seat = |client: &str| seats.take(client.parse().unwrap());

        let taken = (seat("192.0.2.1"), seat("192.0.2.2"));
        assert!(taken.0.is_some() && taken.1.is_some() && seat("192.0.2.3").is_none());
        drop(taken);
        assert!(seat("192.0.2.3").is_some());
    }
}
