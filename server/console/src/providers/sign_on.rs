//! Setting out for a provider, coming back, and what its rules give.

use std::time::Duration;

use contract::providers::{Arrival, Leave, Return};
use contract::{Actor, Error, Kind};
use gate::{Grant, Intent};
use model::access::Action;
use model::identity::{PlatformRole, Username};
use model::providers::{Claims, Given, ProviderName, SignOnProblem, Tested, given};
use model::roles::ProjectRole;
use oidc::Known;
use store::{Account, Provider, ProviderSession, SignOn};

use super::ProviderBook;
use super::checking::next_check;
use crate::bindings::bind_project;
use crate::identity::{new_account, signed_in};
use crate::token::{hash_token, random_id};
use crate::when::rfc3339;

/// How long somebody may take at the provider. Milliseconds.
const ATTEMPT: i64 = 10 * 60_000;
/// Most sign-ins under way.
const ATTEMPTS: i64 = 10_000;
/// Longest wait for clusters before somebody is in; they go on being told.
const BINDING: Duration = Duration::from_secs(3);
/// Most claims that a test shows, and most values of each.
const SHOWN: usize = 100;

impl ProviderBook {
    pub(super) async fn set_out(
        &self,
        actor: &Actor,
        name: &ProviderName,
        leave: Leave<'_>,
    ) -> Result<String, Error> {
        let provider = self.known(name).await?;
        if leave.test {
            self.gate.read(actor, Action::TestProvider)?;
        } else if !provider.enabled {
            return Err(SignOnProblem::NoProvider.into());
        }
        let start = self.relying.start(&self.party(&provider).await?, leave.redirect).await?;
        let now = self.clock.now();
        let sign_on = SignOn {
            provider: name.to_string(),
            test: leave.test,
            nonce: start.nonce,
            verifier: start.verifier,
            redirect: leave.redirect.to_owned(),
            next: leave.next.to_owned(),
            began_at: now,
        };
        let (state, browser) = (hash_token(&start.state), hash_token(leave.browser));
        let oldest = now.saturating_sub(ATTEMPT);
        self.store.add_sign_on(&state, &browser, &sign_on, oldest, ATTEMPTS).await?;
        Ok(start.address)
    }

    pub(super) async fn come_back(
        &self,
        actor: &Actor,
        name: &ProviderName,
        back: Return<'_>,
    ) -> Result<Arrival, Error> {
        let (state, browser) = (hash_token(back.state), hash_token(back.browser));
        let oldest = self.clock.now().saturating_sub(ATTEMPT);
        let begun = self.store.take_sign_on(&state, &browser).await?;
        let begun = begun.filter(|begun| begun.provider == name.as_str() && begun.began_at > oldest);
        let test = begun.as_ref().is_some_and(|begun| begun.test);
        let came = self.trade(name, back, begun).await;
        if test {
            let intent = Intent::new(Action::TestProvider, format!("provider {name}"));
            return self.gate.change(actor, intent, async |_grant| self.show(came?).await).await;
        }
        let who = came.as_ref().ok().and_then(|came| came.username().ok());
        let who = who.as_ref().map_or("(unknown name)", Username::as_str);
        let intent = Intent::new(Action::SignIn, format!("user {who} through {name}"));
        self.gate.change(actor, intent, async |_grant| self.admit(actor, came?).await).await
    }

    async fn trade(
        &self,
        name: &ProviderName,
        back: Return<'_>,
        begun: Option<SignOn>,
    ) -> Result<Came, Error> {
        let begun = begun.ok_or(SignOnProblem::Stale)?;
        let provider = self.known(name).await?;
        if !back.issuer.is_empty() && back.issuer != provider.connection.issuer {
            return Err(SignOnProblem::OtherIssuer.into());
        }
        if back.code.is_empty() {
            return Err(SignOnProblem::Refused { code: oidc::plain_code(back.error) }.into());
        }
        let party = self.party(&provider).await?;
        let (code, nonce, verifier) = (back.code.to_owned(), begun.nonce, begun.verifier);
        let known = self.relying.finish(&party, &begun.redirect, code, nonce, verifier).await?;
        Ok(Came { provider, known, next: begun.next })
    }

    async fn show(&self, came: Came) -> Result<Arrival, Error> {
        let username = came.username().ok().map(String::from);
        let shown =
            |(claim, values): (String, Vec<String>)| (claim, values.into_iter().take(SHOWN).collect());
        let tested = Tested {
            at: rfc3339(self.clock.now()),
            username,
            refreshes: came.known.refresh_token.is_some(),
            claims: came.known.claims.into_iter().take(SHOWN).map(shown).collect(),
        };
        self.store.set_tested(&came.provider.name, &came.provider.connection, &tested).await?;
        Ok(Arrival::Tested)
    }

    async fn admit(&self, actor: &Actor, came: Came) -> Result<Arrival, Error> {
        if !came.provider.enabled {
            return Err(SignOnProblem::NoProvider.into());
        }
        let username = came.username()?;
        let gifts = let_in(&came.provider, &came.known.claims, &username)?;
        let account = self.account_of(actor, &came, username).await?;
        if account.disabled {
            return Err(SignOnProblem::Disabled.into());
        }
        self.give(&account, &came.provider, gifts).await?;
        let now = self.clock.now();
        self.store.set_last_seen(&account.id, now).await?;
        let Came { provider, known, next } = came;
        let session = ProviderSession {
            handle: random_id()?,
            user_id: account.id.clone(),
            provider: provider.name.to_string(),
            subject: known.subject,
            sid: known.session.unwrap_or_default(),
            due_at: next_check(now, known.refresh_token.as_ref().map(|_| known.expires_in)),
            token: known.refresh_token,
            checked_at: now,
        };
        self.store.add_provider_session(&session).await?;
        // It may have been disabled, or removed, while the token was traded.
        if !self.store.providers().await?.iter().any(|now| now.name == provider.name && now.enabled) {
            self.drop_session(&session).await?;
            return Err(SignOnProblem::NoProvider.into());
        }
        // With what was just given.
        let account = self.store.account_by_id(&account.id).await?.ok_or(Kind::Unauthenticated)?;
        Ok(Arrival::SignedIn { user: signed_in(account), handle: session.handle, next })
    }

    /// The account of somebody who came: theirs, the one that waits for them, or a new one. Never one that somebody else has.
    async fn account_of(&self, actor: &Actor, came: &Came, username: Username) -> Result<Account, Error> {
        let provider = came.provider.name.as_str();
        // Another issuer under the same name has subjects of its own.
        let subject = format!("{} {}", came.provider.connection.issuer, came.known.subject);
        let subject = subject.as_str();
        if let Some(account) = self.store.account_by_subject(provider, subject).await? {
            return Ok(account);
        }
        let taken = || Error::from(SignOnProblem::NameTaken { username: username.to_string() });
        if let Some(waiting) = self.store.account_by_name(&username.key()).await? {
            let expected = waiting.provider == provider && waiting.subject.is_none();
            let linked = expected && self.store.set_subject(&waiting.id, subject).await?;
            return if linked { Ok(waiting) } else { Err(taken()) };
        }
        let new = new_account(username.clone(), PlatformRole::Member, provider.to_owned(), self.clock.now())?;
        let account = Account { subject: Some(subject.to_owned()), ..new };
        let intent = Intent::new(Action::JoinUser, format!("user {username} from {provider}"));
        let joined = self.gate.change(actor, intent, async |_grant| self.store.add_account(&account).await);
        match joined.await.map_err(|error| (error.kind.clone(), error)) {
            Ok(()) => Ok(account),
            Err((Kind::Licence { .. }, _)) => Err(SignOnProblem::NoRoom.into()),
            // Perhaps they came in another tab at the same moment.
            Err((Kind::Conflict { .. }, _)) => {
                self.store.account_by_subject(provider, subject).await?.ok_or_else(taken)
            }
            Err((_, error)) => Err(error),
        }
    }

    /// Makes what the rules give to somebody so, in our books and in the clusters, if it is not already.
    pub(super) async fn give(
        &self,
        account: &Account,
        provider: &Provider,
        gifts: Given,
    ) -> Result<(), Error> {
        let source = provider.name.as_str();
        let projects = self.store.projects().await?;
        let wanted: Vec<(String, ProjectRole)> = projects
            .iter()
            .filter_map(|project| Some((project.id.clone(), *gifts.projects.get(&project.name)?)))
            .collect();
        let mut sorted = wanted.clone();
        sorted.sort();
        let same = self.store.given_to(&account.id, source).await? == sorted
            && self.store.given_role(&account.id).await? == Some(gifts.role);
        if same {
            return Ok(());
        }
        let roles = gifts.projects.iter().map(|(project, role)| format!("{} in {project}", role.as_str()));
        let roles =
            std::iter::once(gifts.role.as_str().to_owned()).chain(roles).collect::<Vec<_>>().join(", ");
        let words = format!("user {} by {source}: {roles}", account.username);
        let intent = Intent::new(Action::ApplyRules, words);
        let (book, id, source) = (self.clone(), account.id.clone(), source.to_owned());
        let role = gifts.role;
        // A cluster that does not answer holds nobody up; it is mended when it does.
        let giving = tokio::spawn(async move {
            let reason = "memberships are role bindings, which no tenant may write";
            book.gate
                .change_as_console(intent, reason, async |grant| {
                    // What is removed gives nothing any more.
                    if !book.store.providers().await?.iter().any(|known| known.name.as_str() == source) {
                        return Err(SignOnProblem::NoProvider.into());
                    }
                    book.store.set_given_role(&id, role).await?;
                    let changed = book.store.set_given(&id, &source, &wanted, book.clock.now()).await?;
                    book.bind(&grant, changed.iter().map(String::as_str)).await
                })
                .await
        });
        match tokio::time::timeout(BINDING, giving).await {
            Ok(Ok(Err(error))) if error.kind == Kind::Internal => Err(error),
            // The gate has logged and audited how it ended.
            _ => Ok(()),
        }
    }

    /// Gives the namespaces of these projects the bindings of their members.
    pub(super) async fn bind(
        &self,
        grant: &Grant,
        projects: impl Iterator<Item = &str>,
    ) -> Result<(), Error> {
        for project in projects {
            bind_project(&self.store, &self.fleet, grant, project, self.clock.now()).await?;
        }
        Ok(())
    }
}

/// Somebody whom the provider vouches for.
struct Came {
    provider: Provider,
    known: Known,
    next: String,
}

impl Came {
    /// The name here. An e-mail address that the provider calls unverified is nobody's name.
    fn username(&self) -> Result<Username, Error> {
        let claim = self.provider.connection.username_claim.as_str();
        let claims = &self.known.claims;
        let value = claims.get(claim).and_then(|values| values.first());
        let unverified = claim == "email"
            && claims.get("email_verified").is_some_and(|said| said.iter().any(|said| said != "true"));
        let name = value.filter(|_| !unverified).and_then(|value| Username::parse(value).ok());
        name.ok_or_else(|| SignOnProblem::NoUsername { claim: claim.to_owned() }.into())
    }
}

/// What the rules give. Errors: `NotLetIn` where nothing is given and something has to be.
pub(super) fn let_in(provider: &Provider, claims: &Claims, username: &Username) -> Result<Given, Error> {
    let gifts = given(&provider.rules, claims);
    if provider.only_matched && !gifts.any {
        return Err(SignOnProblem::NotLetIn { username: username.to_string() }.into());
    }
    Ok(gifts)
}
