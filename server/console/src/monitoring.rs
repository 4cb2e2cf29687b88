//! Use of CPU and memory: `contract::Monitoring`, and the samples that the console takes by itself.

use async_trait::async_trait;
use contract::{Actor, Error, Monitoring};
use futures::future::join_all;
use model::access::Action;
use model::monitoring::{History, Scope};
use model::panel::Panel;

use crate::workloads::WorkloadBook;

const SAMPLES: &str = "one sample serves everybody; who reads it is asked whether they may";

pub struct Observatory {
    pub workloads: WorkloadBook,
}

#[async_trait]
impl Monitoring for Observatory {
    async fn history(&self, actor: &Actor, scope: &Scope) -> Result<Panel<History>, Error> {
        let WorkloadBook { gate, fleet, .. } = &self.workloads;
        match scope {
            Scope::Nodes(name) => {
                let grant = gate.read(actor, Action::ViewCluster)?;
                cluster::node_history(fleet.get(name)?, &grant).await
            }
            Scope::Namespace(name, namespace) => {
                let grant = self.workloads.look_at(actor, name, namespace).await?;
                cluster::pod_history(fleet.get(name)?, &grant, namespace, |_| true).await
            }
            Scope::Workload(target) => {
                let grant = self.workloads.look_at(actor, &target.cluster, &target.namespace).await?;
                let cluster = fleet.get(&target.cluster)?;
                let pods = cluster::pod_names(cluster, &grant, target).await?;
                let own = |name: &str| pods.iter().any(|pod| pod == name);
                cluster::pod_history(cluster, &grant, &target.namespace, own).await
            }
        }
    }
}

impl Observatory {
    /// Takes a sample of every cluster, again and again.
    pub async fn sample(&self) {
        let grant = self.workloads.gate.housekeeping(SAMPLES);
        let mut beat = tokio::time::interval(cluster::STEP);
        loop {
            beat.tick().await;
            let all = self.workloads.fleet.all().iter().map(|cluster| cluster::sample(cluster, &grant));
            for failed in join_all(all).await.into_iter().filter_map(Result::err) {
                // A gap in the charts says it to those who look.
                tracing::debug!(event = "monitoring.not_sampled", error = failed.to_string());
            }
        }
    }
}
