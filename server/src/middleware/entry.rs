//! Leads a page request to where the person can go on: activation, sign-in, or the page itself.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use app::paths;
use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Redirect, Response};
use contract::{Actor, Console};
use http::{Method, StatusCode};

#[derive(Clone)]
pub struct Entry {
    console: Console,
    /// Activation happens once, so it is asked for until it has.
    activated: Arc<AtomicBool>,
}

impl Entry {
    pub fn new(console: Console) -> Self {
        Self { console, activated: Arc::new(AtomicBool::new(false)) }
    }

    async fn is_activated(&self) -> Result<bool, StatusCode> {
        if self.activated.load(Ordering::Relaxed) {
            return Ok(true);
        }
        let activated = self.console.license.is_activated().await.map_err(|error| {
            tracing::error!(event = "entry.unreadable", error = error.to_string());
            StatusCode::SERVICE_UNAVAILABLE
        })?;
        self.activated.store(activated, Ordering::Relaxed);
        Ok(activated)
    }
}

/// Only page requests are led; server functions, forms, sign-ins with a provider and the socket answer for themselves, through the gate.
pub async fn lead(State(entry): State<Entry>, request: Request, next: Next) -> Result<Response, StatusCode> {
    let path = request.uri().path();
    let for_itself = path == paths::LIVE || path.starts_with(paths::SSO_BELOW);
    if !matches!(*request.method(), Method::GET | Method::HEAD) || for_itself {
        return Ok(next.run(request).await);
    }
    let signed_in = request.extensions().get::<Actor>().is_some_and(|actor| actor.user.is_some());
    let target = match (entry.is_activated().await?, signed_in) {
        (false, _) if path != paths::ACTIVATE => Some(paths::ACTIVATE.to_owned()),
        (false, _) => None,
        (true, true) if paths::PUBLIC_PAGES.contains(&path) => Some(paths::OVERVIEW.to_owned()),
        (true, true) => None,
        (true, false) if matches!(path, paths::SIGN_IN | paths::WELCOME) => None,
        (true, false) if path == paths::ACTIVATE => Some(paths::SIGN_IN.to_owned()),
        (true, false) => {
            let next = request.uri().path_and_query().map_or(paths::OVERVIEW, |next| next.as_str());
            Some(paths::sign_in_then(next))
        }
    };
    match target {
        Some(target) => Ok(Redirect::to(&target).into_response()),
        None => Ok(next.run(request).await),
    }
}
