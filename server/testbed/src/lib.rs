//! A real Kubernetes control plane on loopback, for tests and for `make run`.
//!
//! etcd, API server, controller manager, scheduler and kwok with free ports, their own keys and a temporary folder, so
//! that several run side by side; a real node beside it where the machine allows. Their programs are built by `scripts/testbed.sh` from Go modules.
//! Knows nothing of Pilothouse.

mod control_plane;
mod fake;
mod kubeconfig;
mod node;
mod pki;
mod process;
mod sweep;
mod tools;

pub use tools::program;

use std::path::{Path, PathBuf};

use anyhow::{Context as _, bail};
use tempfile::TempDir;
use tokio::process::Command;

use control_plane::{ControlPlane, Ports};
use node::Node;
use pki::Pki;

/// A running control plane. Dropping it stops every process and removes its folder.
pub struct Testbed {
    /// Before the control plane, which it needs to the end.
    node: Option<Node>,
    plane: ControlPlane,
    pki: Pki,
    ports: Ports,
    admin: PathBuf,
    folder: TempDir,
}

impl Testbed {
    /// Starts everything and waits until the API server is ready, at most a minute.
    pub async fn start() -> anyhow::Result<Self> {
        Self::start_in(None).await
    }

    /// As [`Testbed::start`], with what an earlier instance left in this folder. One at a time may use it.
    pub async fn start_keeping(data: &Path) -> anyhow::Result<Self> {
        std::fs::create_dir_all(data)?;
        Self::start_in(Some(&data.canonicalize()?)).await
    }

    async fn start_in(data: Option<&Path>) -> anyhow::Result<Self> {
        sweep::sweep();
        let folder = tempfile::Builder::new().prefix(sweep::PREFIX).tempdir()?;
        let data = data.unwrap_or(folder.path());
        sweep::claim(folder.path())?;
        let pki = Pki::write(folder.path())?;
        let ports = Ports::free()?;
        let admin = pki.kubeconfig("admin", &["system:masters"], &ports.server(), folder.path())?;
        let plane = ControlPlane::start(folder.path(), data, &pki, &ports, &admin).await?;
        Ok(Self { node: None, plane, pki, ports, admin, folder })
    }

    /// Kubeconfig of an administrator.
    pub fn kubeconfig(&self) -> &Path {
        &self.admin
    }

    /// Kubeconfig of somebody with this name and these groups, and with the rights that these are bound to.
    pub fn user(&self, name: &str, groups: &[&str]) -> anyhow::Result<PathBuf> {
        self.pki.kubeconfig(name, groups, &self.ports.server(), self.folder.path())
    }

    /// Adds simulated nodes `fake-0` … that run pods with `nodeSelector: {type: kwok}` without containers.
    pub async fn fake_nodes(&self, count: u32) -> anyhow::Result<()> {
        let manifest = fake::nodes(count);
        let file = self.folder.path().join("fake-nodes.yaml");
        std::fs::write(&file, manifest)?;
        self.kubectl(&["apply", "-f", &file.display().to_string()]).await?;
        let names: Vec<_> = (0..count).map(|number| format!("node/fake-{number}")).collect();
        let names = names.iter().map(String::as_str);
        let wait: Vec<_> =
            ["wait", "--for=condition=Ready", "--timeout=60s"].into_iter().chain(names).collect();
        self.kubectl(&wait).await?;
        Ok(())
    }

    /// Why there can be no real node on this machine, if there cannot: no root, or something is not installed.
    pub fn obstacle() -> Option<String> {
        node::obstacle()
    }

    /// Adds the node `real`, which runs containers, serves metrics, and has the image `testbed.local/base:1` and one local
    /// volume. Pods have to choose simulated nodes explicitly from then on and before.
    pub async fn real_node(&mut self) -> anyhow::Result<()> {
        if let Some(obstacle) = Self::obstacle() {
            bail!(obstacle);
        }
        self.node =
            Some(Node::start(self.folder.path(), &self.pki, self.ports.apiserver, &self.admin).await?);
        Ok(())
    }

    /// Makes the image of a docker-archive known to the real node.
    pub async fn load_image(&self, archive: &Path) -> anyhow::Result<()> {
        // The node has a working folder of its own.
        let archive = archive.canonicalize().with_context(|| archive.display().to_string())?;
        self.node.as_ref().context("there is no real node")?.load_image(&archive).await
    }

    /// Runs kubectl as the administrator and returns what it printed.
    pub async fn kubectl(&self, arguments: &[&str]) -> anyhow::Result<String> {
        kubectl(&self.admin, arguments).await
    }

    /// Stops the API server; the rest keeps running, as in an outage.
    pub async fn stop_apiserver(&mut self) -> anyhow::Result<()> {
        self.plane.stop_apiserver().await
    }

    /// Starts the API server again on the same address.
    pub async fn start_apiserver(&mut self) -> anyhow::Result<()> {
        self.plane.start_apiserver(self.folder.path(), &self.ports, &self.admin).await
    }

    /// Freezes the API server with all its connections, or lets it go on.
    pub fn freeze_apiserver(&self, frozen: bool) -> anyhow::Result<()> {
        self.plane.freeze_apiserver(frozen)
    }

    /// Freezes the store behind the API server, or lets it go on.
    pub fn freeze_etcd(&self, frozen: bool) -> anyhow::Result<()> {
        self.plane.freeze_etcd(frozen)
    }

    /// Where the store listens: `http://127.0.0.1:port`.
    pub fn etcd(&self) -> String {
        self.ports.store()
    }

    /// Stops the store behind the API server.
    pub async fn stop_etcd(&mut self) -> anyhow::Result<()> {
        self.plane.stop_etcd().await
    }

    /// Starts it again with what it had.
    pub fn start_etcd(&mut self) -> anyhow::Result<()> {
        self.plane.start_etcd(self.folder.path(), &self.ports, None)
    }

    /// As [`Testbed::start_etcd`], with room for so many bytes only.
    pub fn start_small_etcd(&mut self, room: u64) -> anyhow::Result<()> {
        self.plane.start_etcd(self.folder.path(), &self.ports, Some(room))
    }
}

/// Runs kubectl with a kubeconfig and returns what it printed. The error holds what it complained about.
pub async fn kubectl(kubeconfig: &Path, arguments: &[&str]) -> anyhow::Result<String> {
    let output = Command::new(tools::program("kubectl")?)
        .arg("--kubeconfig")
        .arg(kubeconfig)
        .args(arguments)
        .output()
        .await
        .context("kubectl does not run")?;
    if !output.status.success() {
        bail!("kubectl {}: {}", arguments.join(" "), String::from_utf8_lossy(&output.stderr).trim());
    }
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}
