//! Releases, as Helm keeps them in Secrets: one from its content; lists come from their labels.

use std::io::Read as _;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use contract::Error;
use flate2::read::GzDecoder;
use model::releases::{ReleaseName, Revision};
use serde::Deserialize;
use serde_json::Value;

/// The key that holds a release.
pub const KEY: &str = "release";
/// Largest release that is decoded. Bytes.
const DECODED: u64 = 20 * 1024 * 1024;

/// Selects the Secrets of one release.
pub fn of_one(name: &ReleaseName) -> String {
    format!("owner=helm,name={name}")
}

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

/// What the key of a Secret holds: base64, gzip, JSON.
pub fn read_release(held: &[u8]) -> Result<StoredRelease, Error> {
    let packed = STANDARD.decode(held).map_err(Error::internal)?;
    let mut text = Vec::new();
    GzDecoder::new(packed.as_slice()).take(DECODED).read_to_end(&mut text).map_err(Error::internal)?;
    serde_json::from_slice(&text).map_err(Error::internal)
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
        let packed = STANDARD.encode(gzip.finish().unwrap());

        let release = read_release(packed.as_bytes()).unwrap();

        assert_eq!((release.version, release.info.status.as_str()), (3, "deployed"));
        assert_eq!(release.revision().chart, "hello-1.0.0");
        assert!(read_release(b"bm8=").is_err());
    }
}
