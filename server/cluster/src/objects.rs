//! Objects of any kind, as a chart renders them: what making them would do, and how they are.

use std::collections::BTreeMap;

use contract::{Error, Kind};
use futures::StreamExt as _;
use gate::Grant;
use kube::Client;
use model::releases::Resource;
use model::review::{Check, Line, Review, ReviewedObject, Verdict};
use model::workloads::{Health, WorkloadKind};
use serde_json::{Value, json};

use crate::client::Cluster;
use crate::error::{or_none, within_deadline};
use crate::read::Reader;
use crate::workloads::{assessed, checks, difference, yaml};
use crate::write::{try_apply, try_create};

/// Requests under way at once.
const AT_ONCE: usize = 8;
/// What stands in place of a Secret's values.
const HIDDEN: &str = "(hidden)";

/// The objects of a rendered chart, those of lists among them. Errors: what is not YAML, in words.
pub fn parse_objects(text: &str) -> Result<Vec<Value>, String> {
    let all: Vec<Value> = serde_saphyr::from_multiple(text).map_err(|error| error.to_string())?;
    Ok(all.into_iter().flat_map(unpacked).filter(|object| object.get("kind").is_some()).collect())
}

/// A list is its items: each is tried by itself, and no Secret hides in one.
fn unpacked(object: Value) -> Vec<Value> {
    let list = text(&object, "/kind").is_some_and(|kind| kind.ends_with("List"));
    match object.get("items").and_then(Value::as_array).filter(|_| list) {
        Some(items) => items.iter().cloned().flat_map(unpacked).collect(),
        None => vec![object],
    }
}

/// What would become of a release's objects: each is tried on the server as the person.
///
/// Values of Secrets are never shown. Errors: those of clusters.
pub async fn review_objects(
    cluster: &Cluster,
    grant: &Grant,
    namespace: &str,
    before: &[Value],
    after: &[Value],
) -> Result<Review, Error> {
    let kinds = Kinds::of(cluster, grant, namespace, before.iter().chain(after)).await?;
    let tries: Vec<_> = after.iter().map(|object| try_one(cluster, grant, &kinds, object)).collect();
    let tried: Vec<_> = futures::stream::iter(tries).buffered(AT_ONCE).collect().await;
    let mut review = Review::default();
    for checks in tried {
        review.checks.extend(checks?);
    }
    for object in after {
        let same = before.iter().find(|known| is_same(known, object, namespace));
        let text = yaml(&shown(object, same))?;
        let lines = match same {
            Some(same) => difference(&yaml(&shown(same, None))?, &text),
            None => text.lines().map(|line| Line::Added(line.to_owned())).collect(),
        };
        review.objects.push(ReviewedObject { object: named(object), lines });
    }
    for object in before {
        if after.iter().any(|kept| is_same(kept, object, namespace)) {
            continue;
        }
        let text = yaml(&shown(object, None))?;
        let lines = text.lines().map(|line| Line::Removed(line.to_owned())).collect();
        review.objects.push(ReviewedObject { object: named(object), lines });
    }
    Ok(review)
}

/// How the objects of a release are now. Errors: those of clusters.
pub async fn resources(
    cluster: &Cluster,
    grant: &Grant,
    namespace: &str,
    objects: &[Value],
) -> Result<Vec<Resource>, Error> {
    let client = cluster.client(grant)?;
    let kinds = Kinds::of(cluster, grant, namespace, objects.iter()).await?;
    let looks: Vec<_> = objects.iter().map(|object| look(cluster, &client, &kinds, object)).collect();
    let looks: Vec<_> = futures::stream::iter(looks).buffered(AT_ONCE).collect().await;
    looks.into_iter().collect()
}

async fn try_one(
    cluster: &Cluster,
    grant: &Grant,
    kinds: &Kinds,
    object: &Value,
) -> Result<Vec<Check>, Error> {
    let Some(folder) = kinds.folder(object) else {
        let message = "the cluster does not know this kind yet, so it cannot be checked".to_owned();
        return Ok(vec![Check { object: named(object), verdict: Verdict::Warned { message } }]);
    };
    let answer = match try_create(cluster, grant, &folder, object).await {
        Err(error) if matches!(error.kind, Kind::Conflict { .. }) => {
            try_apply(cluster, grant, &format!("{folder}/{}", name(object)), object).await
        }
        answer => answer,
    };
    checks(&named(object), &answer, answer.as_ref().err())
}

async fn look(cluster: &Cluster, client: &Client, kinds: &Kinds, object: &Value) -> Result<Resource, Error> {
    let namespace = elsewhere(object, &kinds.namespace).map(str::to_owned);
    let told = |health, reason: &str| {
        let (object, namespace) = (named(object), namespace.clone());
        Resource { object, namespace, health, reason: reason.to_owned() }
    };
    let Some(folder) = kinds.folder(object) else {
        return Ok(told(Health::Failed, "UnknownKind"));
    };
    let read = Reader { cluster, client };
    let found = match or_none(read.get::<Value>(&format!("{folder}/{}", name(object))).await) {
        Err(error) if matches!(error.kind, Kind::ClusterForbids { .. }) => {
            return Ok(told(Health::Stopped, "NotPermitted"));
        }
        found => found?,
    };
    let Some(found) = found else { return Ok(told(Health::Failed, "Missing")) };
    let kind = WorkloadKind::ALL.into_iter().find(|kind| Some(kind.as_str()) == text(object, "/kind"));
    let Some(kind) = kind else { return Ok(told(Health::Healthy, "")) };
    let (health, reason) = assessed(kind, found)?;
    Ok(told(health, &reason))
}

/// API version and kind.
type Sort = (String, String);

/// What the cluster knows of the kinds of some objects.
struct Kinds {
    /// Where objects live that name no namespace.
    namespace: String,
    /// The API's path, the resource, and whether it is in namespaces. A kind that the cluster does not know is left out.
    known: BTreeMap<Sort, (String, String, bool)>,
}

impl Kinds {
    async fn of(
        cluster: &Cluster,
        grant: &Grant,
        namespace: &str,
        objects: impl Iterator<Item = &Value>,
    ) -> Result<Self, Error> {
        let client = cluster.client(grant)?;
        let mut versions: Vec<String> = objects.map(|object| kind_of(object).0).collect();
        versions.sort();
        versions.dedup();
        let mut known = BTreeMap::new();
        for version in versions {
            let Some(list) = asked(cluster, &client, &version).await? else { continue };
            let root =
                if version.contains('/') { format!("/apis/{version}") } else { format!("/api/{version}") };
            for resource in list.resources.into_iter().filter(|resource| !resource.name.contains('/')) {
                let place = (root.clone(), resource.name, resource.namespaced);
                known.insert((version.clone(), resource.kind), place);
            }
        }
        Ok(Self { namespace: namespace.to_owned(), known })
    }

    /// The path under which an object lives: some charts put single ones into another namespace.
    fn folder(&self, object: &Value) -> Option<String> {
        let (root, resource, namespaced) = self.known.get(&kind_of(object))?;
        if !plain(name(object)) {
            return None;
        }
        if !namespaced {
            return Some(format!("{root}/{resource}"));
        }
        let namespace = elsewhere(object, &self.namespace).unwrap_or(&self.namespace);
        plain(namespace).then(|| format!("{root}/namespaces/{namespace}/{resource}"))
    }
}

/// Whether it can be part of a path as it is. No name of an object has more than these.
fn plain(part: &str) -> bool {
    part.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '.' | ':' | '_'))
        && !matches!(part, "." | "..")
}

async fn asked(
    cluster: &Cluster,
    client: &Client,
    version: &str,
) -> Result<Option<k8s_openapi::apimachinery::pkg::apis::meta::v1::APIResourceList>, Error> {
    if version.is_empty() || !version.split('/').all(plain) {
        return Ok(None);
    }
    let answer = async {
        match version.contains('/') {
            true => client.list_api_group_resources(version).await,
            false => client.list_core_api_resources(version).await,
        }
    };
    or_none(within_deadline(&cluster.name, version, answer).await)
}

/// With the values of a Secret replaced; that one differs from what was before can be seen, its value cannot.
fn shown(object: &Value, before: Option<&Value>) -> Value {
    let mut shown = object.clone();
    if text(object, "/kind") != Some("Secret") {
        return shown;
    }
    for field in ["data", "stringData"] {
        let values = shown.get_mut(field).and_then(Value::as_object_mut);
        for (key, value) in values.into_iter().flatten() {
            let old = before.and_then(|before| before.get(field)?.get(key));
            let changed = old.is_some_and(|old| old != value);
            *value = json!(if changed { "(hidden, changed)" } else { HIDDEN });
        }
    }
    shown
}

/// The namespace that an object names, when it is not that of its release.
fn elsewhere<'a>(object: &'a Value, release: &str) -> Option<&'a str> {
    text(object, "/metadata/namespace").filter(|own| !own.is_empty() && *own != release)
}

fn is_same(one: &Value, other: &Value, release: &str) -> bool {
    kind_of(one) == kind_of(other)
        && name(one) == name(other)
        && elsewhere(one, release) == elsewhere(other, release)
}

fn kind_of(object: &Value) -> Sort {
    let part = |path| text(object, path).unwrap_or_default().to_owned();
    (part("/apiVersion"), part("/kind"))
}

fn name(object: &Value) -> &str {
    text(object, "/metadata/name").unwrap_or_default()
}

fn named(object: &Value) -> String {
    format!("{}/{}", text(object, "/kind").unwrap_or_default(), name(object))
}

fn text<'a>(object: &'a Value, path: &str) -> Option<&'a str> {
    object.pointer(path).and_then(Value::as_str)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn documents_without_an_object_are_left_out() {
        let text = "---\n# Source: a\napiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\n---\n# nothing\n---\nkind: Secret\n";

        let kinds: Vec<_> = parse_objects(text).unwrap().iter().map(|object| kind_of(object).1).collect();

        assert_eq!(kinds, ["ConfigMap", "Secret"]);
        let list = "kind: List\nitems:\n- kind: SecretList\n  items: [{kind: Secret}]\n- {kind: Pod}\n";
        let kinds: Vec<_> = parse_objects(list).unwrap().iter().map(|object| kind_of(object).1).collect();
        assert_eq!(kinds, ["Secret", "Pod"]);
        assert!(parse_objects("a: [").is_err());
    }

    #[test]
    fn an_object_lives_in_the_namespace_that_it_names_and_else_in_the_releases() {
        let sort = |kind: &str| ("v1".to_owned(), kind.to_owned());
        let place = |resource: &str, namespaced| ("/api/v1".to_owned(), resource.to_owned(), namespaced);
        let known = BTreeMap::from([
            (sort("Service"), place("services", true)),
            (sort("Node"), place("nodes", false)),
        ]);
        let kinds = Kinds { namespace: "shop-web".into(), known };
        let object = |kind: &str, name: &str, namespace: &str| json!({ "apiVersion": "v1", "kind": kind, "metadata": { "name": name, "namespace": namespace } });
        let folder = |kind: &str, name: &str, namespace: &str| kinds.folder(&object(kind, name, namespace));

        assert_eq!(folder("Service", "a", "").as_deref(), Some("/api/v1/namespaces/shop-web/services"));
        assert_eq!(
            folder("Service", "a", "kube-system").as_deref(),
            Some("/api/v1/namespaces/kube-system/services")
        );
        assert_eq!(folder("Node", "a", "").as_deref(), Some("/api/v1/nodes"));
        for hostile in ["../../x", "a?b", "a/b", ".."] {
            assert_eq!(folder("Service", hostile, ""), None, "{hostile}");
            assert_eq!(folder("Service", "a", hostile), None, "{hostile}");
        }
        assert_eq!(folder("Gone", "a", ""), None);
        let same =
            |a: &str, b: &str| is_same(&object("Service", "a", a), &object("Service", "a", b), "shop-web");
        assert!(same("", "shop-web") && !same("", "kube-system"));
    }

    #[test]
    fn s_47_the_values_of_a_secret_are_never_shown() {
        let secret = |password: &str| json!({ "kind": "Secret", "stringData": { "password": password, "user": "ada" } });

        let text = yaml(&shown(&secret("new-secret"), Some(&secret("old-secret")))).unwrap();

        assert!(text.contains("password: (hidden, changed)") && text.contains("user: (hidden)"), "{text}");
        assert!(!text.contains("secret") && !text.contains("ada"), "{text}");
    }
}
