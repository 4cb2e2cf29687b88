//! What clusters hold, as rows: of each kind one watch, which everybody's lists are read from.
//!
//! Watched by the console's own account, so whoever reads rows filters them by what the person may see.

#[cfg(test)]
mod counts;
mod definition;
mod feed;
mod items;
mod kept;
mod kinds;
mod lines;
mod lists;
mod order;
mod places;
mod releases;
mod search;
mod shared;
mod sightings;
mod strings;
mod subject;
mod table;
#[cfg(test)]
mod tests;
mod trouble;
mod view;
mod way;
mod wire;

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use contract::Error;
use gate::Grant;
use model::clusters::ClusterName;
use model::namespaces::NamespaceName;
use model::rows::{ClusterRows, Listing, RowKind, RowState};
use tokio::sync::watch;

use crate::client::Cluster;
pub(crate) use kept::Tables;
use kept::{custom, definitions, known_custom, known_lent, lent, table};
pub use places::{Places, Seen};
pub use search::search;
pub(crate) use shared::Shared;
pub use sightings::{Sightings, sightings};
pub use view::View;

/// How long after a watch began a look still waits for its first list.
const FIRST: Duration = Duration::from_secs(2);

/// What says what people may see.
const RIGHTS: [RowKind; 4] =
    [RowKind::Roles, RowKind::RoleBindings, RowKind::ClusterRoles, RowKind::ClusterRoleBindings];

/// Most namespaces in which a kind is watched as one person.
const MOST_LENT: usize = 50;

/// What a list is made of: the tables of its kinds, and what somebody may see of each.
#[derive(Clone)]
pub struct Sources {
    tables: Vec<Source>,
    /// What is not watched, and why.
    missing: Vec<Missing>,
    /// What else says what is seen: roles and bindings, and which kinds a cluster was taught.
    rights: Vec<Arc<Shared>>,
}

/// A cluster of whose objects nothing is watched.
#[derive(Clone)]
struct Missing {
    cluster: ClusterName,
    /// What says whether it has such a kind.
    definitions: Option<Arc<Shared>>,
    denied: u32,
}

impl Missing {
    fn told(&self) -> ClusterRows {
        let state = self.definitions.as_ref().map_or(RowState::Live, |known| known.untaught());
        ClusterRows { cluster: self.cluster.clone(), state, denied: self.denied }
    }
}

impl PartialEq for Missing {
    fn eq(&self, other: &Self) -> bool {
        self.cluster == other.cluster && self.denied == other.denied
    }
}

/// One kind in one cluster, as somebody wants to see it.
pub struct Look {
    pub cluster: Arc<Cluster>,
    /// A kind that every cluster has, or one that some were taught.
    pub part: Listing,
    pub places: Places,
    /// As whom it is watched.
    pub by: By,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum By {
    /// For everybody at once.
    Console,
    /// Because the console's own account may not: where they may list these, as long as they look.
    Person,
    /// Nobody, where nobody looks at it already: a look through everything begins no watch of what few look at.
    Known,
}

/// Each cluster is watched from the first time on that somebody asks. `grant` is the console's own, `person` theirs.
pub async fn sources(grant: &Grant, person: &Grant, looks: Vec<Look>) -> Result<Sources, Error> {
    let (mut tables, mut missing, mut rights) = (Vec::new(), Vec::new(), Vec::new());
    let mut add = |shared: Arc<Shared>| {
        if !rights.iter().any(|known| Arc::ptr_eq(known, &shared)) {
            rights.push(shared);
        }
    };
    let is_taught = |look: &&Look| matches!(look.part, Listing::Custom(_)) && look.by != By::Known;
    let taught = looks.iter().filter(is_taught);
    let taught = taught.map(|look| definitions(&look.cluster, grant)).collect::<Result<Vec<_>, _>>()?;
    futures::future::join_all(taught.iter().map(|known| known.known(FIRST))).await;
    for Look { cluster, part, places, by } in looks {
        for kind in RIGHTS {
            add(table(&cluster, grant, kind)?);
        }
        match (part, by) {
            (Listing::Kind(kind), By::Console) => tables.push((table(&cluster, grant, kind)?, places)),
            (Listing::Kind(kind), By::Person | By::Known) => {
                let denied = if let Places::In(seen) = &places { seen.denied } else { 0 };
                let found = lend(&cluster, person, kind, places, by)?;
                if found.is_empty() {
                    missing.push(Missing { cluster: cluster.name.clone(), definitions: None, denied });
                }
                tables.extend(found);
            }
            (Listing::Custom(name), By::Known) => {
                tables.extend(known_custom(&cluster, &name).map(|shared| (shared, places)));
            }
            (Listing::Custom(name), _) => {
                let known = definitions(&cluster, grant)?;
                add(known.clone());
                match custom(&cluster, grant, &name)? {
                    Some(shared) => tables.push((shared, places)),
                    None => missing.push(Missing {
                        cluster: cluster.name.clone(),
                        definitions: Some(known),
                        denied: 0,
                    }),
                }
            }
            (Listing::Workloads, _) => return Err(Error::internal("a list of several kinds is no part")),
        }
    }
    futures::future::join_all(tables.iter().map(|(shared, _)| shared.known(FIRST))).await;
    Ok(Sources { tables, missing, rights })
}

/// A table for each place in which somebody may list these.
fn lend(
    cluster: &Arc<Cluster>,
    person: &Grant,
    kind: RowKind,
    places: Places,
    by: By,
) -> Result<Vec<Source>, Error> {
    let one = |place: Option<&NamespaceName>| match by {
        By::Known => known_lent(cluster, person, kind, place),
        By::Console | By::Person => lent(cluster, person, kind, place).map(Some),
    };
    let Places::In(seen) = places else {
        return Ok(one(None)?.map(|shared| (shared, places)).into_iter().collect());
    };
    let beyond = u32::try_from(seen.whole.len().saturating_sub(MOST_LENT)).unwrap_or(u32::MAX);
    let mut tables = Vec::new();
    for namespace in seen.whole.iter().take(MOST_LENT) {
        let only = Seen { whole: [namespace.clone()].into(), ..Seen::default() };
        tables.extend(one(Some(namespace))?.map(|shared| (shared, Places::In(only))));
    }
    // What is left out is told once.
    if let Some((_, Places::In(first))) = tables.first_mut() {
        first.denied = seen.denied.saturating_add(beyond);
    }
    Ok(tables)
}

/// Grows when somebody's rights in a cluster may have become others; stays where the console's account may not see them.
pub fn rights_version(cluster: &Cluster, grant: &Grant) -> Result<u64, Error> {
    let mut version = 0_u64;
    for kind in RIGHTS {
        version = version.saturating_add(table(cluster, grant, kind)?.read().sequence());
    }
    Ok(version)
}

/// Grows when a cluster is taught other kinds.
pub fn taught_version(cluster: &Cluster, grant: &Grant) -> Result<u64, Error> {
    Ok(definitions(cluster, grant)?.read().sequence())
}

impl Sources {
    /// Each wakes with a change of one of the tables, or of what people may see of them.
    pub fn changes(&self) -> Vec<watch::Receiver<u64>> {
        let tables = self.tables.iter().map(|(shared, _)| shared);
        tables.chain(&self.rights).map(|shared| shared.changes()).collect()
    }

    /// Those of one kind.
    fn of(&self, part: &Listing) -> Self {
        let tables = self.tables.iter().filter(|(shared, _)| shared.subject.listing() == *part).cloned();
        Self { tables: tables.collect(), missing: vec![], rights: self.rights.clone() }
    }

    /// Each once.
    fn parts(&self) -> BTreeSet<Listing> {
        self.tables.iter().map(|(shared, _)| shared.subject.listing()).collect()
    }

    /// Whether a cluster does not say what the person may see.
    pub fn are_unread(&self) -> bool {
        self.tables.iter().any(|(_, places)| *places == Places::Unknown)
    }

    /// As [`rights_version`], and [`taught_version`] where that counts, of all clusters.
    pub fn rights(&self) -> u64 {
        self.rights.iter().fold(0, |all, shared| all.saturating_add(shared.read().sequence()))
    }
}

type Source = (Arc<Shared>, Places);

impl PartialEq for Sources {
    /// The same tables, seen as far.
    fn eq(&self, other: &Self) -> bool {
        let same = |(one, other): (&Source, &Source)| Arc::ptr_eq(&one.0, &other.0) && one.1 == other.1;
        self.tables.len() == other.tables.len()
            && self.missing == other.missing
            && self.tables.iter().zip(&other.tables).all(same)
    }
}
