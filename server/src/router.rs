//! Every route and the layers around them, on one page.

use std::sync::Arc;
use std::time::Duration;

use ::console::TokenBook;
use app::paths;
use axum::Router;
use axum::middleware::{from_fn, from_fn_with_state};
use axum::routing::{any, get, post};
use contract::Console;
use gate::Clock;
use http::StatusCode;
use leptos::config::LeptosOptions;
use store::{Sessions, Store};
use time::Duration as Span;
use tokio::sync::{broadcast, watch};
use tower_http::compression::CompressionLayer;
use tower_http::limit::RequestBodyLimitLayer;
use tower_http::services::{ServeDir, ServeFile};
use tower_http::timeout::TimeoutLayer;
use tower_sessions::cookie::SameSite;
use tower_sessions::{Expiry, SessionManagerLayer};

use crate::metrics::Metrics;
use crate::middleware::{address, calm, entry, headers, host, origin, person, rendering, request_id};
use crate::package::Package;
use crate::settings::Settings;
use crate::{auth, health, icons, kubernetes, live, pages, sso};

/// Largest body of a request, in bytes.
const BODY: usize = 1024 * 1024;

/// What the router is made from.
pub struct Parts {
    pub console: Console,
    pub sessions: Sessions,
    pub instance: String,
    pub store: Store,
    pub clock: Arc<dyn Clock>,
    pub tokens: Arc<TokenBook>,
    pub metrics: Metrics,
    /// Handles of sessions that were ended by hand.
    pub ended: broadcast::Sender<String>,
    /// Becomes true when the console is told to stop.
    pub stopping: watch::Receiver<bool>,
}

pub fn build(parts: Parts, settings: &Settings) -> Router {
    let Parts { console, sessions, instance, store, clock, tokens, metrics, ended, stopping } = parts;
    let site = &settings.site_dir;
    let package = Package::read(site);
    let options =
        LeptosOptions::builder().output_name("pilothouse").site_pkg_dir(package.folder.clone()).build();
    let people = person::People::new(console.clone(), clock, settings.session_idle, ended, stopping);
    let auth = auth::Auth {
        people: people.clone(),
        cookies: auth::Cookies { secure: settings.is_https() },
        here: auth::Here { external_url: settings.external_url.clone(), https: settings.is_https() },
    };

    let open = Router::new()
        .route(paths::HEALTH, get(health::live))
        .route(paths::READY, get(health::ready))
        .with_state(store);
    let forms = Router::new()
        .route(paths::POST_SIGN_IN, post(auth::sign_in))
        .route(paths::POST_SIGN_OUT, post(auth::sign_out))
        .route(paths::POST_VIEW_AS, post(auth::view_as))
        .route(paths::POST_STOP_VIEWING, post(auth::stop_viewing))
        .route(paths::POST_PREFERENCES, post(auth::preferences))
        .with_state(auth.clone());
    let sign_on = sso::SignOn { auth };
    let sign_on = Router::new()
        .route(&paths::sso_route(""), get(sso::leave))
        .route(&paths::sso_route(paths::PART_TEST), get(sso::test))
        .route(&paths::sso_route(paths::PART_CALLBACK), get(sso::arrive))
        .with_state(sign_on);
    // Its caller is no browser: no Host of ours, no Origin, no session.
    let told = Router::new()
        .route(&paths::sso_route(paths::PART_LOGOUT), post(sso::told))
        .layer(RequestBodyLimitLayer::new(64 * 1024))
        .layer(TimeoutLayer::with_status_code(StatusCode::GATEWAY_TIMEOUT, Duration::from_secs(30)))
        .with_state(console.clone());
    let icons = Router::new()
        .route(&format!("{}/{{repository}}/{{name}}", paths::ICONS), get(icons::icon))
        .with_state(console.clone());
    let streams = Router::new().route(paths::LIVE, get(live::open)).with_state(people.clone());
    let kept = Router::new()
        .nest_service(paths::PACKAGE, ServeDir::new(site.join("pkg")).precompressed_br())
        .layer(from_fn(headers::keep));
    let files = Router::new()
        .route_service(paths::FAVICON, ServeFile::new(site.join("favicon.svg")))
        .layer(from_fn(headers::revalidate))
        .merge(kept);

    // From here the last layer added is the first that a request meets.
    let inside = pages::routes(&options, &package.files, &console)
        .layer(from_fn(rendering::keep_apart))
        .with_state(options)
        .merge(forms)
        .merge(sign_on)
        .merge(streams)
        .merge(icons)
        .layer(from_fn_with_state(entry::Entry::new(console), entry::lead))
        .layer(from_fn_with_state(people, person::recognise))
        .layer(session_layer(sessions, &instance, settings))
        .layer(from_fn(headers::private))
        .layer(CompressionLayer::new());
    let outside = inside
        .merge(files)
        .layer(RequestBodyLimitLayer::new(BODY))
        .layer(TimeoutLayer::with_status_code(StatusCode::GATEWAY_TIMEOUT, Duration::from_secs(30)))
        .layer(from_fn_with_state(origin::Scheme::of(settings.is_https()), origin::check))
        .layer(from_fn_with_state(host::Names::new(&settings.allowed_hosts), host::check));
    // Neither size nor time of what kubectl asks is ours to bound, and no cookie counts there, so no Origin does.
    let api = Router::new()
        .route(&format!("{}{{*path}}", paths::KUBERNETES_BELOW), any(kubernetes::forward))
        .with_state(tokens.as_ref().clone())
        .layer(from_fn_with_state(host::Names::new(&settings.allowed_hosts), host::check));
    outside
        .merge(api)
        .merge(open)
        .merge(told)
        .layer(from_fn(calm::keep))
        .layer(from_fn_with_state(settings.is_https(), headers::protect))
        .layer(from_fn_with_state(address::Proxies::new(&settings.trusted_proxies), address::find))
        .layer(from_fn(request_id::assign))
        .layer(from_fn_with_state(metrics, crate::metrics::count))
}

/// `Lax`, because single sign-on comes back from another site; the Origin check is what protects.
fn session_layer(sessions: Sessions, instance: &str, settings: &Settings) -> SessionManagerLayer<Sessions> {
    SessionManagerLayer::new(sessions)
        .with_name(cookie_name(instance, settings.is_https()))
        .with_same_site(SameSite::Lax)
        .with_http_only(true)
        .with_secure(settings.is_https())
        .with_path("/")
        .with_expiry(Expiry::OnInactivity(Span::milliseconds(settings.session_idle)))
}

/// Cookies are shared between ports of one host, so each installation on http has a name of its own.
fn cookie_name(instance: &str, https: bool) -> String {
    if https {
        return "__Host-pilothouse".to_owned();
    }
    let plain: String = instance.chars().filter(char::is_ascii_alphanumeric).take(12).collect();
    format!("pilothouse_{plain}")
}
