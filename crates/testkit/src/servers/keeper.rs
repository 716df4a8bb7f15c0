//! Starts a server under its keeper, a small script that stops it when the tests are done.
//!
//! A shared server lives in `target/testkit/<name>/`: `start.lock` is held while one is started
//! or stopped, `keeper.lock` as long as a keeper lives, `lease` (shared) by each process that uses
//! the server, `state` has its port. A file named `stop` there ends it as soon as it is unused.

use std::fs::{self, File, TryLockError};
use std::hash::{DefaultHasher, Hash, Hasher};
use std::net::TcpListener;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

use uuid::Uuid;

/// How long a shared server waits for the next test process.
pub(super) const IDLE: Duration = Duration::from_mins(1);

const SCRIPT: &str = include_str!("keeper.sh");
const PATIENCE: Duration = Duration::from_secs(90);
const POLL: Duration = Duration::from_millis(20);

/// A way to start a server: what to run, and how to see that it answers.
pub(super) trait Recipe {
    /// Makes the data folder if need be and gives the program with its arguments.
    fn command(&self, data: &Path, port: u16) -> Vec<String>;
    fn is_up(&self, port: u16) -> bool;
}

/// The hold of this process on a shared server, which ends with the process at the latest.
pub(super) struct Shared {
    pub(super) port: u16,
    pub(super) data: PathBuf,
    _lease: File,
}

impl Shared {
    /// Joins the server that another process started, or starts it.
    pub(super) fn join(name: &str, idle: Duration, recipe: &impl Recipe) -> Self {
        let folder = target_dir().join("testkit").join(name);
        let data = scratch_dir().join(format!("greenleaf-{:016x}-{name}", hash_of(&folder)));
        fs::create_dir_all(&folder).expect("the target folder is writable");

        let start = open(&folder.join("start.lock"));
        start.lock().expect("start.lock can be locked");
        let lease = open(&folder.join("lease"));
        lease.lock_shared().expect("lease can be locked");

        let state = folder.join("state");
        let keeper = open(&folder.join("keeper.lock"));
        let known = fs::read_to_string(&state).ok().and_then(|port| port.trim().parse().ok());
        let port = match (keeper.try_lock(), known) {
            (Err(TryLockError::WouldBlock), Some(port)) => port,
            (Err(TryLockError::Error(error)), _) => panic!("keeper.lock cannot be locked: {error}"),
            _ => {
                keeper.lock().expect("keeper.lock can be locked");
                drop(keeper);
                let port = start_shared(&folder, &data, idle, recipe);
                fs::write(&state, port.to_string()).expect("the target folder is writable");
                port
            }
        };
        Self { port, data, _lease: lease }
    }
}

fn start_shared(folder: &Path, data: &Path, idle: Duration, recipe: &impl Recipe) -> u16 {
    for _ in 0..3 {
        for leftover in ["state", "stop", "server.pid"] {
            let _ = fs::remove_file(folder.join(leftover));
        }
        let _ = fs::remove_dir_all(data);
        fs::write(folder.join("keeper.sh"), SCRIPT).expect("the target folder is writable");
        fs::write(folder.join("server.log"), "").expect("the target folder is writable");

        let port = free_port();
        let started = Command::new("setsid")
            .args(["--fork", "sh", "keeper.sh", "shared"])
            .arg(data)
            .arg(idle.as_secs().max(1).to_string())
            .args(recipe.command(data, port))
            .current_dir(folder)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .status();
        assert!(started.is_ok_and(|status| status.success()), "setsid (util-linux) is missing");
        if wait_until_up(folder, port, recipe) {
            return port;
        }
        // Its keeper ends within a second, having seen the server die.
        open(&folder.join("keeper.lock")).lock().expect("keeper.lock can be locked");
    }
    panic!("{}", failure(folder));
}

/// A server of one test, which stops when this value is dropped or the process is killed.
pub(super) struct Private<R: Recipe> {
    pub(super) port: u16,
    recipe: R,
    folder: PathBuf,
    keeper: Option<Child>,
}

impl<R: Recipe> Private<R> {
    pub(super) fn start(name: &str, recipe: R) -> Self {
        Self::start_in(&scratch_dir(), name, recipe)
    }

    /// The same, with all that it keeps in a folder of somebody's.
    pub(super) fn start_in(parent: &Path, name: &str, recipe: R) -> Self {
        let folder = parent.join(format!("greenleaf-{name}-{}", Uuid::now_v7().simple()));
        fs::create_dir_all(&folder).expect("the folder for temporary files is writable");
        fs::write(folder.join("keeper.sh"), SCRIPT).expect("it was made just now");

        let mut server = Self { port: 0, recipe, folder, keeper: None };
        for _ in 0..3 {
            server.port = free_port();
            if server.try_restart() {
                return server;
            }
        }
        panic!("{}", failure(&server.folder));
    }

    /// Where the server keeps its data, also while it is stopped.
    pub(super) fn data(&self) -> PathBuf {
        self.folder.join("data")
    }

    /// Starts the server again on the same port and data.
    pub(super) fn restart(&mut self) {
        assert!(self.keeper.is_none(), "the server is running");
        assert!(self.try_restart(), "{}", failure(&self.folder));
    }

    fn try_restart(&mut self) -> bool {
        let keeper = Command::new("sh")
            .args(["keeper.sh", "private"])
            .arg(&self.folder)
            .args(self.recipe.command(&self.data(), self.port))
            .current_dir(&self.folder)
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("every machine has sh");
        self.keeper = Some(keeper);
        let up = wait_until_up(&self.folder, self.port, &self.recipe);
        if !up {
            self.stop();
        }
        up
    }

    /// Kills the server as the kernel does, and keeps its data.
    pub(super) fn kill(&mut self) {
        // The keeper has not reaped it, so its number has not passed to another process.
        let pid = fs::read_to_string(self.folder.join("server.pid")).expect("the server runs");
        let killed = Command::new("kill").args(["-KILL", pid.trim()]).status();
        assert!(killed.is_ok_and(|status| status.success()), "the server could not be killed");
        self.stop();
    }

    /// Stops the server as an operator would and keeps its data.
    pub(super) fn stop(&mut self) {
        if let Some(mut keeper) = self.keeper.take() {
            let mut input = keeper.stdin.take().expect("it was piped");
            // A keeper that is gone already has nothing to stop.
            let _ = std::io::Write::write_all(&mut input, b"stop\n");
            drop(input);
            keeper.wait().expect("it is a child of this process");
        }
    }
}

impl<R: Recipe> Drop for Private<R> {
    fn drop(&mut self) {
        if let Some(mut keeper) = self.keeper.take() {
            drop(keeper.stdin.take());
            let _ = keeper.wait();
        }
        let _ = fs::remove_dir_all(&self.folder);
    }
}

/// Whether the server answers; `false` as soon as it has died.
fn wait_until_up(folder: &Path, port: u16, recipe: &impl Recipe) -> bool {
    let begin = Instant::now();
    let mut pid = None;
    while begin.elapsed() < PATIENCE {
        sleep(POLL);
        pid = pid.or_else(|| fs::read_to_string(folder.join("server.pid")).ok());
        let Some(pid) = &pid else { continue };
        let stat = fs::read_to_string(format!("/proc/{}/stat", pid.trim())).unwrap_or_default();
        if stat.is_empty() || stat.contains(") Z ") {
            return false;
        }
        if recipe.is_up(port) {
            return true;
        }
    }
    false
}

fn failure(folder: &Path) -> String {
    let log = fs::read_to_string(folder.join("server.log")).unwrap_or_default();
    let lines: Vec<&str> = log.lines().collect();
    let last = lines[lines.len().saturating_sub(20)..].join("\n");
    format!("a server for tests did not start in {}:\n{last}", folder.display())
}

/// The program on the search path, or a panic that says how to install it.
pub(super) fn program(name: &str) -> String {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let folders =
        std::env::split_paths(&path).chain(["/usr/sbin".into(), "/usr/local/sbin".into()]);
    found(folders.map(|folder| folder.join(name)).find(|file| file.is_file()), name)
}

/// The program in the project's own Python environment, or the same panic.
pub(super) fn python_program(name: &str) -> String {
    let file = target_dir().join("tools/python/bin").join(name);
    found(file.is_file().then_some(file), name)
}

fn found(file: Option<PathBuf>, name: &str) -> String {
    let file = file
        .unwrap_or_else(|| panic!("`{name}` is not installed: `cargo xtask setup` installs it"));
    file.into_os_string().into_string().expect("the path is UTF-8")
}

/// Whether this is root, as which some servers run only when told so.
pub(super) fn is_root() -> bool {
    fs::metadata("/proc/self").is_ok_and(|process| process.uid() == 0)
}

/// The folder that cargo builds into, found from the running test.
pub(super) fn target_dir() -> PathBuf {
    let test = std::env::current_exe().expect("the system knows the running program");
    let found = test.ancestors().find(|folder| folder.join(".rustc_info.json").is_file());
    found.expect("tests run from a target folder of cargo").to_owned()
}

/// Where servers keep their data: in memory if there is room.
fn scratch_dir() -> PathBuf {
    let free = Command::new("df").args(["--output=avail", "--block-size=1M", "/dev/shm"]).output();
    let free = free.ok().and_then(|df| String::from_utf8(df.stdout).ok());
    let free = free.and_then(|text| text.lines().last()?.trim().parse::<u32>().ok());
    if free.is_some_and(|megabytes| megabytes >= 2048) {
        PathBuf::from("/dev/shm")
    } else {
        std::env::temp_dir()
    }
}

/// A loopback port that nobody listens on, outside the range that outgoing connections use.
fn free_port() -> u16 {
    loop {
        let [.., high, low] = *Uuid::now_v7().as_bytes();
        let port = 15_000 + u16::from_be_bytes([high, low]) % 15_000;
        if TcpListener::bind(("127.0.0.1", port)).is_ok() {
            return port;
        }
    }
}

fn open(path: &Path) -> File {
    let file = File::options().create(true).append(true).open(path);
    file.unwrap_or_else(|error| panic!("{} cannot be opened: {error}", path.display()))
}

fn hash_of(path: &Path) -> u64 {
    let mut hasher = DefaultHasher::new();
    path.hash(&mut hasher);
    hasher.finish()
}

#[cfg(test)]
mod tests {
    use std::net::TcpStream;

    use super::*;

    /// Listens with what every machine has that can run these tests.
    struct Listener;

    impl Recipe for Listener {
        fn command(&self, data: &Path, port: u16) -> Vec<String> {
            fs::create_dir_all(data).unwrap();
            let data = data.to_str().unwrap().to_owned();
            [program("python3"), "-m".into(), "http.server".into(), port.to_string()]
                .into_iter()
                .chain(["--bind".into(), "127.0.0.1".into(), "--directory".into(), data])
                .collect()
        }

        fn is_up(&self, port: u16) -> bool {
            TcpStream::connect(("127.0.0.1", port)).is_ok()
        }
    }

    struct Broken;

    impl Recipe for Broken {
        fn command(&self, _: &Path, _: u16) -> Vec<String> {
            vec!["sh".into(), "-c".into(), "echo no such table; exit 1".into()]
        }

        fn is_up(&self, _: u16) -> bool {
            false
        }
    }

    fn eventually(what: impl Fn() -> bool) -> bool {
        let begin = Instant::now();
        while begin.elapsed() < Duration::from_secs(20) {
            if what() {
                return true;
            }
            sleep(POLL);
        }
        false
    }

    /// A name for a shared server that no other run knows.
    fn a_name() -> String {
        format!("keeper-test-{}", Uuid::now_v7().simple())
    }

    fn forget(name: &str) {
        fs::remove_dir_all(target_dir().join("testkit").join(name)).unwrap();
    }

    #[test]
    fn a_shared_server_stops_by_itself() {
        let name = a_name();

        let first = Shared::join(&name, Duration::from_secs(1), &Listener);
        let second = Shared::join(&name, Duration::from_secs(1), &Listener);
        let (port, data) = (first.port, first.data.clone());
        assert_eq!(second.port, port);
        drop(first);
        sleep(Duration::from_secs(3));
        assert!(Listener.is_up(port), "the second lease still holds it");
        drop(second);

        assert!(eventually(|| !Listener.is_up(port)));
        assert!(eventually(|| !data.exists()));
        let third = Shared::join(&name, Duration::from_secs(1), &Listener);
        assert!(Listener.is_up(third.port));
        drop(third);
        assert!(eventually(|| !data.exists()));
        forget(&name);
    }

    #[test]
    fn a_shared_server_stops_at_once_when_told() {
        let name = a_name();
        let server = Shared::join(&name, Duration::from_hours(1), &Listener);
        let (port, data) = (server.port, server.data.clone());
        let stop = target_dir().join("testkit").join(&name).join("stop");

        fs::write(stop, "").unwrap();
        sleep(Duration::from_secs(2));
        assert!(Listener.is_up(port), "it is still in use");
        drop(server);

        assert!(eventually(|| !data.exists()));
        forget(&name);
    }

    #[test]
    fn a_shared_server_that_crashed_is_replaced() {
        let name = a_name();
        let crashed = Shared::join(&name, Duration::from_secs(1), &Listener);
        let folder = target_dir().join("testkit").join(&name);
        let pid = fs::read_to_string(folder.join("server.pid")).unwrap();
        assert!(Command::new("kill").args(["-KILL", pid.trim()]).status().unwrap().success());
        assert!(eventually(|| !folder.join("state").exists()));

        let server = Shared::join(&name, Duration::from_secs(1), &Listener);

        assert!(Listener.is_up(server.port));
        let data = server.data.clone();
        drop((crashed, server));
        assert!(eventually(|| !data.exists()));
        forget(&name);
    }

    #[test]
    fn a_private_server_goes_with_its_owner() {
        let mut server = Private::start("keeper-test", Listener);
        let (port, folder) = (server.port, server.folder.clone());
        fs::write(server.data().join("kept"), "").unwrap();

        server.stop();
        assert!(!Listener.is_up(port));
        server.restart();
        assert!(Listener.is_up(port));
        assert!(server.data().join("kept").exists());
        drop(server);

        assert!(!Listener.is_up(port));
        assert!(!folder.exists());
    }

    #[test]
    fn a_private_server_goes_when_its_owner_is_killed() {
        let mut server = Private::start("keeper-test", Listener);
        let (port, folder) = (server.port, server.folder.clone());
        let mut keeper = server.keeper.take().unwrap();

        drop(keeper.stdin.take());

        keeper.wait().unwrap();
        assert!(!Listener.is_up(port));
        assert!(!folder.exists());
    }

    #[test]
    #[should_panic(expected = "no such table")]
    fn a_server_that_does_not_start_shows_its_log() {
        Private::start("keeper-test", Broken);
    }

    #[test]
    #[should_panic(expected = "cargo xtask setup")]
    fn a_missing_program_is_named() {
        program("no-such-program");
    }
}
