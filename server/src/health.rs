//! For whoever watches the process: is it there, can it work.

use axum::extract::State;
use http::StatusCode;
use store::Store;

/// The process answers.
pub async fn live() -> &'static str {
    "ok"
}

/// The database answers; its migrations ran before the first request could arrive.
pub async fn ready(State(store): State<Store>) -> (StatusCode, &'static str) {
    match store.ping().await {
        Ok(()) => (StatusCode::OK, "ready"),
        Err(_) => (StatusCode::SERVICE_UNAVAILABLE, "the database does not answer"),
    }
}
