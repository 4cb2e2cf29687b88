//! Settings from flags, environment (`PILOTHOUSE_*`) and one TOML file, in this order of precedence.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, bail};
use clap::Args;
use gate::{KeyRing, TrustedKey};
use ipnet::IpNet;
use model::clusters::ClusterName;
use serde::Deserialize;

use crate::tls;

/// The vendor's public keys, one `id:key` a line.
const VENDOR_KEYS: &str = include_str!("../assets/vendor.keys");

/// As given. Every field is optional, because the file may have it instead.
#[derive(Args, Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
pub struct Arguments {
    /// TOML file with any of these settings, named as here without the dashes in front.
    #[arg(long, env = "PILOTHOUSE_CONFIG", global = true)]
    #[serde(skip)]
    pub config: Option<PathBuf>,
    /// Address to serve on [default: 127.0.0.1:8080].
    #[arg(long, env = "PILOTHOUSE_LISTEN", global = true)]
    pub listen: Option<SocketAddr>,
    /// Address for Prometheus metrics; none are served without it.
    #[arg(long, env = "PILOTHOUSE_METRICS_LISTEN", global = true)]
    pub metrics_listen: Option<SocketAddr>,
    /// Folder for the SQLite database [default: pilothouse-data].
    #[arg(long, env = "PILOTHOUSE_DATA_DIR", global = true)]
    pub data_dir: Option<PathBuf>,
    /// File that holds a Postgres URL; without it, and without PILOTHOUSE_DATABASE_URL, SQLite is used.
    #[arg(long, env = "PILOTHOUSE_DATABASE_URL_FILE", global = true)]
    pub database_url_file: Option<PathBuf>,
    /// File of the keys that passwords at other services are kept with, newest first [default with SQLite:
    /// credentials.key in the data folder, made when it is missing]. With Postgres none are kept without it.
    #[arg(long, env = "PILOTHOUSE_CREDENTIALS_KEY_FILE", global = true)]
    pub credentials_key_file: Option<PathBuf>,
    /// The address people use, such as https://console.example.org; its name is accepted as Host.
    #[arg(long, env = "PILOTHOUSE_EXTERNAL_URL", global = true)]
    pub external_url: Option<String>,
    /// Further names accepted as Host, separated by commas.
    #[arg(long, env = "PILOTHOUSE_ALLOWED_HOSTS", value_delimiter = ',', global = true)]
    pub allowed_hosts: Option<Vec<String>>,
    /// Folder of the built site (scripts, styles) [default: target/site].
    #[arg(long, env = "PILOTHOUSE_SITE_DIR", global = true)]
    pub site_dir: Option<PathBuf>,
    /// File of further trusted licence keys, one `id:key` a line.
    #[arg(long, env = "PILOTHOUSE_TRUSTED_KEYS", global = true)]
    pub trusted_keys: Option<PathBuf>,
    /// Kubeconfig of the cluster to manage; its current context counts. No cluster without it.
    #[arg(long, env = "PILOTHOUSE_KUBECONFIG", global = true)]
    pub kubeconfig: Option<PathBuf>,
    /// Manage the cluster that the console itself runs in, with its service account [default: false].
    #[arg(long, env = "PILOTHOUSE_IN_CLUSTER", global = true, num_args = 0..=1, default_missing_value = "true")]
    pub in_cluster: Option<bool>,
    /// Secret, as `namespace/name`, that the token of the first visit is also put into; it must exist.
    #[arg(long, env = "PILOTHOUSE_SETUP_SECRET", global = true)]
    pub setup_secret: Option<String>,
    /// What that cluster is called in addresses and messages: lower-case letters, digits and - [default: local].
    #[arg(long, env = "PILOTHOUSE_CLUSTER_NAME", global = true)]
    pub cluster_name: Option<String>,
    /// The helm 4 program that installs charts [default: helm].
    #[arg(long, env = "PILOTHOUSE_HELM", global = true)]
    pub helm: Option<PathBuf>,
    /// A certificate in PEM, with those above it, to serve https with; needs tls-key-file [default: http].
    #[arg(long, env = "PILOTHOUSE_TLS_CERTIFICATE_FILE", global = true)]
    pub tls_certificate_file: Option<PathBuf>,
    /// Its key in PEM. Both are read again when they change.
    #[arg(long, env = "PILOTHOUSE_TLS_KEY_FILE", global = true)]
    pub tls_key_file: Option<PathBuf>,
    /// Networks of proxies in front, such as 10.0.0.0/8, separated by commas; their X-Forwarded-For says from where people come [default: none].
    #[arg(long, env = "PILOTHOUSE_TRUSTED_PROXIES", value_delimiter = ',', global = true)]
    pub trusted_proxies: Option<Vec<String>>,
    /// Minutes after which a session without use ends, 1 to 1440 [default: 480].
    #[arg(long, env = "PILOTHOUSE_SESSION_IDLE_MINUTES", global = true)]
    pub session_idle_minutes: Option<u32>,
    /// Bind platform administrators to cluster-admin in that cluster, as its owner; otherwise they have only what
    /// their projects give them [default: false].
    #[arg(long, env = "PILOTHOUSE_ADMINISTRATORS_ARE_CLUSTER_ADMINS", global = true, num_args = 0..=1, default_missing_value = "true")]
    pub administrators_are_cluster_admins: Option<bool>,
}

/// Resolved and checked.
#[derive(Clone, Debug)]
pub struct Settings {
    pub listen: SocketAddr,
    pub metrics_listen: Option<SocketAddr>,
    pub database: Database,
    pub credentials_key_file: Option<PathBuf>,
    pub external_url: Option<String>,
    pub allowed_hosts: Vec<String>,
    pub site_dir: PathBuf,
    pub keys: KeyRing,
    pub kubeconfig: Option<PathBuf>,
    pub in_cluster: bool,
    /// Namespace and name.
    pub setup_secret: Option<(String, String)>,
    pub cluster_name: ClusterName,
    pub administrators_are_cluster_admins: bool,
    /// To serve https with.
    pub tls: Option<tls::Files>,
    /// Whose word about where people come from counts.
    pub trusted_proxies: Vec<IpNet>,
    /// After so long without use a session ends. Milliseconds.
    pub session_idle: i64,
    pub helm: PathBuf,
}

/// Where state lives. The URL holds a password, so it is not shown.
#[derive(Clone)]
pub enum Database {
    Sqlite(PathBuf),
    Postgres(String),
}

impl std::fmt::Debug for Database {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Sqlite(folder) => write!(f, "SQLite in {}", folder.display()),
            Self::Postgres(_) => f.write_str("Postgres"),
        }
    }
}

impl Settings {
    pub fn resolve(arguments: Arguments) -> anyhow::Result<Self> {
        let file = match &arguments.config {
            Some(file) => read_file(file)?,
            None => Arguments::default(),
        };
        let external_url = arguments.external_url.or(file.external_url);
        let mut allowed_hosts = arguments.allowed_hosts.or(file.allowed_hosts).unwrap_or_default();
        if let Some(url) = &external_url {
            allowed_hosts.push(host_of(url)?);
        }
        let cluster_name = arguments.cluster_name.or(file.cluster_name).unwrap_or_else(|| "local".to_owned());
        let Ok(cluster_name) = ClusterName::parse(&cluster_name) else {
            bail!(
                "cluster-name {cluster_name}: use lower-case letters, digits and -, beginning and ending with a letter or digit"
            );
        };
        let idle = arguments.session_idle_minutes.or(file.session_idle_minutes).unwrap_or(480);
        if !(1..=1440).contains(&idle) {
            bail!("session-idle-minutes {idle}: use a number from 1 to 1440");
        }
        let certificate = arguments.tls_certificate_file.or(file.tls_certificate_file);
        let tls = match (certificate, arguments.tls_key_file.or(file.tls_key_file)) {
            (Some(certificate), Some(key)) => Some(tls::Files { certificate, key }),
            (None, None) => None,
            _ => bail!("tls-certificate-file and tls-key-file: set both, or neither to serve http"),
        };
        let proxies = arguments.trusted_proxies.or(file.trusted_proxies).unwrap_or_default();
        let network = |text: &String| {
            text.trim()
                .parse::<IpNet>()
                .with_context(|| format!("trusted-proxies {text}: use networks such as 10.0.0.0/8"))
        };
        let trusted_proxies = proxies.iter().map(network).collect::<anyhow::Result<_>>()?;
        let data_dir = arguments.data_dir.or(file.data_dir).unwrap_or_else(|| "pilothouse-data".into());
        Ok(Self {
            listen: arguments.listen.or(file.listen).unwrap_or(SocketAddr::from(([127, 0, 0, 1], 8080))),
            metrics_listen: arguments.metrics_listen.or(file.metrics_listen),
            database: database(arguments.database_url_file.or(file.database_url_file).as_deref(), data_dir)?,
            credentials_key_file: arguments.credentials_key_file.or(file.credentials_key_file),
            external_url,
            allowed_hosts,
            site_dir: arguments.site_dir.or(file.site_dir).unwrap_or_else(|| "target/site".into()),
            keys: trusted_keys(arguments.trusted_keys.or(file.trusted_keys).as_deref())?,
            kubeconfig: arguments.kubeconfig.or(file.kubeconfig),
            setup_secret: secret(arguments.setup_secret.or(file.setup_secret))?,
            in_cluster: arguments.in_cluster.or(file.in_cluster).unwrap_or(false),
            cluster_name,
            helm: program(arguments.helm.or(file.helm).unwrap_or_else(|| "helm".into())),
            trusted_proxies,
            tls,
            session_idle: i64::from(idle) * 60_000,
            administrators_are_cluster_admins: arguments
                .administrators_are_cluster_admins
                .or(file.administrators_are_cluster_admins)
                .unwrap_or(false),
        })
    }

    /// Where it listens, as an address for browsers.
    pub fn own_address(&self) -> String {
        let scheme = if self.tls.is_some() { "https" } else { "http" };
        format!("{scheme}://{}", self.listen)
    }

    /// Whether people reach the console over TLS.
    pub fn is_https(&self) -> bool {
        self.tls.is_some() || self.external_url.as_deref().is_some_and(|url| url.starts_with("https://"))
    }

    /// The address of the first visit, with the token where no server or log sees it.
    pub fn activation_address(&self, token: &str) -> String {
        let base = self.external_url.clone().unwrap_or_else(|| self.own_address());
        format!("{}{}#token={token}", base.trim_end_matches('/'), app::paths::ACTIVATE)
    }
}

/// The vendor's keys and those of an operator's file.
pub fn trusted_keys(file: Option<&Path>) -> anyhow::Result<KeyRing> {
    let more = match file {
        Some(file) => {
            std::fs::read_to_string(file).with_context(|| format!("trusted-keys {}", file.display()))?
        }
        None => String::new(),
    };
    let lines = VENDOR_KEYS.lines().chain(more.lines()).map(str::trim);
    let keys = lines
        .filter(|line| !line.is_empty() && !line.starts_with('#'))
        .map(|line| {
            TrustedKey::parse(line).with_context(|| format!("trusted-keys: not an id:key line: {line}"))
        })
        .collect::<anyhow::Result<Vec<_>>>()?;
    Ok(KeyRing(keys))
}

fn secret(named: Option<String>) -> anyhow::Result<Option<(String, String)>> {
    let Some(named) = named else { return Ok(None) };
    match named.split_once('/') {
        Some((namespace, name)) => Ok(Some((namespace.to_owned(), name.to_owned()))),
        None => bail!("setup-secret {named}: write it as namespace/name"),
    }
}

/// Where a program is that is only named. The child that runs it has no PATH of its own.
fn program(named: PathBuf) -> PathBuf {
    if named.components().count() > 1 {
        return named;
    }
    let path = std::env::var_os("PATH").unwrap_or_default();
    let found = std::env::split_paths(&path).map(|folder| folder.join(&named)).find(|file| file.is_file());
    found.unwrap_or(named)
}

fn read_file(file: &Path) -> anyhow::Result<Arguments> {
    let text = std::fs::read_to_string(file).with_context(|| format!("config {}", file.display()))?;
    toml::from_str(&text).with_context(|| format!("config {}", file.display()))
}

fn host_of(url: &str) -> anyhow::Result<String> {
    let uri: http::Uri = url.parse().with_context(|| format!("external-url {url}"))?;
    match (uri.scheme_str(), uri.host()) {
        (Some("http" | "https"), Some(host)) => Ok(host.to_owned()),
        _ => bail!("external-url {url}: write it as https://name"),
    }
}

#[expect(
    clippy::disallowed_methods,
    reason = "the one secret that is read from the environment, kept out of argv"
)]
fn database(url_file: Option<&Path>, data_dir: PathBuf) -> anyhow::Result<Database> {
    if let Some(file) = url_file {
        let url =
            std::fs::read_to_string(file).with_context(|| format!("database-url-file {}", file.display()))?;
        return Ok(Database::Postgres(url.trim().to_owned()));
    }
    Ok(std::env::var("PILOTHOUSE_DATABASE_URL").map_or(Database::Sqlite(data_dir), Database::Postgres))
}
