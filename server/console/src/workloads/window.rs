//! The part of the list that somebody looks at: theirs, filtered, sorted.

use std::cmp::Ordering;
use std::sync::Arc;

use cluster::{Cluster, Rows, Visible};
use contract::{Actor, Error};
use futures::future::join_all;
use model::access::Action;
use model::clusters::ClusterName;
use model::namespaces::NamespaceName;
use model::workloads::{Filter, Health, Sort, WINDOW, WorkloadQuery, WorkloadRow, WorkloadWindow};

use super::WorkloadBook;
use crate::projects::visible_projects;

const LIST: &str = "one watch serves everybody; rows are filtered by what the person may list";

impl WorkloadBook {
    pub(super) async fn window(&self, actor: &Actor, query: &WorkloadQuery) -> Result<WorkloadWindow, Error> {
        let grant = self.gate.read(actor, Action::ListWorkloads)?;
        let own = self.own_namespaces(actor).await?;
        let (own, grant) = (&own, &grant);
        let clusters = self.known_clusters(actor, own);
        let looks = clusters.iter().map(|cluster| async move {
            let here = own.iter().filter(|(known, _)| *known == cluster.name);
            let here: Vec<_> = here.map(|(_, namespace)| namespace.clone()).collect();
            let found = tokio::join!(self.rows(actor, cluster), cluster::visible(cluster, grant, &here));
            (cluster, found)
        });
        let mut window = WorkloadWindow { offset: query.offset, ..WorkloadWindow::default() };
        let mut found = Vec::new();
        let filter = Filter::parse(&query.filter);
        for (cluster, look) in join_all(looks).await {
            let (rows, visible) = match look {
                (Ok(rows), Ok(visible)) => (rows, visible),
                (Err(error), _) | (_, Err(error)) => {
                    told(cluster, error)?;
                    window.silent.push(cluster.name.clone());
                    continue;
                }
            };
            window.sequence = window.sequence.saturating_add(rows.sequence());
            if rows.is_silent() {
                window.silent.push(cluster.name.clone());
            }
            found.extend(rows.select(|row| holds(&visible, row) && filter.matches_but_status(row)));
        }
        let of = |health: Health| {
            let count = found.iter().filter(|row| row.health == health).count();
            (health, u32::try_from(count).unwrap_or(u32::MAX))
        };
        window.counts = Health::ALL.map(of).into();
        found.retain(|row| filter.matches_status(row.health));
        found.sort_by(|a, b| {
            let order = compare(query.sort, a, b);
            if query.descending { order.reverse() } else { order }
        });
        window.total = u32::try_from(found.len()).unwrap_or(u32::MAX);
        let (offset, length) = (query.offset as usize, WINDOW as usize);
        window.rows = found.into_iter().skip(offset).take(length).collect();
        Ok(window)
    }

    /// The clusters that the person may know of: all of them, or those that their projects have namespaces on.
    pub(crate) fn known_clusters(
        &self,
        actor: &Actor,
        own: &[(ClusterName, NamespaceName)],
    ) -> Vec<Arc<Cluster>> {
        let knows =
            |cluster: &Cluster| actor.sees_all() || own.iter().any(|(known, _)| *known == cluster.name);
        self.fleet.all().into_iter().filter(|cluster| knows(cluster)).collect()
    }

    /// The rows of one cluster, unfiltered.
    pub(crate) async fn rows(&self, actor: &Actor, cluster: &Cluster) -> Result<Rows, Error> {
        let grant = self.gate.read_as_system(actor, Action::ListWorkloads, LIST)?;
        cluster::rows(cluster, &grant).await
    }

    /// In the projects that the person may see.
    pub(crate) async fn own_namespaces(
        &self,
        actor: &Actor,
    ) -> Result<Vec<(ClusterName, NamespaceName)>, Error> {
        let projects = visible_projects(&self.store, actor, self.gate.now()).await?;
        let namespaces = self.store.namespaces().await?.into_iter();
        let own = namespaces.filter(|namespace| projects.iter().any(|p| p.id == namespace.project_id));
        Ok(own.map(|namespace| (namespace.cluster, namespace.name)).collect())
    }
}

fn holds(visible: &Visible, row: &WorkloadRow) -> bool {
    visible.holds(row.target.kind, &row.target.namespace)
}

/// A cluster that does not answer, or not this, is a state of the list; anything else is a failure of it.
fn told(cluster: &Cluster, error: Error) -> Result<(), Error> {
    if !error.kind.is_of_cluster() {
        return Err(error);
    }
    let (cluster, error) = (cluster.name.as_str(), error.to_string());
    tracing::warn!(event = "workloads.cluster_unread", cluster, error);
    Ok(())
}

/// Equal ones by name, so that the order is always the same.
fn compare(sort: Sort, a: &WorkloadRow, b: &WorkloadRow) -> Ordering {
    let names = || {
        let key = |row: &WorkloadRow| {
            (
                row.target.name.clone(),
                row.target.namespace.clone(),
                row.target.kind,
                row.target.cluster.clone(),
            )
        };
        key(a).cmp(&key(b))
    };
    let first = match sort {
        Sort::Name => Ordering::Equal,
        Sort::Kind => a.target.kind.cmp(&b.target.kind),
        Sort::Namespace => a.target.namespace.cmp(&b.target.namespace),
        Sort::Health => a.health.cmp(&b.health),
        // The youngest first.
        Sort::Age => b.created_at.cmp(&a.created_at),
    };
    first.then_with(names)
}
