//! The network, mounts and processes of a node, apart from the host's.

use std::path::Path;
use std::process::Stdio;
use std::time::Duration;

use anyhow::{Context as _, bail};
use tokio::io::{AsyncBufReadExt as _, BufReader};
use tokio::process::{Child, ChildStdin, Command};

const INIT: &str = include_str!("../../assets/node/init.sh");
const PATIENCE: Duration = Duration::from_secs(20);

pub(crate) struct Namespaces {
    pid: u32,
    /// Closing it ends process 1 in there, and with it all others.
    lifeline: Option<ChildStdin>,
    _holder: Child,
}

impl Namespaces {
    pub(crate) async fn make(folder: &Path) -> anyhow::Result<Self> {
        let log = std::fs::File::create(folder.join("node-init.log"))?;
        let mut holder = Command::new("unshare")
            .args(["--net", "--mount", "--pid", "--fork", "--kill-child", "--mount-proc"])
            .args(["sh", "-c", INIT])
            .arg(folder)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(log)
            .spawn()
            .context("unshare does not start")?;
        let pid = holder.id().context("unshare has ended")?;
        let lifeline = holder.stdin.take();
        let printed = holder.stdout.take().context("unshare has no output")?;
        let mut line = String::new();
        tokio::time::timeout(PATIENCE, BufReader::new(printed).read_line(&mut line)).await??;
        if line.trim() != "ready" {
            let complaint = std::fs::read_to_string(folder.join("node-init.log")).unwrap_or_default();
            bail!("the node's namespaces cannot be made: {}", complaint.trim());
        }
        Ok(Self { pid, lifeline, _holder: holder })
    }

    pub(crate) fn pid(&self) -> u32 {
        self.pid
    }

    /// What comes before a command so that it runs in there.
    pub(crate) fn prefix(&self) -> Vec<String> {
        let pid = self.pid;
        let children = format!("--pid=/proc/{pid}/ns/pid_for_children");
        ["nsenter", "--target", &pid.to_string(), "--net", "--mount", &children, "--"]
            .map(str::to_owned)
            .into()
    }

    /// Runs a command in there. The error holds what it complained about.
    pub(crate) async fn run(&self, command: &[&str]) -> anyhow::Result<()> {
        let whole: Vec<String> =
            self.prefix().into_iter().chain(command.iter().map(|part| (*part).to_owned())).collect();
        let whole: Vec<&str> = whole.iter().map(String::as_str).collect();
        run(&whole).await
    }

    pub(crate) fn end(&mut self) {
        drop(self.lifeline.take());
    }
}

/// Runs a command on the host.
pub(crate) async fn run(command: &[&str]) -> anyhow::Result<()> {
    let [program, arguments @ ..] = command else { bail!("no command") };
    let output = Command::new(program).args(arguments).stdin(Stdio::null()).output().await?;
    if !output.status.success() {
        bail!("{}: {}", command.join(" "), String::from_utf8_lossy(&output.stderr).trim());
    }
    Ok(())
}
