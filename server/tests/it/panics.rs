//! F45: what panics ends alone.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use async_trait::async_trait;
use contract::workloads::Following;
use contract::{Actor, Error, Rows};
use http::StatusCode;
use model::live::News;
use model::rows::{Found, RowNews, RowQuery, RowWindow, SavedView, Scope, TableHealth};
use serde_json::json;

use crate::console::TestConsole;
use crate::live::{hear, open, say};
use crate::rows::query;

/// Panics whenever it is asked for a list, and the first time that one is followed.
struct Broken(AtomicU32);

#[async_trait]
impl Rows for Broken {
    async fn list(&self, _: &Actor, _: &RowQuery) -> Result<RowWindow, Error> {
        panic!("a list that panics")
    }

    async fn search(&self, _: &Actor, _: &str) -> Result<Found, Error> {
        Ok(Found::default())
    }

    async fn health(&self, _: &Actor) -> Result<Vec<TableHealth>, Error> {
        Ok(vec![])
    }

    async fn scopes(&self, _: &Actor) -> Result<Scope, Error> {
        Ok(Scope::default())
    }

    async fn saved(&self, _: &Actor) -> Result<Vec<SavedView>, Error> {
        Ok(vec![])
    }

    async fn save(&self, _: &Actor, _: SavedView) -> Result<(), Error> {
        Ok(())
    }

    async fn forget(&self, _: &Actor, _: SavedView) -> Result<(), Error> {
        Ok(())
    }

    fn follow(&self, _: &Actor, _: RowQuery) -> Following {
        let first = self.0.fetch_add(1, Ordering::Relaxed) == 0;
        Box::pin(futures::stream::once(async move {
            assert!(!first, "a stream that panics");
            News::Rows(RowNews::Window(RowWindow { total: 7, ..RowWindow::default() }))
        }))
    }
}

#[tokio::test]
async fn what_panics_is_told_with_a_reference_and_everything_else_goes_on() {
    let mut console = TestConsole::activated().await;
    console.replace_rows(Arc::new(Broken(AtomicU32::new(0)))).await;
    let root = console.root().await;

    let called = console.call(&root, "rows/list", json!({ "query": query("pods", "") })).await;
    let page = console.get(&root, "/resources/pods").await;

    assert_eq!(
        (called.status, page.status),
        (StatusCode::INTERNAL_SERVER_ERROR, StatusCode::INTERNAL_SERVER_ERROR)
    );
    let reference = called.headers["x-request-id"].to_str().unwrap();
    assert_eq!(called.json(), json!({ "internal": { "request_id": reference } }));
    assert!(page.body.contains(page.headers["x-request-id"].to_str().unwrap()), "{}", page.body);
    assert!(!called.body.contains("panics") && !page.body.contains("panics"));
    assert_eq!(console.get(&root, "/health").await.status, StatusCode::OK, "others are served");
    // Who follows learns how it is once it works again.
    let mut socket = open(&console, &root, None).await.unwrap();
    say(&mut socket, json!({ "subscribe": { "id": 1, "topic": { "rows": query("pods", "") } } })).await;
    let news = hear(&mut socket).await.unwrap();
    assert_eq!(news["news"]["rows"]["window"]["total"], 7, "{news}");
}
