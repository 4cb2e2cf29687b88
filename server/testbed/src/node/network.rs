//! The cable between the host and a node.

use anyhow::Context as _;

use super::namespaces::{Namespaces, run};

/// Instances side by side; each has the network `10.245.<number>.0/24`.
const NUMBERS: std::ops::Range<u8> = 1..250;

pub(crate) struct Network {
    /// Its end on the host.
    link: String,
    /// Address of the node.
    pub(crate) node: String,
    /// Addresses of its pods.
    pub(crate) pods: String,
}

impl Network {
    /// Takes the first free number: a name of an interface can be taken once.
    pub(crate) async fn make(namespaces: &Namespaces) -> anyhow::Result<Self> {
        let pid = namespaces.pid().to_string();
        let mut refused = None;
        for number in NUMBERS {
            let link = format!("ph{number}");
            let add = ["ip", "link", "add", &link, "type", "veth", "peer", "name", "eth0", "netns", &pid];
            match run(&add).await {
                Ok(()) => return Self::connect(namespaces, number, &link).await,
                Err(error) => refused = Some(error),
            }
        }
        Err(refused.context("no number is free")?)
    }

    async fn connect(namespaces: &Namespaces, number: u8, link: &str) -> anyhow::Result<Self> {
        let (host, node) = (format!("10.245.{number}.253"), format!("10.245.{number}.254"));
        let pods = format!("10.245.{number}.0/25");
        // An address that the kernel adds by itself comes seconds later, and browsers give up connections whenever one comes or goes.
        run(&["ip", "link", "set", link, "addrgenmode", "none"]).await?;
        run(&["ip", "addr", "add", &format!("{host}/30"), "dev", link]).await?;
        run(&["ip", "link", "set", link, "up"]).await?;
        run(&["ip", "route", "add", &pods, "via", &node]).await?;
        namespaces.run(&["ip", "addr", "add", &format!("{node}/30"), "dev", "eth0"]).await?;
        namespaces.run(&["ip", "link", "set", "eth0", "up"]).await?;
        // Services, and nothing else: pods reach no other network.
        namespaces.run(&["ip", "route", "add", "10.96.0.0/16", "via", &host]).await?;
        Ok(Self { link: link.to_owned(), node, pods })
    }

    /// The kernel would take the cable away with the node's network, but as late as the last connection in there ends.
    pub(crate) fn end(&self) {
        let gone = std::process::Command::new("ip").args(["link", "delete", &self.link]).output();
        // What is gone already need not go.
        drop(gone);
    }
}
