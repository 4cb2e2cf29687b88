//! Somebody changes the database behind the console's back.

use gate::{AuditLog, NewEntry};
use model::access::Action;
use model::audit::{Changed, Outcome};
use sqlx::SqlitePool;
use store::{Chain, Store};

#[tokio::test]
async fn s_48_a_trail_that_somebody_changed_is_found_out() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("it.db");
    let store = Store::sqlite(&file, crate::keys()).await.unwrap();
    let database = SqlitePool::connect(&format!("sqlite:{}", file.display())).await.unwrap();
    let tamper = async |sql: &'static str| {
        sqlx::query(sql).execute(&database).await.unwrap();
    };
    let entry = |resource: &str| NewEntry {
        at: 1_800_000_000_000,
        actor: "ada".into(),
        action: Action::CreateUser,
        resource: resource.into(),
        request_id: "r".into(),
        address: "192.0.2.1".into(),
    };
    let changed = Changed { before: "cpu: 1".into(), after: "cpu: 2".into() };
    let mut ids = Vec::new();
    for name in ["one", "two", "three"] {
        ids.push(store.open(entry(name)).await.unwrap());
    }
    AuditLog::close(&store, ids[0], Outcome::Done, Some(changed)).await.unwrap();
    AuditLog::close(&store, ids[0], Outcome::Failed, None).await.unwrap();
    AuditLog::close(&store, ids[2], Outcome::Denied, None).await.unwrap();
    let Chain::Whole { links: 5, head } = store.verify_audit().await.unwrap() else {
        panic!("the trail is as it was written")
    };
    assert_eq!(head.len(), 64);

    for (change, back, broken) in [
        ("UPDATE audit SET actor = 'eve' WHERE id = 2", "UPDATE audit SET actor = 'ada' WHERE id = 2", 2),
        (
            "UPDATE audit SET outcome = 'done' WHERE id = 3",
            "UPDATE audit SET outcome = 'denied' WHERE id = 3",
            3,
        ),
        (
            "UPDATE audit SET outcome = 'done' WHERE id = 2",
            "UPDATE audit SET outcome = 'open' WHERE id = 2",
            2,
        ),
        ("UPDATE audit SET id = 9 WHERE id = 2", "UPDATE audit SET id = 2 WHERE id = 9", 2),
        (
            "UPDATE audit_chain SET entry = 1 WHERE seq = 2",
            "UPDATE audit_chain SET entry = 2 WHERE seq = 2",
            1,
        ),
        (
            "UPDATE audit SET changed = '{}' WHERE id = 1",
            "UPDATE audit SET changed = '{\"before\":\"cpu: 1\",\"after\":\"cpu: 2\"}' WHERE id = 1",
            1,
        ),
        (
            "UPDATE audit SET address = '' WHERE id = 2",
            "UPDATE audit SET address = '192.0.2.1' WHERE id = 2",
            2,
        ),
        ("UPDATE audit_head SET hash = ''", "", 3),
    ] {
        tamper(change).await;
        assert_eq!(store.verify_audit().await.unwrap(), Chain::Broken { entry: broken }, "{change}");
        if !back.is_empty() {
            tamper(back).await;
            assert!(matches!(store.verify_audit().await.unwrap(), Chain::Whole { .. }), "{back}");
        }
    }
}
