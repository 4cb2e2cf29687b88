//! The relying side of OpenID Connect: code flow with PKCE, refreshing, and being told of a sign-out.
//!
//! Knows nothing of accounts or sessions. Every request goes through the guarded way to the outside; every token is verified
//! against the provider's keys, which are read anew when one is not among them.

mod claims;
mod logout;
mod token;

use std::collections::HashMap;
use std::pin::Pin;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use egress::Egress;
use model::outside::FetchProblem;
use model::providers::{Claims, SignOnProblem};
use openidconnect::core::{CoreAuthenticationFlow, CoreClient, CoreErrorResponseType, CoreTokenResponse};
use openidconnect::{
    AsyncHttpClient, AuthorizationCode, ClientId, ClientSecret, CsrfToken, DiscoveryError, EndpointMaybeSet,
    EndpointNotSet, EndpointSet, HttpRequest, HttpResponse, IssuerUrl, LogoutRequest, Nonce,
    OAuth2TokenResponse as _, PkceCodeChallenge, PkceCodeVerifier, PostLogoutRedirectUrl,
    ProviderMetadataWithLogout, RedirectUrl, RefreshToken, RequestTokenError, Scope, StandardErrorResponse,
    TokenResponse as _,
};

pub use claims::flat;
pub use logout::Ended;
use token::Payload;

/// Largest answer of a provider, in bytes.
const MOST: usize = 1024 * 1024;
/// How long what a provider says of itself is believed.
const BELIEVED: Duration = Duration::from_secs(300);
/// A key that is not there is looked for again, at most this often.
const LOOK_AGAIN: Duration = Duration::from_secs(1);

/// It does not say where tokens are had.
const INCOMPLETE: SignOnProblem = SignOnProblem::Outside(FetchProblem::Unreadable);

/// Who the console is at which provider.
#[derive(Clone)]
pub struct Party {
    pub issuer: String,
    pub client_id: String,
    /// None for a public client.
    pub secret: Option<String>,
    pub scopes: Vec<String>,
    /// The provider may be in a private network.
    pub private: bool,
}

/// The beginning of a sign-in.
pub struct Start {
    /// Where the browser goes.
    pub address: String,
    /// Comes back with the browser.
    pub state: String,
    /// To be kept until then.
    pub nonce: String,
    pub verifier: String,
}

/// What the provider says of a person.
#[derive(Clone, Debug)]
pub struct Known {
    pub subject: String,
    pub claims: Claims,
    /// Names the session at the provider.
    pub session: Option<String>,
    pub refresh_token: Option<String>,
    /// Of the access token, when the provider tells.
    pub expires_in: Option<Duration>,
}

/// What the provider answers when it is asked again.
pub struct Refreshed {
    /// For the next time; to be kept whatever the rest says.
    pub refresh_token: Option<String>,
    /// None where the provider says nothing new.
    pub claims: Result<Option<Claims>, SignOnProblem>,
    pub expires_in: Option<Duration>,
}

/// Cheap to clone.
#[derive(Clone)]
pub struct Relying {
    egress: Egress,
    /// By issuer.
    known: Arc<Mutex<HashMap<String, (Instant, ProviderMetadataWithLogout)>>>,
}

type Client = CoreClient<
    EndpointSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointMaybeSet,
    EndpointMaybeSet,
>;

impl Relying {
    pub fn new(egress: Egress) -> Self {
        Self { egress, known: Arc::default() }
    }

    /// Whether the provider is there and is who it should be.
    pub async fn check(&self, party: &Party) -> Result<(), SignOnProblem> {
        self.metadata(party, Duration::ZERO).await.map(|_| ())
    }

    /// `redirect` is where the browser comes back to.
    pub async fn start(&self, party: &Party, redirect: &str) -> Result<Start, SignOnProblem> {
        let metadata = self.metadata(party, BELIEVED).await?;
        let client = client(party, metadata, redirect)?;
        let (challenge, verifier) = PkceCodeChallenge::new_random_sha256();
        let flow = CoreAuthenticationFlow::AuthorizationCode;
        let scopes = party.scopes.iter().filter(|scope| *scope != "openid").cloned().map(Scope::new);
        let (url, state, nonce) = client
            .authorize_url(flow, CsrfToken::new_random, Nonce::new_random)
            .add_scopes(scopes)
            .set_pkce_challenge(challenge)
            .url();
        Ok(Start {
            address: url.into(),
            state: state.into_secret(),
            nonce: nonce.secret().clone(),
            verifier: verifier.into_secret(),
        })
    }

    /// Where a browser signs out at the provider, and comes back from to `back`. None when the provider has no such place.
    ///
    /// The provider is not given the ID token again: addresses are kept in too many places. It may ask the person instead.
    pub async fn farewell(&self, party: &Party, back: &str) -> Result<Option<String>, SignOnProblem> {
        let metadata = self.metadata(party, BELIEVED).await?;
        let Some(place) = metadata.additional_metadata().end_session_endpoint.clone() else {
            return Ok(None);
        };
        let back = PostLogoutRedirectUrl::new(back.to_owned()).map_err(|_| SignOnProblem::Stale)?;
        let request = LogoutRequest::from(place)
            .set_client_id(ClientId::new(party.client_id.clone()))
            .set_post_logout_redirect_uri(back);
        Ok(Some(request.http_get_url().into()))
    }

    /// Trades the code that came back for what it stands for.
    pub async fn finish(
        &self,
        party: &Party,
        redirect: &str,
        code: String,
        nonce: String,
        verifier: String,
    ) -> Result<Known, SignOnProblem> {
        let metadata = self.metadata(party, BELIEVED).await?;
        let client = client(party, metadata, redirect)?;
        let http = self.http(party);
        let answer = client
            .exchange_code(AuthorizationCode::new(code))
            .map_err(|_| INCOMPLETE)?
            .set_pkce_verifier(PkceCodeVerifier::new(verifier))
            .request_async(&http)
            .await
            .map_err(refusal)?;
        let token = answer.id_token().ok_or_else(|| untrusted("there is no ID token"))?.to_string();
        let payload = self.verified(party, &token, Some(&Nonce::new(nonce))).await?;
        known(payload, &answer)
    }

    /// Asks again about somebody. Errors: `Refused` when the provider knows the session no more.
    pub async fn refresh(
        &self,
        party: &Party,
        refresh_token: &str,
        subject: &str,
    ) -> Result<Refreshed, SignOnProblem> {
        let metadata = self.metadata(party, BELIEVED).await?;
        // Nothing is redirected.
        let client = client(party, metadata, &party.issuer)?;
        let http = self.http(party);
        let token = RefreshToken::new(refresh_token.to_owned());
        let request = client.exchange_refresh_token(&token).map_err(|_| INCOMPLETE)?;
        let answer = request.request_async(&http).await.map_err(refusal)?;
        let next = answer.refresh_token().map(|token| token.secret().clone());
        let refresh_token = Some(next.unwrap_or_else(|| refresh_token.to_owned()));
        // The specification lets a provider leave the token out here, and the nonce of one that is there.
        let claims = match answer.id_token() {
            Some(id_token) => {
                let payload = self.verified(party, &id_token.to_string(), None).await;
                let about = payload.and_then(|payload| known(payload, &answer));
                about.and_then(|known| match known.subject == subject {
                    true => Ok(Some(known.claims)),
                    false => Err(untrusted("the ID token is about somebody else")),
                })
            }
            None => Ok(None),
        };
        Ok(Refreshed { refresh_token, claims, expires_in: answer.expires_in() })
    }

    async fn metadata(
        &self,
        party: &Party,
        age: Duration,
    ) -> Result<ProviderMetadataWithLogout, SignOnProblem> {
        if let Some((_, metadata)) = self.remembered(&party.issuer).filter(|(at, _)| at.elapsed() < age) {
            return Ok(metadata);
        }
        let issuer = IssuerUrl::new(party.issuer.clone())
            .map_err(|_| SignOnProblem::Outside(FetchProblem::Unreadable))?;
        let http = self.http(party);
        let metadata =
            ProviderMetadataWithLogout::discover_async(issuer, &http).await.map_err(|error| match error {
                DiscoveryError::Request(Outside(problem)) => SignOnProblem::Outside(problem),
                DiscoveryError::Response(status, ..) => {
                    SignOnProblem::Outside(FetchProblem::Status(status.as_u16()))
                }
                DiscoveryError::Validation(_) => SignOnProblem::OtherIssuer,
                _ => SignOnProblem::Outside(FetchProblem::Unreadable),
            })?;
        if let Ok(mut known) = self.known.lock() {
            known.insert(party.issuer.clone(), (Instant::now(), metadata.clone()));
        }
        Ok(metadata)
    }

    fn remembered(&self, issuer: &str) -> Option<(Instant, ProviderMetadataWithLogout)> {
        self.known.lock().ok()?.get(issuer).cloned()
    }

    fn http(&self, party: &Party) -> Http {
        Http { egress: self.egress.clone(), private: party.private }
    }
}

/// The guarded way to a provider, as the library wants it.
struct Http {
    egress: Egress,
    private: bool,
}

impl<'c> AsyncHttpClient<'c> for Http {
    type Error = Outside;
    type Future = Pin<Box<dyn Future<Output = Result<HttpResponse, Outside>> + Send + 'c>>;

    fn call(&'c self, request: HttpRequest) -> Self::Future {
        Box::pin(async move { self.egress.send(request, self.private, MOST).await.map_err(Outside) })
    }
}

fn known(payload: Payload, answer: &CoreTokenResponse) -> Result<Known, SignOnProblem> {
    let text = |name: &str| payload.get(name).and_then(|value| value.as_str()).map(str::to_owned);
    let subject = text("sub").filter(|subject| !subject.is_empty() && subject.len() <= 255);
    Ok(Known {
        subject: subject.ok_or_else(|| untrusted("there is no subject"))?,
        session: text("sid"),
        claims: claims::flat(&payload),
        refresh_token: answer.refresh_token().map(|token| token.secret().clone()),
        expires_in: answer.expires_in(),
    })
}

/// The guarded way's answer as the library's error.
#[derive(Debug, thiserror::Error)]
#[error("{0:?}")]
struct Outside(FetchProblem);

fn client(
    party: &Party,
    metadata: ProviderMetadataWithLogout,
    redirect: &str,
) -> Result<Client, SignOnProblem> {
    let redirect = RedirectUrl::new(redirect.to_owned()).map_err(|_| SignOnProblem::Stale)?;
    let secret = party.secret.clone().map(ClientSecret::new);
    let client = CoreClient::from_provider_metadata(metadata, ClientId::new(party.client_id.clone()), secret);
    Ok(client.set_redirect_uri(redirect))
}

/// Why a token was not given. The provider's words may hold anything, so only the protocol's code is kept.
fn refusal(error: RequestTokenError<Outside, StandardErrorResponse<CoreErrorResponseType>>) -> SignOnProblem {
    match error {
        RequestTokenError::ServerResponse(said) => {
            SignOnProblem::Refused { code: plain_code(said.error().as_ref()) }
        }
        RequestTokenError::Request(Outside(problem)) => SignOnProblem::Outside(problem),
        _ => SignOnProblem::Outside(FetchProblem::Unreadable),
    }
}

/// A code of the protocol as it may be shown: RFC 6749 has letters and `_` only.
pub fn plain_code(code: &str) -> String {
    code.chars().filter(|c| c.is_ascii_alphanumeric() || *c == '_').take(64).collect()
}

/// Says in the log what is wrong with a token; the person is told less.
pub(crate) fn untrusted(why: &str) -> SignOnProblem {
    tracing::warn!(event = "oidc.untrusted_token", why);
    SignOnProblem::BadToken
}
