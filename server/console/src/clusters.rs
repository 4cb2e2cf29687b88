//! Clusters: `contract::Clusters`.

mod preparing;

use std::sync::Arc;

use async_trait::async_trait;
use cluster::{Cluster, Credential, Fleet};
use contract::{Actor, Clusters, Error, Kind, Login};
use futures::future::join_all;
use gate::{Clock, Gate, Intent};
use model::access::Action;
use model::clusters::{
    ClusterForm, ClusterName, ClusterOverview, ClusterState, ClusterSummary, is_supported,
};
use model::kubeconfig::{Context, Right, Step};
use model::problem::{FieldProblem, Problem};
use store::{Store, StoredCluster};

use crate::monitoring;
use crate::when::rfc3339;

const STATE: &str = "the state of a cluster is how it answers to the console";
const TRYING: &str = "a connection is tried out as the console's own account";
/// Before the end of a credential, how long it is told. Milliseconds.
const SOON: i64 = 30 * 24 * 3_600_000;

#[derive(Clone)]
pub struct ConnectedClusters {
    pub fleet: Fleet,
    pub gate: Arc<Gate>,
    pub store: Store,
    pub clock: Arc<dyn Clock>,
}

#[async_trait]
impl Clusters for ConnectedClusters {
    async fn list(&self, actor: &Actor) -> Result<Vec<ClusterSummary>, Error> {
        let grant = self.gate.read_as_system(actor, Action::ListClusters, STATE)?;
        let stored = self.store.clusters().await?;
        let clusters = self.fleet.all();
        let looks = clusters.iter().map(|cluster| async {
            let known = stored.iter().find(|known| known.name == cluster.name);
            let state = match cluster::state(cluster, &grant).await? {
                ClusterState::Connected { version } => self.assess(version, known),
                state => state,
            };
            let (name, server) = (cluster.name.clone(), cluster.server.clone());
            Ok(ClusterSummary { name, state, server, registered: known.is_some() })
        });
        let mut all = join_all(looks).await.into_iter().collect::<Result<Vec<_>, Error>>()?;
        let lost =
            stored.into_iter().filter(|known| !clusters.iter().any(|cluster| cluster.name == known.name));
        all.extend(lost.map(|known| ClusterSummary {
            name: known.name,
            state: ClusterState::LostKey,
            server: known.server,
            registered: true,
        }));
        Ok(all)
    }

    async fn overview(&self, actor: &Actor, name: &ClusterName) -> Result<ClusterOverview, Error> {
        let grant = self.gate.read(actor, Action::ViewCluster)?;
        let own =
            self.gate.read_as_system(actor, Action::ViewCluster, "nobody else may read its bindings")?;
        let cluster = &self.fleet.get(name)?;
        let (overview, administrators) = tokio::join!(
            cluster::overview(cluster, &grant),
            cluster::administrators_are_bound(cluster, &own)
        );
        Ok(ClusterOverview { administrators: administrators.ok(), ..overview? })
    }

    fn read(&self, actor: &Actor, kubeconfig: &str) -> Result<Vec<Context>, Error> {
        self.gate.read(actor, Action::AddCluster)?;
        cluster::contexts(kubeconfig).ok_or_else(|| Error::invalid("kubeconfig", Problem::NotAKubeconfig))
    }

    async fn try_out(&self, actor: &Actor, kubeconfig: &str, context: &str) -> Result<Vec<Step>, Error> {
        let grant = self.gate.read_as_system(actor, Action::AddCluster, TRYING)?;
        let credential = chosen(kubeconfig, context)?;
        let name = ClusterName::parse("new").map_err(|problem| Error::invalid("name", problem))?;
        cluster::try_out(&credential, &name, &grant).await
    }

    async fn add(&self, actor: &Actor, form: ClusterForm) -> Result<(), Error> {
        let name = ClusterName::parse(&form.name);
        let named = name.as_ref().map_or("(bad name)", ClusterName::as_str).to_owned();
        let intent = Intent::new(Action::AddCluster, format!("cluster {named}"));
        self.gate.change(actor, intent, async |_grant| self.connect(name, form).await).await
    }

    async fn renew(&self, actor: &Actor, form: ClusterForm) -> Result<(), Error> {
        let name = ClusterName::parse(&form.name);
        let named = name.as_ref().map_or("(bad name)", ClusterName::as_str).to_owned();
        let intent = Intent::new(Action::RenewCluster, format!("cluster {named}"));
        self.gate
            .change(actor, intent, async |_grant| {
                let name = name.map_err(|problem| Error::invalid("name", problem))?;
                let known = self.registered(&name).await?;
                let credential = chosen(&form.kubeconfig, &form.context)?;
                if credential.server != known.server {
                    let server = known.server;
                    return Err(Error::invalid("context", Problem::OtherServer { server }));
                }
                let cluster = Cluster::from_credential(name.clone(), &credential).await?;
                self.keep(&name, &form.context, &credential).await?;
                self.store.set_cluster_expiry(&name, credential.expires_at()).await?;
                self.fleet.connect(cluster);
                self.prepare_now(&name, known.administrators).await;
                Ok(())
            })
            .await
    }

    async fn remove(&self, actor: &Actor, name: &ClusterName, confirmation: &str) -> Result<(), Error> {
        let intent = Intent::new(Action::RemoveCluster, format!("cluster {name}"));
        self.gate
            .change(actor, intent, async |_grant| {
                self.registered(name).await?;
                if confirmation.trim() != name.as_str() {
                    return Err(Error::invalid("confirmation", Problem::NotTheName));
                }
                let namespaces = self.store.namespaces().await?;
                let used = namespaces.iter().filter(|namespace| namespace.cluster == *name).count();
                if used > 0 {
                    let namespaces = u32::try_from(used).unwrap_or(u32::MAX);
                    return Err(Error::invalid("confirmation", Problem::StillUsed { namespaces }));
                }
                self.store.remove_cluster(name).await?;
                self.store.remove_login(&service(name)).await?;
                // The next cluster of this name is another one.
                self.store.set_metrics_source(name, None).await?;
                self.store.remove_login(&monitoring::service(name)).await?;
                self.fleet.disconnect(name);
                Ok(())
            })
            .await
    }

    async fn rights(&self, actor: &Actor, name: &ClusterName) -> Result<Vec<Right>, Error> {
        let grant =
            self.gate.read_as_system(actor, Action::ViewCluster, "it is about the console's own account")?;
        cluster::rights(&*self.fleet.get(name)?, &grant).await
    }

    fn access_manifest(&self, actor: &Actor) -> Result<String, Error> {
        self.gate.read(actor, Action::ViewCluster)?;
        Ok(cluster::ACCESS.to_owned())
    }
}

impl ConnectedClusters {
    /// Connects again, after a start, what was connected in the console. One whose credential cannot be opened is left out, and
    /// the list says so.
    pub async fn reconnect(&self) -> Result<(), Error> {
        for StoredCluster { name, server, .. } in self.store.clusters().await? {
            let Ok(Some(login)) = self.store.login(&service(&name), &server).await? else { continue };
            let credential: Credential = serde_json::from_str(&login.password).map_err(Error::internal)?;
            self.fleet.connect(Cluster::from_credential(name, &credential).await?);
        }
        Ok(())
    }

    async fn connect(&self, name: Result<ClusterName, Problem>, form: ClusterForm) -> Result<(), Error> {
        let credential = chosen(&form.kubeconfig, &form.context);
        // The address of the page that connects one.
        let name = name.and_then(|name| match name.as_str() {
            "new" => Err(Problem::ReservedName),
            _ => Ok(name),
        });
        let taken = name.as_ref().is_ok_and(|name| self.fleet.get(name).is_ok());
        let (name, credential) = match (name, credential) {
            (Ok(name), Ok(credential)) if !taken => (name, credential),
            (name, credential) => {
                let problem = name.err().or(taken.then_some(Problem::Taken));
                let mut fields: Vec<_> =
                    problem.into_iter().map(|problem| FieldProblem::new("name", problem)).collect();
                if let Err(Error { kind: Kind::Invalid { fields: more }, .. }) = credential {
                    fields.extend(more);
                }
                return Err(Kind::Invalid { fields }.into());
            }
        };
        if !self.store.keeps_logins() {
            return Err(Error::invalid("kubeconfig", Problem::NoKey));
        }
        let cluster = Cluster::from_credential(name.clone(), &credential).await.map_err(|error| {
            tracing::info!(event = "clusters.bad_credential", error = error.to_string());
            Error::invalid("context", Problem::NotAContext)
        })?;
        let stored = StoredCluster {
            name: name.clone(),
            server: credential.server.clone(),
            administrators: form.administrators,
            added_at: self.clock.now(),
            expires_at: credential.expires_at(),
        };
        self.store.add_cluster(&stored).await.map_err(|error| match error.kind {
            Kind::Conflict { .. } => Error::invalid("name", Problem::Taken),
            _ => error,
        })?;
        self.keep(&name, &form.context, &credential).await?;
        self.fleet.connect(cluster);
        self.prepare_now(&name, form.administrators).await;
        Ok(())
    }

    async fn keep(&self, name: &ClusterName, context: &str, credential: &Credential) -> Result<(), Error> {
        let username = context.chars().filter(|c| !c.is_control()).take(200).collect();
        let password = serde_json::to_string(credential).map_err(Error::internal)?;
        let login = Login { username, password };
        self.store.set_login(&service(name), &credential.server, Some(&login)).await
    }

    /// Errors: `NotFound`; `Invalid` of the field `name` for one of the settings.
    async fn registered(&self, name: &ClusterName) -> Result<StoredCluster, Error> {
        let found = self.store.clusters().await?.into_iter().find(|known| known.name == *name);
        match found {
            Some(known) => Ok(known),
            None if self.fleet.get(name).is_ok() => Err(Error::invalid("name", Problem::InSettings)),
            None => Err(Kind::NotFound { what: format!("cluster {name}") }.into()),
        }
    }

    fn assess(&self, version: String, known: Option<&StoredCluster>) -> ClusterState {
        if !is_supported(&version) {
            return ClusterState::Unsupported { version };
        }
        let soon = self.clock.now().saturating_add(SOON);
        match known.and_then(|known| known.expires_at).filter(|at| *at <= soon) {
            Some(at) => ClusterState::Expiring { version, at: rfc3339(at) },
            None => ClusterState::Connected { version },
        }
    }
}

/// Under which the credential of a cluster is kept.
fn service(name: &ClusterName) -> String {
    format!("cluster/{name}")
}

fn chosen(kubeconfig: &str, context: &str) -> Result<Credential, Error> {
    cluster::credential(kubeconfig, context).ok_or_else(|| Error::invalid("context", Problem::NotAContext))
}
