//! A name for each request, in its answer, its log line and its audit entry.

use axum::extract::Request;
use axum::middleware::Next;
use axum::response::Response;
use http::{HeaderName, HeaderValue, StatusCode};

#[derive(Clone, Debug)]
pub struct RequestId(pub String);

/// Always ours: a name from outside could be chosen to confuse the trail.
pub async fn assign(mut request: Request, next: Next) -> Result<Response, StatusCode> {
    let id = console::random_id().map_err(|_| StatusCode::INTERNAL_SERVER_ERROR)?;
    let value = HeaderValue::from_str(&id).map_err(|_| StatusCode::INTERNAL_SERVER_ERROR)?;
    request.extensions_mut().insert(RequestId(id));
    let mut response = next.run(request).await;
    response.headers_mut().insert(HeaderName::from_static("x-request-id"), value);
    Ok(response)
}
