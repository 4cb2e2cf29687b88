//! `index.yaml` of a chart repository.

use std::cmp::Ordering;
use std::collections::BTreeMap;

use model::outside::FetchProblem;
use serde::Deserialize;
use url::Url;

/// Versions that are kept of one chart, newest first.
const VERSIONS: usize = 100;

/// One version of a chart.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct Entry {
    pub name: String,
    pub version: String,
    pub app_version: String,
    pub description: String,
    pub icon: String,
    /// Lower-case hexadecimal SHA-256; empty when the index does not say.
    pub digest: String,
    pub created: String,
    pub deprecated: bool,
    /// `library` charts cannot be installed.
    #[serde(rename = "type")]
    pub kind: String,
    /// The first is used; made absolute.
    pub urls: Vec<String>,
}

#[derive(Deserialize)]
struct Index {
    entries: BTreeMap<String, Vec<Entry>>,
}

/// All charts with their versions, newest first. What cannot be installed or has no archive is left out.
pub fn read_index(text: &[u8], repository: &str) -> Result<Vec<Entry>, FetchProblem> {
    // Beyond what the largest public index has, below what hurts.
    let options = serde_saphyr::options! {
        budget: serde_saphyr::budget! {
            max_events: 10_000_000,
            max_nodes: 10_000_000,
            max_total_scalar_bytes: 128 * 1024 * 1024,
        },
    };
    let index: Index = serde_saphyr::from_slice_with_options(text, options).map_err(|error| {
        tracing::info!(event = "catalog.index_unreadable", repository, error = error.to_string());
        FetchProblem::Unreadable
    })?;
    let base = Url::parse(&format!("{repository}/")).map_err(|_| FetchProblem::Unreadable)?;
    let mut all = Vec::new();
    for (name, mut versions) in index.entries {
        versions.retain(|entry| entry.name == name && entry.kind != "library" && is_plain(&entry.name));
        versions.sort_by(|a, b| newer(&b.version, &a.version));
        versions.truncate(VERSIONS);
        for entry in versions {
            let Some(url) = entry.urls.first().and_then(|url| base.join(url).ok()) else { continue };
            all.push(Entry { urls: vec![url.into()], ..entry });
        }
    }
    Ok(all)
}

/// Part of an address of ours.
fn is_plain(name: &str) -> bool {
    !name.is_empty() && name.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.'))
}

/// The order of semantic versions (semver.org §11), lenient as Helm is: a leading `v`, missing parts.
fn newer(a: &str, b: &str) -> Ordering {
    let parts = |version: &str| {
        let version = version.strip_prefix('v').unwrap_or(version);
        let version = version.split('+').next().unwrap_or_default();
        let (core, pre) = version.split_once('-').map_or((version, None), |(core, pre)| (core, Some(pre)));
        let mut numbers = core.split('.').map(|part| part.parse::<u64>().unwrap_or_default());
        let core = [(); 3].map(|()| numbers.next().unwrap_or_default());
        (core, pre.map(str::to_owned))
    };
    let ((a, a_pre), (b, b_pre)) = (parts(a), parts(b));
    a.cmp(&b).then_with(|| match (a_pre, b_pre) {
        (None, None) => Ordering::Equal,
        (None, Some(_)) => Ordering::Greater,
        (Some(_), None) => Ordering::Less,
        (Some(a), Some(b)) => pre_release(&a, &b),
    })
}

fn pre_release(a: &str, b: &str) -> Ordering {
    let (mut a, mut b) = (a.split('.'), b.split('.'));
    loop {
        let order = match (a.next(), b.next()) {
            (None, None) => return Ordering::Equal,
            (None, Some(_)) => Ordering::Less,
            (Some(_), None) => Ordering::Greater,
            (Some(a), Some(b)) => match (a.parse::<u64>(), b.parse::<u64>()) {
                (Ok(a), Ok(b)) => a.cmp(&b),
                (Ok(_), Err(_)) => Ordering::Less,
                (Err(_), Ok(_)) => Ordering::Greater,
                (Err(_), Err(_)) => a.cmp(b),
            },
        };
        if order != Ordering::Equal {
            return order;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const INDEX: &str = r#"
apiVersion: v1
entries:
  web:
    - {name: web, version: 1.9.0, urls: [web-1.9.0.tgz], digest: aa, appVersion: "2"}
    - {name: web, version: 1.10.0, urls: ["https://cdn.example/web-1.10.0.tgz"], description: A web server}
    - {name: web, version: 1.10.0-rc.1, urls: [charts/web-rc.tgz]}
    - {name: web, version: 0.1.0, urls: []}
    - {name: other, version: 9.9.9, urls: [x.tgz]}
  common:
    - {name: common, version: 1.0.0, urls: [common.tgz], type: library}
  "../evil":
    - {name: "../evil", version: 1.0.0, urls: [evil.tgz]}
"#;

    #[test]
    fn versions_come_newest_first_with_absolute_addresses() {
        let entries = read_index(INDEX.as_bytes(), "https://charts.example/stable").unwrap();

        let told: Vec<_> =
            entries.iter().map(|entry| (entry.version.as_str(), entry.urls[0].as_str())).collect();
        assert_eq!(
            told,
            [
                ("1.10.0", "https://cdn.example/web-1.10.0.tgz"),
                ("1.10.0-rc.1", "https://charts.example/stable/charts/web-rc.tgz"),
                ("1.9.0", "https://charts.example/stable/web-1.9.0.tgz"),
            ]
        );
        assert_eq!(entries[2].app_version, "2");
    }

    #[test]
    fn what_is_no_index_is_told() {
        for broken in ["", "<html>", "entries: 7", "a: [", "entries: {web: [{name: {}}]}"] {
            assert_eq!(read_index(broken.as_bytes(), "https://x"), Err(FetchProblem::Unreadable), "{broken}");
        }
    }

    #[test]
    fn pre_releases_are_ordered_as_semver_orders_them() {
        let mut versions = [
            "1.0.0",
            "1.0.0-rc.1",
            "1.0.0-alpha.beta",
            "1.0.0-alpha",
            "1.0.0-alpha.1",
            "1.0.0-beta.11",
            "1.0.0-beta.2",
        ];
        versions.sort_by(|a, b| newer(a, b));

        assert_eq!(
            versions,
            [
                "1.0.0-alpha",
                "1.0.0-alpha.1",
                "1.0.0-alpha.beta",
                "1.0.0-beta.2",
                "1.0.0-beta.11",
                "1.0.0-rc.1",
                "1.0.0"
            ]
        );
        assert_eq!(newer("v2.0", "2.0.0+build"), Ordering::Equal);
    }
}
