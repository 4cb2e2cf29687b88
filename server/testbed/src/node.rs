//! A real node: containerd, kubelet, kube-proxy and metrics-server, in namespaces of their own.
//!
//! The control plane stays on the host's loopback. On the host there is of the node only a veth, which goes with its network,
//! and control groups, which are removed when it stops or by the next start.

mod control_groups;
mod image;
mod namespaces;
mod network;
mod relay;

use std::path::Path;
use std::time::Duration;

use anyhow::{Context as _, bail};
use tokio::task::JoinHandle;

use crate::pki::Pki;
use crate::process::Process;
use crate::{kubectl, tools};

pub(crate) use control_groups::remove as remove_control_groups;
use namespaces::Namespaces;
use network::Network;

/// The node's name in the cluster.
pub(crate) const NAME: &str = "real";
/// Runs as pause container and, with busybox inside, as a workload.
const BASE_IMAGE: &str = "testbed.local/base:1";
/// What has to be installed; Debian's packages are in `scripts/packages.sh`.
const PROGRAMS: [&str; 6] = [
    "/usr/bin/containerd",
    "/usr/sbin/runc",
    "/usr/lib/cni/bridge",
    "/usr/bin/busybox",
    "/usr/sbin/iptables",
    "/usr/bin/nsenter",
];

pub(crate) struct Node {
    relay: JoinHandle<()>,
    /// Before the namespaces, so that they are told to end first.
    processes: Vec<Process>,
    network: Network,
    namespaces: Namespaces,
    group: String,
}

/// Why there can be no real node on this machine, if there cannot.
pub(crate) fn obstacle() -> Option<String> {
    if !rustix::process::geteuid().is_root() {
        return Some("a real node needs root".to_owned());
    }
    let missing: Vec<_> = PROGRAMS.into_iter().filter(|program| !Path::new(program).exists()).collect();
    if !missing.is_empty() {
        return Some(format!("a real node needs {}", missing.join(", ")));
    }
    ["kubelet", "kube-proxy", "metrics-server"]
        .into_iter()
        .find_map(|name| tools::program(name).err().map(|error| error.to_string()))
}

impl Node {
    /// Starts a node beside the control plane in `folder`, whose API server listens on `port`, and waits until it is ready.
    pub(crate) async fn start(folder: &Path, pki: &Pki, port: u16, admin: &Path) -> anyhow::Result<Self> {
        let group = folder.file_name().context("the folder has no name")?.to_string_lossy().into_owned();
        let namespaces = Namespaces::make(folder).await?;
        let network = Network::make(&namespaces).await?;
        let listener = relay::listen_within(namespaces.pid(), port)?;
        let relay = tokio::spawn(relay::run(listener, port));
        control_groups::make(&group)?;
        let mut node = Self { relay, processes: vec![], network, namespaces, group };
        node.run(folder, pki, port).await?;
        node.ready(folder, port, admin).await?;
        Ok(node)
    }

    /// Makes an image of a docker-archive known to the node.
    pub(crate) async fn load_image(&self, archive: &Path) -> anyhow::Result<()> {
        let archive = archive.display().to_string();
        self.namespaces.run(&["ctr", "-n", "k8s.io", "images", "import", &archive]).await
    }

    async fn run(&mut self, folder: &Path, pki: &Pki, port: u16) -> anyhow::Result<()> {
        let server = format!("https://127.0.0.1:{port}");
        let kubelet = pki.kubeconfig("system:node:real", &["system:nodes"], &server, folder)?;
        let proxy = pki.kubeconfig("system:kube-proxy", &[], &server, folder)?;
        let metrics = pki.kubeconfig("metrics-server", &["system:masters"], &server, folder)?;
        let fill = |text: &str| {
            text.replace("{NODE}", &self.network.node)
                .replace("{PODS}", &self.network.pods)
                .replace("{PLANE}", &folder.display().to_string())
                .replace("{GROUP}", &self.group)
                .replace("{FOLDER}/kube-proxy.kubeconfig", &proxy.display().to_string())
        };
        let write = |name: &str, text: &str| -> anyhow::Result<String> {
            let file = folder.join(name);
            std::fs::write(&file, fill(text))?;
            Ok(file.display().to_string())
        };
        let containerd = write("containerd.toml", include_str!("../assets/node/containerd.toml"))?;
        let cni = write("cni.conflist", include_str!("../assets/node/cni.conflist"))?;
        let kubelet_yaml = write("kubelet.yaml", include_str!("../assets/node/kubelet.yaml"))?;
        let proxy_yaml = write("kube-proxy.yaml", include_str!("../assets/node/kube-proxy.yaml"))?;

        self.namespaces.run(&["cp", &cni, "/run/cni/"]).await?;
        self.start_program(Path::new("/usr/bin/containerd"), &["--config", &containerd], folder)?;
        self.containerd_answers().await?;
        let archive = folder.join("base-image.tar");
        std::fs::write(&archive, image::archive(BASE_IMAGE)?)?;
        self.load_image(&archive).await?;
        self.start_program(
            &tools::program("kubelet")?,
            &[
                &format!("--config={kubelet_yaml}"),
                &format!("--kubeconfig={}", kubelet.display()),
                &format!("--hostname-override={NAME}"),
                &format!("--node-ip={}", self.network.node),
            ],
            folder,
        )?;
        self.start_program(&tools::program("kube-proxy")?, &[&format!("--config={proxy_yaml}")], folder)?;
        let metrics = metrics.display();
        self.start_program(
            &tools::program("metrics-server")?,
            &[
                &format!("--kubeconfig={metrics}"),
                &format!("--authentication-kubeconfig={metrics}"),
                &format!("--authorization-kubeconfig={metrics}"),
                &format!("--bind-address={}", self.network.node),
                "--secure-port=4443",
                "--cert-dir=/run/metrics-server",
                "--metric-resolution=10s",
                // Must be below the resolution.
                "--kubelet-request-timeout=5s",
                "--kubelet-preferred-address-types=InternalIP",
                "--kubelet-insecure-tls",
                "--node-selector=type!=kwok",
            ],
            folder,
        )
    }

    fn start_program(&mut self, program: &Path, arguments: &[&str], folder: &Path) -> anyhow::Result<()> {
        let arguments: Vec<String> = arguments.iter().map(|argument| (*argument).to_owned()).collect();
        let process = Process::start_within(&self.namespaces.prefix(), program, &arguments, folder)?;
        self.processes.push(process);
        Ok(())
    }

    async fn containerd_answers(&mut self) -> anyhow::Result<()> {
        for _ in 0..150 {
            self.check()?;
            if self.namespaces.run(&["ctr", "version"]).await.is_ok() {
                return Ok(());
            }
            tokio::time::sleep(Duration::from_millis(200)).await;
        }
        bail!("containerd does not answer within 30 s")
    }

    /// Waits for the node and for metrics: an API that is registered and not there would disturb everything else.
    async fn ready(&mut self, folder: &Path, port: u16, admin: &Path) -> anyhow::Result<()> {
        let objects = include_str!("../assets/node/objects.yaml");
        let objects = objects.replace("{NODE}", &self.network.node).replace("{PORT}", &port.to_string());
        let file = folder.join("node-objects.yaml");
        std::fs::write(&file, objects)?;
        kubectl(admin, &["apply", "-f", &file.display().to_string()]).await?;
        for (condition, object) in
            [("Ready", "node/real"), ("Available", "apiservice/v1beta1.metrics.k8s.io")]
        {
            let condition = format!("--for=condition={condition}");
            let wait = ["wait", &condition, object, "--timeout=1s"];
            let mut tries = 0;
            while let Err(error) = kubectl(admin, &wait).await {
                self.check()?;
                tries += 1;
                if tries > 120 {
                    return Err(error);
                }
                tokio::time::sleep(Duration::from_millis(200)).await;
            }
        }
        Ok(())
    }

    fn check(&mut self) -> anyhow::Result<()> {
        self.processes.iter_mut().try_for_each(Process::check)
    }
}

impl Drop for Node {
    fn drop(&mut self) {
        self.relay.abort();
        self.processes.clear();
        self.network.end();
        self.namespaces.end();
        remove_control_groups(&self.group);
    }
}
