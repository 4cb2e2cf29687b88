//! A packaged chart, read in memory. Nothing is ever unpacked to disk.

use std::io::Read as _;

use flate2::read::GzDecoder;
use model::outside::FetchProblem;
use sha2::{Digest as _, Sha256};

/// Helm's own limits (`pkg/chart/loader/archive`): all files together, and one of them. Bytes.
const WHOLE: u64 = 100 * 1024 * 1024;
const FILE: u64 = 5 * 1024 * 1024;

/// What is read of a chart.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Contents {
    /// `Chart.yaml`.
    pub chart: String,
    pub values: String,
    pub readme: String,
}

/// `digest` is the SHA-256 that the index promises in hexadecimal; none is checked when it is empty.
pub fn read_archive(bytes: &[u8], digest: &str) -> Result<Contents, FetchProblem> {
    let promised = digest.strip_prefix("sha256:").unwrap_or(digest);
    if !promised.is_empty() && !promised.eq_ignore_ascii_case(&hexadecimal(bytes)) {
        return Err(FetchProblem::WrongDigest);
    }
    let mut contents = Contents::default();
    let mut files = tar::Archive::new(GzDecoder::new(bytes).take(WHOLE));
    for file in files.entries().map_err(unreadable)? {
        let mut file = file.map_err(unreadable)?;
        let path = file.path().map_err(unreadable)?.into_owned();
        // `web/values.yaml`: files of charts within the chart are deeper.
        let mut parts = path.components().skip(1);
        let (Some(name), None) = (parts.next(), parts.next()) else { continue };
        let into = match name.as_os_str().to_str() {
            Some("Chart.yaml") => &mut contents.chart,
            Some("values.yaml") => &mut contents.values,
            Some("README.md") => &mut contents.readme,
            _ => continue,
        };
        if file.size() > FILE {
            return Err(FetchProblem::TooLarge);
        }
        let mut text = Vec::new();
        file.by_ref().take(FILE).read_to_end(&mut text).map_err(unreadable)?;
        *into = String::from_utf8_lossy(&text).into_owned();
    }
    if contents.chart.is_empty() { Err(FetchProblem::Unreadable) } else { Ok(contents) }
}

fn hexadecimal(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}

fn unreadable(error: std::io::Error) -> FetchProblem {
    tracing::info!(event = "catalog.archive_unreadable", error = error.to_string());
    FetchProblem::Unreadable
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Write as _;

    fn packed(files: &[(&str, &str)]) -> Vec<u8> {
        let mut tar = tar::Builder::new(Vec::new());
        for (path, text) in files {
            let mut header = tar::Header::new_gnu();
            header.set_size(text.len() as u64);
            header.set_mode(0o644);
            tar.append_data(&mut header, path, text.as_bytes()).unwrap();
        }
        let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        gzip.write_all(&tar.into_inner().unwrap()).unwrap();
        gzip.finish().unwrap()
    }

    #[test]
    fn values_keep_their_comments_and_subcharts_are_not_taken_for_the_chart() {
        let bytes = packed(&[
            ("web/Chart.yaml", "name: web\n"),
            ("web/values.yaml", "# How many.\nreplicas: 1\n"),
            ("web/charts/db/values.yaml", "not: this\n"),
        ]);

        let contents = read_archive(&bytes, &hexadecimal(&bytes).to_uppercase()).unwrap();

        assert_eq!(contents.values, "# How many.\nreplicas: 1\n");
        assert_eq!(contents.readme, "");
    }

    #[test]
    fn an_archive_that_is_not_the_promised_one_is_refused() {
        let bytes = packed(&[("web/Chart.yaml", "name: web\n")]);

        assert_eq!(read_archive(&bytes, &"0".repeat(64)), Err(FetchProblem::WrongDigest));
    }

    #[test]
    fn what_is_no_chart_is_told() {
        assert_eq!(read_archive(b"<html>", ""), Err(FetchProblem::Unreadable));
        assert_eq!(read_archive(&packed(&[("web/values.yaml", "a: 1")]), ""), Err(FetchProblem::Unreadable));
    }

    #[test]
    fn a_bomb_ends_at_the_limit() {
        let bomb =
            packed(&[("web/Chart.yaml", "name: web\n"), ("web/values.yaml", &"x".repeat(6 * 1024 * 1024))]);

        assert_eq!(read_archive(&bomb, ""), Err(FetchProblem::TooLarge));
    }
}
