//! `testbed`: starts a control plane, prints where its kubeconfig is, and runs until interrupted.

use std::io::Write as _;

use testbed::Testbed;

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let testbed = Testbed::start().await?;
    testbed.fake_nodes(2).await?;
    writeln!(std::io::stdout(), "KUBECONFIG={}", testbed.kubeconfig().display())?;
    tokio::signal::ctrl_c().await?;
    Ok(())
}
