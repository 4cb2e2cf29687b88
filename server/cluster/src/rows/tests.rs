//! Tables against what an API server may say, right and wrong.

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
use model::namespaces::NamespaceName;
use model::rows::{Column, Listing, RowCell, RowKind, RowQuery, RowState, SortBy};
use model::workloads::Health;
use proptest::prelude::*;

use super::Sources;
use super::feed::{Feed, Patience};
use super::shared::{Shared, State};
use super::table::{Draft, Since, Table, Value};
use super::view::{Places, Seen, View};

/// A hundredth of what it is.
const SHORT: Patience = Patience {
    answer: Duration::from_millis(100),
    piece: Duration::from_millis(100),
    silence: Duration::from_millis(600),
    first: Duration::from_millis(5),
    longest: Duration::from_millis(300),
    refused: Duration::from_millis(300),
};

fn draft(namespace: &str, name: &str, status: &str) -> Draft {
    Draft {
        namespace: namespace.into(),
        name: name.into(),
        labels: format!("app={name}"),
        created: 1_700_000_000,
        health: Some(Health::Healthy),
        cells: vec![Value::Text(status.into()), Value::Part(1, 1), Value::Number(0)],
    }
}

fn names(table: &Table) -> Vec<String> {
    let mut names: Vec<_> = table.rows().map(|(_, row)| row.name.to_string()).collect();
    names.sort();
    names
}

#[test]
fn what_a_list_does_not_name_any_more_goes_when_it_is_whole() {
    let mut table = Table::default();
    table.begin_list();
    for name in ["a", "b", "c"] {
        table.put(&draft("shop", name, "Running"));
    }
    table.end_list();
    let before = table.sequence();

    table.begin_list();
    table.put(&draft("shop", "b", "Running"));
    assert_eq!(names(&table), ["a", "b", "c"], "rows stay until it is whole");
    // Seen by an event while the list goes on.
    table.put(&draft("shop", "d", "Pending"));
    table.end_list();

    assert_eq!(names(&table), ["b", "d"]);
    let Since::Changed(slots) = table.since(before) else { panic!("that is remembered") };
    assert_eq!(slots.len(), 3, "one came and two went; what stayed as it was is no change");
    assert!(!table.put(&draft("shop", "b", "Running")));
    assert!(table.put(&draft("shop", "b", "Failed")));
    assert!(table.remove("shop", "b") && !table.remove("shop", "b"));
}

#[test]
fn texts_go_with_their_rows_and_a_long_past_is_forgotten() {
    let mut table = Table::default();
    for number in 0..20_000 {
        table.put(&draft("shop", &format!("pod-{number}"), &format!("state-{number}")));
        table.remove("shop", &format!("pod-{number}"));
    }

    assert_eq!((table.len(), table.strings.len()), (0, 0));
    assert!(matches!(table.since(0), Since::TooLong));
    assert!(matches!(table.since(table.sequence()), Since::Changed(slots) if slots.is_empty()));
}

#[test]
fn a_pod_says_what_it_does_where_and_for_which_workload() {
    let pod = serde_json::json!({
        "metadata": {
            "name": "web-5d8f-x", "namespace": "shop", "resourceVersion": "7", "creationTimestamp": "2026-11-22T10:00:00Z",
            "labels": { "app": "web", "pod-template-hash": "5d8f" }, "managedFields": [{ "manager": "x" }],
            "ownerReferences": [{ "kind": "ReplicaSet", "name": "web-5d8f", "controller": true, "apiVersion": "apps/v1", "uid": "u" }],
        },
        "spec": { "nodeName": "node-1", "containers": [{ "name": "a", "image": "one" }, { "name": "b", "image": "two" }] },
        "status": {
            "phase": "Running", "podIP": "10.0.0.7",
            "containerStatuses": [
                { "name": "a", "ready": true, "restartCount": 2, "state": {} },
                { "name": "b", "ready": false, "restartCount": 1, "state": { "waiting": { "reason": "CrashLoopBackOff" } } },
            ],
        },
    });
    let (draft, version) = super::kinds::decode(RowKind::Pods, &pod.to_string()).unwrap();

    assert_eq!((version.as_str(), draft.health, draft.created), ("7", Some(Health::Failed), 1_795_341_600));
    assert_eq!(draft.labels, "app=web,pod-template-hash=5d8f");
    let text = |text: &str| Value::Text(text.into());
    let cells = [
        text("CrashLoopBackOff"),
        Value::Part(1, 2),
        Value::Number(3),
        text("node-1"),
        text("10.0.0.7"),
        text("Deployment/web"),
        text("one, two"),
    ];
    assert_eq!(draft.cells, cells);
}

#[test]
fn cells_are_told_by_their_shapes() {
    let cells = [RowCell::Nothing, RowCell::Text("a".into()), RowCell::Number(-7), RowCell::Part(1, 2)];

    let text = serde_json::to_string(&cells).unwrap();

    assert_eq!(text, r#"[null,"a",-7,[1,2]]"#);
    assert_eq!(serde_json::from_str::<[RowCell; 4]>(&text).unwrap(), cells);
}

#[test]
fn a_role_with_other_rules_is_another_row() {
    let role = |verb: &str| {
        let text = format!(
            r#"{{"metadata":{{"name":"r","resourceVersion":"1"}},"rules":[{{"verbs":["{verb}"],"resources":["pods"]}}]}}"#
        );
        super::kinds::decode(RowKind::ClusterRoles, &text).unwrap().0
    };
    let mut table = Table::default();
    table.put(&role("list"));
    let before = table.sequence();

    assert!(!table.put(&role("list")));
    assert!(table.put(&role("get")) && table.sequence() > before);
    let shared = Arc::new(Shared::new(ClusterName::parse("local").unwrap(), RowKind::Pods));
    shared.write().put(&role("get"));
    let query = RowQuery { kind: Listing::Kind(RowKind::ClusterRoles), ..query("", &[]) };
    let rows = View::new(&query, whole(&shared)).window(&part(0, 5)).rows;
    assert!(rows[0].cells.is_empty(), "what is behind the columns is not shown");
}

#[test]
fn a_cluster_that_does_not_say_what_somebody_may_see_shows_nothing_and_hides_no_other() {
    let (good, silent) = (
        Arc::new(Shared::new(ClusterName::parse("good").unwrap(), RowKind::Pods)),
        Arc::new(Shared::new(ClusterName::parse("silent").unwrap(), RowKind::Pods)),
    );
    for shared in [&good, &silent] {
        shared.write().put(&draft("shop", "web", "Running"));
        shared.set_state(State::Live);
    }
    let tables = vec![(good, Places::Everywhere), (silent, Places::Unknown)];
    let window = View::new(&query("", &[]), Sources { tables, rights: vec![] }).window(&part(0, 5));

    assert_eq!(window.rows.iter().map(|row| row.cluster.as_str()).collect::<Vec<_>>(), ["good"]);
    let states: Vec<_> = window.clusters.iter().map(|cluster| cluster.state).collect();
    assert_eq!(states, [RowState::Live, RowState::Unread]);
}

fn whole(shared: &Arc<Shared>) -> Sources {
    Sources { tables: vec![(shared.clone(), Places::Everywhere)], rights: vec![] }
}

fn part(offset: u32, length: u32) -> RowQuery {
    RowQuery { offset, length, ..query("", &[]) }
}

fn query(filter: &str, sort: &[(SortBy, bool)]) -> RowQuery {
    RowQuery { sort: sort.to_vec(), length: 50, ..RowQuery::new(Listing::Kind(RowKind::Pods), filter) }
}

proptest! {
    /// However a table came to be what it is: whoever kept up with it sees what one sees who looks anew.
    #[test]
    fn keeping_up_ends_where_looking_anew_begins(
        steps in proptest::collection::vec((0_u8..4, 0_u8..30, 0_u8..3, proptest::bool::ANY), 1..120),
        filter in proptest::sample::select(vec!["", "pod-1", "status:healthy", "label:app=pod-2", "ns:shop"]),
        by in proptest::sample::select(vec![
            SortBy::Name,
            SortBy::Namespace,
            SortBy::Health,
            SortBy::Age,
            SortBy::Column(Column::Status),
        ]),
        everywhere in proptest::bool::ANY,
        descending in proptest::bool::ANY,
    ) {
        let shared = Arc::new(Shared::new(ClusterName::parse("local").unwrap(), RowKind::Pods));
        let query = query(filter, &[(by, descending)]);
        let other = Arc::new(Shared::new(ClusterName::parse("other").unwrap(), RowKind::Pods));
        other.write().put(&draft("shop", "pod-1", "Running"));
        let shop = Places::In(Seen { whole: [NamespaceName::parse("shop").unwrap()].into(), ..Seen::default() });
        let places = if everywhere { Places::Everywhere } else { shop };
        let tables = vec![(shared.clone(), places.clone()), (other, places)];
        let sources = Sources { tables, rights: vec![] };
        let mut kept = View::new(&query, sources.clone());
        for (what, which, other, look) in steps {
            let (space, name) = (["shop", "bank", "lab"][other as usize], format!("pod-{which}"));
            match what {
                0 | 1 => {
                    let mut row = draft(space, &name, "Running");
                    row.health = Some(Health::ALL[(which % 4) as usize]);
                    row.created += i64::from(other) * 60;
                    shared.write().put(&row);
                }
                2 => { shared.write().remove(space, &name); }
                // More than is mended one by one.
                3 if which == 0 => {
                    for number in 0..300 {
                        shared.write().put(&draft(space, &format!("pod-1{number}"), "Pending"));
                    }
                }
                _ => { shared.write().put(&draft(space, &name, "Failed")); }
            }
            if look {
                kept.window(&part(0, 50));
            }
        }
        let mut anew = View::new(&query, sources);
        prop_assert_eq!(kept.window(&part(0, 50)), anew.window(&part(0, 50)));
        prop_assert_eq!(kept.window(&part(7, 5)), anew.window(&part(7, 5)));
    }
}

#[test]
fn rows_of_other_namespaces_and_of_other_words_are_not_there() {
    let shared = Arc::new(Shared::new(ClusterName::parse("local").unwrap(), RowKind::Pods));
    for (space, name) in [("shop", "web"), ("shop", "db"), ("bank", "web")] {
        shared.write().put(&draft(space, name, "Running"));
    }
    let rows = |filter: &str, places: Places| {
        let mut view = View::new(
            &query(filter, &[]),
            Sources { tables: vec![(shared.clone(), places)], rights: vec![] },
        );
        let window = view.window(&part(0, 50));
        let rows: Vec<_> = window.rows.iter().map(|row| format!("{}/{}", row.namespace, row.name)).collect();
        assert_eq!(window.total as usize, rows.len());
        rows.join(" ")
    };
    let shop = Places::In(Seen { whole: [NamespaceName::parse("shop").unwrap()].into(), ..Seen::default() });

    assert_eq!(rows("", Places::Everywhere), "shop/db bank/web shop/web");
    assert_eq!(rows("web", shop.clone()), "shop/web");
    assert_eq!(rows("label:app=db", Places::Everywhere), "shop/db");
    assert_eq!(rows("ns:bank", shop), "");
    assert_eq!(rows("status:failed", Places::Everywhere), "");
}

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
        let feed = Feed { client: self.client(), shared: shared.clone(), patience: SHORT };
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
        let feed = Feed { client: script.client(), shared, patience: SHORT };
        let _over = tokio::time::timeout(SHORT.refused * 4, feed.run()).await;
        assert!(script.asked().len() <= 12, "{} times in the time of four", script.asked().len());
    }
}
