//! What is granted by its name only: a role whose rule has `resourceNames`.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Instant;

use contract::{Error, Kind};
use kube::Client;
use model::namespaces::NamespaceName;
use serde::Deserialize;
use serde_json::json;

use super::{OUTAGE, Resource, review};
use crate::client::Cluster;

/// Rules with names of somebody in a namespace, for a while. Cheap to clone.
#[derive(Clone, Default)]
pub(crate) struct Known(Arc<Mutex<BTreeMap<Whose, Kept>>>);

/// Of whom, and where.
type Whose = (String, NamespaceName);
/// Until when they are believed.
type Kept = (Instant, Arc<Vec<Rule>>);

impl Known {
    pub(super) fn forget(&self) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clear();
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Rule {
    verbs: Vec<String>,
    #[serde(default)]
    api_groups: Vec<String>,
    #[serde(default)]
    resources: Vec<String>,
    #[serde(default)]
    resource_names: Vec<String>,
}

impl Rule {
    /// Whoever may read an object may see its row.
    fn shows(&self, (group, plural): &Resource) -> bool {
        let has = |all: &[String], wanted: &str| all.iter().any(|one| one == wanted || one == "*");
        has(&self.api_groups, group)
            && has(&self.resources, plural)
            && (has(&self.verbs, "get") || has(&self.verbs, "list"))
    }
}

/// The objects of a kind that somebody may see in a namespace though they may not list them. Errors: those of clusters.
pub(super) async fn named(
    cluster: &Cluster,
    client: &Client,
    who: &str,
    namespace: &NamespaceName,
    resource: &Resource,
) -> Result<BTreeSet<String>, Error> {
    let rules = rules(cluster, client, who, namespace).await?;
    let shown = rules.iter().filter(|rule| rule.shows(resource));
    Ok(shown.flat_map(|rule| rule.resource_names.iter().cloned()).collect())
}

/// All kinds are answered at once.
async fn rules(
    cluster: &Cluster,
    client: &Client,
    who: &str,
    namespace: &NamespaceName,
) -> Result<Arc<Vec<Rule>>, Error> {
    #[derive(Deserialize)]
    struct Review {
        status: Status,
    }
    #[derive(Deserialize)]
    #[serde(rename_all = "camelCase")]
    struct Status {
        resource_rules: Vec<Rule>,
    }
    let (key, now) = ((who.to_owned(), namespace.clone()), Instant::now());
    let known = |kept: &Known| kept.0.lock().unwrap_or_else(PoisonError::into_inner).get(&key).cloned();
    let known = known(&cluster.access.named);
    if let Some((until, rules)) = &known
        && now < *until
    {
        return Ok(rules.clone());
    }
    let asked = json!({
        "apiVersion": "authorization.k8s.io/v1", "kind": "SelfSubjectRulesReview",
        "spec": { "namespace": namespace.as_str() },
    });
    let answer = review::<Review>(cluster, client, "selfsubjectrulesreviews", &asked).await;
    let rules: Vec<_> = match (answer, known) {
        (Ok(answer), _) => {
            let all = answer.status.resource_rules.into_iter();
            all.filter(|rule| !rule.resource_names.is_empty()).collect()
        }
        // As with what may be listed: nobody's rights change meanwhile.
        (
            Err(Error { kind: Kind::ClusterUnreachable { .. } | Kind::ClusterRefuses { .. }, .. }),
            Some((until, rules)),
        ) if now < until + OUTAGE => return Ok(rules),
        (Err(error), _) => return Err(error),
    };
    let until = now + cluster.access.believed_for(!rules.is_empty());
    let rules = Arc::new(rules);
    let mut kept = cluster.access.named.0.lock().unwrap_or_else(PoisonError::into_inner);
    kept.retain(|_, (until, _)| now < *until + OUTAGE);
    kept.insert(key, (until, rules.clone()));
    Ok(rules)
}
