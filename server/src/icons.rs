//! Pictures of charts, fetched by the console so that browsers never ask a stranger.

use axum::Extension;
use axum::extract::{Path, State};
use axum::response::{IntoResponse as _, Response};
use contract::{Actor, Console};
use http::{HeaderValue, StatusCode, header};
use model::catalog::RepositoryName;

/// The first bytes of what may be shown, and its type. Whatever its source says about it counts for nothing.
const KINDS: [(&[u8], &str); 5] = [
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"GIF8", "image/gif"),
    (b"<svg", "image/svg+xml"),
    (b"<?xml", "image/svg+xml"),
];

pub async fn icon(
    State(console): State<Console>,
    Extension(actor): Extension<Actor>,
    Path((repository, name)): Path<(String, String)>,
) -> Response {
    let Ok(repository) = RepositoryName::try_from(repository) else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let Ok(bytes) = console.catalog.icon(&actor, &repository, &name).await else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let start = bytes.trim_ascii_start();
    let Some((_, kind)) = KINDS.iter().find(|(first, _)| start.starts_with(first)) else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static(kind)),
        (header::CONTENT_DISPOSITION, HeaderValue::from_static("attachment")),
        // Otherwise each look at the catalog would fetch all of them from outside again.
        (header::CACHE_CONTROL, HeaderValue::from_static("private, max-age=86400")),
    ];
    (headers, bytes).into_response()
}
