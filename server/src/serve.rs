//! Running the console until it is told to stop.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use ::console::ConnectedClusters;
use anyhow::Context as _;
use axum::serve::ListenerExt as _;
use gate::{Clock, SystemClock};
use store::{Sessions, Store};
use tokio::net::TcpListener;
use tower_sessions::ExpiredDeletion as _;
use tracing_subscriber::EnvFilter;

use crate::command::say;
use crate::compose::{self, Composed};
use crate::credentials;
use crate::metrics::Metrics;
use crate::router::{self, Parts};
use crate::settings::{Arguments, Settings};
use crate::tls;

/// How long what is under way may go on when the console is told to stop; watches of kubectl would go on for ever.
const STOPPING: Duration = Duration::from_secs(10);
/// How often expired sessions are removed.
const SWEEP: Duration = Duration::from_secs(3_600);

pub fn run(arguments: Arguments) -> anyhow::Result<()> {
    let filter = EnvFilter::try_from_env("PILOTHOUSE_LOG").unwrap_or_else(|_| EnvFilter::new("info"));
    tracing_subscriber::fmt().json().with_writer(std::io::stderr).with_env_filter(filter).init();
    let settings = Settings::resolve(arguments)?;
    // Rendering is synchronous between awaits: on one or two cores the default number of workers can stall.
    let workers = std::thread::available_parallelism().map_or(4, |cores| cores.get().max(4));
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(workers).enable_all().build()?;
    runtime.block_on(serve(settings))
}

async fn serve(settings: Settings) -> anyhow::Result<()> {
    let clock: Arc<dyn Clock> = Arc::new(SystemClock);
    let store = compose::open_store(&settings).await?;
    let fleet = compose::fleet(&settings).await?;
    let Composed { console, clusters, observatory, releases, providers, tokens, projects, ended } =
        compose::compose(&store, settings.keys.clone(), &clock, fleet, settings.helm.clone())?;
    releases.interrupt().await?;
    clusters.reconnect().await?;
    credentials::say_what_is_lost(&store).await?;
    let metrics = Metrics::default();
    let (stopping, mut told) = tokio::sync::watch::channel(false);
    let told_to_stop = async move {
        told_to_stop().await;
        stopping.send_replace(true);
    };
    let parts = Parts {
        console: console.clone(),
        sessions: Sessions::new(store.clone(), clock.clone(), settings.session_idle),
        instance: store.read_installation().await?.instance,
        store: store.clone(),
        clock: clock.clone(),
        tokens,
        metrics: metrics.clone(),
        ended,
        stopping: told.clone(),
    };
    let app = router::build(parts, &settings);
    let listener =
        TcpListener::bind(settings.listen).await.with_context(|| format!("listen {}", settings.listen))?;
    if let Some(address) = settings.metrics_listen {
        let metrics_listener =
            TcpListener::bind(address).await.with_context(|| format!("metrics-listen {address}"))?;
        tokio::spawn(async move { axum::serve(metrics_listener, crate::metrics::router(metrics)).await });
    }
    let administrators = settings.administrators_are_cluster_admins;
    let preparing = clusters.clone();
    tokio::spawn(async move { preparing.keep_prepared(administrators).await });
    tokio::spawn(async move { providers.keep_checking().await });
    tokio::spawn(async move { projects.keep_ending().await });
    tokio::spawn(async move { observatory.sample().await });
    tokio::spawn(sweep(Sessions::new(store.clone(), clock.clone(), settings.session_idle)));

    announce(&settings, &store, &clusters, clock.as_ref(), console.license.is_activated().await?).await?;
    if let Some(files) = settings.tls {
        tls::serve(listener.into_std()?, files, app, told_to_stop, STOPPING).await?;
        store.close().await;
        return Ok(());
    }
    let listener = listener.tap_io(|stream| {
        // Answers in several parts do not wait for acknowledgements.
        let _slower = stream.set_nodelay(true);
    });
    let serving = axum::serve(listener, app.into_make_service_with_connect_info::<SocketAddr>())
        .with_graceful_shutdown(told_to_stop);
    let too_long = async {
        // An error is that serving has ended.
        let _told = told.wait_for(|stopping| *stopping).await;
        tokio::time::sleep(STOPPING).await;
    };
    tokio::select! {
        served = serving => served?,
        () = too_long => tracing::info!(event = "serve.cut_off"),
    }
    store.close().await;
    Ok(())
}

/// Says where the console is, and before the first visit the address with the setup token.
async fn announce(
    settings: &Settings,
    store: &Store,
    clusters: &ConnectedClusters,
    clock: &dyn Clock,
    activated: bool,
) -> anyhow::Result<()> {
    if activated {
        say(&format!("Pilothouse serves on {}", settings.own_address()))?;
    } else {
        let token = compose::new_setup_token(store, clock).await?;
        say("Pilothouse is not activated yet. Open this address to begin (one use, 24 hours):")?;
        say(&format!("  {}", settings.activation_address(&token)))?;
        if let Some((namespace, name)) = &settings.setup_secret {
            // The gate has logged a failure; the token can still be printed by the command.
            let _told = clusters.keep_setup_token(namespace, name, &token).await;
        }
    }
    Ok(())
}

async fn sweep(sessions: Sessions) {
    loop {
        if let Err(error) = sessions.delete_expired().await {
            tracing::warn!(event = "sessions.sweep_failed", error = error.to_string());
        }
        tokio::time::sleep(SWEEP).await;
    }
}

async fn told_to_stop() {
    let interrupt = tokio::signal::ctrl_c();
    #[cfg(unix)]
    let terminate = async {
        match tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate()) {
            Ok(mut signal) => signal.recv().await,
            Err(_) => std::future::pending().await,
        }
    };
    #[cfg(not(unix))]
    let terminate = std::future::pending::<Option<()>>();
    tokio::select! {
        _ = interrupt => {}
        _ = terminate => {}
    }
}
