//! Keeps one request's reactive values apart from those of others.

use std::future::poll_fn;
use std::pin::pin;

use axum::extract::Request;
use axum::middleware::Next;
use axum::response::Response;
use leptos::prelude::Owner;

/// Leptos finds a page's values through what is current on the thread. Its integration (leptos_integration_utils 0.8) sets
/// that once per request and goes on after an `await` with whatever another request has left there: titles are then looked
/// up among, and values removed from, a page of somebody else, which panics or never ends. So what was current at the end
/// of a step is made current again at the beginning of the next.
pub async fn keep_apart(request: Request, next: Next) -> Response {
    let mut rendering = pin!(next.run(request));
    let mut own: Option<Owner> = None;
    poll_fn(move |context| {
        if let Some(own) = &own {
            own.set();
        }
        let step = rendering.as_mut().poll(context);
        own = Owner::current();
        step
    })
    .await
}
