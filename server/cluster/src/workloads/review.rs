//! What a change would do: the difference, the server's answer to a dry run as the person, and the quota afterwards.

use std::collections::BTreeMap;

use contract::{Error, Kind};
use gate::Grant;
use model::namespaces::in_words;
use model::quantity::Quantity;
use model::review::{Check, Line, QuotaChange, Review, ReviewedObject, Verdict};
use model::workloads::{Change, Deployment, WorkloadRef};
use serde::Deserialize;
use serde_json::Value;
use similar::{ChangeTag, TextDiff};

use crate::client::Cluster;
use crate::read::Reader;
use crate::workloads::change::{current, folders, generation, patch, scaled};
use crate::workloads::{manifest, path};
use crate::write::{Tried, try_create, try_edit};

/// Unchanged lines around each difference.
const AROUND: usize = 3;
/// What a cluster writes into objects by itself.
const BOOKKEEPING: [&str; 6] =
    ["managedFields", "resourceVersion", "uid", "generation", "creationTimestamp", "selfLink"];

/// What making a Deployment from an image would do.
pub async fn review_deployment(cluster: &Cluster, grant: &Grant, form: &Deployment) -> Result<Review, Error> {
    let (deployments, services) = folders(form);
    let deployment = manifest::deployment(form);
    let mut review = Review::default();
    for (folder, object) in [(deployments, Some(&deployment)), (services, manifest::service(form).as_ref())] {
        let Some(object) = object else { continue };
        let name = named(object);
        let answer = try_create(cluster, grant, &folder, object).await;
        review.checks.extend(checks(&name, &answer, answer.as_ref().err())?);
        let lines = yaml(object)?.lines().map(|line| Line::Added(line.to_owned())).collect();
        review.objects.push(ReviewedObject { object: name, lines });
    }
    try_pods(cluster, grant, &mut review, &deployment, i64::from(form.replicas)).await?;
    Ok(review)
}

/// What a change of a workload would do. Errors: as of `change_workload`, apart from what the server refuses.
pub async fn review_change(
    cluster: &Cluster,
    grant: &Grant,
    target: &WorkloadRef,
    change: &Change,
) -> Result<Review, Error> {
    let before = current(cluster, grant, target).await?;
    let patch = patch(cluster, grant, target, &before, change).await?;
    let name = format!("{}/{}", target.kind.as_str(), target.name);
    let answer = try_edit(cluster, grant, &path(target), &patch).await;
    let mut review = Review { generation: generation(&before), ..Review::default() };
    review.checks.extend(checks(&name, &answer, answer.as_ref().err())?);
    let Ok(Tried { object: after, .. }) = answer else { return Ok(review) };
    let lines = difference(&yaml(&clean(before.clone()))?, &yaml(&clean(after.clone()))?);
    review.objects.push(ReviewedObject { object: name, lines });
    let more = match change {
        Change::Scale { replicas } => i64::from(scaled(target, replicas)?).saturating_sub(count(&before)),
        _ => 0,
    };
    if more >= 0 {
        try_pods(cluster, grant, &mut review, &after, more).await?;
    }
    Ok(review)
}

/// A dry run of the workload alone asks neither quota nor limit range nor Pod Security, so one of its pods is tried too.
async fn try_pods(
    cluster: &Cluster,
    grant: &Grant,
    review: &mut Review,
    workload: &Value,
    more: i64,
) -> Result<(), Error> {
    let Some(pod) = manifest::pod(workload) else { return Ok(()) };
    let namespace = workload.pointer("/metadata/namespace").and_then(Value::as_str).unwrap_or_default();
    let answer = try_create(cluster, grant, &format!("/api/v1/namespaces/{namespace}/pods"), &pod).await;
    let name =
        format!("Pod/{}…", pod.pointer("/metadata/generateName").and_then(Value::as_str).unwrap_or_default());
    review.checks.extend(checks(&name, &answer, answer.as_ref().err())?);
    let pod = answer.map_or(pod, |tried| tried.object);
    let client = cluster.client(grant)?;
    let read = Reader { cluster, client: &client };
    let quotas = read.list::<Quota>(&format!("/api/v1/namespaces/{namespace}/resourcequotas"), "").await?;
    // Who may not read quotas is told by the check of the pod whether one is exceeded now.
    review.quota = afterwards(quotas.unwrap_or_default(), &needs(&pod), more);
    Ok(())
}

/// Refused is an answer; not to be asked at all is an error.
pub(crate) fn checks(
    object: &str,
    answer: &Result<Tried, Error>,
    error: Option<&Error>,
) -> Result<Vec<Check>, Error> {
    let check = |verdict| Check { object: object.to_owned(), verdict };
    match (answer, error.map(|error| &error.kind)) {
        (Ok(tried), _) if tried.warnings.is_empty() => Ok(vec![check(Verdict::Accepted)]),
        (Ok(tried), _) => {
            let warned = |message: &String| check(Verdict::Warned { message: message.clone() });
            Ok(tried.warnings.iter().map(warned).collect())
        }
        (Err(_), Some(Kind::ClusterForbids { message, .. } | Kind::ClusterRefuses { message, .. })) => {
            Ok(vec![check(Verdict::Refused { message: message.clone() })])
        }
        (Err(_), Some(Kind::Conflict { .. })) => Ok(vec![check(Verdict::Refused {
            message: "it exists already, or changed meanwhile".to_owned(),
        })]),
        (Err(_), Some(kind)) => Err(kind.clone().into()),
        (Err(_), None) => Ok(vec![]),
    }
}

fn named(object: &Value) -> String {
    let text = |path| object.pointer(path).and_then(Value::as_str).unwrap_or_default();
    format!("{}/{}", text("/kind"), text("/metadata/name"))
}

fn count(workload: &Value) -> i64 {
    workload.pointer("/spec/replicas").and_then(Value::as_i64).unwrap_or(1)
}

/// Without what changes by itself.
pub(crate) fn clean(mut object: Value) -> Value {
    if let Some(fields) = object.as_object_mut() {
        fields.remove("status");
    }
    if let Some(meta) = object.pointer_mut("/metadata").and_then(Value::as_object_mut) {
        meta.retain(|key, _| !BOOKKEEPING.contains(&key.as_str()));
    }
    object
}

pub(crate) fn yaml(object: &Value) -> Result<String, Error> {
    serde_saphyr::to_string(object).map_err(Error::internal)
}

/// Only what differs, with a few lines around it.
pub fn difference(before: &str, after: &str) -> Vec<Line> {
    let diff = TextDiff::from_lines(before, after);
    let total = before.lines().count();
    let (mut lines, mut shown) = (Vec::new(), 0);
    for group in diff.grouped_ops(AROUND) {
        let start = group.first().map_or(0, |op| op.old_range().start);
        skip(&mut lines, start.saturating_sub(shown));
        for change in group.iter().flat_map(|op| diff.iter_changes(op)) {
            let text = change.value().trim_end_matches('\n').to_owned();
            lines.push(match change.tag() {
                ChangeTag::Equal => Line::Same(text),
                ChangeTag::Delete => Line::Removed(text),
                ChangeTag::Insert => Line::Added(text),
            });
        }
        shown = group.last().map_or(shown, |op| op.old_range().end);
    }
    skip(&mut lines, total.saturating_sub(shown));
    lines
}

fn skip(lines: &mut Vec<Line>, count: usize) {
    if count > 0 {
        lines.push(Line::Skipped(u32::try_from(count).unwrap_or(u32::MAX)));
    }
}

/// What one pod counts for in a quota, with the defaults that the namespace gave it.
fn needs(pod: &Value) -> BTreeMap<String, Quantity> {
    let mut needs = BTreeMap::from([("pods".to_owned(), Quantity::whole(1))]);
    let containers = pod.pointer("/spec/containers").and_then(Value::as_array);
    for container in containers.into_iter().flatten() {
        for kind in ["requests", "limits"] {
            let amounts = container.pointer(&format!("/resources/{kind}")).and_then(Value::as_object);
            for (resource, amount) in amounts.into_iter().flatten() {
                let Some(amount) = amount.as_str().and_then(Quantity::parse) else { continue };
                let sum = needs.entry(format!("{kind}.{resource}")).or_insert(Quantity::ZERO);
                *sum = sum.plus(amount);
            }
        }
    }
    needs
}

/// `cpu` and `memory` in a quota mean the requests.
fn afterwards(quotas: Vec<Quota>, needs: &BTreeMap<String, Quantity>, more: i64) -> Vec<QuotaChange> {
    let lines = quotas.into_iter().flat_map(|quota| {
        let QuotaStatus { hard, used } = quota.status;
        hard.into_iter().map(move |(key, total)| {
            let before = used.get(&key).copied().unwrap_or_default();
            (key, before, total)
        })
    });
    let lines = lines.filter_map(|(key, before, total)| {
        let known =
            if matches!(key.as_str(), "cpu" | "memory") { format!("requests.{key}") } else { key.clone() };
        let each = needs.get(&known)?;
        let after = before.plus(each.times(more));
        Some(QuotaChange {
            before: in_words(&key, before),
            after: in_words(&key, after),
            total: in_words(&key, total),
            exceeds: after > total,
            key,
        })
    });
    lines.collect()
}

#[derive(Deserialize)]
struct Quota {
    #[serde(default)]
    status: QuotaStatus,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct QuotaStatus {
    hard: BTreeMap<String, Quantity>,
    used: BTreeMap<String, Quantity>,
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_difference_shows_what_changes_with_a_few_lines_around_it() {
        let numbered = |changed: &str| {
            let lines: Vec<String> =
                (1..=20).map(|n| if n == 10 { changed.to_owned() } else { n.to_string() }).collect();
            lines.join("\n") + "\n"
        };
        let same = |text: &str| Line::Same(text.to_owned());

        let lines = difference(&numbered("old"), &numbered("new"));

        let expected = [
            Line::Skipped(6),
            same("7"),
            same("8"),
            same("9"),
            Line::Removed("old".into()),
            Line::Added("new".into()),
            same("11"),
            same("12"),
            same("13"),
            Line::Skipped(7),
        ];
        assert_eq!(lines, expected);
    }

    #[test]
    fn a_quota_afterwards_counts_each_pod_with_the_defaults_it_was_given() {
        let pod = json!({ "spec": { "containers": [
            { "resources": { "requests": { "cpu": "100m", "memory": "64Mi" }, "limits": { "cpu": "500m" } } },
            { "resources": { "requests": { "cpu": "50m" } } },
        ] } });
        let quota = json!({ "status": {
            "hard": { "cpu": "1", "limits.cpu": "1", "pods": "4", "secrets": "9" },
            "used": { "cpu": "500m", "limits.cpu": "0", "pods": "1" },
        } });

        let after = afterwards(vec![serde_json::from_value(quota).unwrap()], &needs(&pod), 3);

        let told: Vec<_> = after
            .iter()
            .map(|line| (line.key.as_str(), line.before.as_str(), line.after.as_str(), line.exceeds))
            .collect();
        assert_eq!(
            told,
            [("cpu", "500m", "950m", false), ("limits.cpu", "0", "1.5", true), ("pods", "1", "4", false)]
        );
    }
}
