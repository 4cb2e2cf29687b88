//! Identity providers: `contract::Providers`.

mod checking;
mod sign_on;

use std::sync::Arc;

use async_trait::async_trait;
use cluster::Fleet;
use contract::providers::{Arrival, Leave, Return};
use contract::{Actor, Error, Kind, Login, Providers};
use gate::{Clock, Gate, Intent};
use model::access::Action;
use model::problem::{FieldProblem, Problem};
use model::providers::{
    Connection, Gift, MOST_RULES, ProviderDetail, ProviderForm, ProviderName, ProviderSummary, Rule,
    SignOnProblem, Way,
};
use oidc::{Party, Relying};
use store::{Provider, ProviderSession, Store};
use tokio::sync::broadcast;

use crate::text::as_text;

#[derive(Clone)]
pub struct ProviderBook {
    pub store: Store,
    pub gate: Arc<Gate>,
    pub fleet: Fleet,
    pub relying: Relying,
    pub clock: Arc<dyn Clock>,
    /// Tells the handles of sessions that were ended, so that their sockets close at once.
    pub ended: broadcast::Sender<String>,
}

#[async_trait]
impl Providers for ProviderBook {
    async fn ways(&self) -> Result<Vec<Way>, Error> {
        let enabled = self.store.providers().await?.into_iter().filter(|provider| provider.enabled);
        let way =
            |provider: Provider| Way { name: provider.name, display_name: provider.connection.display_name };
        Ok(enabled.map(way).collect())
    }

    async fn list(&self, actor: &Actor) -> Result<Vec<ProviderSummary>, Error> {
        self.gate.read(actor, Action::ListProviders)?;
        let accounts = self.store.accounts().await?;
        let users = |name: &ProviderName| {
            let own = accounts.iter().filter(|account| account.provider == name.as_str());
            u32::try_from(own.count()).unwrap_or(u32::MAX)
        };
        let summary = |provider: Provider| ProviderSummary {
            users: users(&provider.name),
            name: provider.name,
            display_name: provider.connection.display_name,
            issuer: provider.connection.issuer,
            enabled: provider.enabled,
        };
        Ok(self.store.providers().await?.into_iter().map(summary).collect())
    }

    async fn view(&self, actor: &Actor, name: &ProviderName) -> Result<ProviderDetail, Error> {
        self.gate.read(actor, Action::ListProviders)?;
        let provider = self.store.provider(name).await?;
        let projects = self.store.projects().await?.into_iter().map(|project| project.name);
        Ok(ProviderDetail {
            has_secret: self.store.login_names().await?.contains_key(&service(name)),
            name: provider.name,
            connection: provider.connection,
            enabled: provider.enabled,
            only_matched: provider.only_matched,
            rules: provider.rules,
            tested: provider.tested,
            projects: projects.collect(),
        })
    }

    async fn add(&self, actor: &Actor, form: ProviderForm) -> Result<(), Error> {
        let intent = Intent::new(Action::AddProvider, provider_words(&form.name));
        self.gate
            .change(actor, intent, async |_grant| {
                let (name, connection) = form.check().map_err(|fields| Kind::Invalid { fields })?;
                let secret = (!form.client_secret.is_empty()).then_some(form.client_secret);
                self.try_out(&connection, secret.clone()).await?;
                self.store.add_provider(&name, &connection).await.map_err(|error| match error.kind {
                    Kind::Conflict { .. } => Error::invalid("name", Problem::Taken),
                    _ => error,
                })?;
                self.keep_secret(&name, &connection, secret).await
            })
            .await
    }

    async fn change(&self, actor: &Actor, form: ProviderForm) -> Result<(), Error> {
        let intent = Intent::new(Action::ChangeProvider, provider_words(&form.name));
        self.gate
            .change(actor, intent, async |grant| {
                let (name, connection) = form.check().map_err(|fields| Kind::Invalid { fields })?;
                let before = self.store.provider(&name).await?.connection;
                let kept = self.store.login_names().await?.contains_key(&service(&name));
                let moved =
                    (&before.issuer, &before.client_id) != (&connection.issuer, &connection.client_id);
                let secret = (!form.client_secret.is_empty()).then_some(form.client_secret);
                // The secret is for that client of that issuer, and for nobody else.
                if kept && moved && secret.is_none() {
                    return Err(Error::invalid("client_secret", Problem::Required));
                }
                self.try_out(&connection, secret.clone()).await?;
                if moved {
                    // Tokens of one issuer are not for another, and neither are the accounts.
                    self.end_all_of(&name).await?;
                    self.store.remove_waiting(&name).await?;
                }
                if secret.is_some() {
                    self.keep_secret(&name, &connection, secret).await?;
                }
                self.store.set_connection(&name, &connection).await?;
                grant.note(as_text(&before)?, as_text(&connection)?);
                Ok(())
            })
            .await
    }

    async fn set_rules(
        &self,
        actor: &Actor,
        name: &ProviderName,
        before: Vec<Rule>,
        rules: Vec<Rule>,
        only_matched: bool,
    ) -> Result<(), Error> {
        let words = rules.iter().map(in_words).collect::<Vec<_>>().join("; ");
        let intent = Intent::new(Action::SetProviderRules, format!("provider {name}: {words}"));
        self.gate
            .change(actor, intent, async |grant| {
                let stored = self.store.provider(name).await?.rules;
                if stored != before {
                    return Err(Kind::Conflict { what: format!("rules of provider {name}") }.into());
                }
                if rules.len() > MOST_RULES as usize {
                    return Err(Error::invalid("value", Problem::TooLong { max: MOST_RULES }));
                }
                let rules = rules.into_iter().map(Rule::checked).collect::<Result<Vec<_>, _>>();
                let rules = rules.map_err(|fields| Kind::Invalid { fields })?;
                let projects = self.store.projects().await?;
                let mut new = rules.iter().filter(|rule| !stored.contains(rule));
                let unknown = new.any(|rule| match &rule.gives {
                    Gift::Project { project, .. } => !projects.iter().any(|known| known.name == *project),
                    Gift::Platform(_) => false,
                });
                if unknown {
                    return Err(Error::invalid("project", Problem::NoSuchProject));
                }
                self.store.set_rules(name, &rules, only_matched).await?;
                grant.note(as_text(&stored)?, as_text(&rules)?);
                Ok(())
            })
            .await
    }

    async fn set_enabled(&self, actor: &Actor, name: &ProviderName, enabled: bool) -> Result<(), Error> {
        let action = if enabled { Action::EnableProvider } else { Action::DisableProvider };
        let intent = Intent::new(action, format!("provider {name}"));
        self.gate
            .change(actor, intent, async |_grant| {
                let provider = self.store.provider(name).await?;
                if enabled && provider.tested.is_none() {
                    return Err(Error::invalid("enabled", Problem::NotTested));
                }
                self.store.set_provider_enabled(name, enabled).await?;
                if !enabled {
                    self.end_all_of(name).await?;
                }
                Ok(())
            })
            .await
    }

    async fn remove(&self, actor: &Actor, name: &ProviderName, confirmation: &str) -> Result<(), Error> {
        let intent = Intent::new(Action::RemoveProvider, format!("provider {name}"));
        let reason = "memberships are role bindings, which no tenant may write";
        self.gate
            .change_as_system(actor, intent, reason, async |grant| {
                if confirmation.trim() != name.as_str() {
                    return Err(Error::invalid("confirmation", Problem::NotTheName));
                }
                self.store.provider(name).await?;
                self.store.set_provider_enabled(name, false).await?;
                self.end_all_of(name).await?;
                self.store.remove_login(&service(name)).await?;
                self.store.remove_waiting(name).await?;
                self.store.remove_provider(name).await?;
                let projects = self.store.projects().await?;
                self.bind(&grant, projects.iter().map(|project| project.id.as_str())).await
            })
            .await
    }

    async fn leave(&self, actor: &Actor, name: &ProviderName, leave: Leave<'_>) -> Result<String, Error> {
        self.set_out(actor, name, leave).await
    }

    async fn arrive(&self, actor: &Actor, name: &ProviderName, back: Return<'_>) -> Result<Arrival, Error> {
        self.come_back(actor, name, back).await
    }

    async fn farewell(&self, actor: &Actor, back: &str) -> Option<String> {
        let name = actor.user.as_ref().filter(|_| actor.viewer.is_none())?.provider.clone();
        let name = ProviderName::try_from(name).ok()?;
        let place = async {
            let provider = self.known(&name).await?;
            let party = self.party(&provider).await?;
            Ok::<_, Error>(self.relying.farewell(&party, back).await?)
        };
        place.await.unwrap_or_else(|error| {
            tracing::warn!(event = "providers.no_farewell", error = error.to_string());
            None
        })
    }

    async fn answers_for(&self, handle: &str) -> Result<bool, Error> {
        self.check(handle).await
    }

    async fn signed_out_there(&self, name: &ProviderName, token: &str) -> Result<(), Error> {
        let provider = self.known(name).await?;
        let ended = self.relying.ended(&self.party(&provider).await?, token).await?;
        let (subject, sid) = (ended.subject.as_deref(), ended.session.as_deref());
        for session in self.store.sessions_at_provider(name.as_str(), subject, sid).await? {
            self.end(&session).await?;
        }
        Ok(())
    }
}

impl ProviderBook {
    /// Who the console is at this provider.
    async fn party(&self, provider: &Provider) -> Result<Party, Error> {
        let login = self.store.login(&service(&provider.name), &provider.connection.issuer).await?;
        let login = login.map_err(SignOnProblem::Outside)?;
        Ok(party(&provider.connection, login.map(|login| login.password)))
    }

    async fn known(&self, name: &ProviderName) -> Result<Provider, Error> {
        self.store.provider(name).await.map_err(|error| match error.kind {
            Kind::NotFound { .. } => SignOnProblem::NoProvider.into(),
            _ => error,
        })
    }

    async fn try_out(&self, connection: &Connection, secret: Option<String>) -> Result<(), Error> {
        // Also what a provider gives to ask again with is kept sealed.
        if !self.store.keeps_logins() {
            return Err(Error::invalid("client_secret", Problem::NoKey));
        }
        self.relying.check(&party(connection, secret)).await.map_err(|problem| {
            let problem = match problem {
                SignOnProblem::Outside(reason) => Problem::Outside { reason },
                _ => Problem::OtherIssuer,
            };
            Kind::Invalid { fields: vec![FieldProblem::new("issuer", problem)] }.into()
        })
    }

    async fn keep_secret(
        &self,
        name: &ProviderName,
        connection: &Connection,
        secret: Option<String>,
    ) -> Result<(), Error> {
        let login = secret.map(|password| Login { username: connection.client_id.clone(), password });
        self.store.set_login(&service(name), &connection.issuer, login.as_ref()).await
    }

    async fn end_all_of(&self, name: &ProviderName) -> Result<(), Error> {
        let sessions = self.store.sessions_at_provider(name.as_str(), None, None).await?;
        for session in sessions {
            self.drop_session(&session).await?;
        }
        Ok(())
    }

    /// Ends a session for good, without a trace of its own.
    async fn drop_session(&self, session: &ProviderSession) -> Result<(), Error> {
        let own = |handle: &str| handle == session.handle;
        self.store.end_sessions_of(&session.user_id, self.clock.now(), own).await?;
        self.store.end_provider_session(&session.handle).await?;
        // Nobody listens when there is no socket.
        let _none = self.ended.send(session.handle.clone());
        Ok(())
    }
}

fn party(connection: &Connection, secret: Option<String>) -> Party {
    Party {
        issuer: connection.issuer.clone(),
        client_id: connection.client_id.clone(),
        secret,
        scopes: connection.scopes.clone(),
        private: connection.private_addresses,
    }
}

/// Under which the secret of a provider is kept.
fn service(name: &ProviderName) -> String {
    format!("sso/{name}")
}

/// Of a name as typed.
fn provider_words(typed: &str) -> String {
    let named = ProviderName::parse(typed);
    format!("provider {}", named.as_ref().map_or("(bad name)", ProviderName::as_str))
}

/// A rule in the audit trail.
fn in_words(rule: &Rule) -> String {
    let gives = match &rule.gives {
        Gift::Platform(role) => role.as_str().to_owned(),
        Gift::Project { project, role } => format!("{} in {project}", role.as_str()),
    };
    format!("{}={} gives {gives}", rule.claim.escape_default(), rule.value.escape_default())
}
