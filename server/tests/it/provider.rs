//! An identity provider that says what a test wants, also what none should. Real ones are in the browser tests.

use std::sync::{Arc, Mutex};

use axum::extract::{Form, State};
use axum::response::{IntoResponse as _, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD as BASE64;
use ed25519_dalek::{Signer as _, SigningKey};
use gate::{Clock as _, SystemClock};
use http::{Method, StatusCode, header};
use serde_json::{Map, Value, json};

use crate::console::{Answer, Person, TestConsole, request};

pub(crate) const CLIENT: &str = "pilothouse";
pub(crate) const SECRET: &str = "canary-of-the-client";
pub(crate) const TOKEN: &str = "canary-of-the-token";

/// Makes a token of a payload that is not worth anything.
pub(crate) type Forgery = fn(&str) -> String;

/// What it does.
#[derive(Clone)]
pub(crate) struct Script {
    /// Of the ID token; over what belongs there.
    pub(crate) claims: Map<String, Value>,
    pub(crate) refreshes: bool,
    /// Of access tokens, in seconds.
    pub(crate) life: u64,
    /// An answer of the token endpoint in the place of tokens.
    pub(crate) refusal: Option<(StatusCode, &'static str)>,
    /// In the place of the signature.
    pub(crate) forged: Option<Forgery>,
    pub(crate) key: [u8; 32],
    /// Times that it was asked to refresh a token.
    pub(crate) refreshed: u32,
    /// Of the refresh token that is good now.
    pub(crate) generation: u32,
    /// Says nothing new of a person when it is asked again.
    pub(crate) silent: bool,
    /// Answers slowly.
    pub(crate) slow: bool,
}

#[derive(Clone)]
pub(crate) struct Provider {
    pub(crate) issuer: String,
    script: Arc<Mutex<Script>>,
}

impl Provider {
    pub(crate) async fn start() -> Self {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let issuer = format!("http://{}", listener.local_addr().unwrap());
        let script = Script {
            claims: Map::new(),
            refreshes: true,
            life: 300,
            refusal: None,
            forged: None,
            key: [7; 32],
            refreshed: 0,
            generation: 0,
            silent: false,
            slow: false,
        };
        let provider = Self { issuer, script: Arc::new(Mutex::new(script)) };
        let router = Router::new()
            .route("/.well-known/openid-configuration", get(configuration))
            .route("/jwks", get(keys))
            .route("/token", post(token))
            .with_state(provider.clone());
        tokio::spawn(async move { axum::serve(listener, router).await });
        provider
    }

    pub(crate) fn set(&self, change: impl FnOnce(&mut Script)) {
        change(&mut self.script.lock().unwrap());
    }

    /// Somebody with this subject, name and groups.
    pub(crate) fn says(&self, subject: &str, name: &str, groups: &[&str]) {
        let claims = json!({ "sub": subject, "preferred_username": name, "groups": groups });
        self.set(|script| script.claims = claims.as_object().unwrap().clone());
    }

    pub(crate) fn script(&self) -> Script {
        self.script.lock().unwrap().clone()
    }

    /// A token of its own with these claims over the usual ones.
    pub(crate) fn sign(&self, claims: &Value) -> String {
        let script = self.script();
        let now = SystemClock.now() / 1_000;
        let mut payload = json!({ "iss": self.issuer, "aud": CLIENT, "iat": now, "exp": now + 300 });
        let fields = payload.as_object_mut().unwrap();
        fields.extend(claims.as_object().unwrap().clone());
        fields.retain(|_, value| !value.is_null());
        let key = SigningKey::from_bytes(&script.key);
        let head = json!({ "alg": "EdDSA", "kid": kid(&key) });
        let part = |value: &Value| BASE64.encode(value.to_string());
        if let Some(forged) = script.forged {
            return forged(&part(&payload));
        }
        let message = format!("{}.{}", part(&head), part(&payload));
        let signature = BASE64.encode(key.sign(message.as_bytes()).to_bytes());
        format!("{message}.{signature}")
    }
}

fn kid(key: &SigningKey) -> String {
    BASE64.encode(&key.verifying_key().to_bytes()[..6])
}

async fn configuration(State(provider): State<Provider>) -> Json<Value> {
    let at = |path: &str| format!("{}{path}", provider.issuer);
    Json(json!({
        "issuer": provider.issuer, "authorization_endpoint": at("/authorize"), "token_endpoint": at("/token"),
        "jwks_uri": at("/jwks"), "end_session_endpoint": at("/end"), "response_types_supported": ["code"], "subject_types_supported": ["public"],
        "id_token_signing_alg_values_supported": ["EdDSA", "HS256", "none"],
    }))
}

async fn keys(State(provider): State<Provider>) -> Json<Value> {
    let key = SigningKey::from_bytes(&provider.script().key);
    let public = BASE64.encode(key.verifying_key().to_bytes());
    Json(json!({ "keys": [{
        "kty": "OKP", "crv": "Ed25519", "x": public, "kid": kid(&key), "use": "sig", "alg": "EdDSA",
    }] }))
}

/// The code is the nonce, as the tests send it.
async fn token(State(provider): State<Provider>, Form(form): Form<Map<String, Value>>) -> Response {
    let script = provider.script();
    if script.slow {
        tokio::time::sleep(std::time::Duration::from_millis(400)).await;
    }
    let text = |name: &str| form.get(name).and_then(Value::as_str).unwrap_or_default().to_owned();
    let refreshing = text("grant_type") == "refresh_token";
    if refreshing {
        provider.set(|script| script.refreshed += 1);
    }
    // As of a proxy in front of it.
    if let Some((status, "html")) = script.refusal {
        return (status, axum::response::Html("<h1>Bad gateway</h1>")).into_response();
    }
    if let Some((status, code)) = script.refusal {
        return (status, Json(json!({ "error": code, "error_description": "<b>no</b>" }))).into_response();
    }
    let known = !refreshing || text("refresh_token") == format!("{TOKEN}-{}", script.generation);
    if !known {
        return (StatusCode::BAD_REQUEST, Json(json!({ "error": "invalid_grant" }))).into_response();
    }
    let mut claims = script.claims.clone();
    if !refreshing {
        claims.entry("nonce").or_insert(json!(text("code")));
    }
    let generation = script.generation + 1;
    provider.set(|script| script.generation = generation);
    let mut answer = json!({
        "access_token": "access", "token_type": "Bearer", "expires_in": script.life,
        "id_token": provider.sign(&Value::Object(claims)),
    });
    if refreshing && script.silent {
        answer.as_object_mut().unwrap().remove("id_token");
    }
    if script.refreshes {
        answer["refresh_token"] = json!(format!("{TOKEN}-{generation}"));
    }
    Json(answer).into_response()
}

/// `corp`, added and not yet tested.
pub(crate) async fn added(console: &TestConsole) -> Provider {
    let provider = Provider::start().await;
    let form = json!({
        "name": "corp", "display_name": "Corp", "issuer": provider.issuer, "private_addresses": true,
        "client_id": CLIENT, "client_secret": SECRET, "scopes": "profile", "username_claim": "preferred_username",
    });
    let answer = console.call(&console.root().await, "providers/add", json!({ "form": form })).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.body);
    provider
}

/// `corp`, tested and enabled, with these rules.
pub(crate) async fn enabled(console: &TestConsole, rules: Value) -> Provider {
    let provider = added(console).await;
    let root = console.root().await;
    provider.says("subject-of-root", "root", &[]);
    let tested = travel(console, &root, "/sso/corp/test").await.1;
    assert_eq!(tested.location(), "/users/providers/corp");
    let arguments = json!({ "name": "corp", "before": [], "rules": rules, "only_matched": false });
    assert_eq!(console.call(&root, "providers/set-rules", arguments).await.status, StatusCode::OK);
    let arguments = json!({ "name": "corp", "enabled": true });
    assert_eq!(console.call(&root, "providers/set-enabled", arguments).await.status, StatusCode::OK);
    provider
}

/// Out to the provider: the browser as it is then, with the state and the nonce of the address.
pub(crate) async fn set_out(console: &TestConsole, person: &Person, from: &str) -> (Person, String, String) {
    let led = console.get(person, from).await;
    assert_eq!(led.status, StatusCode::SEE_OTHER, "{}", led.body);
    let query = led.location().split_once('?').unwrap_or_default().1.to_owned();
    let value = |name: &str| {
        let pair = query.split('&').find_map(|pair| pair.strip_prefix(&format!("{name}=")));
        pair.unwrap_or_default().to_owned()
    };
    let cookies = [person.cookies.clone(), led.cookies()].concat();
    (Person { cookies }, value("state"), value("nonce"))
}

/// Back from the provider, as its redirect makes the browser ask.
pub(crate) async fn come_back(console: &TestConsole, person: &Person, query: &str) -> Answer {
    let path = format!("/sso/corp/callback?{query}");
    let request = request(Method::GET, &path, person).header("sec-fetch-site", "cross-site");
    console.send(request.body(axum::body::Body::empty()).unwrap()).await
}

/// The whole way. Returns the browser after it, and the last answer.
pub(crate) async fn travel(console: &TestConsole, person: &Person, from: &str) -> (Person, Answer) {
    let (person, state, nonce) = set_out(console, person, from).await;
    let answer = come_back(console, &person, &format!("state={state}&code={nonce}")).await;
    let set: Vec<_> = answer.cookies();
    let named = |cookie: &str| cookie.split('=').next().unwrap_or_default().to_owned();
    let kept = person.cookies.into_iter().filter(|old| !set.iter().any(|new| named(new) == named(old)));
    let cookies: Vec<_> = kept.chain(set.iter().cloned()).collect();
    (Person { cookies }, answer)
}

/// Tells the console that somebody signed out there.
pub(crate) async fn tell(console: &TestConsole, token: &str) -> StatusCode {
    let request = http::Request::builder()
        .method(Method::POST)
        .uri("/sso/corp/logout")
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
        .body(axum::body::Body::from(format!("logout_token={token}")))
        .unwrap();
    console.send(request).await.status
}

/// A certified provider in a process of its own, which ends with the test.
pub(crate) struct Certified {
    pub(crate) issuer: String,
    _process: std::process::Child,
    /// It notes things there, and ends when nobody holds the other end.
    _said: std::io::BufReader<std::process::ChildStdout>,
}

impl Certified {
    pub(crate) fn start() -> Self {
        use std::io::BufRead as _;
        use std::process::{Command, Stdio};
        let redirect = format!("http://{}/sso/corp/callback", crate::console::HOST);
        let mut process = Command::new("node")
            .args([concat!(env!("CARGO_MANIFEST_DIR"), "/tests/it/provider.mjs"), CLIENT, SECRET, &redirect])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut line = String::new();
        let mut said = std::io::BufReader::new(process.stdout.take().unwrap());
        said.read_line(&mut line).unwrap();
        assert!(line.starts_with("http"), "node did not start the provider; is oidc-provider installed?");
        Self { issuer: line.trim().to_owned(), _process: process, _said: said }
    }

    /// A browser of this person's at the provider, from its address to where it sends the browser back to. Returns the query.
    pub(crate) async fn visit(&self, person: &str, address: &str) -> String {
        let client = reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).build().unwrap();
        let mut cookies: Vec<String> = Vec::new();
        let mut next = address.to_owned();
        for _ in 0..8 {
            if !next.starts_with(&self.issuer) {
                return next.split_once('?').unwrap().1.to_owned();
            }
            let asked = client.get(&next).header("x-person", person).header("cookie", cookies.join("; "));
            let answer = asked.send().await.unwrap();
            for cookie in answer.headers().get_all("set-cookie") {
                cookies.push(cookie.to_str().unwrap().split(';').next().unwrap().to_owned());
            }
            let Some(location) = answer.headers().get("location") else {
                panic!("{next}: {}", answer.text().await.unwrap());
            };
            next = url::Url::parse(&next).unwrap().join(location.to_str().unwrap()).unwrap().into();
        }
        panic!("the provider leads in circles");
    }
}
