//! The first visit and the licence: `contract::License`.

use std::sync::Arc;

use async_trait::async_trait;
use contract::{Actor, Error, Kind, License};
use gate::{Clock, Gate, Intent, LicenceFacts as _};
use model::access::Action;
use model::identity::{PlatformRole, Username, check_password};
use model::license::{Activation, LicenceState, LicenceStatus};
use model::problem::{FieldProblem, Problem};
use store::{Account, FirstVisit, Store};

use crate::identity::new_account;
use crate::licence_facts::StoredLicence;
use crate::password::Passwords;
use crate::token::hash_token;
use crate::when::rfc3339;

/// The free licence that comes with the product, signed by the vendor: no expiry, 5 users, 3 clusters.
const PERSONAL: &str = include_str!("../assets/personal.license");

pub struct Licensing {
    pub store: Store,
    pub gate: Arc<Gate>,
    pub facts: Arc<StoredLicence>,
    pub passwords: Passwords,
    pub clock: Arc<dyn Clock>,
}

#[async_trait]
impl License for Licensing {
    async fn is_activated(&self) -> Result<bool, Error> {
        Ok(self.store.read_installation().await?.activated_at.is_some())
    }

    async fn activate(&self, actor: &Actor, form: Activation) -> Result<(), Error> {
        let intent = Intent::new(Action::Activate, "installation");
        self.gate
            .change_as_system(actor, intent, "nobody has an account yet", async |_grant| {
                self.first_visit(form).await
            })
            .await
    }

    async fn status(&self, actor: &Actor) -> Result<LicenceStatus, Error> {
        self.gate.read(actor, Action::ViewLicence)?;
        let licence = self.facts.licence().await?.ok_or(Kind::NotFound { what: "licence".to_owned() })?;
        let used = self.facts.used().await?;
        let state = LicenceState::of(&licence, used, self.facts.now().await?);
        Ok(LicenceStatus {
            state,
            used,
            instance: self.store.read_installation().await?.instance,
            issued_at: rfc3339(licence.issued.saturating_mul(1000)),
            expires_at: licence.expires.map(|at| rfc3339(at.saturating_mul(1000))),
            licence,
        })
    }

    async fn replace(&self, actor: &Actor, text: &str) -> Result<(), Error> {
        let intent = Intent::new(Action::ReplaceLicence, "licence");
        self.gate
            .change(actor, intent, async |_grant| {
                let text = or_personal(text);
                self.facts
                    .read(text)
                    .await?
                    .map_err(|reason| Error::invalid("licence", Problem::Licence { reason }))?;
                self.store.set_licence(text).await
            })
            .await
    }
}

impl Licensing {
    async fn first_visit(&self, form: Activation) -> Result<(), Error> {
        let installation = self.store.read_installation().await?;
        if installation.activated_at.is_some() {
            return Err(Kind::Conflict { what: "activation".to_owned() }.into());
        }
        let now = self.clock.now();
        let token_hash = hash_token(&form.token);
        let licence = or_personal(&form.licence);

        let mut problems = Vec::new();
        let mut check = |field: &str, result: Result<(), Problem>| {
            problems.extend(result.err().map(|problem| FieldProblem::new(field, problem)));
        };
        let waiting = installation.setup_token_hash.as_deref() == Some(token_hash.as_str());
        check("token", token_problem(&form.token, waiting, installation.setup_token_until, now));
        let username = Username::parse(&form.username);
        check("username", username.as_ref().map(|_| ()).map_err(Clone::clone));
        check("password", check_password(&form.password, &form.username));
        check(
            "confirmation",
            if form.password == form.confirmation { Ok(()) } else { Err(Problem::Mismatch) },
        );
        check(
            "licence",
            self.facts.read(licence).await?.map(|_| ()).map_err(|reason| Problem::Licence { reason }),
        );
        let (Ok(username), true) = (username, problems.is_empty()) else {
            return Err(Kind::Invalid { fields: problems }.into());
        };

        let account = new_account(username, PlatformRole::Administrator, String::new(), now)?;
        let account = Account { password_hash: self.passwords.hash(&form.password).await?, ..account };
        let visit = FirstVisit { token_hash, account, licence: licence.to_owned(), now };
        self.store.activate(&visit).await
    }
}

fn token_problem(typed: &str, waiting: bool, until: Option<i64>, now: i64) -> Result<(), Problem> {
    if typed.trim().is_empty() {
        Err(Problem::Required)
    } else if !waiting {
        Err(Problem::WrongToken)
    } else if until.is_none_or(|until| until <= now) {
        Err(Problem::ExpiredToken)
    } else {
        Ok(())
    }
}

/// An empty field means the free personal licence.
fn or_personal(text: &str) -> &str {
    let text = text.trim();
    if text.is_empty() { PERSONAL.trim() } else { text }
}
