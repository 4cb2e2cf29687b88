//! Releases, as Helm keeps them in Secrets: lists from their labels alone, one from its content. Always as the person.

use std::collections::BTreeMap;
use std::io::Read as _;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use contract::{Error, Kind};
use flate2::read::GzDecoder;
use gate::Grant;
use model::namespaces::NamespaceName;
use model::releases::{ReleaseName, ReleaseRef, ReleaseRow, Revision};
use serde::Deserialize;
use serde_json::Value;

use crate::client::Cluster;
use crate::read::Reader;

/// Largest release that is decoded. Bytes.
const DECODED: u64 = 20 * 1024 * 1024;

/// One revision of a release.
#[derive(Clone, Debug, Deserialize)]
pub struct StoredRelease {
    pub version: u32,
    pub info: Info,
    pub chart: StoredChart,
    /// What was set.
    #[serde(default)]
    pub config: Value,
    #[serde(default)]
    pub manifest: String,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct Info {
    pub status: String,
    pub notes: String,
    pub description: String,
    pub last_deployed: String,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct StoredChart {
    pub metadata: ChartMeta,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct ChartMeta {
    pub name: String,
    pub version: String,
    pub app_version: String,
}

impl StoredRelease {
    /// As a line of a history.
    pub fn revision(&self) -> Revision {
        let ChartMeta { name, version, .. } = &self.chart.metadata;
        Revision {
            number: self.version,
            status: self.info.status.clone(),
            chart: format!("{name}-{version}"),
            updated_at: self.info.last_deployed.clone(),
            description: self.info.description.clone(),
        }
    }
}

/// The newest revision of each release; none when the person may not read what they are kept in.
///
/// `namespace`: none is all of them. Errors: those of clusters.
pub async fn releases(
    cluster: &Cluster,
    grant: &Grant,
    namespace: Option<&NamespaceName>,
) -> Result<Option<Vec<ReleaseRow>>, Error> {
    let client = cluster.client(grant)?;
    let read = Reader { cluster, client: &client };
    let path = match namespace {
        Some(namespace) => format!("/api/v1/namespaces/{namespace}/secrets"),
        None => "/api/v1/secrets".to_owned(),
    };
    let Ok(found) = read.list_metadata::<Labelled>(&path, "&labelSelector=owner%3Dhelm").await? else {
        return Ok(None);
    };
    let mut newest: BTreeMap<(String, String), ReleaseRow> = BTreeMap::new();
    for Labelled { metadata } in found {
        let label = |key: &str| metadata.labels.get(key).cloned().unwrap_or_default();
        let (Ok(place), Ok(name)) =
            (NamespaceName::parse(&metadata.namespace), ReleaseName::parse(&label("name")))
        else {
            continue;
        };
        let revision: u32 = label("version").parse().unwrap_or_default();
        let key = (metadata.namespace.clone(), label("name"));
        if newest.get(&key).is_some_and(|known| known.revision >= revision) {
            continue;
        }
        let row = ReleaseRow {
            target: ReleaseRef { cluster: cluster.name.clone(), namespace: place, name },
            project: None,
            status: label("status"),
            revision,
            updated_at: metadata.creation_timestamp,
        };
        newest.insert(key, row);
    }
    Ok(Some(newest.into_values().collect()))
}

/// All revisions that are kept, newest first. Errors: `NotFound`, those of clusters.
pub async fn release(
    cluster: &Cluster,
    grant: &Grant,
    target: &ReleaseRef,
) -> Result<Vec<StoredRelease>, Error> {
    let client = cluster.client(grant)?;
    let read = Reader { cluster, client: &client };
    let path = format!("/api/v1/namespaces/{}/secrets", target.namespace);
    let query = format!("&labelSelector=owner%3Dhelm%2Cname%3D{}", target.name);
    let found = crate::read::permitted(cluster, read.list::<Secret>(&path, &query).await?)?;
    let mut revisions =
        found.iter().map(|secret| decode(&secret.data.release)).collect::<Result<Vec<_>, _>>()?;
    revisions.sort_by_key(|revision| std::cmp::Reverse(revision.version));
    if revisions.is_empty() {
        return Err(Kind::NotFound { what: target.to_string() }.into());
    }
    Ok(revisions)
}

/// Base64 of the Secret, base64 of Helm, gzip, JSON.
fn decode(data: &str) -> Result<StoredRelease, Error> {
    let inner = STANDARD.decode(data).map_err(Error::internal)?;
    let packed = STANDARD.decode(inner).map_err(Error::internal)?;
    let mut text = Vec::new();
    GzDecoder::new(packed.as_slice()).take(DECODED).read_to_end(&mut text).map_err(Error::internal)?;
    serde_json::from_slice(&text).map_err(Error::internal)
}

#[derive(Deserialize)]
struct Labelled {
    metadata: Labels,
}

#[derive(Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct Labels {
    namespace: String,
    labels: BTreeMap<String, String>,
    creation_timestamp: String,
}

#[derive(Deserialize)]
struct Secret {
    #[serde(default)]
    data: SecretData,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct SecretData {
    release: String,
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Write as _;

    #[test]
    fn a_release_is_read_as_helm_packs_it() {
        let text = r#"{"name":"web","version":3,"info":{"status":"deployed","notes":"hi"},
            "chart":{"metadata":{"name":"hello","version":"1.0.0","appVersion":"2"}},"config":{"a":1},"manifest":"x"}"#;
        let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        gzip.write_all(text.as_bytes()).unwrap();
        let packed = STANDARD.encode(STANDARD.encode(gzip.finish().unwrap()));

        let release = decode(&packed).unwrap();

        assert_eq!((release.version, release.info.status.as_str()), (3, "deployed"));
        assert_eq!(release.revision().chart, "hello-1.0.0");
        assert!(decode("bm8=").is_err());
    }
}
