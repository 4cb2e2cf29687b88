//! Signing in with an identity provider: out to it, back from it, and its word that somebody signed out there.

use app::flash::{self, SignInFlash, cookie_of};
use app::paths;
use axum::Extension;
use axum::extract::{Form, Path, Query, State};
use axum::response::{IntoResponse, Redirect, Response};
use contract::providers::{Arrival, Leave, Return};
use contract::{Actor, Console, Error, Kind};
use http::{HeaderMap, StatusCode, header};
use model::providers::{ProviderName, SignOnProblem};
use serde::Deserialize;
use tower_sessions::Session;

use crate::auth::Auth;

/// Ties what comes back to the browser that set out.
const BROWSER: &str = "pilothouse_sso";
/// As long as a sign-in may take. Seconds.
const LIFE: u32 = 600;

/// The parts of the handlers.
#[derive(Clone)]
pub struct SignOn {
    pub auth: Auth,
}

#[derive(Deserialize)]
pub struct Out {
    #[serde(default)]
    next: String,
}

/// To the provider, to sign in.
pub async fn leave(
    State(sign_on): State<SignOn>,
    Extension(actor): Extension<Actor>,
    Path(name): Path<String>,
    Query(out): Query<Out>,
    headers: HeaderMap,
) -> Response {
    let next = paths::safe_next(&out.next);
    sign_on
        .out(&actor, &name, &headers, next, false)
        .await
        .unwrap_or_else(|error| sign_on.refuse(error, next))
}

/// To the provider, to see what it says.
pub async fn test(
    State(sign_on): State<SignOn>,
    Extension(actor): Extension<Actor>,
    Path(name): Path<String>,
    headers: HeaderMap,
) -> Response {
    sign_on
        .out(&actor, &name, &headers, "", true)
        .await
        .unwrap_or_else(|error| sign_on.refuse_test(&name, error))
}

/// What the provider puts into the address when it sends the browser back.
#[derive(Deserialize)]
pub struct Back {
    #[serde(default)]
    state: String,
    #[serde(default)]
    code: String,
    #[serde(default)]
    error: String,
    #[serde(default)]
    iss: String,
}

pub async fn arrive(
    State(sign_on): State<SignOn>,
    Extension(actor): Extension<Actor>,
    Path(name): Path<String>,
    Query(back): Query<Back>,
    session: Session,
    headers: HeaderMap,
) -> Response {
    let browser = cookie_of(&headers, BROWSER).unwrap_or_default();
    let back = Return {
        state: &back.state,
        code: &back.code,
        error: &back.error,
        issuer: &back.iss,
        browser: &browser,
    };
    let people = &sign_on.auth.people;
    let arrived = match provider(&name) {
        Ok(provider) => people.console.providers.arrive(&actor, &provider, back).await,
        Err(error) => Err(error),
    };
    match arrived {
        Ok(Arrival::Tested) => see(&name, ""),
        Ok(Arrival::SignedIn { user, handle, next }) => {
            let agent =
                headers.get(header::USER_AGENT).and_then(|agent| agent.to_str().ok()).unwrap_or_default();
            match people.enter(&session, &user, agent, handle).await {
                Ok(()) => {
                    (sign_on.auth.cookies.set(flash::COOKIE, "", 0), Redirect::to(paths::safe_next(&next)))
                        .into_response()
                }
                Err(error) => {
                    tracing::error!(event = "session.not_made", error = format!("{error:#}"));
                    StatusCode::SERVICE_UNAVAILABLE.into_response()
                }
            }
        }
        // Going back in the browser, by somebody who is in already.
        Err(Error { kind: Kind::SignOn { problem: SignOnProblem::Stale }, .. }) if actor.user.is_some() => {
            Redirect::to(paths::OVERVIEW).into_response()
        }
        // A test is begun by somebody who is signed in.
        Err(error) if actor.user.is_some() => sign_on.refuse_test(&name, error),
        Err(error) => sign_on.refuse(error, paths::OVERVIEW),
    }
}

#[derive(Deserialize)]
pub struct Told {
    logout_token: String,
}

/// The provider itself tells it, so there is no session and no Origin; its signature is what counts.
pub async fn told(
    State(console): State<Console>,
    Path(name): Path<String>,
    Form(told): Form<Told>,
) -> Response {
    let ended = match provider(&name) {
        Ok(provider) => console.providers.signed_out_there(&provider, &told.logout_token).await,
        Err(error) => Err(error),
    };
    let status = match ended.map_err(|error| error.kind) {
        Ok(()) => StatusCode::OK,
        Err(Kind::SignOn { problem: SignOnProblem::Outside(_) } | Kind::Internal) => {
            StatusCode::SERVICE_UNAVAILABLE
        }
        Err(_) => StatusCode::BAD_REQUEST,
    };
    ([(header::CACHE_CONTROL, "no-store")], status).into_response()
}

impl SignOn {
    async fn out(
        &self,
        actor: &Actor,
        name: &str,
        headers: &HeaderMap,
        next: &str,
        test: bool,
    ) -> Result<Response, Error> {
        let provider = provider(name)?;
        // Another tab of the browser may be under way already.
        let browser = match cookie_of(headers, BROWSER) {
            Some(known) if known.len() >= 20 => known,
            _ => console::random_id()?,
        };
        let redirect = format!("{}{}", self.auth.here.address(headers), paths::sso_callback(&provider));
        let leave = Leave { redirect: &redirect, next, browser: &browser, test };
        let address = self.auth.people.console.providers.leave(actor, &provider, leave).await?;
        Ok((self.auth.cookies.set(BROWSER, &browser, LIFE), Redirect::to(&address)).into_response())
    }

    fn refuse(&self, error: Error, next: &str) -> Response {
        let Some(sso) = problem(error) else { return StatusCode::SERVICE_UNAVAILABLE.into_response() };
        let value = SignInFlash { sso: Some(sso), ..SignInFlash::default() }.encode();
        (self.auth.cookies.set(flash::COOKIE, &value, 60), Redirect::to(&paths::sign_in_then(next)))
            .into_response()
    }

    fn refuse_test(&self, name: &str, error: Error) -> Response {
        match error.kind {
            Kind::Unauthenticated => Redirect::to(paths::SIGN_IN).into_response(),
            Kind::Forbidden { .. } => StatusCode::FORBIDDEN.into_response(),
            _ => {
                let Some(sso) = problem(error) else {
                    return StatusCode::SERVICE_UNAVAILABLE.into_response();
                };
                let value = SignInFlash { sso: Some(sso), ..SignInFlash::default() }.encode();
                (self.auth.cookies.set(flash::COOKIE, &value, 60), see(name, "failed")).into_response()
            }
        }
    }
}

/// Back to the provider's page.
fn see(name: &str, test: &str) -> Response {
    match ProviderName::parse(name) {
        Ok(name) => Redirect::to(&paths::provider_after_test(&name, test)).into_response(),
        Err(_) => StatusCode::NOT_FOUND.into_response(),
    }
}

fn provider(name: &str) -> Result<ProviderName, Error> {
    ProviderName::parse(name).map_err(|_| SignOnProblem::NoProvider.into())
}

/// What the person is told; none where the console itself failed.
fn problem(error: Error) -> Option<SignOnProblem> {
    match error.kind {
        Kind::SignOn { problem } => Some(problem),
        _ => {
            tracing::error!(event = "sso.failed", error = error.to_string());
            None
        }
    }
}
