//! What the console's own account may do in a cluster, of what it needs.

use contract::Error;
use futures::StreamExt as _;
use gate::Grant;
use http::Request;
use model::kubeconfig::{Feature, Right};
use serde::Deserialize;
use serde_json::json;

use crate::client::{ADMINISTRATORS, AUDITORS, Cluster, USERS};
use crate::error::within_deadline;

/// Questions under way at once.
const AT_ONCE: usize = 8;

/// Makes an account with exactly these rights in a cluster; for its owner to apply.
pub const ACCESS: &str =
    concat!(include_str!("../assets/roles.yaml"), "---\n", include_str!("../assets/access.yaml"));

/// Feature, verbs, group, resources, name, namespace.
type Need =
    (Feature, &'static [&'static str], &'static str, &'static [&'static str], &'static str, &'static str);

const RBAC: &str = "rbac.authorization.k8s.io";

/// The rules that `assets/access.yaml` and the chart give.
const NEEDS: [Need; 23] = [
    (Feature::People, &["impersonate"], "", &["serviceaccounts"], "", USERS),
    (Feature::People, &["impersonate"], "", &["groups"], ADMINISTRATORS, ""),
    (Feature::People, &["impersonate"], "", &["groups"], AUDITORS, ""),
    (Feature::People, &["impersonate"], "authentication.k8s.io", &["userextras/pilothouse-user"], "", ""),
    (
        Feature::Namespaces,
        &["get", "list", "watch", "create", "patch", "delete"],
        "",
        &["namespaces", "resourcequotas", "limitranges"],
        "",
        "",
    ),
    (Feature::Members, &["get", "list", "create", "patch", "delete"], RBAC, &["rolebindings"], "", ""),
    (Feature::Members, &["bind"], RBAC, &["clusterroles"], "pilothouse:namespace-admin", ""),
    (Feature::Members, &["bind"], RBAC, &["clusterroles"], "pilothouse:developer", ""),
    (Feature::Members, &["bind"], RBAC, &["clusterroles"], "pilothouse:viewer", ""),
    (Feature::Members, &["bind"], RBAC, &["clusterroles"], "pilothouse:can-operate", ""),
    (Feature::Members, &["bind"], RBAC, &["clusterroles"], "pilothouse:can-deploy", ""),
    (Feature::Members, &["bind"], RBAC, &["clusterroles"], "pilothouse:can-use-secrets", ""),
    (Feature::Members, &["bind"], RBAC, &["clusterroles"], "pilothouse:can-enter-pods", ""),
    (
        Feature::Workloads,
        &["list", "watch"],
        "",
        &["pods", "nodes", "services", "configmaps", "persistentvolumeclaims", "persistentvolumes", "events"],
        "",
        "",
    ),
    (
        Feature::Workloads,
        &["list", "watch"],
        "apps",
        &["deployments", "statefulsets", "daemonsets", "replicasets"],
        "",
        "",
    ),
    (Feature::Workloads, &["list", "watch"], "networking.k8s.io", &["ingresses"], "", ""),
    (Feature::Workloads, &["list", "watch"], "gateway.networking.k8s.io", &["httproutes"], "", ""),
    (Feature::Workloads, &["list", "watch"], "storage.k8s.io", &["storageclasses"], "", ""),
    (Feature::Workloads, &["list", "watch"], "apiextensions.k8s.io", &["customresourcedefinitions"], "", ""),
    (
        Feature::Workloads,
        &["list", "watch"],
        RBAC,
        &["roles", "rolebindings", "clusterroles", "clusterrolebindings"],
        "",
        "",
    ),
    (Feature::Workloads, &["list", "watch"], "autoscaling", &["horizontalpodautoscalers"], "", ""),
    (Feature::Workloads, &["list", "watch"], "batch", &["jobs", "cronjobs"], "", ""),
    (Feature::Metrics, &["list"], "metrics.k8s.io", &["nodes", "pods"], "", ""),
];

/// Asks the cluster about each. Errors: those of clusters.
pub async fn rights(cluster: &Cluster, grant: &Grant) -> Result<Vec<Right>, Error> {
    let client = cluster.client(grant)?;
    let asked = needed().into_iter().map(|right| {
        let client = &client;
        async move {
            let allowed = allowed(cluster, client, &right).await?;
            Ok::<_, Error>(Right { allowed: Some(allowed), ..right })
        }
    });
    let answers: Vec<_> = futures::stream::iter(asked).buffered(AT_ONCE).collect().await;
    answers.into_iter().collect()
}

/// Every right by itself, not asked about yet.
fn needed() -> Vec<Right> {
    let nodes: Need = (Feature::Nodes, &["list"], "", &["nodes"], "", "");
    let all = NEEDS.into_iter().chain([nodes]);
    let each = all.flat_map(|(feature, verbs, group, resources, name, namespace)| {
        resources.iter().flat_map(move |resource| {
            verbs.iter().map(move |verb| Right {
                feature,
                verb: (*verb).to_owned(),
                group: group.to_owned(),
                resource: (*resource).to_owned(),
                name: name.to_owned(),
                namespace: namespace.to_owned(),
                allowed: None,
            })
        })
    });
    each.collect()
}

async fn allowed(cluster: &Cluster, client: &kube::Client, right: &Right) -> Result<bool, Error> {
    #[derive(Deserialize)]
    struct Review {
        status: Status,
    }
    #[derive(Deserialize)]
    struct Status {
        allowed: bool,
    }
    let (resource, subresource) = right.resource.split_once('/').unwrap_or((&right.resource, ""));
    let review = json!({
        "apiVersion": "authorization.k8s.io/v1", "kind": "SelfSubjectAccessReview",
        "spec": { "resourceAttributes": {
            "verb": right.verb, "group": right.group, "resource": resource, "subresource": subresource,
            "name": right.name, "namespace": right.namespace,
        } },
    });
    let request = Request::post("/apis/authorization.k8s.io/v1/selfsubjectaccessreviews")
        .header("content-type", "application/json")
        .body(review.to_string().into_bytes())
        .map_err(Error::internal)?;
    let what = "selfsubjectaccessreviews";
    let answer = within_deadline(&cluster.name, what, client.request::<Review>(request)).await?;
    Ok(answer.status.allowed)
}
