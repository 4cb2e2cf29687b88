//! Chart repositories and the charts in them: `contract::Catalog`.

use std::sync::Arc;

use async_trait::async_trait;
use contract::{Actor, Catalog, Error, Kind, Login};
use egress::{Egress, Way};
use gate::{Clock, Gate, Intent};
use helm::{read_archive, read_index};
use model::access::Action;
use model::catalog::{
    Archive, ChartDetail, ChartSummary, ChartVersion, Repository, RepositoryForm, RepositoryName,
};
use model::outside::{AddressForm, FetchProblem};
use model::problem::Problem;
use model::releases::ChartRef;
use store::{Chart, Store};

use crate::when::rfc3339;

/// Largest index, archive and picture that are read. Bytes.
const INDEX: usize = 64 * 1024 * 1024;
const ARCHIVE: usize = 20 * 1024 * 1024;
const ICON: usize = 512 * 1024;

pub struct ChartBook {
    pub store: Store,
    pub gate: Arc<Gate>,
    pub egress: Egress,
    pub clock: Arc<dyn Clock>,
}

#[async_trait]
impl Catalog for ChartBook {
    async fn repositories(&self, actor: &Actor) -> Result<Vec<Repository>, Error> {
        self.gate.read(actor, Action::ListCharts)?;
        let charts = self.store.newest_charts().await?;
        let mut logins = self.store.login_names().await?;
        let lines = self.store.repositories().await?.into_iter().map(|repository| {
            let own = charts.iter().filter(|chart| chart.repository == repository.name.as_str());
            Repository {
                charts: u32::try_from(own.count()).unwrap_or(u32::MAX),
                synced_at: rfc3339(repository.synced_at),
                username: logins.remove(&service(&repository.name)).unwrap_or_default(),
                name: repository.name,
                url: repository.url,
                private_addresses: repository.private_addresses,
                problem: repository.problem,
            }
        });
        Ok(lines.collect())
    }

    async fn add(&self, actor: &Actor, form: RepositoryForm) -> Result<(), Error> {
        let named = RepositoryName::parse(&form.name);
        let named = named.as_ref().map_or("(bad name)", RepositoryName::as_str);
        let intent = Intent::new(Action::AddRepository, format!("repository {named}"));
        self.gate
            .change(actor, intent, async |_grant| {
                let (name, url) = form.check().map_err(|fields| Kind::Invalid { fields })?;
                if self.store.repositories().await?.iter().any(|known| known.name == name) {
                    return Err(Error::invalid("name", Problem::Taken));
                }
                let AddressForm { username, password, private_addresses, .. } = form.address;
                let login = (!username.is_empty()).then_some(Login { username, password });
                if login.is_some() && !self.store.keeps_logins() {
                    return Err(Error::invalid("password", Problem::NoKey));
                }
                let way = Way::to(&url, private_addresses, login.clone());
                let charts = self.read(&name, &url, &way).await;
                let charts = charts.map_err(|reason| Error::invalid("url", Problem::Outside { reason }))?;
                let synced_at = self.clock.now();
                let repository = store::Repository { name, url, private_addresses, synced_at, problem: None };
                let taken = |error: Error| match error.kind {
                    Kind::Conflict { .. } => Error::invalid("name", Problem::Taken),
                    _ => error,
                };
                self.store.add_repository(&repository, &charts).await.map_err(taken)?;
                self.store.set_login(&service(&repository.name), &repository.url, login.as_ref()).await
            })
            .await
    }

    async fn refresh(&self, actor: &Actor, name: &RepositoryName) -> Result<(), Error> {
        let intent = Intent::new(Action::RefreshRepository, format!("repository {name}"));
        self.gate
            .change(actor, intent, async |_grant| {
                let repository = self.store.repository(name).await?;
                let read = match self.way(&repository).await? {
                    Ok(way) => self.read(name, &repository.url, &way).await,
                    Err(problem) => Err(problem),
                };
                match read {
                    Ok(charts) => self.store.set_charts(name, self.clock.now(), &charts).await,
                    Err(problem) => self.store.set_sync_problem(name, &problem).await,
                }
            })
            .await
    }

    async fn remove(&self, actor: &Actor, name: &RepositoryName) -> Result<(), Error> {
        let intent = Intent::new(Action::RemoveRepository, format!("repository {name}"));
        self.gate
            .change(actor, intent, async |_grant| {
                self.store.remove_repository(name).await?;
                self.store.remove_login(&service(name)).await
            })
            .await
    }

    async fn charts(&self, actor: &Actor, words: &str) -> Result<Vec<ChartSummary>, Error> {
        self.gate.read(actor, Action::ListCharts)?;
        let words: Vec<_> = words.split_whitespace().map(str::to_lowercase).collect();
        let found = self.store.newest_charts().await?.into_iter().filter(|chart| {
            let text = format!("{} {}", chart.name, chart.description).to_lowercase();
            words.iter().all(|word| text.contains(word.as_str()))
        });
        found.map(summary).collect()
    }

    async fn chart(
        &self,
        actor: &Actor,
        repository: &RepositoryName,
        name: &str,
        version: Option<&str>,
    ) -> Result<ChartDetail, Error> {
        self.gate.read(actor, Action::ListCharts)?;
        let repository = self.store.repository(repository).await?;
        let all = self.store.chart_versions(&repository.name, name).await?;
        let chosen = all.iter().find(|chart| version.is_none_or(|version| chart.version == version));
        let missing = || Kind::NotFound { what: format!("chart {}/{name}", repository.name) };
        let chosen = chosen.ok_or_else(missing)?.clone();
        let archive = match self.way(&repository).await? {
            Ok(way) => self.archive(&chosen, &way).await,
            Err(problem) => Err(problem),
        };
        let versions = all.into_iter().map(|chart| ChartVersion {
            version: chart.version,
            app_version: chart.app_version,
            created_at: chart.created_at,
        });
        Ok(ChartDetail { chart: summary(chosen)?, versions: versions.collect(), archive })
    }

    async fn icon(&self, actor: &Actor, repository: &RepositoryName, name: &str) -> Result<Vec<u8>, Error> {
        self.gate.read(actor, Action::ListCharts)?;
        let repository = self.store.repository(repository).await?;
        let all = self.store.chart_versions(&repository.name, name).await?;
        let missing = || Error::from(Kind::NotFound { what: format!("picture of the chart {name}") });
        let newest = all.into_iter().next().filter(|chart| !chart.icon.is_empty()).ok_or_else(missing)?;
        let way = self.way(&repository).await?.map_err(|_told| missing())?;
        self.egress.get(&newest.icon, &way, ICON).await.map_err(|_told| missing())
    }
}

/// What the login of a repository is kept as.
fn service(repository: &RepositoryName) -> String {
    format!("repository/{repository}")
}

impl ChartBook {
    async fn way(&self, repository: &store::Repository) -> Result<Result<Way, FetchProblem>, Error> {
        let login = self.store.login(&service(&repository.name), &repository.url).await?;
        Ok(login.map(|login| Way::to(&repository.url, repository.private_addresses, login)))
    }

    async fn read(&self, name: &RepositoryName, url: &str, way: &Way) -> Result<Vec<Chart>, FetchProblem> {
        let text = self.egress.get(&format!("{url}/index.yaml"), way, INDEX).await?;
        let (name, url) = (name.to_string(), url.to_owned());
        // The largest indexes take a second.
        let read = tokio::task::spawn_blocking(move || read_index(&text, &url).map(|all| listed(&name, all)));
        read.await.unwrap_or(Err(FetchProblem::Unreadable))
    }

    /// The archive of a chart, as its index promises it. Errors: `NotFound`; `Invalid` of the field `version`.
    pub(crate) async fn package(&self, chart: &ChartRef) -> Result<Vec<u8>, Error> {
        let repository = self.store.repository(&chart.repository).await?;
        let all = self.store.chart_versions(&chart.repository, &chart.name).await?;
        let missing = || Kind::NotFound {
            what: format!("chart {}/{} {}", chart.repository, chart.name, chart.version),
        };
        let chosen = all.into_iter().find(|known| known.version == chart.version).ok_or_else(missing)?;
        let told = |reason| Error::invalid("version", Problem::Outside { reason });
        let way = self.way(&repository).await?.map_err(told)?;
        let bytes = self.egress.get(&chosen.url, &way, ARCHIVE).await.map_err(told)?;
        let checked = bytes.clone();
        let read = tokio::task::spawn_blocking(move || read_archive(&checked, &chosen.digest)).await;
        read.unwrap_or(Err(FetchProblem::Unreadable)).map_err(told)?;
        Ok(bytes)
    }

    async fn archive(&self, chart: &Chart, way: &Way) -> Result<Archive, FetchProblem> {
        let bytes = self.egress.get(&chart.url, way, ARCHIVE).await?;
        let digest = chart.digest.clone();
        let read = tokio::task::spawn_blocking(move || read_archive(&bytes, &digest));
        let contents = read.await.unwrap_or(Err(FetchProblem::Unreadable))?;
        Ok(Archive { values: contents.values, readme: contents.readme })
    }
}

/// Versions of one chart follow one another, newest first.
fn listed(repository: &str, entries: Vec<helm::Entry>) -> Vec<Chart> {
    let mut charts: Vec<Chart> = Vec::with_capacity(entries.len());
    for entry in entries {
        let before = charts.last().filter(|before| before.name == entry.name);
        let position = before.map_or(0, |before| before.position.saturating_add(1));
        charts.push(Chart {
            repository: repository.to_owned(),
            position,
            name: entry.name,
            version: entry.version,
            app_version: entry.app_version,
            description: entry.description,
            icon: entry.icon,
            url: entry.urls.into_iter().next().unwrap_or_default(),
            digest: entry.digest,
            created_at: entry.created,
            deprecated: i64::from(entry.deprecated),
        });
    }
    charts
}

fn summary(chart: Chart) -> Result<ChartSummary, Error> {
    Ok(ChartSummary {
        repository: RepositoryName::try_from(chart.repository).map_err(Error::internal)?,
        has_icon: !chart.icon.is_empty(),
        name: chart.name,
        version: chart.version,
        app_version: chart.app_version,
        description: chart.description,
        deprecated: chart.deprecated == 1,
    })
}
