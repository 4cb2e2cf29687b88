//! The real cluster that all tests of this binary share. Each test has projects and namespaces of its own.

use std::path::PathBuf;
use std::sync::OnceLock;

use cluster::Cluster;
use model::clusters::ClusterName;
use testbed::Testbed;
use tokio::runtime::Runtime;

/// Started by the first test that asks; ends with the process.
pub(crate) fn testbed() -> &'static Testbed {
    static SHARED: OnceLock<Testbed> = OnceLock::new();
    SHARED.get_or_init(|| {
        let start = || {
            // Outlives the test that starts it.
            let runtime: &'static Runtime = Box::leak(Box::new(Runtime::new().unwrap()));
            runtime.block_on(async {
                let testbed = Testbed::start().await.unwrap();
                testbed.fake_nodes(2).await.unwrap();
                testbed
            })
        };
        std::thread::spawn(start).join().unwrap()
    })
}

pub(crate) async fn local() -> Cluster {
    Cluster::from_file(ClusterName::parse("local").unwrap(), testbed().kubeconfig()).await.unwrap()
}

/// A cluster of this name at whose address nobody listens.
pub(crate) async fn silent(name: &str, folder: &std::path::Path) -> Cluster {
    let text = std::fs::read_to_string(testbed().kubeconfig()).unwrap();
    let file: PathBuf = folder.join("silent.kubeconfig");
    std::fs::write(&file, text.replace("https://127.0.0.1:", "https://127.0.0.2:")).unwrap();
    Cluster::from_file(ClusterName::parse(name).unwrap(), &file).await.unwrap()
}
