//! The real program where there is too little: of files, and of readers who read.

use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use futures::{SinkExt as _, StreamExt as _};
use http::header;
use serde_json::{Value, json};
use socket2::{Domain, Socket, Type};
use tokio::net::TcpStream;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::client::IntoClientRequest as _;
use tokio_tungstenite::{WebSocketStream, client_async};

use crate::console::TestConsole;
use crate::faulty::Way;
use crate::live::{hear, open, say};
use crate::rows::{apply, list, query};
use crate::tenants::{eventually, namespace, ok, project};
use crate::testbed::testbed;

/// Ends with the test.
struct Program {
    child: Child,
    address: String,
}

impl Drop for Program {
    fn drop(&mut self) {
        let _over = self.child.kill();
        let _over = self.child.wait();
    }
}

/// The program with at most so many open files.
fn with_files(most: u32, data: &std::path::Path) -> Program {
    let free = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = free.local_addr().unwrap().to_string();
    drop(free);
    let child = Command::new("prlimit")
        .arg(format!("--nofile={most}"))
        .arg(env!("CARGO_BIN_EXE_pilothouse"))
        .args(["--listen", &address, "--data-dir"])
        .arg(data)
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    Program { child, address }
}

/// F44.
#[tokio::test]
async fn where_there_are_no_files_left_for_more_connections_those_that_are_there_are_served() {
    let folder = tempfile::tempdir().unwrap();
    let program = with_files(256, folder.path());
    let kept = reqwest::Client::builder().no_proxy().build().unwrap();
    let health = format!("http://{}/healthz", program.address);
    eventually("it listens", async || kept.get(&health).send().await.is_ok()).await;
    let (place, patience) = (program.address.parse().unwrap(), Duration::from_millis(100));
    let many: Vec<_> =
        (0..400).filter_map(|_| std::net::TcpStream::connect_timeout(&place, patience).ok()).collect();
    assert!(many.len() > 250, "{}", many.len());

    let begun = Instant::now();
    assert!(kept.get(&health).send().await.unwrap().status().is_success(), "who is connected is served");
    assert!(begun.elapsed() < Duration::from_secs(1), "{:?}", begun.elapsed());
    drop(many);

    let fresh = reqwest::Client::builder().no_proxy().build().unwrap();
    eventually("others are served again", async || {
        fresh.get(&health).send().await.is_ok_and(|answer| answer.status().is_success())
    })
    .await;
}

fn maps(numbers: std::ops::Range<u32>, size: usize) -> String {
    let label = "x".repeat(size);
    let one = |number: u32| {
        format!(
            "{{apiVersion: v1, kind: ConfigMap, metadata: {{name: map-{number:03}, labels: {{a: {label}}}}}}}\n"
        )
    };
    numbers.map(one).collect::<Vec<_>>().join("---\n")
}

/// The next news, and that they were taken in.
async fn read(slow: &mut WebSocketStream<TcpStream>) -> Value {
    loop {
        let message = tokio::time::timeout(Duration::from_secs(10), slow.next()).await.unwrap();
        if let Message::Text(text) = message.unwrap().unwrap() {
            let heard = json!({ "heard": { "count": 1 } }).to_string();
            slow.send(Message::text(heard)).await.unwrap();
            return serde_json::from_str(&text).unwrap();
        }
    }
}

/// F35.
#[tokio::test]
async fn a_browser_that_does_not_read_holds_up_nobody_and_is_told_how_things_are_not_how_they_were() {
    let console = TestConsole::on_cluster().await;
    let root = console.root().await;
    ok(&project(&console, "slow").await);
    ok(&namespace(&console, &root, "slow", "web", json!({})).await);
    apply("slow-web", &maps(0..150, 60)).await;
    let shown = query("configmaps", "ns:slow-web map");
    eventually("all are there", async || {
        list(&console, &root, "configmaps", "ns:slow-web map").await["total"] == 150
    })
    .await;
    let address = console.listen().await;
    // With room for a few packets only.
    let narrow = Socket::new(Domain::IPV4, Type::STREAM, None).unwrap();
    narrow.set_recv_buffer_size(4096).unwrap();
    narrow.connect(&address.into()).unwrap();
    narrow.set_nonblocking(true).unwrap();
    let narrow = TcpStream::from_std(narrow.into()).unwrap();
    let mut request = format!("ws://{address}/live").into_client_request().unwrap();
    request.headers_mut().insert(header::ORIGIN, format!("http://{address}").parse().unwrap());
    request.headers_mut().insert(header::COOKIE, root.cookies.join("; ").parse().unwrap());
    let (mut slow, _) = client_async(request, narrow).await.unwrap();
    for id in 0..20 {
        let ask = json!({ "subscribe": { "id": id, "topic": { "rows": shown } } }).to_string();
        slow.send(Message::text(ask)).await.unwrap();
    }
    // It takes in the first, as browsers do, and then sleeps.
    read(&mut slow).await;
    let mut quick = open(&console, &root, None).await.unwrap();
    say(&mut quick, json!({ "subscribe": { "id": 1, "topic": { "rows": shown } } })).await;
    hear(&mut quick).await.unwrap();

    // Each change is told to who reads, whoever does not.
    for round in 0..20 {
        let label = format!("b=round-{round}");
        let map = format!("map-{round:03}");
        testbed()
            .kubectl(&["label", "configmap", &map, "--overwrite", &label, "-n", "slow-web"])
            .await
            .unwrap();
        testbed().kubectl(&["delete", "configmap", &map, "-n", "slow-web"]).await.unwrap();
        let begun = Instant::now();
        loop {
            let news = hear(&mut quick).await.unwrap();
            let total = &news["news"]["rows"]["delta"]["total"];
            if *total == json!(149 - round) {
                break;
            }
        }
        assert!(begun.elapsed() < Duration::from_secs(10), "{:?}", begun.elapsed());
    }

    // Then it reads on: fewer states than there were, and the last of each is the truth.
    let mut told = [0_u32; 20];
    let mut last = vec![Value::Null; 20];
    let until = Instant::now() + Duration::from_secs(20);
    while Instant::now() < until && last.iter().any(|total| *total != json!(130)) {
        let news = read(&mut slow).await;
        let id = usize::try_from(news["id"].as_u64().unwrap()).unwrap();
        let rows = &news["news"]["rows"];
        told[id] += 1;
        last[id] = if rows["window"].is_object() {
            rows["window"]["total"].clone()
        } else {
            rows["delta"]["total"].clone()
        };
    }
    assert!(last.iter().all(|total| *total == json!(130)), "{last:?}");
    assert!(told.iter().any(|count| *count < 20), "a backlog of every state: {told:?}");
}

/// F49: whoever comes back after a restart is served from what is read once.
#[tokio::test]
async fn five_hundred_tabs_that_come_back_at_once_cost_a_cluster_one_list_a_kind() {
    let way = Way::open(testbed()).await;
    let mut console = TestConsole::with(cluster::Fleet::new(vec![way.cluster.clone()])).await;
    console.clusters.prepare(true).await;
    let root = console.root().await;
    ok(&project(&console, "herd").await);
    ok(&namespace(&console, &root, "herd", "web", json!({})).await);
    apply("herd-web", &maps(0..20, 5)).await;
    eventually("all are there", async || {
        list(&console, &root, "configmaps", "ns:herd-web map").await["total"] == 20
    })
    .await;
    // As a new process, which knows nothing of the cluster.
    console.fleet.connect(way.again().await);
    console.restart().await;
    let address = console.listen().await;
    let before = way.asked();

    let tabs = (0..500).map(|tab| {
        let cookies = root.cookies.join("; ");
        async move {
            let mut request = format!("ws://{address}/live").into_client_request().unwrap();
            request.headers_mut().insert(header::ORIGIN, format!("http://{address}").parse().unwrap());
            request.headers_mut().insert(header::COOKIE, cookies.parse().unwrap());
            let (mut socket, _) = tokio_tungstenite::connect_async(request).await.unwrap();
            let kind = ["configmaps", "pods"][tab % 2];
            say(&mut socket, json!({ "subscribe": { "id": 1, "topic": { "rows": query(kind, "") } } })).await;
            loop {
                let news = hear(&mut socket).await.unwrap();
                let window = &news["news"]["rows"]["window"];
                if window["clusters"][0]["state"] == "live"
                    || news["news"]["rows"]["delta"]["clusters"][0]["state"] == "live"
                {
                    return socket;
                }
            }
        }
    });
    let sockets = futures::future::join_all(tabs).await;

    assert_eq!(sockets.len(), 500);
    // Two kinds, and four that say who may see them: each a list and a watch.
    let asked = way.asked() - before;
    assert!(asked <= 2 * 6 + 2, "asked {asked} times");
}
