//! Rendering pages: what a request's context holds.

use std::sync::OnceLock;

use app::app::{App, shell};
use app::parts::Files;
use axum::Router;
use contract::Console;
use http::request::Parts;
use leptos::config::LeptosOptions;
use leptos::nonce::Nonce;
use leptos::prelude::{provide_context, use_context};
use leptos_axum::{AxumRouteListing, LeptosRoutes as _, generate_route_list, render_app_async_with_context};

use crate::middleware::headers::PageNonce;

/// All pages and all server functions.
pub fn routes(options: &LeptosOptions, files: &Files, console: &Console) -> Router<LeptosOptions> {
    let context = context(options.clone(), files.clone(), console.clone());
    let render = {
        let options = options.clone();
        move || shell(options.clone())
    };
    Router::new()
        .leptos_routes_with_context(options, route_list(), context.clone(), render.clone())
        .fallback(render_app_async_with_context(context, render))
}

/// The address of every page as the router matches it, such as `/projects/{project}`.
pub fn addresses() -> Vec<String> {
    route_list().iter().map(|route| route.path().to_owned()).collect()
}

/// Made once per process: while leptos makes it, no resource of any page loads, and one that is made meanwhile never will.
fn route_list() -> Vec<AxumRouteListing> {
    static LIST: OnceLock<Vec<AxumRouteListing>> = OnceLock::new();
    LIST.get_or_init(|| generate_route_list(App)).clone()
}

fn context(
    options: LeptosOptions,
    files: Files,
    console: Console,
) -> impl Fn() + Clone + Send + Sync + 'static {
    move || {
        provide_context(console.clone());
        provide_context(options.clone());
        provide_context(files.clone());
        let nonce = use_context::<Parts>().and_then(|parts| parts.extensions.get::<PageNonce>().cloned());
        if let Some(nonce) = nonce {
            provide_context(Nonce::from_value(nonce.0));
        }
    }
}
