//! Tables, and what is seen of them.

mod feeds;

use std::sync::Arc;

use model::clusters::ClusterName;
use model::namespaces::NamespaceName;
use model::rows::{Column, Listing, RowCell, RowKind, RowQuery, RowState, SortBy};
use model::workloads::Health;
use proptest::prelude::*;

use super::Sources;
use super::places::{Places, Seen};
use super::shared::{Shared, State};
use super::table::{Draft, Since, Table, Value};
use super::view::View;

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
    let window =
        View::new(&query("", &[]), Sources { tables, missing: vec![], rights: vec![] }).window(&part(0, 5));

    assert_eq!(window.rows.iter().map(|row| row.cluster.as_str()).collect::<Vec<_>>(), ["good"]);
    let states: Vec<_> = window.clusters.iter().map(|cluster| cluster.state).collect();
    assert_eq!(states, [RowState::Live, RowState::Unread]);
}

fn whole(shared: &Arc<Shared>) -> Sources {
    Sources { tables: vec![(shared.clone(), Places::Everywhere)], missing: vec![], rights: vec![] }
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
        let sources = Sources { tables, missing: vec![], rights: vec![] };
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
            Sources { tables: vec![(shared.clone(), places)], missing: vec![], rights: vec![] },
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
