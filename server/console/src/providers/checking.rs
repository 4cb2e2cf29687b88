//! Asking providers whether they still answer for the sessions of their people.
//!
//! Sessions are asked about when they are due, whether or not anybody uses them, so that requests do not wait for it and
//! somebody whom the provider disabled is out within a quarter of an hour. Of all who could ask about a session one does, also
//! among several consoles: the refresh token is good for one use.

use std::time::Duration;

use contract::Error;
use futures::future::join_all;
use gate::Intent;
use model::access::Action;
use model::providers::{SignOnProblem, given};
use store::ProviderSession;

use super::ProviderBook;
use super::sign_on::let_in;

/// A session that was not asked about for this long is not believed. Milliseconds, as all here.
const BELIEVED: i64 = 15 * 60_000;
/// While the provider does not answer, its people stay in for this long.
const OUTAGE: i64 = 60 * 60_000;
/// A session is asked about again when its access token ends, within these bounds.
const SOONEST: i64 = 10_000;
const LATEST: i64 = 10 * 60_000;
/// After a provider did not answer.
const RETRY: i64 = 30_000;
/// Longest that asking takes; then somebody else may.
const ASKING: i64 = 5 * 60_000;
/// Pause between two looks at what is due.
const PAUSE: Duration = Duration::from_secs(3);

/// When a session is to be asked about. Without a token to ask with it ends when it is not believed any more.
pub(super) fn next_check(now: i64, expires_in: Option<Option<Duration>>) -> i64 {
    let after = match expires_in {
        None => BELIEVED,
        Some(None) => LATEST,
        Some(Some(life)) => i64::try_from(life.as_millis()).unwrap_or(LATEST).clamp(SOONEST, LATEST),
    };
    now.saturating_add(after)
}

impl ProviderBook {
    /// Asks about what is due, for ever.
    pub async fn keep_checking(&self) {
        loop {
            if let Err(error) = self.check_due().await {
                tracing::warn!(event = "providers.check_failed", error = error.to_string());
            }
            tokio::time::sleep(PAUSE).await;
        }
    }

    /// Asks about every session that is due.
    pub async fn check_due(&self) -> Result<(), Error> {
        let now = self.clock.now();
        // Where nothing is due nothing is written.
        if self.store.due_sessions(now).await?.is_empty() {
            return Ok(());
        }
        self.store.sweep_provider_sessions(now).await?;
        let due = self.store.due_sessions(now).await?;
        for some in due.chunks(8) {
            for asked in join_all(some.iter().map(|session| self.ask(session))).await {
                asked?;
            }
        }
        Ok(())
    }

    pub(super) async fn check(&self, handle: &str) -> Result<bool, Error> {
        let Some(session) = self.store.provider_session(handle).await? else { return Ok(false) };
        let now = self.clock.now();
        let age = now.saturating_sub(session.checked_at);
        if age < BELIEVED {
            return Ok(true);
        }
        // The provider did not answer a moment ago: nobody waits for it again with each request.
        if now < session.due_at {
            return Ok(age < OUTAGE);
        }
        self.ask(&session).await
    }

    /// Whether the provider answers for a person, whichever of their sessions it was asked about.
    pub async fn answers_for_person(&self, user_id: &str) -> Result<bool, Error> {
        for session in self.store.provider_sessions_of(user_id).await? {
            if self.check(&session.handle).await? {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// Whether the provider answers for the session; it ends when not. Goes on when whoever asked for it is gone, because the
    /// token for the next time is in the answer.
    async fn ask(&self, session: &ProviderSession) -> Result<bool, Error> {
        let (book, session) = (self.clone(), session.clone());
        tokio::spawn(async move { book.ask_now(&session).await }).await.map_err(Error::internal)?
    }

    async fn ask_now(&self, session: &ProviderSession) -> Result<bool, Error> {
        let now = self.clock.now();
        let until = now.saturating_add(ASKING);
        if !self.store.take_session(&session.handle, session.checked_at, now, until).await? {
            return self.told_by_another(session).await;
        }
        let mut renewed = session.clone();
        let answer = match (&session.token, self.store.account_by_id(&session.user_id).await?) {
            (Some(token), Some(account)) if !account.disabled => {
                self.refresh(&mut renewed, token, &account).await
            }
            _ => Err(SignOnProblem::Stale.into()),
        };
        match answer {
            Ok(()) => {
                self.store.return_session(&renewed).await?;
                Ok(true)
            }
            Err(error) if is_final(&error) => {
                self.end(session).await?;
                Ok(false)
            }
            Err(error) => {
                let handle = session.handle.as_str();
                tracing::warn!(event = "providers.no_answer", handle, error = error.to_string());
                if now.saturating_sub(session.checked_at) >= OUTAGE {
                    self.end(session).await?;
                    return Ok(false);
                }
                let due_at = now.saturating_add(RETRY);
                self.store.return_session(&ProviderSession { due_at, ..renewed }).await?;
                Ok(true)
            }
        }
    }

    /// Writes into the session what is for the next time, the token also where the rest fails.
    async fn refresh(
        &self,
        session: &mut ProviderSession,
        token: &str,
        account: &store::Account,
    ) -> Result<(), Error> {
        let name = account.provider.clone().try_into().map_err(|_| SignOnProblem::NoProvider)?;
        let provider = self.known(&name).await?;
        let party = self.party(&provider).await?;
        let answer = self.relying.refresh(&party, token, &session.subject).await?;
        session.token = answer.refresh_token;
        if let Some(claims) = answer.claims? {
            match let_in(&provider, &claims, &account.username) {
                Ok(gifts) => self.give(account, &provider, gifts).await?,
                Err(refused) => {
                    self.give(account, &provider, given(&[], &claims)).await?;
                    return Err(refused);
                }
            }
        }
        session.checked_at = self.clock.now();
        session.due_at = next_check(session.checked_at, Some(answer.expires_in));
        Ok(())
    }

    /// Somebody else asks about it at this moment.
    async fn told_by_another(&self, session: &ProviderSession) -> Result<bool, Error> {
        for _ in 0..100 {
            match self.store.provider_session(&session.handle).await? {
                None => return Ok(false),
                Some(now) if now.checked_at != session.checked_at => return Ok(true),
                Some(now) if now.due_at != session.due_at => break,
                Some(_) => tokio::time::sleep(Duration::from_millis(100)).await,
            }
        }
        Ok(self.clock.now().saturating_sub(session.checked_at) < OUTAGE)
    }

    /// Ends a session that the provider does not answer for.
    pub(super) async fn end(&self, session: &ProviderSession) -> Result<(), Error> {
        let account = self.store.account_by_id(&session.user_id).await?;
        let who = account.as_ref().map_or("(gone)", |account| account.username.as_str());
        let words = format!("session of user {who} through {}", session.provider);
        let intent = Intent::new(Action::EndProviderSession, words);
        let reason = "its provider does not answer for it";
        let ending = async |_grant| self.drop_session(session).await;
        self.gate.change_as_console(intent, reason, ending).await
    }
}

/// Whether asking again is of no use: the provider said no, or there is nothing to ask with. A provider that cannot be asked, or
/// that does not take the console's own secret, has said nothing about the person.
fn is_final(error: &Error) -> bool {
    match &error.kind {
        contract::Kind::SignOn { problem } => match problem {
            SignOnProblem::Outside(_) | SignOnProblem::OtherIssuer => false,
            SignOnProblem::Refused { code } => code == "invalid_grant",
            _ => true,
        },
        _ => false,
    }
}
