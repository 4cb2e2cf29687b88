//! A real Prometheus with a past, for as long as this test process lives.

use std::fmt::Write as _;
use std::net::TcpListener;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::OnceLock;
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

use crate::console::NOW;

pub(crate) const USERNAME: &str = "console";
pub(crate) const PASSWORD: &str = "walnut-harbour-42";
/// Bcrypt of the password.
const WEB: &str =
    "basic_auth_users:\n  console: $2b$08$abcdefghijklmnopqrstuub3P/ughwXGWo0dLC3MfcYFqSLaiIb32\n";
const MINUTE: i64 = 60;
/// Of the past that it knows. Minutes.
const PAST: i64 = 26 * 60;

struct Server {
    address: String,
    /// Its standard input is the life line: when this process ends, the shell sees the end and stops Prometheus.
    _guard: Child,
}

/// Makes the past, serves it, waits for the end of standard input, and removes the folder.
const GUARD: &str = r#"
cd "$1"
promtool tsdb create-blocks-from openmetrics samples data >/dev/null
prometheus --config.file=prometheus.yml --web.config.file=web.yml --storage.tsdb.path=data \
    --storage.tsdb.retention.time=100y --web.listen-address="$2" >log 2>&1 &
cat >/dev/null
kill $!
wait
rm -rf "$1"
"#;

/// Its address; it asks for the login.
///
/// Over the last 26 hours of the tests' time, in `metered-web`, where the kubelet is scraped twice: the pod of today's ReplicaSet of `web` uses half a core and
/// 100 MiB; one of an earlier ReplicaSet used a quarter until 12 hours ago; `web-api` uses a tenth. In `foreign-web` a pod with the same name as the first uses
/// eight. The node `real` uses 2 cores.
pub(crate) async fn prometheus() -> String {
    static SERVER: OnceLock<Server> = OnceLock::new();
    let address = SERVER.get_or_init(start).address.clone();
    for _ in 0..300 {
        if ready(address.trim_start_matches("http://")).await.is_ok_and(|answer| answer.contains(" 200 ")) {
            return address;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    panic!("Prometheus did not start within 30 s; is the package prometheus installed?");
}

/// It listens before it can answer.
async fn ready(authority: &str) -> std::io::Result<String> {
    let mut stream = tokio::net::TcpStream::connect(authority).await?;
    let login = STANDARD.encode(format!("{USERNAME}:{PASSWORD}"));
    let asked = format!("GET /-/ready HTTP/1.0\r\nHost: {authority}\r\nAuthorization: Basic {login}\r\n\r\n");
    stream.write_all(asked.as_bytes()).await?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await?;
    Ok(answer)
}

fn start() -> Server {
    let folder = tempfile::Builder::new().prefix("pilothouse-prometheus-").tempdir().unwrap().keep();
    std::fs::write(folder.join("prometheus.yml"), "scrape_configs: []\n").unwrap();
    std::fs::write(folder.join("web.yml"), WEB).unwrap();
    std::fs::write(folder.join("samples"), samples()).unwrap();
    let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let listen = format!("127.0.0.1:{port}");
    Server { address: format!("http://{listen}"), _guard: guard(&folder, &listen) }
}

fn guard(folder: &Path, listen: &str) -> Child {
    Command::new("sh")
        .args(["-c", GUARD, "guard"])
        .args([folder.as_os_str(), listen.as_ref()])
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap()
}

/// OpenMetrics, as the kubelet's cAdvisor would have been scraped once a minute.
fn samples() -> String {
    let own = "namespace=\"metered-web\",job=\"kubelet\"";
    let pods = [
        (own, "web-7d9f8b6c54-x2vbz", "web", 0.5, PAST),
        ("namespace=\"metered-web\",job=\"again\"", "web-7d9f8b6c54-x2vbz", "web", 0.5, PAST),
        (own, "web-6c8d7f9b54-zzzzz", "web", 0.25, PAST - 12 * 60),
        (own, "web-api-5b6c7d8f94-k4m8t", "api", 0.1, PAST),
        ("namespace=\"foreign-web\",job=\"kubelet\"", "web-7d9f8b6c54-x2vbz", "web", 8.0, PAST),
    ];
    let begin = NOW / 1_000 - PAST * MINUTE;
    let mut text = String::from("# TYPE container_cpu_usage_seconds counter\n");
    for (place, pod, container, cores, minutes) in pods {
        let labels = format!("{place},pod=\"{pod}\",container=\"{container}\"");
        for minute in 0..=minutes {
            let (used, at) = (cores * (minute * MINUTE) as f64, begin + minute * MINUTE);
            writeln!(text, "container_cpu_usage_seconds_total{{{labels}}} {used} {at}").unwrap();
        }
    }
    for minute in 0..=PAST {
        let (used, at) = (2.0 * (minute * MINUTE) as f64, begin + minute * MINUTE);
        let labels = "id=\"/\",instance=\"10.0.0.1:10250\",node=\"real\"";
        writeln!(text, "container_cpu_usage_seconds_total{{{labels}}} {used} {at}").unwrap();
    }
    text.push_str("# TYPE container_memory_working_set_bytes gauge\n");
    for (place, pod, container, _, minutes) in pods {
        let labels = format!("{place},pod=\"{pod}\",container=\"{container}\"");
        for minute in 0..=minutes {
            let at = begin + minute * MINUTE;
            writeln!(text, "container_memory_working_set_bytes{{{labels}}} 104857600 {at}").unwrap();
        }
    }
    text.push_str("# EOF\n");
    text
}
