//! What a scope leaves of what somebody may see.

use std::collections::BTreeSet;

use cluster::{Places, Seen};
use contract::{Actor, Error, Rows as _};
use model::access::Action;
use model::clusters::ClusterName;
use model::namespaces::NamespaceName;
use model::rows::{Listing, RowKind, RowQuery, Scope};

use super::RowBook;
use crate::projects::visible_projects;

/// The namespaces that a scope names, in every cluster; none when it names none.
pub(super) struct Bounds(Option<BTreeSet<(ClusterName, NamespaceName)>>, Vec<NamespaceName>);

impl RowBook {
    /// What a scope of somebody can name.
    pub(super) async fn everything(&self, actor: &Actor) -> Result<Scope, Error> {
        self.workloads.gate.read(actor, Action::ListRows)?;
        let own = self.workloads.own_namespaces(actor).await?;
        let clusters = self.workloads.known_clusters(actor, &own);
        let projects = visible_projects(&self.workloads.store, actor, self.workloads.gate.now()).await?;
        let query = RowQuery::new(Listing::Kind(RowKind::Namespaces), "");
        let seen = self.list(actor, &query).await?;
        let seen = seen.rows.iter().filter_map(|row| NamespaceName::parse(&row.name).ok());
        let namespaces: BTreeSet<_> = own.into_iter().map(|(_, name)| name).chain(seen).collect();
        Ok(Scope {
            clusters: clusters.iter().map(|cluster| cluster.name.clone()).collect(),
            projects: projects.into_iter().map(|project| project.name).collect(),
            namespaces: namespaces.into_iter().collect(),
        })
    }

    /// A project that the person may not see has nothing in it.
    pub(super) async fn bounds(&self, actor: &Actor, scope: &Scope) -> Result<Bounds, Error> {
        if scope.projects.is_empty() {
            return Ok(Bounds(None, scope.namespaces.clone()));
        }
        let store = &self.workloads.store;
        let projects = visible_projects(store, actor, self.workloads.gate.now()).await?;
        let wanted: Vec<_> =
            projects.iter().filter(|project| scope.projects.contains(&project.name)).collect();
        let namespaces = store.namespaces().await?.into_iter();
        let inside = namespaces.filter(|namespace| wanted.iter().any(|p| p.id == namespace.project_id));
        let inside = inside.map(|namespace| (namespace.cluster, namespace.name)).collect();
        Ok(Bounds(Some(inside), scope.namespaces.clone()))
    }
}

impl Bounds {
    /// What lives in no namespace is in no project either.
    pub(super) fn within(&self, cluster: &ClusterName, part: &Listing, places: Places) -> Places {
        let Self(projects, namespaces) = self;
        if projects.is_none() && namespaces.is_empty() {
            return places;
        }
        let allows = |name: &NamespaceName| {
            let in_project =
                projects.as_ref().is_none_or(|inside| inside.contains(&(cluster.clone(), name.clone())));
            in_project && (namespaces.is_empty() || namespaces.contains(name))
        };
        match places {
            _ if !part.is_placed() => Places::In(Seen::default()),
            Places::Everywhere => {
                let all: Vec<_> = match projects {
                    Some(inside) => {
                        inside.iter().filter(|(known, _)| known == cluster).map(|(_, name)| name).collect()
                    }
                    None => namespaces.iter().collect(),
                };
                let whole = all.into_iter().filter(|name| allows(name)).cloned().collect();
                Places::In(Seen { whole, ..Seen::default() })
            }
            Places::In(Seen { whole, named, .. }) => {
                let whole = whole.into_iter().filter(|name| allows(name)).collect();
                let inside = |name: &String| NamespaceName::parse(name).is_ok_and(|name| allows(&name));
                let named = named.into_iter().filter(|(name, _)| inside(name)).collect();
                Places::In(Seen { whole, named, denied: 0 })
            }
            Places::Unknown => Places::Unknown,
        }
    }
}
