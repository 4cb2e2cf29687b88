//! A panic ends one request, not the connection that others share, nor the process.

use std::panic::AssertUnwindSafe;

use app::paths;
use axum::extract::Request;
use axum::middleware::Next;
use axum::response::{Html, IntoResponse as _, Response};
use futures::FutureExt as _;
use http::{StatusCode, header};
use serde_json::json;

use super::request_id::RequestId;

/// Answers 500 with the reference that is in the log, in the shape that the caller reads.
pub async fn keep(request: Request, next: Next) -> Response {
    let id = request.extensions().get::<RequestId>().map(|id| id.0.clone()).unwrap_or_default();
    let path = request.uri().path().to_owned();
    match AssertUnwindSafe(next.run(request)).catch_unwind().await {
        Ok(response) => response,
        Err(_panic) => {
            tracing::error!(event = "request.panicked", request = id, path);
            failed(&path, &id)
        }
    }
}

fn failed(path: &str, id: &str) -> Response {
    let status = StatusCode::INTERNAL_SERVER_ERROR;
    if path.starts_with(paths::API) {
        let content = [(header::CONTENT_TYPE, "application/json")];
        return (status, content, json!({ "internal": { "request_id": id } }).to_string()).into_response();
    }
    // Nothing of the pages is used: one of them has just failed.
    let page = format!(
        "<!DOCTYPE html><html lang=\"en\"><title>Pilothouse</title><h1>This page failed</h1>\
         <p>The console goes on. Load the page again; if it fails again, its administrator finds why under this reference.</p>\
         <p lang=\"zh-CN\">此页面出错，控制台仍在运行。请重新加载；如果再次出错，管理员可用此编号查找原因。</p><p><code>{id}</code></p>"
    );
    (status, Html(page)).into_response()
}
