//! A program that cannot outlive us.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;

use anyhow::{Context as _, bail};
use rustix::process::{Pid, Signal, kill_process};
use tokio::process::{Child, ChildStdin, Command};

/// Runs the program until its own standard input ends, which the system sees to when we die, however we die.
/// `$1` is the log, the rest the program. Killed, because the API server waits a minute for its watchers when asked politely.
const GUARD: &str = r#"
log=$1; shift
"$@" </dev/null >"$log" 2>&1 &
child=$!
{ cat >/dev/null; kill -KILL "$child" 2>/dev/null; } <&3 &
exec 3<&-
wait "$child"
"#;

/// How long a program may take to end when told to.
const PATIENCE: Duration = Duration::from_secs(20);

pub(crate) struct Process {
    name: String,
    log: PathBuf,
    guard: Child,
    /// Closing it ends the program.
    lifeline: Option<ChildStdin>,
}

impl Process {
    pub(crate) fn start(program: &Path, arguments: &[String], folder: &Path) -> anyhow::Result<Self> {
        Self::start_within(&[], program, arguments, folder)
    }

    /// As [`Process::start`], behind a command that enters some namespaces.
    pub(crate) fn start_within(
        prefix: &[String],
        program: &Path,
        arguments: &[String],
        folder: &Path,
    ) -> anyhow::Result<Self> {
        let name = program.file_name().map(OsString::from).unwrap_or_default().to_string_lossy().into_owned();
        let log = folder.join(format!("{name}.log"));
        let mut words = prefix.iter().map(String::as_str).chain(["sh"]);
        let mut guard = Command::new(words.next().unwrap_or("sh"))
            .args(words)
            .args(["-c", &format!("exec 3<&0; {GUARD}"), "guard"])
            .arg(&log)
            .arg(program)
            .args(arguments)
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .with_context(|| format!("{name} does not start"))?;
        let lifeline = guard.stdin.take();
        Ok(Self { name, log, guard, lifeline })
    }

    /// Fails with the end of the log when the program has ended by itself.
    pub(crate) fn check(&mut self) -> anyhow::Result<()> {
        if let Some(status) = self.guard.try_wait()? {
            bail!("{} ended ({status}): {}", self.name, self.complaint());
        }
        Ok(())
    }

    /// Tells the program to end and waits until it has.
    pub(crate) async fn stop(&mut self) -> anyhow::Result<()> {
        drop(self.lifeline.take());
        tokio::time::timeout(PATIENCE, self.guard.wait())
            .await
            .with_context(|| format!("{} does not end", self.name))??;
        Ok(())
    }

    /// Stops the program where it is, with all its connections open, or lets it go on.
    pub(crate) fn freeze(&self, frozen: bool) -> anyhow::Result<()> {
        let signal = if frozen { Signal::STOP } else { Signal::CONT };
        kill_process(self.program()?, signal)?;
        Ok(())
    }

    /// The guard's child that is the program.
    fn program(&self) -> anyhow::Result<Pid> {
        let guard = self.guard.id().context("it has ended")?;
        let children = std::fs::read_to_string(format!("/proc/{guard}/task/{guard}/children"))?;
        let is_ours = |pid: &&str| {
            let program = std::fs::read_link(format!("/proc/{pid}/exe")).unwrap_or_default();
            program.file_name().is_some_and(|name| *name == *self.name)
        };
        let found =
            children.split_whitespace().find(is_ours).and_then(|pid| Pid::from_raw(pid.parse().ok()?));
        found.with_context(|| format!("{} does not run", self.name))
    }

    /// The last lines of the log.
    pub(crate) fn complaint(&self) -> String {
        let text = std::fs::read_to_string(&self.log).unwrap_or_default();
        let mut lines: Vec<&str> = text.lines().rev().take(5).collect();
        lines.reverse();
        lines.join("\n")
    }
}
