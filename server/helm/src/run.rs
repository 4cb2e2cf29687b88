//! The helm binary as a child process: it gets an archive, never an address, and reaches nothing but the given kubeconfig.

use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::sync::Arc;
use std::time::Duration;

use contract::Error;
use tempfile::TempDir;
use tokio::process::Command;

/// Longest time for one operation; helm itself gives up earlier.
const WHOLE: Duration = Duration::from_secs(330);
const TIMEOUT: &str = "5m";
/// Where nobody listens. Go's proxy settings skip loopback, so the way to the cluster stays open.
const NOWHERE: &str = "http://127.0.0.1:9";

/// The binary. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Helm {
    program: PathBuf,
    /// What clusters serve, as client-go remembers it from one operation to the next.
    cache: Arc<TempDir>,
}

/// What one operation works on.
#[derive(Clone, Debug)]
pub struct Release<'a> {
    pub name: &'a str,
    pub namespace: &'a str,
    /// Where the kubeconfig is and helm keeps its own files; removed by the caller.
    pub folder: &'a Path,
    pub kubeconfig: &'a Path,
}

/// How helm ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ended {
    pub succeeded: bool,
    pub output: String,
    /// What it says when something is wrong.
    pub said: String,
}

impl Helm {
    pub fn new(program: PathBuf) -> Result<Self, Error> {
        let cache =
            tempfile::Builder::new().prefix("pilothouse-cache-").tempdir().map_err(Error::internal)?;
        Ok(Self { program, cache: Arc::new(cache) })
    }

    pub async fn install(&self, release: &Release<'_>, archive: &[u8], values: &str) -> Result<Ended, Error> {
        let (archive, values) = files(release, archive, values).await?;
        let arguments = ["install", release.name, &archive, "--values", &values, "--timeout", TIMEOUT];
        self.run(release, &arguments).await
    }

    pub async fn upgrade(&self, release: &Release<'_>, archive: &[u8], values: &str) -> Result<Ended, Error> {
        let (archive, values) = files(release, archive, values).await?;
        // Exactly these values: what was set before is in them or is meant to go.
        let arguments =
            ["upgrade", release.name, &archive, "--reset-values", "--values", &values, "--timeout", TIMEOUT];
        self.run(release, &arguments).await
    }

    pub async fn roll_back(&self, release: &Release<'_>, revision: u32) -> Result<Ended, Error> {
        let revision = revision.to_string();
        self.run(release, &["rollback", release.name, &revision, "--timeout", TIMEOUT]).await
    }

    pub async fn uninstall(&self, release: &Release<'_>) -> Result<Ended, Error> {
        self.run(release, &["uninstall", release.name, "--timeout", TIMEOUT]).await
    }

    /// The objects that a chart makes, without asking the cluster for more than its version.
    pub async fn template(
        &self,
        release: &Release<'_>,
        archive: &[u8],
        values: &str,
    ) -> Result<Ended, Error> {
        let (archive, values) = files(release, archive, values).await?;
        let arguments = ["template", release.name, &archive, "--values", &values, "--dry-run=client"];
        self.run(release, &arguments).await
    }

    async fn run(&self, release: &Release<'_>, arguments: &[&str]) -> Result<Ended, Error> {
        let home = release.folder.join("home");
        let folder = format!("{}/", release.folder.display());
        let child = Command::new(&self.program)
            .args(arguments)
            .args(["--namespace", release.namespace])
            .arg("--kubeconfig")
            .arg(release.kubeconfig)
            .env_clear()
            .env("HOME", &home)
            .env("KUBECACHEDIR", self.cache.path())
            .env("HTTPS_PROXY", NOWHERE)
            .env("HTTP_PROXY", NOWHERE)
            .current_dir(release.folder)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .kill_on_drop(true)
            .spawn();
        let child = match child {
            Ok(child) => child,
            Err(error) => {
                let program = self.program.display();
                let said =
                    format!("the helm program {program} cannot be started ({error}); see the setting helm");
                return Ok(Ended { succeeded: false, output: String::new(), said });
            }
        };
        let ended = tokio::time::timeout(WHOLE, child.wait_with_output()).await;
        let ended = ended.map_err(Error::internal)?.map_err(Error::internal)?;
        Ok(Ended {
            succeeded: ended.status.success(),
            output: String::from_utf8_lossy(&ended.stdout).into_owned(),
            // Where the files are is nobody's concern.
            said: String::from_utf8_lossy(&ended.stderr).trim().replace(&folder, ""),
        })
    }
}

/// Paths of the archive and of the values.
async fn files(release: &Release<'_>, archive: &[u8], values: &str) -> Result<(String, String), Error> {
    let paths = (release.folder.join("chart.tgz"), release.folder.join("values.yaml"));
    tokio::fs::write(&paths.0, archive).await.map_err(Error::internal)?;
    tokio::fs::write(&paths.1, values).await.map_err(Error::internal)?;
    Ok((paths.0.display().to_string(), paths.1.display().to_string()))
}
