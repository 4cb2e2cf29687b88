//! What a person may list where, asked of the cluster itself and remembered for a moment.

mod named;

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use contract::{Error, Kind};
use futures::StreamExt as _;
use gate::Grant;
use http::Request;
use kube::Client;
use model::namespaces::NamespaceName;
use model::rows::{Listing, RowKind};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use crate::client::{Cluster, USERS};
use crate::error::within_deadline;
use crate::rows::{Places, Seen};

/// How long a permission is believed.
const ALLOWED_FOR: Duration = Duration::from_secs(15);
/// How long a refusal is; shorter, because somebody waits for it to end.
const DENIED_FOR: Duration = Duration::from_secs(5);
/// How long an answer is kept for when the cluster gives no other.
const OUTAGE: Duration = Duration::from_secs(600);
/// How long an answer is believed right after somebody's rights changed, and how often such changes are heeded.
const SETTLED: Duration = Duration::from_secs(1);
/// How long an answer is waited for, and for how long nobody waits after one that did not come: a cluster that is away slows
/// down no list of others.
const REVIEW: Duration = Duration::from_secs(3);
const SILENCE: Duration = Duration::from_secs(2);
/// Reviews under way at once for one person.
const AT_ONCE: usize = 16;

/// What a cluster serves; no resource, but a path.
const DISCOVERY: &str = "/apis";

/// Group and name of a resource.
pub(crate) type Resource = (Cow<'static, str>, Cow<'static, str>);
/// Whom and what an answer is about; no namespace means all of them.
type Asked = (String, Resource, Option<NamespaceName>);

/// The answers of one cluster. Cheap to clone.
#[derive(Clone, Default)]
pub(crate) struct Access {
    answers: Arc<Mutex<BTreeMap<Asked, (Instant, bool)>>>,
    /// What is granted by name, of whom and where.
    named: named::Known,
    /// The version of everybody's rights that the answers are about, and since when.
    rights: Arc<Mutex<Option<(u64, Instant)>>>,
    /// When the cluster last gave no answer.
    silent: Arc<Mutex<Option<Instant>>>,
}

impl Access {
    /// Asks anew from now on.
    pub(crate) fn forget(&self) {
        self.answers.lock().unwrap_or_else(PoisonError::into_inner).clear();
        self.named.forget();
    }

    /// Asks anew where rights became others, though not all the time where they do so all the time.
    fn heed(&self, version: u64) {
        let now = Instant::now();
        let mut known = self.rights.lock().unwrap_or_else(PoisonError::into_inner);
        match *known {
            Some((same, _)) if same == version => return,
            Some((_, since)) if now < since + SETTLED => return,
            _ => *known = Some((version, now)),
        }
        drop(known);
        self.forget();
    }

    /// Whether the cluster gave no answer a moment ago: nobody else waits for it meanwhile.
    fn is_silent(&self) -> bool {
        let silent = self.silent.lock().unwrap_or_else(PoisonError::into_inner);
        silent.is_some_and(|since| since.elapsed() < SILENCE)
    }

    fn set_silent(&self) {
        *self.silent.lock().unwrap_or_else(PoisonError::into_inner) = Some(Instant::now());
    }

    /// How long an answer is believed, which grants something or nothing.
    fn believed_for(&self, granted: bool) -> Duration {
        match granted {
            _ if self.is_moving() => SETTLED,
            true => ALLOWED_FOR,
            false => DENIED_FOR,
        }
    }

    /// Whether rights became others a moment ago: the cluster itself may not know yet.
    fn is_moving(&self) -> bool {
        let known = self.rights.lock().unwrap_or_else(PoisonError::into_inner);
        known.is_some_and(|(_, since)| since.elapsed() < SETTLED)
    }
}

/// The namespaces of a cluster whose objects of a kind somebody may list: asked for all at once first, then for each of these.
/// `part` is a kind that every cluster has or one that some were taught; `rights` is [`crate::rights_version`].
///
/// Errors: those of clusters.
pub async fn places(
    cluster: &Cluster,
    grant: &Grant,
    rights: u64,
    part: &Listing,
    namespaces: &[NamespaceName],
) -> Result<Places, Error> {
    cluster.access.heed(rights);
    let client = &cluster.client(grant)?;
    let who = &who(grant)?;
    let resource = &resource(part)?;
    if may_list(cluster, client, (who.clone(), resource.clone(), None)).await? {
        return Ok(Places::Everywhere);
    }
    // Whoever may ask what a cluster serves knows its kinds.
    let is_known = *part == Listing::Kind(RowKind::CustomResourceDefinitions);
    if is_known && may_list(cluster, client, (who.clone(), ("".into(), DISCOVERY.into()), None)).await? {
        return Ok(Places::Everywhere);
    }
    let mut seen = Seen::default();
    if !part.is_placed() || matches!(part, Listing::Custom(_)) {
        // Where nobody is bound, so only what is granted in the whole cluster.
        let nowhere =
            NamespaceName::parse(USERS).map_err(|problem| Error::internal(format!("{problem:?}")))?;
        let names = named::named(cluster, client, who, &nowhere, resource).await?;
        if !names.is_empty() {
            seen.named.insert(String::new(), names);
        }
    }
    let namespaces = if part.is_placed() { namespaces.to_vec() } else { vec![] };
    // A Secret that is granted by its name says nothing of a release that is called so.
    let by_name = *part != Listing::Kind(RowKind::Releases);
    let mut answers = futures::stream::iter(namespaces)
        .map(|place| async move {
            let asked = (who.clone(), resource.clone(), Some(place.clone()));
            let named = match may_list(cluster, client, asked).await? {
                true => None,
                false if by_name => Some(named::named(cluster, client, who, &place, resource).await?),
                false => Some(BTreeSet::new()),
            };
            Ok::<_, Error>((place, named))
        })
        .buffer_unordered(AT_ONCE);
    while let Some(answer) = answers.next().await {
        match answer? {
            (place, None) => {
                seen.whole.insert(place);
            }
            (_, Some(names)) if names.is_empty() => seen.denied = seen.denied.saturating_add(1),
            (place, Some(names)) => {
                seen.named.insert(place.to_string(), names);
            }
        }
    }
    Ok(Places::In(seen))
}

/// Whether the console's own account, whose grant this is, may watch these everywhere. Errors: those of clusters.
pub async fn may_watch(cluster: &Cluster, grant: &Grant, part: &Listing) -> Result<bool, Error> {
    let client = &cluster.client(grant)?;
    // Nobody's slug is empty.
    may_list(cluster, client, (String::new(), resource(part)?, None)).await
}

/// Of a kind that was taught, its name says where it is.
fn resource(part: &Listing) -> Result<Resource, Error> {
    match part {
        Listing::Kind(kind) => Ok((kind.group().into(), kind.resource().into())),
        Listing::Custom(name) => {
            let (plural, group) = name.as_str().split_once('.').unwrap_or((name.as_str(), ""));
            Ok((group.to_owned().into(), plural.to_owned().into()))
        }
        Listing::Workloads => Err(Error::internal("several kinds are no resource")),
    }
}

/// The role is part of who somebody is in a cluster.
fn who(grant: &Grant) -> Result<String, Error> {
    let person = grant.actor().user.as_ref().ok_or(Kind::Unauthenticated)?;
    Ok(format!("{}/{:?}", person.slug, person.role))
}

async fn may_list(cluster: &Cluster, client: &Client, asked: Asked) -> Result<bool, Error> {
    let now = Instant::now();
    let known = {
        let answers = cluster.access.answers.lock().unwrap_or_else(PoisonError::into_inner);
        answers.get(&asked).copied()
    };
    if let Some((until, allowed)) = known
        && now < until
    {
        return Ok(allowed);
    }
    let (_, (group, plural), namespace) = &asked;
    let spec = match plural.starts_with('/') {
        true => json!({ "nonResourceAttributes": { "verb": "get", "path": plural } }),
        false => json!({ "resourceAttributes": {
            "verb": "list", "group": group, "resource": plural,
            "namespace": namespace.as_ref().map_or("", NamespaceName::as_str),
        } }),
    };
    let review_of = json!({
        "apiVersion": "authorization.k8s.io/v1", "kind": "SelfSubjectAccessReview", "spec": spec,
    });
    let answer = review::<AccessReview>(cluster, client, "selfsubjectaccessreviews", &review_of).await;
    let allowed = match (answer, known) {
        (Ok(answer), _) => answer.status.allowed,
        // Nobody's rights change in a cluster that does not answer, and what was known of it can still be read.
        (
            Err(Error { kind: Kind::ClusterUnreachable { .. } | Kind::ClusterRefuses { .. }, .. }),
            Some((until, allowed)),
        ) if now < until + OUTAGE => {
            return Ok(allowed);
        }
        (Err(error), _) => return Err(error),
    };
    let until = now + cluster.access.believed_for(allowed);
    let mut answers = cluster.access.answers.lock().unwrap_or_else(PoisonError::into_inner);
    // Now and then.
    if answers.len() % 512 == 511 {
        answers.retain(|_, (until, _)| now < *until + OUTAGE);
    }
    answers.insert(asked, (until, allowed));
    Ok(allowed)
}

/// Asks the cluster about somebody, unless it gave no answer a moment ago. Errors: those of clusters.
async fn review<T: DeserializeOwned>(
    cluster: &Cluster,
    client: &Client,
    resource: &str,
    review: &Value,
) -> Result<T, Error> {
    if cluster.access.is_silent() {
        return Err(silent(cluster));
    }
    let request = Request::post(format!("/apis/authorization.k8s.io/v1/{resource}"))
        .header("content-type", "application/json")
        .body(review.to_string().into_bytes())
        .map_err(Error::internal)?;
    let answer = within_deadline(&cluster.name, resource, client.request::<T>(request));
    let answer = tokio::time::timeout(REVIEW, answer).await.unwrap_or_else(|_late| Err(silent(cluster)));
    if let Err(Error { kind: Kind::ClusterUnreachable { .. }, .. }) = &answer {
        cluster.access.set_silent();
    }
    answer
}

fn silent(cluster: &Cluster) -> Error {
    Kind::ClusterUnreachable { cluster: cluster.name.clone() }.into()
}

#[derive(Deserialize)]
struct AccessReview {
    status: ReviewStatus,
}

#[derive(Deserialize)]
struct ReviewStatus {
    allowed: bool,
}
