//! The control plane is real, separate per instance, and survives an outage of its API server.

use std::io::Write as _;
use std::time::Duration;

use testbed::{Testbed, kubectl};

const PODS: &str = "apiVersion: apps/v1
kind: Deployment
metadata: {name: web, namespace: default}
spec:
  replicas: 3
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec:
      nodeSelector: {type: kwok}
      tolerations: [{key: kwok.x-k8s.io/node, operator: Exists}]
      containers: [{name: web, image: example/web}]
";

#[tokio::test]
async fn a_deployment_becomes_available_on_simulated_nodes() {
    let testbed = Testbed::start().await.unwrap();
    testbed.fake_nodes(2).await.unwrap();
    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(file.path(), PODS).unwrap();

    testbed.kubectl(&["apply", "-f", &file.path().display().to_string()]).await.unwrap();
    testbed.kubectl(&["rollout", "status", "deployment/web", "--timeout=60s"]).await.unwrap();

    let nodes = testbed.kubectl(&["get", "pods", "-o", "jsonpath={.items[*].spec.nodeName}"]).await.unwrap();
    assert_eq!(nodes.split_whitespace().filter(|node| node.starts_with("fake-")).count(), 3);
}

#[tokio::test]
async fn a_user_has_only_the_rights_that_are_bound_to_them() {
    let testbed = Testbed::start().await.unwrap();
    let viewer = testbed.user("ada", &["viewers"]).unwrap();

    let before = kubectl(&viewer, &["get", "pods", "-n", "default"]).await;
    let bind = ["create", "rolebinding", "viewers", "--clusterrole=view", "--group=viewers", "-n", "default"];
    testbed.kubectl(&bind).await.unwrap();
    let mut after = kubectl(&viewer, &["get", "pods", "-n", "default"]).await;
    for _ in 0..50 {
        if after.is_ok() {
            break;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
        after = kubectl(&viewer, &["get", "pods", "-n", "default"]).await;
    }

    assert!(before.unwrap_err().to_string().contains("Forbidden"));
    assert!(after.is_ok());
    assert!(kubectl(&viewer, &["get", "pods", "-n", "kube-system"]).await.is_err());
}

#[tokio::test]
async fn two_instances_run_side_by_side_and_know_nothing_of_each_other() {
    let (first, second) = tokio::join!(Testbed::start(), Testbed::start());
    let (first, second) = (first.unwrap(), second.unwrap());

    first.kubectl(&["create", "namespace", "only-here"]).await.unwrap();

    assert!(first.kubectl(&["get", "namespace", "only-here"]).await.is_ok());
    assert!(second.kubectl(&["get", "namespace", "only-here"]).await.is_err());
}

#[tokio::test]
async fn objects_survive_an_outage_of_the_api_server() {
    let mut testbed = Testbed::start().await.unwrap();
    testbed.kubectl(&["create", "namespace", "kept"]).await.unwrap();

    testbed.stop_apiserver().await.unwrap();
    let during = testbed.kubectl(&["get", "namespace", "kept"]).await;
    testbed.start_apiserver().await.unwrap();

    assert!(during.is_err());
    assert!(testbed.kubectl(&["get", "namespace", "kept"]).await.is_ok());
}

#[tokio::test]
async fn what_a_crashed_instance_left_is_removed_at_the_next_start() {
    let left = tempfile::Builder::new().prefix("pilothouse-testbed-").tempdir().unwrap().keep();
    let mut ended = std::process::Command::new("true").spawn().unwrap();
    ended.wait().unwrap();
    std::fs::write(left.join("owner"), ended.id().to_string()).unwrap();

    let testbed = Testbed::start().await.unwrap();

    assert!(!left.exists());
    assert!(testbed.kubeconfig().exists());
}

const CONTAINERS: &str = "apiVersion: v1
kind: Service
metadata: {name: web, namespace: default}
spec:
  selector: {app: web}
  ports: [{port: 80, targetPort: 8080}]
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: web, namespace: default}
spec:
  replicas: 2
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec:
      containers:
        - name: web
          image: testbed.local/base:1
          command: [sh, -c, 'echo serving; exec httpd -f -p 8080 -h /www']
          readinessProbe: {tcpSocket: {port: 8080}, periodSeconds: 1}
          resources: {requests: {cpu: 10m, memory: 16Mi}}
---
apiVersion: v1
kind: PersistentVolumeClaim
metadata: {name: data, namespace: default}
spec: {accessModes: [ReadWriteOnce], resources: {requests: {storage: 1Gi}}}
---
apiVersion: v1
kind: Pod
metadata: {name: once, namespace: default}
spec:
  restartPolicy: Never
  volumes: [{name: data, persistentVolumeClaim: {claimName: data}}]
  containers:
    - name: once
      image: testbed.local/base:1
      # The Service by its address once a pod is ready, and the API server by its own.
      command:
        - sh
        - -c
        - |
          echo kept >/data/file
          until printf 'GET /index.html HTTP/1.0\\r\\n\\r\\n' | nc -w 5 $WEB_SERVICE_HOST 80 2>/dev/null | grep -q hello; do sleep 1; done
          echo | nc -w 5 $KUBERNETES_SERVICE_HOST 443 && cat /data/file
      volumeMounts: [{name: data, mountPath: /data}]
";

#[tokio::test]
async fn a_real_node_runs_containers_with_logs_services_a_volume_and_metrics() {
    if let Some(obstacle) = Testbed::obstacle() {
        writeln!(std::io::stderr(), "SKIPPED a_real_node_runs_containers: {obstacle}").unwrap();
        return;
    }
    let mut testbed = Testbed::start().await.unwrap();
    testbed.real_node().await.unwrap();
    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(file.path(), CONTAINERS).unwrap();
    let file = file.path().display().to_string();

    // The Service first: pods learn its address when they start.
    testbed.kubectl(&["apply", "-f", &file]).await.unwrap();
    testbed.kubectl(&["rollout", "status", "deployment/web", "--timeout=120s"]).await.unwrap();
    testbed
        .kubectl(&["wait", "--for=jsonpath={.status.phase}=Succeeded", "pod/once", "--timeout=120s"])
        .await
        .unwrap();

    assert_eq!(testbed.kubectl(&["logs", "pod/once"]).await.unwrap().trim(), "kept");
    assert_eq!(testbed.kubectl(&["logs", "deployment/web"]).await.unwrap().trim(), "serving");
    let said = testbed.kubectl(&["exec", "deployment/web", "--", "cat", "/www/index.html"]).await.unwrap();
    assert_eq!(said.trim(), "hello");
    let mut usage = testbed.kubectl(&["top", "pods", "-n", "default"]).await;
    for _ in 0..120 {
        if usage.is_ok() {
            break;
        }
        tokio::time::sleep(Duration::from_millis(500)).await;
        usage = testbed.kubectl(&["top", "pods", "-n", "default"]).await;
    }
    assert!(usage.unwrap().contains("web-"));
}
