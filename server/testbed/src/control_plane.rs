//! The processes of one instance and what they are told.

use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::{Context as _, bail};

use crate::pki::Pki;
use crate::process::Process;
use crate::{fake, kubectl, tools};

/// Free ports of one instance.
pub(crate) struct Ports {
    etcd: u16,
    peer: u16,
    pub(crate) apiserver: u16,
    controllers: u16,
    scheduler: u16,
    kwok: u16,
}

impl Ports {
    /// Held all at once while they are chosen, so that no two are the same.
    pub(crate) fn free() -> anyhow::Result<Self> {
        let mut held = Vec::new();
        let mut next = || -> anyhow::Result<u16> {
            let listener = TcpListener::bind("127.0.0.1:0")?;
            let port = listener.local_addr()?.port();
            held.push(listener);
            Ok(port)
        };
        Ok(Self {
            etcd: next()?,
            peer: next()?,
            apiserver: next()?,
            controllers: next()?,
            scheduler: next()?,
            kwok: next()?,
        })
    }

    pub(crate) fn store(&self) -> String {
        format!("http://127.0.0.1:{}", self.etcd)
    }

    pub(crate) fn server(&self) -> String {
        format!("https://127.0.0.1:{}", self.apiserver)
    }
}

pub(crate) struct ControlPlane {
    apiserver: Process,
    etcd: Process,
    /// Where etcd keeps its state.
    data: PathBuf,
    /// Everything else, in the order of starting.
    others: Vec<Process>,
}

impl ControlPlane {
    /// etcd keeps its state in `data`, everything else is in `folder`.
    pub(crate) async fn start(
        folder: &Path,
        data: &Path,
        pki: &Pki,
        ports: &Ports,
        admin: &Path,
    ) -> anyhow::Result<Self> {
        let etcd = Process::start(&tools::program("etcd")?, &etcd(data, ports), folder)?;
        let mut apiserver =
            Process::start(&tools::program("kube-apiserver")?, &apiserver(folder, ports), folder)?;
        ready(&mut apiserver, admin).await?;

        let server = ports.server();
        let controllers = pki.kubeconfig("system:kube-controller-manager", &[], &server, folder)?;
        let scheduler = pki.kubeconfig("system:kube-scheduler", &[], &server, folder)?;
        let stages = folder.join("kwok.yaml");
        std::fs::write(&stages, fake::configuration(&tools::program("kwok-stages.yaml")?)?)?;
        let others = vec![
            Process::start(
                &tools::program("kube-controller-manager")?,
                &controller_manager(folder, ports, &controllers),
                folder,
            )?,
            Process::start(
                &tools::program("kube-scheduler")?,
                &[
                    flag("kubeconfig", scheduler.display()),
                    flag("bind-address", "127.0.0.1"),
                    flag("secure-port", ports.scheduler),
                    flag("leader-elect", false),
                ],
                folder,
            )?,
            Process::start(
                &tools::program("kwok")?,
                &[
                    flag("kubeconfig", admin.display()),
                    flag("config", stages.display()),
                    flag("server-address", format!("127.0.0.1:{}", ports.kwok)),
                    flag("node-ip", "127.0.0.1"),
                ],
                folder,
            )?,
        ];
        let mut plane = Self { apiserver, etcd, data: data.to_owned(), others };
        plane.usable(admin).await?;
        Ok(plane)
    }

    pub(crate) async fn stop_apiserver(&mut self) -> anyhow::Result<()> {
        self.apiserver.stop().await
    }

    pub(crate) async fn start_apiserver(
        &mut self,
        folder: &Path,
        ports: &Ports,
        admin: &Path,
    ) -> anyhow::Result<()> {
        self.apiserver =
            Process::start(&tools::program("kube-apiserver")?, &apiserver(folder, ports), folder)?;
        ready(&mut self.apiserver, admin).await
    }

    pub(crate) fn freeze_apiserver(&self, frozen: bool) -> anyhow::Result<()> {
        self.apiserver.freeze(frozen)
    }

    pub(crate) async fn stop_etcd(&mut self) -> anyhow::Result<()> {
        self.etcd.stop().await
    }

    pub(crate) fn freeze_etcd(&self, frozen: bool) -> anyhow::Result<()> {
        self.etcd.freeze(frozen)
    }

    pub(crate) fn start_etcd(
        &mut self,
        folder: &Path,
        ports: &Ports,
        room: Option<u64>,
    ) -> anyhow::Result<()> {
        let mut flags = etcd(&self.data, ports);
        flags.extend(room.map(|room| flag("quota-backend-bytes", room)));
        self.etcd = Process::start(&tools::program("etcd")?, &flags, folder)?;
        Ok(())
    }

    /// Waits until pods can be made: the controllers have given `default` its service account.
    async fn usable(&mut self, admin: &Path) -> anyhow::Result<()> {
        for _ in 0..300 {
            for process in self.others.iter_mut().chain([&mut self.etcd]) {
                process.check()?;
            }
            if kubectl(admin, &["get", "serviceaccount", "default", "-n", "default"]).await.is_ok() {
                return Ok(());
            }
            tokio::time::sleep(Duration::from_millis(200)).await;
        }
        bail!("the controllers made no service account within a minute")
    }
}

async fn ready(apiserver: &mut Process, admin: &Path) -> anyhow::Result<()> {
    for _ in 0..300 {
        apiserver.check()?;
        if kubectl(admin, &["get", "--raw", "/readyz"]).await.is_ok() {
            return Ok(());
        }
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
    Err(anyhow::anyhow!(apiserver.complaint())).context("the API server is not ready within a minute")
}

fn etcd(data: &Path, ports: &Ports) -> Vec<String> {
    let (client, peer) = (ports.store(), format!("http://127.0.0.1:{}", ports.peer));
    vec![
        flag("name", "testbed"),
        flag("data-dir", data.join("etcd").display()),
        flag("listen-client-urls", &client),
        flag("advertise-client-urls", &client),
        flag("listen-peer-urls", &peer),
        flag("initial-advertise-peer-urls", &peer),
        flag("initial-cluster", format!("testbed={peer}")),
        flag("log-level", "warn"),
        // A cluster for trying things out: losing the last second of it to a power cut is fine.
        "--unsafe-no-fsync".to_owned(),
    ]
}

fn apiserver(folder: &Path, ports: &Ports) -> Vec<String> {
    let file = |name: &str| folder.join(name).display().to_string();
    vec![
        flag("etcd-servers", format!("http://127.0.0.1:{}", ports.etcd)),
        flag("bind-address", "127.0.0.1"),
        flag("advertise-address", "127.0.0.1"),
        flag("secure-port", ports.apiserver),
        flag("cert-dir", file("apiserver-certificates")),
        flag("tls-cert-file", file("apiserver.crt")),
        flag("tls-private-key-file", file("apiserver.key")),
        flag("client-ca-file", file("ca.crt")),
        flag("service-account-issuer", "https://kubernetes.default.svc.cluster.local"),
        flag("service-account-key-file", file("service-accounts.pub")),
        flag("service-account-signing-key-file", file("service-accounts.key")),
        flag("service-cluster-ip-range", "10.96.0.0/16"),
        flag("authorization-mode", "Node,RBAC"),
        flag("allow-privileged", true),
        // Now and then a connection is asked to go, as behind the balancers of real clusters.
        flag("goaway-chance", "0.02"),
        // One instance, whose address the controllers need not look after.
        flag("endpoint-reconciler-type", "none"),
        flag("requestheader-client-ca-file", file("front-proxy-ca.crt")),
        flag("requestheader-allowed-names", "front-proxy-client"),
        flag("requestheader-extra-headers-prefix", "X-Remote-Extra-"),
        flag("requestheader-group-headers", "X-Remote-Group"),
        flag("requestheader-username-headers", "X-Remote-User"),
        flag("proxy-client-cert-file", file("front-proxy-client.crt")),
        flag("proxy-client-key-file", file("front-proxy-client.key")),
        // Aggregated APIs and kubelets are reached by their addresses; nothing resolves names here.
        flag("enable-aggregator-routing", true),
        flag("kubelet-preferred-address-types", "InternalIP"),
        flag("kubelet-client-certificate", file("kubelet-client.crt")),
        flag("kubelet-client-key", file("kubelet-client.key")),
    ]
}

fn controller_manager(folder: &Path, ports: &Ports, kubeconfig: &Path) -> Vec<String> {
    let file = |name: &str| folder.join(name).display().to_string();
    vec![
        flag("kubeconfig", kubeconfig.display()),
        flag("bind-address", "127.0.0.1"),
        flag("secure-port", ports.controllers),
        flag("leader-elect", false),
        flag("use-service-account-credentials", true),
        flag("service-account-private-key-file", file("service-accounts.key")),
        flag("root-ca-file", file("ca.crt")),
        flag("cluster-signing-cert-file", file("ca.crt")),
        flag("cluster-signing-key-file", file("ca.key")),
        flag("controllers", "*"),
    ]
}

fn flag(name: &str, value: impl std::fmt::Display) -> String {
    format!("--{name}={value}")
}
