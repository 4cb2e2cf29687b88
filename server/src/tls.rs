//! Serving over TLS with a certificate of one's own, for where nothing in front does it.

use std::net::{SocketAddr, TcpListener};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use anyhow::Context as _;
use axum::Router;
use axum_server::Handle;
use axum_server::accept::NoDelayAcceptor;
use axum_server::tls_rustls::RustlsConfig;
use rustls_pki_types::pem::PemObject as _;
use rustls_pki_types::{CertificateDer, PrivateKeyDer};
use tokio_rustls::rustls::{self, ServerConfig};

/// Pause between two looks whether the files are others.
const LOOK: Duration = Duration::from_secs(60);

/// Files in PEM: the certificate with what it leads up to, and its key.
#[derive(Clone, Debug)]
pub struct Files {
    pub certificate: PathBuf,
    pub key: PathBuf,
}

/// Until it is stopped, and then as long as `stopping` for what is under way. A certificate that is renewed is used without a restart.
pub async fn serve(
    listener: TcpListener,
    files: Files,
    app: Router,
    told_to_stop: impl Future<Output = ()> + Send + 'static,
    stopping: Duration,
) -> anyhow::Result<()> {
    let config = RustlsConfig::from_config(Arc::new(read(&files)?));
    let handle = Handle::new();
    let stop = handle.clone();
    tokio::spawn(async move {
        told_to_stop.await;
        stop.graceful_shutdown(Some(stopping));
    });
    tokio::spawn(keep_up_to_date(files, config.clone()));
    let app = app.into_make_service_with_connect_info::<SocketAddr>();
    // Answers in several parts do not wait for acknowledgements.
    let server =
        axum_server::from_tcp_rustls(listener, config)?.map(|tls| tls.acceptor(NoDelayAcceptor::new()));
    server.handle(handle).serve(app).await?;
    Ok(())
}

/// HTTP/1.1 only: sockets and kubectl's streams are upgrades of it.
fn read(files: &Files) -> anyhow::Result<ServerConfig> {
    let Files { certificate, key } = files;
    let told =
        || format!("tls-certificate-file {} with tls-key-file {}", certificate.display(), key.display());
    let chain = CertificateDer::pem_file_iter(certificate).with_context(told)?;
    let chain = chain.collect::<Result<Vec<_>, _>>().with_context(told)?;
    let key = PrivateKeyDer::from_pem_file(key).with_context(told)?;
    let mut config =
        ServerConfig::builder_with_provider(Arc::new(rustls::crypto::aws_lc_rs::default_provider()))
            .with_safe_default_protocol_versions()?
            .with_no_client_auth()
            .with_single_cert(chain, key)
            .with_context(told)?;
    config.alpn_protocols = vec![b"http/1.1".to_vec()];
    Ok(config)
}

async fn keep_up_to_date(files: Files, config: RustlsConfig) {
    let mut known = changed_at(&files).await;
    loop {
        tokio::time::sleep(LOOK).await;
        let now = changed_at(&files).await;
        if now == known {
            continue;
        }
        match read(&files) {
            Ok(renewed) => {
                config.reload_from_config(Arc::new(renewed));
                tracing::info!(event = "tls.renewed");
                known = now;
            }
            // Perhaps one of the two is not written yet: the old one stays, and the next look tries again.
            Err(error) => tracing::warn!(event = "tls.not_renewed", error = format!("{error:#}")),
        }
    }
}

async fn changed_at(files: &Files) -> [Option<SystemTime>; 2] {
    let at = async |file: &PathBuf| tokio::fs::metadata(file).await.and_then(|data| data.modified()).ok();
    [at(&files.certificate).await, at(&files.key).await]
}
