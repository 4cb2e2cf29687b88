//! Lists of what clusters hold, as far as a person may see it: `contract::Rows`.

mod follow;
mod views;

use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use cluster::{Cluster, Places, Sources, View};
use contract::workloads::Following;
use contract::{Actor, Error, Rows};
use futures::future::join_all;
use gate::Grant;
use model::access::Action;
use model::namespaces::NamespaceName;
use model::problem::Problem;
use model::rows::{Found, RowKind, RowQuery, RowWindow, TableHealth};

use crate::workloads::WorkloadBook;
use views::Views;

const WATCH: &str = "one watch serves everybody; rows are filtered by what the person may list";

/// Of what is searched for. Characters.
const LONGEST_SEARCH: u32 = 200;

/// Cheap to clone.
#[derive(Clone)]
pub struct RowBook {
    workloads: WorkloadBook,
    views: Arc<Views>,
}

#[async_trait]
impl Rows for RowBook {
    async fn list(&self, actor: &Actor, query: &RowQuery) -> Result<RowWindow, Error> {
        let (view, ..) = self.view(actor, query).await?;
        Ok(views::window(&view, query))
    }

    async fn search(&self, actor: &Actor, typed: &str) -> Result<Found, Error> {
        if typed.trim().is_empty() {
            return Ok(Found::default());
        }
        if typed.chars().count() > LONGEST_SEARCH as usize {
            let problem = Problem::TooLong { max: LONGEST_SEARCH };
            return Err(Error::invalid("words", problem));
        }
        let kinds: Vec<_> = RowKind::searched().collect();
        let (sources, _) = self.sources(actor, &kinds).await?;
        Ok(cluster::search(&sources, typed))
    }

    async fn health(&self, actor: &Actor) -> Result<Vec<TableHealth>, Error> {
        self.workloads.gate.read(actor, Action::ViewHealth)?;
        Ok(self.workloads.fleet.all().iter().flat_map(|cluster| cluster.table_health()).collect())
    }

    fn follow(&self, actor: &Actor, query: RowQuery) -> Following {
        follow::follow(self.clone(), actor.clone(), query)
    }
}

impl RowBook {
    pub fn new(workloads: WorkloadBook) -> Self {
        Self { workloads, views: Arc::default() }
    }

    /// The list, shared with everybody who sees the same, what it is made of, and the version of rights that it is about.
    async fn view(&self, actor: &Actor, query: &RowQuery) -> Result<(Arc<Mutex<View>>, Sources, u64), Error> {
        let (sources, version) = self.sources(actor, &query.kind.kinds()).await?;
        Ok((self.views.get(query, &sources), sources, version))
    }

    /// Tables of these kinds with what somebody may see of them, and the version of rights that this is about.
    async fn sources(&self, actor: &Actor, kinds: &[RowKind]) -> Result<(Sources, u64), Error> {
        let gate = &self.workloads.gate;
        let grant = gate.read(actor, Action::ListRows)?;
        let own = self.workloads.own_namespaces(actor).await?;
        let watching = gate.read_as_system(actor, Action::ListRows, WATCH)?;
        let (mut looks, mut version) = (Vec::new(), 0_u64);
        for cluster in self.workloads.known_clusters(actor, &own) {
            let here = own.iter().filter(|(known, _)| *known == cluster.name);
            let here: Vec<_> = here.map(|(_, namespace)| namespace.clone()).collect();
            let rights = cluster::rights_version(&cluster, &watching)?;
            version = version.saturating_add(rights);
            for kind in kinds {
                looks.push(seen(cluster.clone(), &grant, rights, *kind, here.clone()));
            }
        }
        let kinds = join_all(looks).await.into_iter().collect::<Result<Vec<_>, _>>()?;
        let sources = cluster::sources(&watching, kinds).await?;
        Ok((sources, version))
    }
}

/// A cluster that does not answer, or not this, shows nothing and says so; it hides no other.
async fn seen(
    cluster: Arc<Cluster>,
    grant: &Grant,
    rights: u64,
    kind: RowKind,
    namespaces: Vec<NamespaceName>,
) -> Result<(Arc<Cluster>, RowKind, Places), Error> {
    let places = match cluster::places(&cluster, grant, rights, kind, &namespaces).await {
        Err(error) if error.kind.is_of_cluster() => {
            let (cluster, error) = (cluster.name.as_str(), error.to_string());
            tracing::warn!(event = "rows.rights_unread", cluster, error);
            Places::Unknown
        }
        places => places?,
    };
    Ok((cluster, kind, places))
}
