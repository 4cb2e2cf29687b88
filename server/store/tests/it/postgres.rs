//! A Postgres of our own in a temporary folder, for as long as this test process lives.

use std::net::TcpListener;
use std::process::{Child, Command, Stdio};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

struct Server {
    port: u16,
    /// Its standard input is the life line: when this process ends, the shell sees the end and stops Postgres.
    _guard: Child,
}

/// Starts the server, waits for the end of standard input, stops it and removes its folder.
const GUARD: &str = r#"
set -e
umask 077
dir=$(mktemp -d)
bin=$(ls -d /usr/lib/postgresql/*/bin | tail -n 1)
as=""
if [ "$(id -u)" = 0 ]; then chown postgres "$dir"; as="runuser -u postgres --"; fi
cd "$dir"
$as "$bin/initdb" -D "$dir/data" -A trust -U postgres >/dev/null 2>&1
$as "$bin/postgres" -D "$dir/data" -p "$1" -k "$dir" -c listen_addresses=127.0.0.1 -c fsync=off >/dev/null 2>&1 &
cat >/dev/null
kill -INT "$(head -n 1 "$dir/data/postmaster.pid")" || true
wait || true
cd /
rm -rf "$dir"
"#;

/// The URL of a new, empty database.
pub(crate) async fn new_database() -> String {
    static NUMBER: AtomicU32 = AtomicU32::new(0);
    static SERVER: OnceLock<Server> = OnceLock::new();
    let port = SERVER.get_or_init(start).port;
    let name = format!("it{}", NUMBER.fetch_add(1, Ordering::Relaxed));
    let admin = format!("postgres://postgres@127.0.0.1:{port}/postgres");
    for _ in 0..200 {
        let made = Command::new("psql").args([&admin, "-qc", &format!("CREATE DATABASE {name}")]).output();
        if made.is_ok_and(|made| made.status.success()) {
            return format!("postgres://postgres@127.0.0.1:{port}/{name}");
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    panic!("Postgres did not start within 20 s; is the package postgresql installed?");
}

fn start() -> Server {
    let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let guard = Command::new("sh")
        .args(["-c", GUARD, "guard", &port.to_string()])
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    Server { port, _guard: guard }
}
