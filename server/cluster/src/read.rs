//! Reading objects, decoded into just the fields that are needed.

use contract::{Error, Kind};
use http::Request;
use kube::Client;
use model::panel::{Absence, Panel};
use serde::Deserialize;
use serde::de::DeserializeOwned;

use crate::client::Cluster;
use crate::error::within_deadline;

/// Objects per page of a list.
const PAGE: u32 = 500;

pub(crate) struct Reader<'a> {
    pub(crate) cluster: &'a Cluster,
    pub(crate) client: &'a Client,
}

/// Either objects, or the status with which the cluster declined.
pub(crate) type Listed<T> = Result<Vec<T>, u16>;

#[derive(Deserialize)]
struct ListPage<T> {
    metadata: ListMeta,
    items: Vec<T>,
}

#[derive(Deserialize)]
struct ListMeta {
    #[serde(default, rename = "continue")]
    next: String,
    /// Of a list that was cut: how many did not come.
    #[serde(default, rename = "remainingItemCount")]
    remaining: Option<i64>,
}

/// An object of which nothing is wanted.
#[derive(Deserialize)]
struct PartialObject {}

impl Reader<'_> {
    /// One object. Errors: as the cluster answers, `NotFound` among them.
    pub(crate) async fn get<T: DeserializeOwned>(&self, path: &str) -> Result<T, Error> {
        let request = Request::get(path).body(Vec::new()).map_err(Error::internal)?;
        within_deadline(&self.cluster.name, path, self.client.request::<T>(request)).await
    }

    /// All objects under a path, page by page. `query` begins with `&`.
    pub(crate) async fn list<T: DeserializeOwned>(
        &self,
        path: &str,
        query: &str,
    ) -> Result<Listed<T>, Error> {
        let mut all = Vec::new();
        let mut next = String::new();
        loop {
            let uri = format!("{path}?limit={PAGE}{query}{}", continuing(&next));
            let request = Request::get(uri).body(Vec::new()).map_err(Error::internal)?;
            let answer = self.client.request::<ListPage<T>>(request);
            let page = match within_deadline(&self.cluster.name, path, settled(answer)).await? {
                Ok(page) => page,
                Err(status) => return Ok(Err(status)),
            };
            all.extend(page.items);
            if page.metadata.next.is_empty() {
                return Ok(Ok(all));
            }
            next = page.metadata.next;
        }
    }

    /// How many objects there are under a path. Errors: those of clusters.
    pub(crate) async fn count(&self, path: &str) -> Result<Result<u32, u16>, Error> {
        let request = Request::get(format!("{path}?limit=1"));
        let request = request.body(Vec::new()).map_err(Error::internal)?;
        let answer = self.client.request::<ListPage<PartialObject>>(request);
        let page = within_deadline(&self.cluster.name, path, settled(answer)).await?;
        Ok(page.map(|page| {
            let more = page.metadata.remaining.unwrap_or_default();
            u32::try_from(more).unwrap_or(u32::MAX).saturating_add(u32::from(!page.items.is_empty()))
        }))
    }
}

/// A cluster that declines a list has answered; only silence is a failure of the page.
async fn settled<T>(
    answer: impl Future<Output = Result<T, kube::Error>>,
) -> Result<Result<T, u16>, kube::Error> {
    match answer.await {
        Ok(page) => Ok(Ok(page)),
        Err(kube::Error::Api(status)) if status.code != 401 => Ok(Err(status.code)),
        Err(error) => Err(error),
    }
}

fn continuing(next: &str) -> String {
    if next.is_empty() { String::new() } else { format!("&continue={next}") }
}

/// A list as a part of a page. `missing` says why when the cluster does not serve it.
pub(crate) fn panel<T>(listed: Result<T, u16>, missing: Absence) -> Panel<T> {
    match listed {
        Ok(listed) => Panel::Ready(listed),
        Err(403) => Panel::Unavailable { reason: Absence::NotPermitted },
        Err(404 | 503) => Panel::Unavailable { reason: missing },
        Err(_) => Panel::Unavailable { reason: Absence::Failed },
    }
}

/// For lists that the console itself needs whole.
pub(crate) fn permitted<T>(cluster: &Cluster, listed: Listed<T>) -> Result<Vec<T>, Error> {
    listed.map_err(|status| {
        let message = format!("the console's account may not list this ({status})");
        Kind::ClusterForbids { cluster: cluster.name.clone(), message }.into()
    })
}
