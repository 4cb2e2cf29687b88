//! Simulated nodes and the program that keeps them, kwok.

use std::path::Path;

use anyhow::Context as _;

/// Only annotated nodes are simulated. kwok fills in no defaults once it is given options, so all that it needs stands here.
const OPTIONS: &str = "apiVersion: config.kwok.x-k8s.io/v1alpha1
kind: KwokConfiguration
options:
  enableCRDs: []
  cidr: 10.244.0.0/16
  manageAllNodes: false
  manageNodesWithAnnotationSelector: kwok.x-k8s.io/node=fake
  nodeLeaseDurationSeconds: 40
  nodeLeaseParallelism: 4
  podPlayStageParallelism: 4
  nodePlayStageParallelism: 4
  podsOnNodeSyncParallelism: 1
  enablePodsOnNodeSyncListPager: false
  enablePodsOnNodeSyncStreamWatch: false
";

/// kwok's configuration: our options, then its own stages.
pub(crate) fn configuration(stages: &Path) -> anyhow::Result<String> {
    let stages = std::fs::read_to_string(stages).with_context(|| stages.display().to_string())?;
    Ok(format!("{OPTIONS}---\n{stages}"))
}

/// Nodes that kwok keeps ready, with room for 110 pods each. Tainted, so that other pods go to a real node.
pub(crate) fn nodes(count: u32) -> String {
    let node = |number: u32| {
        format!(
            "---
apiVersion: v1
kind: Node
metadata:
  name: fake-{number}
  labels: {{type: kwok, kubernetes.io/hostname: fake-{number}}}
  annotations: {{kwok.x-k8s.io/node: fake}}
spec:
  taints: [{{key: kwok.x-k8s.io/node, value: fake, effect: NoSchedule}}]
status:
  allocatable: {{cpu: '32', memory: 256Gi, pods: '110'}}
  capacity: {{cpu: '32', memory: 256Gi, pods: '110'}}
"
        )
    };
    (0..count).map(node).collect()
}
