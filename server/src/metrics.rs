//! Metrics in the OpenMetrics text form, on a port of their own.

use std::sync::Arc;

use axum::Router;
use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use http::{StatusCode, header};
use prometheus_client::encoding::text::encode;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::registry::Registry;

/// Labelled by status class only: paths come from strangers and would not be bounded.
type Requests = Family<Vec<(String, String)>, Counter>;

#[derive(Clone)]
pub struct Metrics {
    registry: Arc<Registry>,
    requests: Requests,
}

impl Default for Metrics {
    fn default() -> Self {
        let requests = Requests::default();
        let mut registry = Registry::with_prefix("pilothouse");
        registry.register("http_requests", "Requests answered, by class of status", requests.clone());
        Self { registry: Arc::new(registry), requests }
    }
}

pub async fn count(State(metrics): State<Metrics>, request: Request, next: Next) -> Response {
    let response = next.run(request).await;
    let class = format!("{}xx", response.status().as_u16() / 100);
    metrics.requests.get_or_create(&vec![("status".to_owned(), class)]).inc();
    response
}

pub fn router(metrics: Metrics) -> Router {
    Router::new().route("/metrics", get(show)).with_state(metrics)
}

async fn show(State(metrics): State<Metrics>) -> Response {
    let mut text = String::new();
    match encode(&mut text, &metrics.registry) {
        Ok(()) => {
            let kind = "application/openmetrics-text; version=1.0.0; charset=utf-8";
            ([(header::CONTENT_TYPE, kind)], text).into_response()
        }
        Err(_) => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
    }
}
