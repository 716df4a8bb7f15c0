//! HAProxy, before the instances of a shop or before its database.

use std::fmt::Write as _;
use std::fs;
use std::io::{Read, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::os::unix::net::UnixStream;
use std::path::Path;
use std::time::Duration;

use super::blocking;
use super::keeper::{Private, Recipe, program};

/// A load balancer of its own.
pub struct HaProxy {
    server: Private<Balancer>,
}

impl HaProxy {
    /// Stands before instances as a production's load balancer does: looks at `/health.php` every
    /// `interval` (5 s in production), takes an instance out after three failures and in again after
    /// two successes, keeps a client with its instance by a cookie for 24 hours, and tries another
    /// instance when one does not take the connection. What is not a `POST` is also asked once more
    /// when no answer came.
    pub async fn before_instances(instances: &[SocketAddr], interval: Duration) -> Self {
        let mut config = String::from(
            "    mode http
    option forwardfor
    option redispatch 1
    retries 3
    retry-on conn-failure empty-response
    timeout http-request 10s
    timeout queue 5s

frontend shop
    bind 127.0.0.1:PORT
    default_backend instances

backend instances
    balance leastconn
    cookie INSTANCE insert indirect nocache httponly maxlife 24h
    http-request disable-l7-retry if METH_POST
    option httpchk
    http-check send meth GET uri /health.php ver HTTP/1.1 hdr Host health
    http-check expect status 200
",
        );
        for (instance, name) in instances.iter().zip(1..) {
            writeln!(
                config,
                "    server {name} {instance} cookie {name} check inter {}ms rise 2 fall 3",
                interval.as_millis()
            )
            .expect("a string takes any text");
        }
        Self::start(config).await
    }

    /// Stands before a primary and its replica, and leads to the replica as soon as the primary does
    /// not take connections.
    pub async fn before_databases(primary: u16, replica: u16) -> Self {
        Self::start(format!(
            "    mode tcp

listen database
    bind 127.0.0.1:PORT
    default-server check inter 200ms rise 2 fall 2 on-marked-down shutdown-sessions
    server primary 127.0.0.1:{primary}
    server replica 127.0.0.1:{replica} backup
"
        ))
        .await
    }

    async fn start(sections: String) -> Self {
        let server = blocking(|| Private::start("haproxy", Balancer { sections })).await;
        Self { server }
    }

    #[must_use]
    pub fn address(&self) -> SocketAddr {
        SocketAddr::from(([127, 0, 0, 1], self.server.port))
    }

    /// Whether requests are led to the nth server, counted from 1 as they were given.
    #[must_use]
    pub fn leads_to(&self, nth: usize) -> bool {
        let mut socket = UnixStream::connect(self.server.data().join("socket"))
            .expect("it listens as long as it runs");
        let mut answer = String::new();
        socket
            .write_all(b"show stat\n")
            .and_then(|()| socket.read_to_string(&mut answer))
            .expect("it answers commands");
        let is_server = |line: &&str| !line.contains("FRONTEND") && !line.contains("BACKEND");
        let mut servers = answer.lines().filter(|line| !line.starts_with('#')).filter(is_server);
        // The eighteenth column is the state; see HAProxy's management guide, 9.1.
        let state = servers.nth(nth - 1).and_then(|line| line.split(',').nth(17));
        state.is_some_and(|state| state == "UP")
    }
}

struct Balancer {
    sections: String,
}

impl Recipe for Balancer {
    fn command(&self, data: &Path, port: u16) -> Vec<String> {
        fs::create_dir_all(data).expect("the folder for temporary files is writable");
        let file = data.join("haproxy.cfg");
        let socket = data.join("socket");
        let config = format!(
            "global
    maxconn 8192
    stats socket {} mode 600

defaults
    timeout connect 1s
    timeout client 60s
    timeout server 60s
{}",
            socket.display(),
            self.sections.replace("PORT", &port.to_string())
        );
        fs::write(&file, config).expect("the folder was made just now");
        let file = file.to_str().expect("made from UTF-8").to_owned();
        vec![program("haproxy"), "-db".into(), "-f".into(), file]
    }

    fn is_up(&self, port: u16) -> bool {
        TcpStream::connect(("127.0.0.1", port)).is_ok()
    }
}

#[cfg(test)]
mod tests {
    use std::net::TcpListener;
    use std::thread;

    use super::*;

    /// Answers each connection once with a name, and is healthy.
    fn an_instance(name: &'static str) -> SocketAddr {
        let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap();
        let address = listener.local_addr().unwrap();
        thread::spawn(move || {
            for mut stream in listener.incoming().flatten() {
                let _ = stream.read(&mut [0; 4096]);
                let length = name.len();
                let _ = write!(
                    stream,
                    "HTTP/1.1 200 OK\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n{name}"
                );
            }
        });
        address
    }

    fn get(address: SocketAddr, cookie: &str) -> String {
        let mut stream = TcpStream::connect(address).unwrap();
        write!(stream, "GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n{cookie}\r\n").unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        answer
    }

    fn eventually(what: impl Fn() -> bool) -> bool {
        (0..500).any(|_| {
            thread::sleep(Duration::from_millis(20));
            what()
        })
    }

    #[tokio::test]
    async fn a_client_stays_with_its_instance_until_that_is_away() {
        let gone = TcpListener::bind(("127.0.0.1", 0)).unwrap();
        let instances = [an_instance("one"), an_instance("two"), gone.local_addr().unwrap()];
        drop(gone);
        let proxy = HaProxy::before_instances(&instances, Duration::from_millis(100)).await;
        assert!(eventually(|| proxy.leads_to(1) && proxy.leads_to(2) && !proxy.leads_to(3)));

        let first = get(proxy.address(), "");
        assert!(first.contains("set-cookie: INSTANCE="), "{first}");
        for _ in 0..4 {
            assert!(get(proxy.address(), "Cookie: INSTANCE=2\r\n").ends_with("two"));
        }
        let moved = get(proxy.address(), "Cookie: INSTANCE=3\r\n");
        assert!(moved.ends_with("one") || moved.ends_with("two"), "{moved}");
    }
}
