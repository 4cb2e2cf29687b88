//! Lists of what clusters hold, as far as a person may see it: `contract::Rows`.

mod follow;
mod saved;
mod scope;
mod views;

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use cluster::{By, Cluster, Look, Places, Sources, View};
use contract::workloads::Following;
use contract::{Actor, Error, Rows};
use futures::future::join_all;
use gate::Grant;
use model::access::Action;
use model::namespaces::NamespaceName;
use model::problem::Problem;
use model::rows::{Found, Listing, RowKind, RowQuery, RowWindow, SavedView, Scope, TableHealth};

use crate::workloads::WorkloadBook;
use scope::Bounds;
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
        let mut parts: Vec<_> = RowKind::searched().map(Listing::Kind).collect();
        let taught = self.workloads.fleet.all().into_iter().flat_map(|cluster| cluster.watched_custom());
        // Of what clusters were taught only what somebody looks at: there may be hundreds of kinds.
        let taught: BTreeSet<_> = taught.collect();
        parts.extend(taught.into_iter().map(Listing::Custom));
        let (sources, _) = self.sources(actor, parts, &Scope::default(), By::Known).await?;
        Ok(cluster::search(&sources, typed))
    }

    async fn health(&self, actor: &Actor) -> Result<Vec<TableHealth>, Error> {
        self.workloads.gate.read(actor, Action::ViewHealth)?;
        Ok(self.workloads.fleet.all().iter().flat_map(|cluster| cluster.table_health()).collect())
    }

    async fn scopes(&self, actor: &Actor) -> Result<Scope, Error> {
        self.everything(actor).await
    }

    async fn saved(&self, actor: &Actor) -> Result<Vec<SavedView>, Error> {
        saved::list(&self.workloads, actor).await
    }

    async fn save(&self, actor: &Actor, view: SavedView) -> Result<(), Error> {
        saved::save(&self.workloads, actor, view).await
    }

    async fn forget(&self, actor: &Actor, view: SavedView) -> Result<(), Error> {
        saved::forget(&self.workloads, actor, view).await
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
        let (sources, version) = self.sources(actor, query.kind.parts(), &query.scope, By::Person).await?;
        Ok((self.views.get(query, &sources), sources, version))
    }

    /// Tables of these kinds with what somebody may see of them, and the version of rights that this is about. `otherwise` is for
    /// what the console itself may not watch, or few look at.
    async fn sources(
        &self,
        actor: &Actor,
        parts: Vec<Listing>,
        scope: &Scope,
        otherwise: By,
    ) -> Result<(Sources, u64), Error> {
        let gate = &self.workloads.gate;
        let grant = gate.read(actor, Action::ListRows)?;
        let own = self.workloads.own_namespaces(actor).await?;
        let bounds = self.bounds(actor, scope).await?;
        let watching = gate.read_as_system(actor, Action::ListRows, WATCH)?;
        let (mut looks, mut version) = (Vec::new(), 0_u64);
        let is_taught = parts.iter().any(|part| matches!(part, Listing::Custom(_)));
        for cluster in self.workloads.known_clusters(actor, &own) {
            if !scope.clusters.is_empty() && !scope.clusters.contains(&cluster.name) {
                continue;
            }
            let here = own.iter().filter(|(known, _)| *known == cluster.name);
            let here: Vec<_> = here.map(|(_, namespace)| namespace.clone()).collect();
            let rights = cluster::rights_version(&cluster, &watching)?;
            version = version.saturating_add(rights);
            if is_taught {
                version = version.saturating_add(cluster::taught_version(&cluster, &watching)?);
            }
            for part in &parts {
                let asked = Asked { cluster: cluster.clone(), part: part.clone(), rights, own: here.clone() };
                looks.push(asked.look(&grant, &watching, &bounds, otherwise));
            }
        }
        let looks = join_all(looks).await.into_iter().collect::<Result<Vec<_>, _>>()?;
        let sources = cluster::sources(&watching, &grant, looks).await?;
        Ok((sources, version))
    }
}

/// What is to be found out about one kind in one cluster.
struct Asked {
    cluster: Arc<Cluster>,
    part: Listing,
    rights: u64,
    /// The person's namespaces there.
    own: Vec<NamespaceName>,
}

impl Asked {
    /// A cluster that does not answer, or not this, shows nothing and says so; it hides no other.
    async fn look(
        self,
        grant: &Grant,
        watching: &Grant,
        bounds: &Bounds,
        otherwise: By,
    ) -> Result<Look, Error> {
        let Self { cluster, part, rights, own } = self;
        let found = async {
            let places = cluster::places(&cluster, grant, rights, &part, &own).await?;
            let by = match &part {
                Listing::Kind(kind) if kind.is_secret() => {
                    if cluster::may_watch(&cluster, watching, &part).await? { By::Console } else { otherwise }
                }
                Listing::Custom(_) if otherwise == By::Known => By::Known,
                _ => By::Console,
            };
            Ok::<_, Error>((places, by))
        };
        let (places, by) = match found.await {
            Err(error) if error.kind.is_of_cluster() => {
                let (cluster, error) = (cluster.name.as_str(), error.to_string());
                tracing::warn!(event = "rows.rights_unread", cluster, error);
                (Places::Unknown, if otherwise == By::Known { By::Known } else { By::Console })
            }
            found => found?,
        };
        let places = bounds.within(&cluster.name, &part, places);
        Ok(Look { cluster, part, places, by })
    }
}
