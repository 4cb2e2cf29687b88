//! Feeds against what an API server may say, right and wrong.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use futures::StreamExt as _;
use http::{Request, Response};
use http_body_util::StreamBody;
use hyper::body::{Bytes, Frame};
use kube::Client;
use kube::client::Body;
use model::clusters::ClusterName;
use model::rows::RowKind;
use model::workloads::Health;

use super::names;
use crate::rows::feed::{Feed, Patience};
use crate::rows::shared::{Shared, State};

/// A hundredth of what it is.
const SHORT: Patience = Patience {
    answer: Duration::from_millis(100),
    piece: Duration::from_millis(100),
    silence: Duration::from_millis(600),
    first: Duration::from_millis(5),
    longest: Duration::from_millis(300),
    refused: Duration::from_millis(300),
};

/// What the API server says next.
enum Say {
    Status(u16),
    /// In these pieces, and then the end.
    Pieces(Vec<String>),
    /// In these pieces, and then nothing for ever.
    Silence(Vec<String>),
}

/// An API server that says what it is told to, and then that it is busy.
#[derive(Clone, Default)]
struct Script {
    /// Writes whole lists as they are sent.
    is_new: bool,
    says: Arc<Mutex<VecDeque<Say>>>,
    asked: Arc<Mutex<Vec<String>>>,
}

impl Script {
    fn new(says: impl IntoIterator<Item = Say>) -> Self {
        Self { says: Arc::new(Mutex::new(says.into_iter().collect())), ..Self::default() }
    }

    /// The queries so far.
    fn asked(&self) -> Vec<String> {
        self.asked.lock().unwrap().clone()
    }

    fn client(&self) -> Client {
        let script = self.clone();
        let answer = tower::service_fn(move |request: Request<Body>| {
            let version = request.uri().path() == "/version";
            let minor = format!(r#"{{"major":"1","minor":"{}"}}"#, if script.is_new { 35 } else { 32 });
            if !version {
                script.asked.lock().unwrap().push(request.uri().query().unwrap_or_default().to_owned());
            }
            let next = || script.says.lock().unwrap().pop_front().unwrap_or(Say::Status(503));
            let say = if version { Say::Pieces(vec![minor]) } else { next() };
            let (status, pieces, silent) = match say {
                Say::Status(status) => (status, vec![], false),
                Say::Pieces(pieces) => (200, pieces, false),
                Say::Silence(pieces) => (200, pieces, true),
            };
            let frames =
                pieces.into_iter().map(|piece| Ok::<_, std::io::Error>(Frame::data(Bytes::from(piece))));
            let frames = futures::stream::iter(frames);
            let frames = match silent {
                true => frames.chain(futures::stream::pending()).boxed(),
                false => frames.boxed(),
            };
            let response = Response::builder().status(status).body(StreamBody::new(frames)).unwrap();
            async move { Ok::<_, std::io::Error>(response) }
        });
        Client::new(answer, "default")
    }

    /// Watches pods until this holds.
    async fn until(&self, holds: impl Fn(&Shared) -> bool) -> Arc<Shared> {
        self.until_of(RowKind::Pods, holds).await
    }

    async fn until_of(&self, kind: RowKind, holds: impl Fn(&Shared) -> bool) -> Arc<Shared> {
        let shared = Arc::new(Shared::new(ClusterName::parse("local").unwrap(), kind));
        let feed = Feed { client: self.client(), shared: shared.clone(), namespace: None, patience: SHORT };
        let feed = tokio::spawn(feed.run());
        let reached = async {
            let mut changes = shared.changes();
            while !holds(&shared) {
                changes.changed().await.unwrap();
            }
        };
        let reached = tokio::time::timeout(Duration::from_secs(20), reached).await;
        feed.abort();
        assert!(reached.is_ok(), "never so: {:?}, asked {:#?}", names(&shared.read()), self.asked());
        shared
    }
}

fn pod(name: &str, version: u32) -> String {
    format!(
        r#"{{"metadata":{{"name":"{name}","namespace":"shop","resourceVersion":"{version}"}},"status":{{"phase":"Running"}}}}"#
    )
}

fn event(kind: &str, object: &str) -> String {
    format!("{{\"type\":\"{kind}\",\"object\":{object}}}\n")
}

/// The end of a streamed list.
fn end(version: u32) -> String {
    let object = format!(
        r#"{{"metadata":{{"resourceVersion":"{version}","annotations":{{"k8s.io/initial-events-end":"true"}}}}}}"#
    );
    event("BOOKMARK", &object)
}

fn page(names: &[&str], version: u32, next: &str) -> String {
    let items: Vec<_> = names.iter().map(|name| pod(name, version)).collect();
    format!(
        r#"{{"metadata":{{"resourceVersion":"{version}","continue":"{next}"}},"items":[{}]}}"#,
        items.join(",")
    )
}

fn holds(wanted: &[&str]) -> impl Fn(&Shared) -> bool {
    let wanted: Vec<_> = wanted.iter().map(|name| (*name).to_owned()).collect();
    move |shared| shared.state().0 == State::Live && names(&shared.read()) == wanted
}

#[tokio::test]
async fn a_streamed_list_goes_on_as_a_watch_and_an_ended_watch_goes_on_where_it_was() {
    let text = [event("ADDED", &pod("a", 5)), event("ADDED", &pod("b", 6)), end(7)].concat();
    let more = [event("ADDED", &pod("c", 8)), event("DELETED", &pod("a", 9))].concat();
    // Cut anywhere.
    let pieces = text.as_bytes().chunks(40).map(|piece| String::from_utf8(piece.to_vec()).unwrap());
    let script = Script::new([
        Say::Pieces(pieces.chain([more]).collect()),
        Say::Silence(vec![event("ADDED", &pod("d", 10))]),
    ]);

    let shared = script.until(holds(&["b", "c", "d"])).await;

    let asked = script.asked();
    assert!(asked[0].contains("sendInitialEvents=true"), "{asked:?}");
    assert!(asked[1].contains("resourceVersion=9&"), "{asked:?}");
    assert_eq!(
        shared.read().row(shared.read().slot_of("shop", "d").unwrap()).unwrap().health,
        Some(Health::Progressing)
    );
}

#[tokio::test]
async fn a_server_that_cannot_stream_lists_is_asked_for_pages() {
    for first in [Say::Status(422), Say::Pieces(vec![]), Say::Silence(vec![event("ADDED", &pod("x", 1))])] {
        let script = Script::new([
            first,
            Say::Pieces(vec![page(&["a"], 5, "more")]),
            Say::Pieces(vec![page(&["b"], 5, "")]),
            Say::Silence(vec![event("ADDED", &pod("c", 6))]),
        ]);

        script.until(holds(&["a", "b", "c"])).await;

        let asked = script.asked();
        assert!(asked[2].ends_with("continue=more") && asked[3].contains("resourceVersion=5&"), "{asked:?}");
    }
}

#[tokio::test]
async fn a_newer_server_is_asked_for_a_whole_list_which_is_taken_apart_as_it_comes() {
    let text = page(&["a", "b"], 5, "");
    let pieces = text.as_bytes().chunks(40).map(|piece| String::from_utf8(piece.to_vec()).unwrap());
    let script = Script::new([
        Say::Pieces(pieces.collect()),
        Say::Silence(vec![event("DELETED", &pod("a", 6)), event("ADDED", &pod("c", 7))]),
    ]);

    Script { is_new: true, ..script.clone() }.until(holds(&["b", "c"])).await;

    assert!(
        script.asked()[0].is_empty() && script.asked()[1].contains("resourceVersion=5&"),
        "{:?}",
        script.asked()
    );
}

#[tokio::test]
async fn a_whole_list_that_does_not_come_to_its_end_is_asked_for_in_pages_and_loses_nothing() {
    let whole = page(&["a", "b"], 5, "");
    let half = whole.split_at(whole.len() - 3).0.to_owned();
    for cut in [
        vec![Say::Pieces(vec![half.clone()])],
        vec![Say::Silence(vec![half])],
        vec![Say::Status(502), Say::Status(413)],
    ] {
        let lists = cut.len();
        let rest = [Say::Pieces(vec![whole.clone()]), Say::Silence(vec![event("ADDED", &pod("c", 7))])];
        let script = Script::new(cut.into_iter().chain(rest));

        Script { is_new: true, ..script.clone() }.until(holds(&["a", "b", "c"])).await;

        assert!(script.asked()[lists].contains("limit="), "{:?}", script.asked());
    }
}

#[tokio::test]
async fn a_namespace_that_is_deleted_goes_though_it_lives_in_itself() {
    let space = |name: &str, version: u32| {
        format!(
            r#"{{"metadata":{{"name":"{name}","resourceVersion":"{version}"}},"status":{{"phase":"Active"}}}}"#
        )
    };
    let first = [event("ADDED", &space("shop", 5)), event("ADDED", &space("bank", 6)), end(7)].concat();
    let script = Script::new([Say::Silence(vec![first, event("DELETED", &space("shop", 8))])]);

    script.until_of(RowKind::Namespaces, holds(&["bank"])).await;
}

#[tokio::test]
async fn a_server_that_was_busy_once_is_asked_for_a_stream_again() {
    let script = Script::new([Say::Status(503), Say::Silence(vec![event("ADDED", &pod("a", 5)), end(5)])]);

    script.until(holds(&["a"])).await;

    assert!(script.asked().iter().all(|asked| asked.contains("sendInitialEvents")), "{:?}", script.asked());
}

#[tokio::test]
async fn a_version_that_is_never_taken_is_given_up() {
    let busy = (0..8).map(|_| Say::Status(500));
    let first = Say::Pieces(vec![event("ADDED", &pod("old", 50)), end(50)]);
    let anew = Say::Silence(vec![event("ADDED", &pod("new", 5)), end(5)]);
    let script = Script::new(std::iter::once(first).chain(busy).chain([anew]));

    script.until(holds(&["new"])).await;

    assert_eq!(script.asked().len(), 10, "{:?}", script.asked());
}

#[tokio::test]
async fn what_is_forgotten_is_listed_anew_whether_an_event_or_a_status_says_so() {
    let gone = event("ERROR", r#"{"kind":"Status","code":410,"message":"too old"}"#);
    for forgotten in [Say::Status(410), Say::Pieces(vec![gone])] {
        let script = Script::new([
            Say::Pieces(vec![event("ADDED", &pod("a", 5)), end(5)]),
            forgotten,
            Say::Silence(vec![event("ADDED", &pod("b", 20)), end(21)]),
        ]);

        let shared = script.until(holds(&["b"])).await;

        assert_eq!(script.asked().len(), 3, "{:?}", script.asked());
        assert_eq!(shared.counts.relists.load(std::sync::atomic::Ordering::Relaxed), 1);
    }
}

#[tokio::test]
async fn pages_that_expire_begin_anew_without_rows_twice_or_missing() {
    let script = Script::new([
        Say::Status(400),
        Say::Pieces(vec![page(&["a", "old"], 5, "one")]),
        Say::Pieces(vec![page(&["b"], 5, "two")]),
        Say::Status(410),
        Say::Pieces(vec![page(&["a"], 9, "one")]),
        Say::Pieces(vec![page(&["b", "c"], 9, "")]),
        Say::Silence(vec![]),
    ]);

    script.until(holds(&["a", "b", "c"])).await;
}

#[tokio::test]
async fn what_cannot_be_understood_is_counted_and_what_is_cut_is_asked_for_again() {
    let odd = r#"{"metadata":{"name":"odd","resourceVersion":"6"},"spec":{"containers":"none"}}"#;
    let script = Script::new([
        Say::Pieces(vec![
            event("ADDED", &pod("a", 5)),
            end(5),
            event("ADDED", odd),
            event("LATER", &pod("n", 7)),
            "{\"type\":\"ADD\n".into(),
        ]),
        Say::Pieces(vec!["{\"type\":".into()]),
        Say::Silence(vec![event("ADDED", &pod("b", 8))]),
    ]);

    let shared = script.until(holds(&["a", "b", "n"])).await;

    assert_eq!(shared.counts.skipped.load(std::sync::atomic::Ordering::Relaxed), 1);
    assert!(script.asked()[1].contains("resourceVersion=7&"), "{:?}", script.asked());
}

#[tokio::test]
async fn events_that_are_told_again_change_nothing() {
    let script = Script::new([
        Say::Pieces(vec![event("ADDED", &pod("a", 5)), end(6)]),
        Say::Silence(vec![
            event("DELETED", &pod("a", 7)),
            event("ADDED", &pod("b", 8)),
            // Late, and out of order.
            event("ADDED", &pod("a", 5)),
            event("DELETED", &pod("b", 8)),
            event("ADDED", &pod("c", 9)),
        ]),
    ]);

    script.until(holds(&["b", "c"])).await;
}

#[tokio::test]
async fn a_connection_that_leads_nowhere_is_found_out_and_its_rows_are_old_until_it_answers() {
    let began = std::time::Instant::now();
    let script = Script::new([Say::Silence(vec![event("ADDED", &pod("a", 5)), end(5)])]);

    let shared = script.until(|shared| shared.state().0 == State::Stale).await;

    assert!(began.elapsed() >= SHORT.silence, "{:?}", began.elapsed());
    assert_eq!(names(&shared.read()), ["a"], "what was known is shown");
}

#[tokio::test]
async fn a_cluster_that_refuses_is_asked_rarely() {
    for (status, state) in [(403, State::Forbidden), (404, State::Absent)] {
        let script = Script::new((0..40).map(|_| Say::Status(status)));
        let shared = script.until(|shared| shared.state().0 == state).await;
        drop(shared);
        let script = Script::new((0..40).map(|_| Say::Status(status)));
        let shared = Arc::new(Shared::new(ClusterName::parse("local").unwrap(), RowKind::Pods));
        let feed = Feed { client: script.client(), shared, namespace: None, patience: SHORT };
        let _over = tokio::time::timeout(SHORT.refused * 4, feed.run()).await;
        assert!(script.asked().len() <= 12, "{} times in the time of four", script.asked().len());
    }
}
