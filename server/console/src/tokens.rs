//! Personal tokens, and the Kubernetes API through the console: `contract::Tokens` and [`TokenBook::send`].

use std::sync::Arc;

use async_trait::async_trait;
use cluster::{Body, Cluster, Fleet};
use contract::{Actor, Error, Kind, Tokens};
use gate::{Clock, Gate, Intent};
use http::{Request, Response, StatusCode};
use model::access::Action;
use model::clusters::ClusterName;
use model::identity::PlatformRole;
use model::namespaces::NamespaceName;
use model::problem::Problem;
use model::roles::{Permission, Permissions};
use model::tokens::{MOST, NewToken, PREFIX, Token, TokenForm};
use store::{Store, StoredToken};

use crate::identity::signed_in;
use crate::projects::visible_projects;
use crate::providers::ProviderBook;
use crate::token::{hash_token, random_id};
use crate::when::rfc3339;

const DAY: i64 = 24 * 3_600_000;
/// The last use of a token is written at most this often. Milliseconds.
const USED_EVERY: i64 = 60_000;
/// Characters of a token that are shown later.
const SHOWN: usize = PREFIX.len() + 6;

#[derive(Clone)]
pub struct TokenBook {
    pub store: Store,
    pub gate: Arc<Gate>,
    pub fleet: Fleet,
    pub providers: Arc<ProviderBook>,
    pub clock: Arc<dyn Clock>,
}

/// Whose token somebody sent.
#[derive(Clone, Debug)]
pub struct Bearer {
    pub actor: Actor,
    pub read_only: bool,
}

#[async_trait]
impl Tokens for TokenBook {
    async fn list(&self, actor: &Actor) -> Result<Vec<Token>, Error> {
        self.gate.read(actor, Action::UseApi)?;
        let user = actor.user.as_ref().ok_or(Kind::Unauthenticated)?;
        let tokens = self.store.tokens_of(&user.id, self.clock.now()).await?;
        let shown = |token: StoredToken| Token {
            id: token.id,
            name: token.name,
            prefix: token.prefix,
            read_only: token.read_only,
            created_at: rfc3339(token.created_at),
            expires_at: rfc3339(token.expires_at),
            last_used_at: token.last_used_at.map(rfc3339),
        };
        Ok(tokens.into_iter().map(shown).collect())
    }

    async fn create(&self, actor: &Actor, form: TokenForm) -> Result<NewToken, Error> {
        let checked = form.check();
        let named =
            checked.as_ref().map_or("(bad form)".into(), |(name, days)| format!("{name}, {days} days"));
        let kind = if form.read_only { "reading " } else { "" };
        let intent = Intent::new(Action::CreateToken, format!("{kind}token {named}"));
        self.gate
            .change(actor, intent, async |_grant| {
                let user = actor.user.as_ref().ok_or(Kind::Unauthenticated)?;
                let (name, days) = checked.map_err(|fields| Kind::Invalid { fields })?;
                let now = self.clock.now();
                self.store.sweep_tokens(now).await?;
                if self.store.tokens_of(&user.id, now).await?.len() >= MOST {
                    let max = u32::try_from(MOST).unwrap_or(u32::MAX);
                    return Err(Error::invalid("name", Problem::TooMany { max }));
                }
                let text = format!("{PREFIX}{}{}", random_id()?, random_id()?);
                let token = StoredToken {
                    id: random_id()?,
                    user_id: user.id.clone(),
                    name,
                    prefix: text.chars().take(SHOWN).collect(),
                    read_only: form.read_only,
                    created_at: now,
                    expires_at: now.saturating_add(i64::from(days).saturating_mul(DAY)),
                    last_used_at: None,
                };
                self.store.add_token(&token, &hash_token(&text)).await?;
                Ok(NewToken { text, clusters: self.clusters(actor).await? })
            })
            .await
    }

    async fn revoke(&self, actor: &Actor, id: &str) -> Result<(), Error> {
        let user_id = actor.user.as_ref().map(|user| user.id.as_str()).unwrap_or_default();
        let tokens = self.store.tokens_of(user_id, self.clock.now()).await?;
        let named = tokens.into_iter().find(|token| token.id == id).map(|token| token.name);
        let named = named.unwrap_or_else(|| "(unknown)".to_owned());
        let intent = Intent::new(Action::RevokeToken, format!("token {named}"));
        self.gate
            .change(actor, intent, async |_grant| match self.store.remove_token(user_id, id).await? {
                true => Ok(()),
                false => Err(Kind::NotFound { what: "token".to_owned() }.into()),
            })
            .await
    }
}

impl TokenBook {
    /// Whose token this is, if it is one, its owner may still use the console, and their provider answers for them.
    pub async fn bearer(&self, token: &str, request_id: &str) -> Result<Option<Bearer>, Error> {
        if !token.starts_with(PREFIX) {
            return Ok(None);
        }
        let now = self.clock.now();
        let Some(token) = self.store.token_by_hash(&hash_token(token), now).await? else { return Ok(None) };
        let account = self.store.account_by_id(&token.user_id).await?;
        let Some(account) = account.filter(|account| !account.disabled) else { return Ok(None) };
        if !account.provider.is_empty() && !self.providers.answers_for_person(&account.id).await? {
            return Ok(None);
        }
        if token.last_used_at.is_none_or(|at| now.saturating_sub(at) >= USED_EVERY) {
            self.store.set_token_used(&token.id, now).await?;
        }
        let actor = Actor { user: Some(signed_in(account)), ..Actor::stranger(request_id) };
        Ok(Some(Bearer { actor, read_only: token.read_only }))
    }

    /// What goes on for long in a namespace of a project is refused to whoever does not hold it in our books any more: a cluster
    /// learns of it a moment later, and nobody would end it then. Errors: `ClusterForbids`.
    async fn check_lasting(
        &self,
        actor: &Actor,
        cluster: &ClusterName,
        path: &str,
        needed: Permission,
    ) -> Result<(), Error> {
        let user = actor.user.as_ref().ok_or(Kind::Unauthenticated)?;
        let mut parts = path.split('/').skip_while(|part| *part != "namespaces").skip(1);
        // What is no name of a namespace is for the cluster to refuse.
        let Some(place) = parts.next().and_then(|place| NamespaceName::parse(place).ok()) else {
            return Ok(());
        };
        let project = self.store.project_of(cluster, &place).await?;
        // Elsewhere the cluster alone decides, as for those who see everything.
        let (Some(project), PlatformRole::Member) = (project, user.role) else { return Ok(()) };
        if self.gate.held(actor, Some(&project)).await?.has(needed) {
            return Ok(());
        }
        let message = format!(
            "forbidden: the project of namespace {place} does not give the permission {}",
            needed.as_str()
        );
        Err(Kind::ClusterForbids { cluster: cluster.clone(), message }.into())
    }

    /// In projects, by their ids.
    pub async fn held(&self, actor: &Actor) -> Result<Vec<(String, Permissions)>, Error> {
        let user = actor.user.as_ref().ok_or(Kind::Unauthenticated)?;
        self.store.held_by(&user.id, self.clock.now()).await
    }

    /// Sends a request to a cluster as the person. One that may change something leaves an entry in the trail, whose outcome is
    /// the cluster's answer.
    ///
    /// `takes` is what somebody has to hold for what goes on for long.
    ///
    /// Errors: `ClusterForbids` when they do not hold it; `NotFound` of a cluster that is not there, or not theirs to know of;
    /// `Unauthenticated`, `Internal`; a cluster that does not answer is `ClusterUnreachable`.
    pub async fn send(
        &self,
        actor: &Actor,
        name: &ClusterName,
        changes: bool,
        takes: Option<Permission>,
        request: Request<Body>,
    ) -> Result<Response<Body>, Error> {
        if !changes {
            let grant = self.gate.read(actor, Action::UseApi)?;
            let cluster = self.reached(actor, name).await?;
            if let Some(needed) = takes {
                self.check_lasting(actor, name, request.uri().path(), needed).await?;
            }
            return cluster::forward(&cluster, &grant, request).await;
        }
        let words = format!("{} {} in cluster {name}", request.method(), request.uri().path());
        let intent = Intent::new(Action::UseApi, words);
        let mut answer = None;
        let asked = self.gate.change(actor, intent, async |grant| {
            let cluster = self.reached(actor, name).await?;
            if let Some(needed) = takes {
                self.check_lasting(actor, name, request.uri().path(), needed).await?;
            }
            let response = cluster::forward_change(&cluster, &grant, request).await?;
            let outcome = outcome(name, response.status());
            answer = Some(response);
            outcome
        });
        match (asked.await, answer) {
            (_, Some(answer)) => Ok(answer),
            (Err(error), None) => Err(error),
            (Ok(()), None) => Err(Error::internal("no answer")),
        }
    }

    /// A cluster that the person may know of. Errors: `NotFound`, the same for one that is nowhere.
    async fn reached(&self, actor: &Actor, name: &ClusterName) -> Result<Arc<Cluster>, Error> {
        let cluster = self.fleet.get(name)?;
        if self.clusters(actor).await?.contains(name) {
            return Ok(cluster);
        }
        Err(Kind::NotFound { what: format!("cluster {name}") }.into())
    }

    /// What a person may know of: everything, or the clusters of their projects.
    async fn clusters(&self, actor: &Actor) -> Result<Vec<ClusterName>, Error> {
        let all = self.fleet.all().into_iter().map(|cluster| cluster.name.clone());
        if actor.sees_all() {
            return Ok(all.collect());
        }
        let projects = visible_projects(&self.store, actor, self.clock.now()).await?;
        let own = |name: &ClusterName| {
            projects.iter().any(|project| project.clusters.iter().any(|(cluster, _)| cluster == name))
        };
        Ok(all.filter(own).collect())
    }
}

/// For the trail.
fn outcome(cluster: &ClusterName, status: StatusCode) -> Result<(), Error> {
    let (cluster, message) = (cluster.clone(), status.to_string());
    match status.as_u16() {
        ..=399 => Ok(()),
        401 => Err(Kind::ClusterUnauthorized { cluster }.into()),
        403 => Err(Kind::ClusterForbids { cluster, message }.into()),
        _ => Err(Kind::ClusterRefuses { cluster, message }.into()),
    }
}
