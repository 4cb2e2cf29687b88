//! Invitations: a link by which somebody chooses their first password.

use contract::{Actor, Error};
use gate::Intent;
use model::access::Action;
use model::identity::{Invitation, check_password};
use model::problem::Problem;

use crate::identity::Accounts;
use crate::token::{hash_token, random_id};

/// How long an invitation is good. Hours.
const INVITED: u32 = 72;

impl Accounts {
    pub(crate) async fn invite(&self, user_id: &str) -> Result<Invitation, Error> {
        let token = random_id()?;
        let until = self.clock.now().saturating_add(i64::from(INVITED) * 3_600_000);
        self.store.set_invitation(user_id, &hash_token(&token), until).await?;
        Ok(Invitation { token, hours: INVITED })
    }

    pub(crate) async fn take_up(
        &self,
        actor: &Actor,
        token: &str,
        password: &str,
        confirmation: &str,
    ) -> Result<(), Error> {
        let hash = hash_token(token.trim());
        let invited = self.store.invitation(&hash).await?;
        let account = match &invited {
            Some((user_id, _)) => self.store.account_by_id(user_id).await?,
            None => None,
        };
        let named = account.as_ref().map_or("(unknown)", |account| account.username.as_str());
        let intent = Intent::new(Action::AcceptInvitation, format!("user {named}"));
        self.gate
            .change(actor, intent, async |_grant| {
                let wrong = || Error::invalid("token", Problem::WrongToken);
                let (account, (_, until)) = account.zip(invited).ok_or_else(wrong)?;
                if account.disabled {
                    return Err(Error::invalid("token", Problem::Disabled));
                }
                if until <= self.clock.now() {
                    return Err(Error::invalid("token", Problem::ExpiredToken));
                }
                check_password(password, account.username.as_str())
                    .map_err(|problem| Error::invalid("password", problem))?;
                if password != confirmation {
                    return Err(Error::invalid("confirmation", Problem::Mismatch));
                }
                let hashed = self.passwords.hash(password).await?;
                if !self.store.take_invitation(&hash, &account.id, &hashed).await? {
                    return Err(wrong());
                }
                self.end(&account.id, |_all| true).await.map(|_| ())
            })
            .await
    }
}
