//! Plain form posts that work without scripts: sign-in, sign-out, language and theme.

use std::time::Duration;

use app::app::{LANGUAGE_COOKIE, THEME_COOKIE};
use app::flash::{self, SignInFlash};
use app::paths;
use axum::Extension;
use axum::extract::{Form, State};
use axum::response::{IntoResponse, Redirect, Response};
use contract::identity::SignedIn;
use contract::{Actor, Kind};
use http::{HeaderMap, StatusCode, header};
use model::identity::Username;
use serde::Deserialize;
use tower_sessions::Session;

use crate::middleware::person::People;

/// Longest wait for the address where a provider signs people out.
const FAREWELL: Duration = Duration::from_secs(2);

#[derive(Clone)]
pub struct Auth {
    pub people: People,
    pub cookies: Cookies,
    pub here: Here,
}

/// The console as browsers know it.
#[derive(Clone)]
pub struct Here {
    /// The address that people use, when it is set.
    pub external_url: Option<String>,
    pub https: bool,
}

impl Here {
    /// As set, otherwise as the request says, whose Host was looked at.
    pub fn address(&self, headers: &HeaderMap) -> String {
        let host = headers.get(header::HOST).and_then(|host| host.to_str().ok()).unwrap_or_default();
        let scheme = if self.https { "https" } else { "http" };
        let set = self.external_url.as_deref().map(|url| url.trim_end_matches('/').to_owned());
        set.unwrap_or_else(|| format!("{scheme}://{host}"))
    }
}

/// How our small cookies are set.
#[derive(Clone, Copy)]
pub struct Cookies {
    /// Over TLS only.
    pub secure: bool,
}

impl Cookies {
    pub fn set(self, name: &str, value: &str, seconds: u32) -> [(header::HeaderName, String); 1] {
        let secure = if self.secure { "; Secure" } else { "" };
        [(
            header::SET_COOKIE,
            format!("{name}={value}; Path=/; HttpOnly; SameSite=Lax; Max-Age={seconds}{secure}"),
        )]
    }
}

#[derive(Deserialize)]
pub struct SignIn {
    username: String,
    password: String,
    #[serde(default)]
    next: String,
}

pub async fn sign_in(
    State(auth): State<Auth>,
    Extension(actor): Extension<Actor>,
    session: Session,
    headers: HeaderMap,
    Form(form): Form<SignIn>,
) -> Response {
    let next = paths::safe_next(&form.next);
    let identity = &auth.people.console.identity;
    let (locked, disabled) = match identity.sign_in(&actor, &form.username, &form.password).await {
        Ok(user) => {
            let agent =
                headers.get(header::USER_AGENT).and_then(|agent| agent.to_str().ok()).unwrap_or_default();
            return match auth.people.enter_anew(&session, &user, agent).await {
                Ok(()) => (auth.cookies.set(flash::COOKIE, "", 0), Redirect::to(next)).into_response(),
                Err(error) => {
                    tracing::error!(event = "session.not_made", error = format!("{error:#}"));
                    StatusCode::SERVICE_UNAVAILABLE.into_response()
                }
            };
        }
        Err(error) => match error.kind {
            Kind::Invalid { .. } => (None, false),
            Kind::Busy { seconds } => (Some(seconds), false),
            Kind::Forbidden { .. } => (None, true),
            _ => return StatusCode::SERVICE_UNAVAILABLE.into_response(),
        },
    };
    // Only what could be a name is shown again: people type passwords into the wrong field.
    let username = Username::parse(&form.username).map(String::from).unwrap_or_default();
    let value = SignInFlash { username, locked, disabled, sso: None }.encode();
    (auth.cookies.set(flash::COOKIE, &value, 60), Redirect::to(&paths::sign_in_then(next))).into_response()
}

pub async fn sign_out(
    State(auth): State<Auth>,
    Extension(actor): Extension<Actor>,
    session: Session,
    headers: HeaderMap,
) -> Response {
    let back = format!("{}{}", auth.here.address(&headers), paths::SIGN_IN);
    if actor.user.is_some() && auth.people.console.identity.sign_out(&actor).await.is_err() {
        return StatusCode::SERVICE_UNAVAILABLE.into_response();
    }
    match auth.people.leave(&session).await {
        // A provider that does not answer holds nobody up, who is signed out here already.
        Ok(()) => match tokio::time::timeout(FAREWELL, auth.people.console.providers.farewell(&actor, &back))
            .await
        {
            Ok(Some(address)) => on_to(&address),
            _ => Redirect::to(paths::SIGN_IN).into_response(),
        },
        Err(error) => {
            tracing::error!(event = "session.not_ended", error = error.to_string());
            StatusCode::SERVICE_UNAVAILABLE.into_response()
        }
    }
}

/// A page that leads elsewhere. A form of ours may not be answered with a redirect to another site (its policy's form-action).
fn on_to(address: &str) -> Response {
    let escaped = address.replace('&', "&amp;").replace('"', "&quot;").replace('<', "&lt;");
    let page = format!(
        "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\"><title>Pilothouse</title>\
         <meta http-equiv=\"refresh\" content=\"0;url={escaped}\"></head>\
         <body><p><a href=\"{escaped}\">{escaped}</a></p></body></html>"
    );
    axum::response::Html(page).into_response()
}

#[derive(Deserialize)]
pub struct ViewAs {
    username: String,
}

/// Shows the console as somebody else sees it, until that is ended.
pub async fn view_as(
    State(auth): State<Auth>,
    Extension(actor): Extension<Actor>,
    session: Session,
    Form(form): Form<ViewAs>,
) -> Response {
    match auth.people.console.identity.view_as(&actor, &form.username).await {
        Ok(user) => see_as(&auth, &session, Some(&user), paths::OVERVIEW).await,
        Err(error) => match error.kind {
            Kind::Internal => StatusCode::SERVICE_UNAVAILABLE.into_response(),
            // The page says what it can: a form that nobody shows was sent.
            _ => Redirect::to(paths::USERS).into_response(),
        },
    }
}

pub async fn stop_viewing(
    State(auth): State<Auth>,
    Extension(actor): Extension<Actor>,
    session: Session,
) -> Response {
    let Some(user) = actor.user.as_ref().filter(|_| actor.viewer.is_some()) else {
        return Redirect::to(paths::OVERVIEW).into_response();
    };
    match auth.people.console.identity.stop_viewing(&actor).await {
        Ok(()) => see_as(&auth, &session, None, &paths::user(&user.username)).await,
        Err(_) => StatusCode::SERVICE_UNAVAILABLE.into_response(),
    }
}

async fn see_as(auth: &Auth, session: &Session, user: Option<&SignedIn>, next: &str) -> Response {
    match auth.people.see_as(session, user).await {
        Ok(()) => Redirect::to(next).into_response(),
        Err(error) => {
            tracing::error!(event = "session.not_changed", error = format!("{error:#}"));
            StatusCode::SERVICE_UNAVAILABLE.into_response()
        }
    }
}

#[derive(Deserialize)]
pub struct Preferences {
    language: String,
    theme: String,
}

/// Keeps language and theme for a year and returns to the page the form was on.
pub async fn preferences(
    State(auth): State<Auth>,
    headers: HeaderMap,
    Form(form): Form<Preferences>,
) -> Response {
    const YEAR: u32 = 31_536_000;
    let known =
        |value: &str, values: &[&str]| if values.contains(&value) { value.to_owned() } else { String::new() };
    let language = known(&form.language, &["en", "zh-CN"]);
    let theme = known(&form.theme, &["light", "dark"]);
    let [language] = auth.cookies.set(LANGUAGE_COOKIE, &language, YEAR);
    let [theme] = auth.cookies.set(THEME_COOKIE, &theme, YEAR);
    let back = headers
        .get(header::REFERER)
        .and_then(|value| value.to_str().ok()?.parse::<http::Uri>().ok())
        .and_then(|uri| uri.path_and_query().map(|path| path.as_str().to_owned()))
        .unwrap_or_else(|| paths::OVERVIEW.to_owned());
    let mut response = Redirect::to(paths::safe_next(&back)).into_response();
    for (name, value) in [language, theme] {
        if let Ok(value) = value.parse() {
            response.headers_mut().append(name, value);
        }
    }
    response
}
