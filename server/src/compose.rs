//! Builds the parts. Nothing else does.

use std::path::PathBuf;
use std::sync::Arc;

use anyhow::Context as _;
use cluster::{Cluster, Fleet};
use console::{
    Accounts, AuditTrail, ChartBook, ConnectedClusters, Licensing, NamespaceBook, Observatory, Passwords,
    ProjectBook, ProviderBook, ReleaseBook, RowBook, StoredLicence, TokenBook, WorkloadBook, hash_token,
    random_id,
};
use contract::{Console, Error};
use egress::Egress;
use gate::{AuditLog, Clock, Gate, KeyRing, LicenceFacts};
use helm::Helm;
use oidc::Relying;
use store::Store;
use tokio::sync::broadcast;

use crate::credentials;
use crate::settings::{Database, Settings};

/// Validity of a setup token. Milliseconds.
const SETUP_TOKEN_LIFE: i64 = 24 * 3_600_000;

/// Opens the database that the settings name.
pub async fn open_store(settings: &Settings) -> anyhow::Result<Store> {
    if let Database::Sqlite(folder) = &settings.database {
        make_private_folder(folder).with_context(|| format!("data-dir {}", folder.display()))?;
    }
    let keys = credentials::keys(settings)?;
    let store = match &settings.database {
        Database::Sqlite(folder) => Store::sqlite(&folder.join("pilothouse.db"), keys).await,
        Database::Postgres(url) => Store::postgres(url, keys).await,
    }
    .map_err(anyhow::Error::new)
    .context("the database cannot be opened")?;
    store.installation(&random_id()?).await?;
    Ok(store)
}

/// The clusters that the settings name. None of them is asked anything yet.
pub async fn fleet(settings: &Settings) -> anyhow::Result<Fleet> {
    let mut clusters = Vec::new();
    if settings.in_cluster {
        let cluster = Cluster::from_inside(settings.cluster_name.clone());
        clusters.push(cluster.map_err(anyhow::Error::new).context("in-cluster")?);
    } else if let Some(file) = &settings.kubeconfig {
        let cluster = Cluster::from_file(settings.cluster_name.clone(), file).await;
        clusters.push(
            cluster.map_err(anyhow::Error::new).with_context(|| format!("kubeconfig {}", file.display()))?,
        );
    }
    Ok(Fleet::new(clusters))
}

/// What pages and handlers call, and what the console does by itself.
pub struct Composed {
    pub console: Console,
    pub clusters: Arc<ConnectedClusters>,
    pub observatory: Arc<Observatory>,
    pub releases: Arc<ReleaseBook>,
    pub providers: Arc<ProviderBook>,
    pub tokens: Arc<TokenBook>,
    pub projects: Arc<ProjectBook>,
    /// Handles of sessions that were ended by hand.
    pub ended: broadcast::Sender<String>,
}

pub fn compose(
    store: &Store,
    keys: KeyRing,
    clock: &Arc<dyn Clock>,
    fleet: Fleet,
    helm: PathBuf,
) -> Result<Composed, Error> {
    let facts = Arc::new(StoredLicence::new(store.clone(), keys, clock.clone(), fleet.clone()));
    let audit: Arc<dyn AuditLog> = Arc::new(store.clone());
    let gate = Arc::new(Gate::new(
        audit,
        facts.clone() as Arc<dyn LicenceFacts>,
        Arc::new(store.clone()),
        clock.clone(),
    ));
    let passwords = Passwords::new()?;
    let ended = broadcast::Sender::new(64);
    let clusters = Arc::new(ConnectedClusters {
        fleet: fleet.clone(),
        gate: gate.clone(),
        store: store.clone(),
        clock: clock.clone(),
    });
    let workloads = WorkloadBook { store: store.clone(), gate: gate.clone(), fleet: fleet.clone() };
    let egress = Egress::new()?;
    let observatory =
        Arc::new(Observatory { workloads: workloads.clone(), egress: egress.clone(), clock: clock.clone() });
    let providers = Arc::new(ProviderBook {
        store: store.clone(),
        gate: gate.clone(),
        fleet: fleet.clone(),
        relying: Relying::new(egress.clone()),
        clock: clock.clone(),
        ended: ended.clone(),
    });
    let tokens = Arc::new(TokenBook {
        store: store.clone(),
        gate: gate.clone(),
        fleet: fleet.clone(),
        providers: providers.clone(),
        clock: clock.clone(),
    });
    let charts =
        Arc::new(ChartBook { store: store.clone(), gate: gate.clone(), egress, clock: clock.clone() });
    let releases = Arc::new(ReleaseBook {
        workloads: workloads.clone(),
        charts: charts.clone(),
        helm: Helm::new(helm)?,
        clock: clock.clone(),
        moved: Default::default(),
    });
    let projects = Arc::new(ProjectBook {
        store: store.clone(),
        gate: gate.clone(),
        fleet: fleet.clone(),
        clock: clock.clone(),
    });
    let console = Console {
        license: Arc::new(Licensing {
            store: store.clone(),
            gate: gate.clone(),
            facts,
            passwords: passwords.clone(),
            clock: clock.clone(),
        }),
        identity: Arc::new(Accounts {
            store: store.clone(),
            gate: gate.clone(),
            passwords,
            clock: clock.clone(),
            ended: ended.clone(),
        }),
        providers: providers.clone(),
        tokens: tokens.clone(),
        clusters: clusters.clone(),
        groups: projects.clone(),
        projects: projects.clone(),
        roles: projects.clone(),
        requests: projects.clone(),
        catalog: charts,
        releases: releases.clone(),
        rows: Arc::new(RowBook::new(workloads.clone())),
        workloads: Arc::new(workloads),
        monitoring: observatory.clone(),
        namespaces: Arc::new(NamespaceBook {
            store: store.clone(),
            gate: gate.clone(),
            fleet,
            clock: clock.clone(),
            giving: Default::default(),
        }),
        audit: Arc::new(AuditTrail { store: store.clone(), gate }),
    };
    Ok(Composed { console, clusters, observatory, releases, providers, tokens, projects, ended })
}

/// Makes the token of the first visit and keeps its hash. Errors: `Conflict` after the activation.
pub async fn new_setup_token(store: &Store, clock: &dyn Clock) -> Result<String, Error> {
    let token = random_id()?;
    store.set_setup_token(&hash_token(&token), clock.now().saturating_add(SETUP_TOKEN_LIFE)).await?;
    Ok(token)
}

fn make_private_folder(folder: &std::path::Path) -> std::io::Result<()> {
    let mut builder = std::fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder)
}
