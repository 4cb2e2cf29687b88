//! Plain form posts that work without scripts: sign-in, sign-out, language and theme.

use app::app::{LANGUAGE_COOKIE, THEME_COOKIE};
use app::flash::{self, SignInFlash};
use app::paths;
use axum::Extension;
use axum::extract::{Form, State};
use axum::response::{IntoResponse, Redirect, Response};
use contract::{Actor, Kind};
use http::{HeaderMap, StatusCode, header};
use model::identity::Username;
use serde::Deserialize;
use tower_sessions::Session;

use crate::middleware::person::People;

#[derive(Clone)]
pub struct Auth {
    pub people: People,
    pub cookies: Cookies,
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
) -> Response {
    if actor.user.is_some() && auth.people.console.identity.sign_out(&actor).await.is_err() {
        return StatusCode::SERVICE_UNAVAILABLE.into_response();
    }
    match auth.people.leave(&session).await {
        Ok(()) => Redirect::to(paths::SIGN_IN).into_response(),
        Err(error) => {
            tracing::error!(event = "session.not_ended", error = error.to_string());
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
