//! `testbed [--simulated] [--image ARCHIVE]… [FOLDER]`: starts a control plane, prints where its kubeconfig is, and runs until it is told to
//! stop. With a folder, what is in the cluster is kept there from one start to the next. Images are loaded into the real node;
//! `--simulated` starts none.

use std::io::Write as _;
use std::path::Path;

use testbed::Testbed;
use tokio::signal::unix::{SignalKind, signal};

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let mut terminate = signal(SignalKind::terminate())?;
    let (mut folder, mut images, mut simulated) = (None, Vec::new(), false);
    let mut arguments = std::env::args_os().skip(1);
    while let Some(argument) = arguments.next() {
        match argument.to_str() {
            Some("--simulated") => simulated = true,
            Some("--image") => images.extend(arguments.next()),
            _ => folder = Some(argument),
        }
    }
    let mut testbed = match folder {
        Some(folder) => Testbed::start_keeping(Path::new(&folder)).await?,
        None => Testbed::start().await?,
    };
    testbed.fake_nodes(2).await?;
    match Testbed::obstacle() {
        _ if simulated => {}
        None => {
            testbed.real_node().await?;
            for image in &images {
                testbed.load_image(Path::new(image)).await?;
            }
        }
        Some(obstacle) => writeln!(std::io::stderr(), "testbed: simulated nodes only: {obstacle}")?,
    }
    writeln!(std::io::stdout(), "KUBECONFIG={}", testbed.kubeconfig().display())?;
    tokio::select! {
        told = tokio::signal::ctrl_c() => told?,
        _ = terminate.recv() => {}
    }
    Ok(())
}
