//! Accounts and signing in.

use std::net::IpAddr;

use async_trait::async_trait;
use model::access::{Action, Standing, allows};
use model::identity::{
    Invitation, Me, OwnSession, PlatformRole, SessionLeft, User, UserDetail, UserForm, Username,
};

use crate::Error;

/// Who is asking, and in which request.
#[derive(Clone, Debug)]
pub struct Actor {
    /// None for somebody who is not signed in.
    pub user: Option<SignedIn>,
    /// Empty when no request is behind it.
    pub request_id: String,
    /// The handle of the session it came with; empty without one.
    pub session: String,
    /// Who really asks, when they look at the console as `user`. Changes nothing then.
    pub viewer: Option<Username>,
    /// Of the session.
    pub left: SessionLeft,
    /// From where they come; none when that is not known.
    pub address: Option<IpAddr>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SignedIn {
    pub id: String,
    pub username: Username,
    /// The name in clusters; a DNS label, never reused.
    pub slug: String,
    pub role: PlatformRole,
    /// The identity provider they sign in with; empty for a password here.
    pub provider: String,
}

impl Actor {
    pub fn stranger(request_id: &str) -> Self {
        Self { request_id: request_id.to_owned(), ..Self::console() }
    }

    /// The console itself, when nobody asked.
    pub fn console() -> Self {
        Self {
            user: None,
            request_id: String::new(),
            session: String::new(),
            viewer: None,
            left: SessionLeft::default(),
            address: None,
        }
    }

    /// On the platform; in projects the gate finds out.
    pub fn standing(&self) -> Standing {
        self.user.as_ref().map_or_else(Standing::default, |user| Standing::on_platform(user.role))
    }

    /// Whether everything that exists may be known to them.
    pub fn sees_all(&self) -> bool {
        allows(self.standing(), Action::ViewProject)
    }

    /// The name in the audit trail.
    pub fn name(&self) -> &str {
        if let Some(viewer) = &self.viewer {
            return viewer.as_str();
        }
        match &self.user {
            Some(user) => user.username.as_str(),
            None if self.request_id.is_empty() => "(console)",
            None => "(not signed in)",
        }
    }
}

#[async_trait]
pub trait Identity: Send + Sync {
    /// The account whose name and password these are.
    ///
    /// Errors: `Invalid` for a wrong pair (unknown names take the same time), `Busy` while locked out, `Forbidden` for a right
    /// pair of a disabled account.
    async fn sign_in(&self, actor: &Actor, username: &str, password: &str) -> Result<SignedIn, Error>;

    /// Leaves the trace of a sign-out; ending the session is the caller's.
    async fn sign_out(&self, actor: &Actor) -> Result<(), Error>;

    /// The account of a session, or none when it no longer exists or is disabled.
    async fn account(&self, user_id: &str) -> Result<Option<SignedIn>, Error>;

    fn me(&self, actor: &Actor) -> Result<Me, Error>;

    /// How long the actor's session lasts yet. Asking does not use it.
    fn session_left(&self, actor: &Actor) -> Result<SessionLeft, Error>;

    async fn list_users(&self, actor: &Actor) -> Result<Vec<User>, Error>;

    /// Somebody with everything that they may do, and why. Errors: `NotFound`.
    async fn view_user(&self, actor: &Actor, username: &str) -> Result<UserDetail, Error>;

    /// Whom the actor will see the console as, from now on.
    ///
    /// Errors: `NotFound`; `Invalid` of the field `username`: oneself, or somebody disabled.
    async fn view_as(&self, actor: &Actor, username: &str) -> Result<SignedIn, Error>;

    /// Leaves the trace that it ended; ending it is the caller's.
    async fn stop_viewing(&self, actor: &Actor) -> Result<(), Error>;

    /// Makes an account: a local one, one whose owner is invited to choose a password when none is given, or one for somebody who will come from a provider (`A1:NS-13`).
    ///
    /// Errors: `Invalid` per field, `Licence` at the limit of users.
    async fn create_user(&self, actor: &Actor, form: UserForm) -> Result<Option<Invitation>, Error>;

    /// Disables an account and ends its sessions, or enables it again. Nobody disables their own.
    ///
    /// Errors: `NotFound`; `Invalid` of the field `username`; `Licence` at the limit of users.
    async fn set_disabled(&self, actor: &Actor, username: &str, disabled: bool) -> Result<(), Error>;

    /// Gives somebody else a new password, or an invitation to choose one when it is empty, and ends all of their sessions.
    ///
    /// Errors: `NotFound`; `Invalid` of the fields `username` (one's own, or one of a provider) and `password`.
    async fn reset_password(
        &self,
        actor: &Actor,
        username: &str,
        password: &str,
    ) -> Result<Option<Invitation>, Error>;

    /// Whoever has the token of an invitation chooses a password, once. Errors: `Invalid` of the fields `token`, `password` and
    /// `confirmation`.
    async fn accept(
        &self,
        actor: &Actor,
        token: &str,
        password: &str,
        confirmation: &str,
    ) -> Result<(), Error>;

    /// The actor's own sessions, the present one first, then the last seen first.
    async fn sessions(&self, actor: &Actor) -> Result<Vec<OwnSession>, Error>;

    /// Ends one of the actor's own sessions. Errors: `NotFound`.
    async fn end_session(&self, actor: &Actor, handle: &str) -> Result<(), Error>;

    /// Ends all of the actor's own sessions but the present one.
    async fn end_other_sessions(&self, actor: &Actor) -> Result<(), Error>;

    /// Changes the actor's own password and ends all of their sessions.
    async fn change_password(
        &self,
        actor: &Actor,
        current: &str,
        new: &str,
        confirmation: &str,
    ) -> Result<(), Error>;
}
