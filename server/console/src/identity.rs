//! Accounts and signing in: `contract::Identity`.

use std::collections::BTreeMap;
use std::net::IpAddr;
use std::sync::Arc;

use async_trait::async_trait;
use contract::identity::SignedIn;
use contract::{Actor, Error, Identity, Kind};
use gate::{Clock, Gate, Intent};
use model::access::Action;
use model::identity::{
    AccessPath, EffectiveAccess, Invitation, Me, OwnSession, PlatformRole, SessionLeft, Source, USERNAME_MAX,
    User, UserDetail, UserForm, Username, browser_of, check_password,
};
use model::problem::{FieldProblem, Problem};
use model::roles::Permissions;
use store::{Account, Store};
use tokio::sync::broadcast;

use crate::lockout::Doors;
use crate::password::Passwords;
use crate::token::{random_id, slug_for};
use crate::when::rfc3339;

pub struct Accounts {
    pub store: Store,
    pub gate: Arc<Gate>,
    pub passwords: Passwords,
    pub clock: Arc<dyn Clock>,
    /// Tells the handles of sessions that were ended by hand, so that their sockets close at once.
    pub ended: broadcast::Sender<String>,
}

#[async_trait]
impl Identity for Accounts {
    async fn sign_in(&self, actor: &Actor, username: &str, password: &str) -> Result<SignedIn, Error> {
        // What was typed may be a password in the wrong field, so only a known name enters the trail.
        // Longer ones are nobody's, and would fill the table of failures.
        let key: String = username.trim().to_lowercase().chars().take(USERNAME_MAX as usize).collect();
        let account = self.store.account_by_name(&key).await?;
        let named = account.as_ref().map_or("(unknown name)", |account| account.username.as_str());
        let intent = Intent::new(Action::SignIn, format!("user {named}"));
        self.gate
            .change(actor, intent, async |_grant| {
                self.check_sign_in(&key, password, account, actor.address).await
            })
            .await
    }

    async fn sign_out(&self, actor: &Actor) -> Result<(), Error> {
        let intent = Intent::new(Action::SignOut, format!("user {}", actor.name()));
        self.gate.change(actor, intent, async |_grant| Ok(())).await
    }

    async fn account(&self, user_id: &str) -> Result<Option<SignedIn>, Error> {
        let account = self.store.account_by_id(user_id).await?;
        Ok(account.filter(|account| !account.disabled).map(signed_in))
    }

    fn me(&self, actor: &Actor) -> Result<Me, Error> {
        let user = actor.user.as_ref().ok_or(Kind::Unauthenticated)?;
        let viewer = actor.viewer.clone();
        Ok(Me { username: user.username.clone(), role: user.role, provider: user.provider.clone(), viewer })
    }

    fn session_left(&self, actor: &Actor) -> Result<SessionLeft, Error> {
        actor.user.as_ref().ok_or(Kind::Unauthenticated)?;
        Ok(actor.left)
    }

    async fn list_users(&self, actor: &Actor) -> Result<Vec<User>, Error> {
        self.gate.read(actor, Action::ListUsers)?;
        let accounts = self.store.accounts().await?;
        Ok(accounts.into_iter().map(|account| user(account, actor)).collect())
    }

    async fn view_user(&self, actor: &Actor, username: &str) -> Result<UserDetail, Error> {
        self.gate.read(actor, Action::ListUsers)?;
        let account = self.known(username).await?;
        let now = self.clock.now();
        let projects = self.store.projects().await?;
        let mut access = BTreeMap::<_, EffectiveAccess>::new();
        for one in self.store.memberships_of(&account.id, now).await? {
            let Some(project) = projects.iter().find(|project| project.id == one.project_id) else {
                continue;
            };
            let known = access.entry(project.name.clone()).or_insert_with(|| EffectiveAccess {
                project: project.name.clone(),
                permissions: Permissions::NONE,
                paths: Vec::new(),
            });
            known.permissions = known.permissions.and(one.permissions);
            let until = one.until.map(rfc3339);
            known.paths.push(AccessPath {
                role: one.role,
                permissions: one.permissions,
                way: one.way,
                until,
            });
        }
        let groups = self.store.groups().await?.into_iter();
        let groups = groups.filter(|group| group.members.contains(&account.username));
        let count = |all: usize| u32::try_from(all).unwrap_or(u32::MAX);
        Ok(UserDetail {
            groups: groups.map(|group| group.name).collect(),
            given_role: self.store.given_role(&account.id).await?.unwrap_or(PlatformRole::Member),
            projects: access.into_values().collect(),
            sessions: count(self.store.sessions_of(&account.id, now).await?.len()),
            tokens: count(self.store.tokens_of(&account.id, now).await?.len()),
            user: user(account, actor),
        })
    }

    async fn view_as(&self, actor: &Actor, username: &str) -> Result<SignedIn, Error> {
        let parsed = Username::parse(username);
        let named = parsed.as_ref().map_or("(bad name)", Username::as_str);
        let intent = Intent::new(Action::ViewAs, format!("user {named}"));
        self.gate
            .change(actor, intent, async |_grant| {
                let account = self.known(username).await?;
                if actor.user.as_ref().is_some_and(|user| user.id == account.id) {
                    return Err(Error::invalid("username", Problem::Yourself));
                }
                if account.disabled {
                    return Err(Error::invalid("username", Problem::Disabled));
                }
                Ok(signed_in(account))
            })
            .await
    }

    async fn stop_viewing(&self, actor: &Actor) -> Result<(), Error> {
        let named = actor.user.as_ref().map_or("(nobody)", |user| user.username.as_str());
        let intent = Intent::new(Action::StopViewing, format!("user {named}"));
        self.gate.change(actor, intent, async |_grant| Ok(())).await
    }

    async fn create_user(&self, actor: &Actor, form: UserForm) -> Result<Option<Invitation>, Error> {
        let parsed = Username::parse(&form.username);
        let named = parsed.as_ref().map_or("(bad name)", Username::as_str);
        let from = match form.provider.as_str() {
            "" => String::new(),
            provider => format!(" from {}", provider.escape_default()),
        };
        let intent = Intent::new(Action::CreateUser, format!("user {named} as {}{from}", form.role.as_str()));
        self.gate.change(actor, intent, async |_grant| self.add(parsed, form).await).await
    }

    async fn set_disabled(&self, actor: &Actor, username: &str, disabled: bool) -> Result<(), Error> {
        let action = if disabled { Action::DisableUser } else { Action::EnableUser };
        let parsed = Username::parse(username);
        let named = parsed.as_ref().map_or("(bad name)", Username::as_str);
        let intent = Intent::new(action, format!("user {named}"));
        self.gate
            .change(actor, intent, async |_grant| {
                let account = self.known(username).await?;
                if disabled && actor.user.as_ref().is_some_and(|user| user.id == account.id) {
                    return Err(Error::invalid("username", Problem::Yourself));
                }
                self.store.set_disabled(&account.id, disabled).await?;
                if disabled {
                    self.end(&account.id, |_all| true).await?;
                }
                Ok(())
            })
            .await
    }

    async fn reset_password(
        &self,
        actor: &Actor,
        username: &str,
        password: &str,
    ) -> Result<Option<Invitation>, Error> {
        let parsed = Username::parse(username);
        let named = parsed.as_ref().map_or("(bad name)", Username::as_str);
        let intent = Intent::new(Action::ResetPassword, format!("user {named}"));
        self.gate
            .change(actor, intent, async |_grant| {
                let account = self.known(username).await?;
                if actor.user.as_ref().is_some_and(|user| user.id == account.id) {
                    return Err(Error::invalid("username", Problem::Yourself));
                }
                if !account.provider.is_empty() {
                    return Err(Error::invalid("username", Problem::NotLocal));
                }
                let invitation = match password {
                    "" => {
                        self.store.set_password(&account.id, "").await?;
                        Some(self.invite(&account.id).await?)
                    }
                    password => {
                        check_password(password, account.username.as_str())
                            .map_err(|problem| Error::invalid("password", problem))?;
                        let hash = self.passwords.hash(password).await?;
                        self.store.set_password(&account.id, &hash).await?;
                        None
                    }
                };
                self.store.clear_failures(&account.username.key()).await?;
                self.end(&account.id, |_all| true).await?;
                Ok(invitation)
            })
            .await
    }

    async fn accept(
        &self,
        actor: &Actor,
        token: &str,
        password: &str,
        confirmation: &str,
    ) -> Result<(), Error> {
        self.take_up(actor, token, password, confirmation).await
    }

    async fn sessions(&self, actor: &Actor) -> Result<Vec<OwnSession>, Error> {
        let user = actor.user.as_ref().ok_or(Kind::Unauthenticated)?;
        let all = self.store.sessions_of(&user.id, self.clock.now()).await?;
        let mut all: Vec<_> = all
            .into_iter()
            .map(|session| OwnSession {
                current: session.handle == actor.session,
                handle: session.handle,
                since: rfc3339(session.since),
                seen: rfc3339(session.seen),
                browser: browser_of(&session.agent),
            })
            .collect();
        all.sort_by_key(|session| !session.current);
        Ok(all)
    }

    async fn end_session(&self, actor: &Actor, handle: &str) -> Result<(), Error> {
        let intent = Intent::new(Action::EndSession, format!("session of user {}", actor.name()));
        self.gate
            .change(actor, intent, async |_grant| {
                match self.end_own(actor, |known| known == handle).await? {
                    0 => Err(Kind::NotFound { what: "session".to_owned() }.into()),
                    _ => Ok(()),
                }
            })
            .await
    }

    async fn end_other_sessions(&self, actor: &Actor) -> Result<(), Error> {
        let intent = Intent::new(Action::EndOtherSessions, format!("user {}", actor.name()));
        let others = |known: &str| known != actor.session;
        self.gate.change(actor, intent, async |_grant| self.end_own(actor, others).await.map(|_| ())).await
    }

    async fn change_password(
        &self,
        actor: &Actor,
        current: &str,
        new: &str,
        confirmation: &str,
    ) -> Result<(), Error> {
        let intent = Intent::new(Action::ChangePassword, format!("user {}", actor.name()));
        self.gate
            .change(actor, intent, async |_grant| {
                self.replace_password(actor, current, new, confirmation).await
            })
            .await
    }
}

impl Accounts {
    /// Errors: `NotFound`.
    async fn known(&self, username: &str) -> Result<Account, Error> {
        let parsed = Username::parse(username);
        let named = parsed.as_ref().map_or("(bad name)", Username::as_str);
        let missing = || Error::from(Kind::NotFound { what: format!("user {named}") });
        let key = parsed.as_ref().map_err(|_| missing())?.key();
        self.store.account_by_name(&key).await?.ok_or_else(missing)
    }

    /// Ends those of the actor's own sessions whose handle passes. Returns how many.
    async fn end_own(&self, actor: &Actor, passes: impl Fn(&str) -> bool) -> Result<usize, Error> {
        let user = actor.user.as_ref().ok_or(Kind::Unauthenticated)?;
        self.end(&user.id, passes).await
    }

    pub(crate) async fn end(&self, user_id: &str, passes: impl Fn(&str) -> bool) -> Result<usize, Error> {
        let ended = self.store.end_sessions_of(user_id, self.clock.now(), passes).await?;
        let count = ended.len();
        for handle in ended {
            // Nobody listens when there is no socket.
            let _none = self.ended.send(handle);
        }
        Ok(count)
    }

    async fn check_sign_in(
        &self,
        key: &str,
        password: &str,
        account: Option<Account>,
        address: Option<IpAddr>,
    ) -> Result<SignedIn, Error> {
        let now = self.clock.now();
        let doors = Doors::of(key, address);
        doors.check(&self.store, now).await?;
        // Who signs in elsewhere has none.
        let local = account.as_ref().filter(|account| !account.password_hash.is_empty());
        let stored = local.map(|account| account.password_hash.as_str());
        let fits = self.passwords.verify(password, stored).await?;
        let (Some(account), true) = (account, fits) else {
            doors.failed(&self.store, now).await?;
            return Err(Error::invalid("password", Problem::WrongPassword));
        };
        // Of many guesses at once those that waited are too late.
        doors.check(&self.store, now).await?;
        self.store.clear_failures(key).await?;
        // Said only to somebody who knows the password.
        if account.disabled {
            return Err(Kind::Forbidden { action: Action::SignIn, project: None }.into());
        }
        self.store.set_last_seen(&account.id, now).await?;
        Ok(signed_in(account))
    }

    async fn add(
        &self,
        username: Result<Username, Problem>,
        form: UserForm,
    ) -> Result<Option<Invitation>, Error> {
        let mut problems = Vec::new();
        let typed = username.as_ref().map_or("", Username::as_str);
        let invited = form.provider.is_empty() && form.password.is_empty();
        if form.provider.is_empty() {
            if !invited && let Err(problem) = check_password(&form.password, typed) {
                problems.push(FieldProblem::new("password", problem));
            }
        } else if !self.store.providers().await?.iter().any(|known| known.name.as_str() == form.provider) {
            problems.push(FieldProblem::new("provider", Problem::NoSuchProvider));
        }
        let username = match username {
            Ok(username) if problems.is_empty() => username,
            Ok(_) => return Err(Kind::Invalid { fields: problems }.into()),
            Err(problem) => {
                problems.push(FieldProblem::new("username", problem));
                return Err(Kind::Invalid { fields: problems }.into());
            }
        };
        let password_hash = match form.provider.as_str() {
            "" if !invited => self.passwords.hash(&form.password).await?,
            _ => String::new(),
        };
        let account = new_account(username, form.role, form.provider, self.clock.now())?;
        let account = Account { password_hash, ..account };
        self.store.add_account(&account).await.map_err(|error| match error.kind {
            Kind::Conflict { .. } => Error::invalid("username", Problem::Taken),
            _ => error,
        })?;
        if invited { self.invite(&account.id).await.map(Some) } else { Ok(None) }
    }

    async fn replace_password(
        &self,
        actor: &Actor,
        current: &str,
        new: &str,
        confirmation: &str,
    ) -> Result<(), Error> {
        let user = actor.user.as_ref().ok_or(Kind::Unauthenticated)?;
        let account = self.store.account_by_id(&user.id).await?.ok_or(Kind::Unauthenticated)?;
        if !account.provider.is_empty() {
            return Err(Error::invalid("current", Problem::NotLocal));
        }
        if !self.passwords.verify(current, Some(&account.password_hash)).await? {
            return Err(Error::invalid("current", Problem::WrongPassword));
        }
        check_password(new, account.username.as_str()).map_err(|problem| Error::invalid("new", problem))?;
        if new != confirmation {
            return Err(Error::invalid("confirmation", Problem::Mismatch));
        }
        let hash = self.passwords.hash(new).await?;
        self.store.set_password(&account.id, &hash).await?;
        self.end(&account.id, |_all| true).await.map(|_| ())
    }
}

pub(crate) fn signed_in(account: Account) -> SignedIn {
    let Account { id, username, slug, role, provider, .. } = account;
    SignedIn { id, username, slug, role, provider }
}

/// One without a password.
pub(crate) fn new_account(
    username: Username,
    role: PlatformRole,
    provider: String,
    created_at: i64,
) -> Result<Account, Error> {
    Ok(Account {
        id: random_id()?,
        slug: slug_for(&username)?,
        username,
        role,
        password_hash: String::new(),
        provider,
        subject: None,
        created_at,
        last_seen_at: None,
        disabled: false,
    })
}

fn user(account: Account, actor: &Actor) -> User {
    User {
        own: actor.user.as_ref().is_some_and(|user| user.id == account.id),
        username: account.username,
        disabled: account.disabled,
        role: account.role,
        source: source(account.provider, account.subject.as_deref(), account.password_hash.is_empty()),
        created_at: rfc3339(account.created_at),
        last_seen_at: account.last_seen_at.map(rfc3339),
    }
}

/// Of the list of users: a name counts once its owner came.
fn source(provider: String, subject: Option<&str>, no_password: bool) -> Source {
    match (provider.is_empty(), subject) {
        (true, _) if no_password => Source::Invited,
        (true, _) => Source::Local,
        (false, Some(_)) => Source::Provider(provider),
        (false, None) => Source::Expected(provider),
    }
}
