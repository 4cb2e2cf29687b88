//! Use of CPU and memory: `contract::Monitoring`, and the samples that the console takes by itself.

use std::sync::Arc;

use async_trait::async_trait;
use cluster::{Cluster, Prometheus};
use contract::{Actor, Error, Kind, Login, Monitoring};
use egress::{Egress, Way};
use futures::future::join_all;
use gate::{Clock, Grant, Intent};
use model::access::Action;
use model::clusters::ClusterName;
use model::monitoring::{History, MetricsSource, Scope, Span};
use model::outside::AddressForm;
use model::panel::{Absence, Panel};
use model::problem::Problem;

use crate::workloads::WorkloadBook;

const SAMPLES: &str = "one sample serves everybody; who reads it is asked whether they may";

pub struct Observatory {
    pub workloads: WorkloadBook,
    pub egress: Egress,
    pub clock: Arc<dyn Clock>,
}

#[async_trait]
impl Monitoring for Observatory {
    async fn history(&self, actor: &Actor, scope: &Scope, span: Span) -> Result<Panel<History>, Error> {
        let WorkloadBook { gate, fleet, .. } = &self.workloads;
        let (grant, name) = match scope {
            Scope::Nodes(name) => (gate.read(actor, Action::ViewCluster)?, name),
            Scope::Namespace(name, namespace) => {
                (self.workloads.look_at(actor, name, namespace).await?, name)
            }
            Scope::Workload(target) => {
                (self.workloads.look_at(actor, &target.cluster, &target.namespace).await?, &target.cluster)
            }
        };
        let cluster = &fleet.get(name)?;
        if span != Span::Recent {
            return self.past(cluster, &grant, scope, span).await;
        }
        match scope {
            Scope::Nodes(_) => cluster::node_history(cluster, &grant).await,
            Scope::Namespace(_, namespace) => {
                cluster::pod_history(cluster, &grant, namespace, |_| true).await
            }
            Scope::Workload(target) => {
                let pods = cluster::pod_names(cluster, &grant, target).await?;
                let own = |name: &str| pods.iter().any(|pod| pod == name);
                cluster::pod_history(cluster, &grant, &target.namespace, own).await
            }
        }
    }

    async fn source(&self, actor: &Actor, name: &ClusterName) -> Result<Option<MetricsSource>, Error> {
        self.workloads.gate.read(actor, Action::ViewCluster)?;
        self.workloads.fleet.get(name)?;
        let Some(source) = self.workloads.store.metrics_source(name).await? else { return Ok(None) };
        let store::MetricsSource { url, private_addresses } = source;
        let mut names = self.workloads.store.login_names().await?;
        let username = names.remove(&service(name)).unwrap_or_default();
        Ok(Some(MetricsSource { url, private_addresses, username }))
    }

    async fn set_source(&self, actor: &Actor, name: &ClusterName, form: AddressForm) -> Result<(), Error> {
        let WorkloadBook { gate, fleet, store } = &self.workloads;
        let intent = Intent::new(Action::SetMetricsSource, format!("cluster {name}"));
        gate.change(actor, intent, async |_grant| {
            fleet.get(name)?;
            let url = form.check().map_err(|fields| Kind::Invalid { fields })?;
            let login = (!form.username.is_empty())
                .then(|| Login { username: form.username.clone(), password: form.password.clone() });
            if login.is_some() && !store.keeps_logins() {
                return Err(Error::invalid("password", Problem::NoKey));
            }
            let answered = self.prometheus(&url, form.private_addresses, login.clone()).check().await;
            answered.map_err(|reason| Error::invalid("url", Problem::Outside { reason }))?;
            store.set_login(&service(name), &url, login.as_ref()).await?;
            let source = store::MetricsSource { url, private_addresses: form.private_addresses };
            store.set_metrics_source(name, Some(&source)).await
        })
        .await
    }

    async fn remove_source(&self, actor: &Actor, name: &ClusterName) -> Result<(), Error> {
        let WorkloadBook { gate, store, .. } = &self.workloads;
        let intent = Intent::new(Action::RemoveMetricsSource, format!("cluster {name}"));
        gate.change(actor, intent, async |_grant| {
            store.set_metrics_source(name, None).await?;
            store.remove_login(&service(name)).await
        })
        .await
    }
}

/// What the login of a cluster's Prometheus is kept as.
pub(crate) fn service(cluster: &ClusterName) -> String {
    format!("prometheus/{cluster}")
}

impl Observatory {
    /// From the Prometheus of the cluster.
    async fn past(
        &self,
        cluster: &Cluster,
        grant: &Grant,
        scope: &Scope,
        span: Span,
    ) -> Result<Panel<History>, Error> {
        let store = &self.workloads.store;
        let Some(source) = store.metrics_source(&cluster.name).await? else {
            return Ok(Panel::Unavailable { reason: Absence::NoPrometheus });
        };
        let login = match store.login(&service(&cluster.name), &source.url).await? {
            Ok(login) => login,
            Err(problem) => return Ok(Panel::Unavailable { reason: Absence::Prometheus(problem) }),
        };
        let prometheus = self.prometheus(&source.url, source.private_addresses, login);
        match scope {
            Scope::Nodes(_) => prometheus.nodes(cluster, grant, span).await,
            Scope::Namespace(_, namespace) => prometheus.pods(cluster, grant, namespace, None, span).await,
            Scope::Workload(target) => {
                let of = Some((target.kind, &target.name));
                prometheus.pods(cluster, grant, &target.namespace, of, span).await
            }
        }
    }

    fn prometheus<'a>(&'a self, url: &'a str, private: bool, login: Option<Login>) -> Prometheus<'a> {
        let way = Way::to(url, private, login);
        Prometheus { egress: &self.egress, url, way, now: self.clock.now().div_euclid(1_000) }
    }

    /// Takes a sample of every cluster and counts its nodes, again and again.
    pub async fn sample(&self) {
        let mut beat = tokio::time::interval(cluster::STEP);
        loop {
            beat.tick().await;
            self.look().await;
        }
    }

    /// Once.
    pub async fn look(&self) {
        let grant = self.workloads.gate.housekeeping(SAMPLES);
        let clusters = self.workloads.fleet.all();
        let all = clusters.iter().map(|cluster| async {
            cluster::count_nodes(cluster, &grant).await?;
            cluster::sample(cluster, &grant).await
        });
        for failed in join_all(all).await.into_iter().filter_map(Result::err) {
            // A gap in the charts says it to those who look.
            tracing::debug!(event = "monitoring.not_sampled", error = failed.to_string());
        }
    }
}
