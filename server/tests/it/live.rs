//! The socket of a tab, over a real connection.

use std::time::Duration;

use futures::{SinkExt as _, StreamExt as _};
use http::{StatusCode, header};
use serde_json::{Value, json};
use tokio::net::TcpStream;
use tokio_tungstenite::tungstenite::client::IntoClientRequest as _;
use tokio_tungstenite::tungstenite::{Error, Message};
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, connect_async};

use crate::catalog::Repository;
use crate::console::{Person, TestConsole};
use crate::tenants::{eventually, join, namespace, ok, project};
use crate::testbed::testbed;

pub(crate) type Socket = WebSocketStream<MaybeTlsStream<TcpStream>>;

pub(crate) async fn open(
    console: &TestConsole,
    who: &Person,
    origin: Option<&str>,
) -> Result<Socket, StatusCode> {
    let address = console.listen().await;
    let mut request = format!("ws://{address}/live").into_client_request().unwrap();
    let own = format!("http://{address}");
    let headers = request.headers_mut();
    headers.insert(header::ORIGIN, origin.unwrap_or(&own).parse().unwrap());
    if !who.cookies.is_empty() {
        headers.insert(header::COOKIE, who.cookies.join("; ").parse().unwrap());
    }
    match connect_async(request).await {
        Ok((socket, _)) => Ok(socket),
        Err(Error::Http(answer)) => Err(answer.status()),
        Err(error) => panic!("{error}"),
    }
}

pub(crate) async fn say(socket: &mut Socket, ask: Value) {
    socket.send(Message::text(ask.to_string())).await.unwrap();
}

/// The next news, or the code that the socket is closed with.
pub(crate) async fn hear(socket: &mut Socket) -> Result<Value, u16> {
    loop {
        let message = tokio::time::timeout(Duration::from_secs(20), socket.next()).await.unwrap();
        match message.unwrap().unwrap() {
            Message::Text(text) => return Ok(serde_json::from_str(&text).unwrap()),
            Message::Close(frame) => return Err(frame.unwrap().code.into()),
            _ => {}
        }
    }
}

fn list(id: u32, filter: &str) -> Value {
    let query = json!({ "kind": "workloads", "filter": filter, "sort": [], "offset": 0, "length": 50 });
    json!({ "subscribe": { "id": id, "topic": { "rows": query } } })
}

/// The rows that are told: all of a window, or what is new of it.
fn names(news: &Value) -> Vec<String> {
    let told = &news["news"]["rows"];
    let whole = told["window"]["rows"].as_array().into_iter().flatten();
    let new = told["delta"]["pieces"].as_array().into_iter().flatten().map(|piece| &piece["row"]);
    whole.chain(new).filter_map(|row| row["name"].as_str()).map(str::to_owned).collect()
}

fn total(news: &Value) -> Option<u64> {
    let told = &news["news"]["rows"];
    told["window"]["total"].as_u64().or(told["delta"]["total"].as_u64())
}

async fn team(name: &str) -> (TestConsole, Person) {
    let console = TestConsole::on_cluster().await;
    let ada = console.person("ada", "member").await;
    ok(&project(&console, name).await);
    ok(&join(&console, name, "ada", "developer").await);
    ok(&namespace(&console, &console.root().await, name, "web", json!({})).await);
    (console, ada)
}

#[tokio::test]
async fn a_list_that_is_followed_tells_of_what_happens_in_the_cluster() {
    let (console, ada) = team("follow").await;
    let mut socket = open(&console, &ada, None).await.unwrap();
    say(&mut socket, list(7, "")).await;

    let first = hear(&mut socket).await.unwrap();
    assert_eq!((&first["id"], &first["sequence"]), (&json!(7), &json!(1)));
    assert!(names(&first).is_empty(), "{first}");

    let image = ["create", "deployment", "web", "--image=testbed.local/base:1", "-n", "follow-web"];
    testbed().kubectl(&image).await.unwrap();
    let mut newer = hear(&mut socket).await.unwrap();
    while names(&newer).is_empty() {
        newer = hear(&mut socket).await.unwrap();
    }
    assert_eq!(names(&newer), ["web"]);
    assert!(newer["sequence"].as_u64() > Some(1));

    testbed().kubectl(&["delete", "deployment", "web", "-n", "follow-web"]).await.unwrap();
    while total(&newer) != Some(0) {
        newer = hear(&mut socket).await.unwrap();
    }
}

#[tokio::test]
async fn one_socket_carries_several_topics_and_one_that_is_replaced_says_no_more() {
    let (console, ada) = team("several").await;
    for name in ["one", "two"] {
        let image = ["create", "deployment", name, "--image=testbed.local/base:1", "-n", "several-web"];
        testbed().kubectl(&image).await.unwrap();
    }
    let target =
        json!({ "cluster": "local", "namespace": "several-web", "kind": "deployment", "name": "one" });
    let mut socket = open(&console, &ada, None).await.unwrap();

    say(&mut socket, list(1, "one")).await;
    say(&mut socket, json!({ "subscribe": { "id": 2, "topic": { "workload": target } } })).await;
    let (mut listed, mut detailed) = (false, false);
    while !listed || !detailed {
        let news = hear(&mut socket).await.unwrap();
        listed |= news["id"] == 1 && names(&news) == ["one"];
        detailed |= news["id"] == 2 && news["news"]["workload"]["target"] == target;
    }
    say(&mut socket, list(1, "two")).await;
    loop {
        let news = hear(&mut socket).await.unwrap();
        if news["id"] == 1 && names(&news) == ["two"] {
            break;
        }
    }

    testbed().kubectl(&["delete", "deployment", "one", "-n", "several-web"]).await.unwrap();
    loop {
        let news = hear(&mut socket).await.unwrap();
        if news["news"]["ended"] == "not_found" {
            assert_eq!(news["id"], 2);
            break;
        }
    }
}

#[tokio::test]
async fn s_22_a_stranger_gets_no_socket_and_neither_does_a_page_of_another_site() {
    let console = TestConsole::activated().await;
    let root = console.root().await;

    assert_eq!(open(&console, &Person::default(), None).await.unwrap_err(), StatusCode::UNAUTHORIZED);
    let foreign = open(&console, &root, Some("http://evil.example")).await;
    assert_eq!(foreign.unwrap_err(), StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn signing_out_closes_the_socket_at_once() {
    let console = TestConsole::activated().await;
    let root = console.root().await;
    let mut socket = open(&console, &root, None).await.unwrap();
    say(&mut socket, list(1, "")).await;
    hear(&mut socket).await.unwrap();

    console.post(&root, "/auth/sign-out", "").await;

    assert_eq!(hear(&mut socket).await, Err(4401));
}

#[tokio::test]
async fn a_session_that_is_ended_from_another_closes_its_socket_at_once() {
    let console = TestConsole::activated().await;
    let (here, there) = (console.root().await, console.root().await);
    let mut socket = open(&console, &there, None).await.unwrap();
    say(&mut socket, list(1, "")).await;
    hear(&mut socket).await.unwrap();

    ok(&console.call(&here, "identity/end-other-sessions", json!({})).await);

    assert_eq!(hear(&mut socket).await, Err(4401));
}

#[tokio::test]
async fn what_is_not_understood_closes_the_socket() {
    let console = TestConsole::activated().await;
    let mut socket = open(&console, &console.root().await, None).await.unwrap();

    say(&mut socket, json!({ "subscribe": { "id": 1, "topic": "everything" } })).await;

    assert_eq!(hear(&mut socket).await, Err(4400));
}

#[tokio::test]
async fn a_workload_of_others_is_not_told() {
    let (console, _ada) = team("closed").await;
    let bob = console.person("bob", "member").await;
    let image = ["create", "deployment", "web", "--image=testbed.local/base:1", "-n", "closed-web"];
    testbed().kubectl(&image).await.unwrap();
    let target =
        json!({ "cluster": "local", "namespace": "closed-web", "kind": "deployment", "name": "web" });
    let mut socket = open(&console, &bob, None).await.unwrap();

    say(&mut socket, json!({ "subscribe": { "id": 3, "topic": { "workload": target } } })).await;

    let news = hear(&mut socket).await.unwrap();
    assert_eq!((&news["id"], &news["news"]["ended"]), (&json!(3), &json!("not_permitted")));
}

#[tokio::test]
async fn a_job_is_followed_to_its_end() {
    let (console, ada) = team("worked").await;
    let repository = Repository::with_hello(None).await;
    let form =
        json!({ "name": "stable", "address": { "url": repository.address, "private_addresses": true } });
    ok(&console.call(&console.root().await, "catalog/add", json!({ "form": form })).await);
    let form = json!({
        "chart": { "repository": "stable", "name": "hello", "version": "1.0.0" },
        "cluster": "local", "namespace": "worked-web", "name": "greeter", "values": "",
    });
    let begun = console.call(&ada, "releases/install", json!({ "form": form })).await;
    ok(&begun);
    let mut socket = open(&console, &ada, None).await.unwrap();

    say(&mut socket, json!({ "subscribe": { "id": 4, "topic": { "job": begun.json() } } })).await;

    let mut states = Vec::new();
    loop {
        let news = hear(&mut socket).await.unwrap();
        if news["news"]["ended"] == "complete" {
            break;
        }
        states.push(news["news"]["job"]["state"].clone());
    }
    assert_eq!(states.last(), Some(&json!("done")), "{states:?}");
}

#[tokio::test]
async fn the_objects_of_a_release_are_followed_and_only_by_those_who_may_see_it() {
    let (console, ada) = team("followed").await;
    let eve = console.person("eve", "member").await;
    let repository = Repository::with_hello(None).await;
    let form =
        json!({ "name": "stable", "address": { "url": repository.address, "private_addresses": true } });
    ok(&console.call(&console.root().await, "catalog/add", json!({ "form": form })).await);
    let target = json!({ "cluster": "local", "namespace": "followed-web", "name": "greeter" });
    let form = json!({
        "chart": { "repository": "stable", "name": "hello", "version": "1.0.0" },
        "cluster": "local", "namespace": "followed-web", "name": "greeter", "values": "",
    });
    let begun = console.call(&ada, "releases/install", json!({ "form": form })).await.json();
    eventually("the chart is installed", async || {
        console.call(&ada, "releases/job", json!({ "id": begun })).await.json()["state"] == "done"
    })
    .await;
    let topic = json!({ "subscribe": { "id": 5, "topic": { "release": target } } });
    let mut socket = open(&console, &ada, None).await.unwrap();
    say(&mut socket, topic.clone()).await;
    let state = |news: &Value| {
        let all = news["news"]["release"]["resources"].as_array().unwrap().clone();
        let found = all.into_iter().find(|resource| resource["object"] == "Deployment/greeter").unwrap();
        (found["health"].clone(), found["reason"].clone())
    };
    let before = state(&hear(&mut socket).await.unwrap());

    testbed().kubectl(&["delete", "deployment", "greeter", "-n", "followed-web"]).await.unwrap();

    let mut after = state(&hear(&mut socket).await.unwrap());
    while after.1 != "Missing" {
        after = state(&hear(&mut socket).await.unwrap());
    }
    assert_ne!(before.1, "Missing");
    let mut other = open(&console, &eve, None).await.unwrap();
    say(&mut other, topic).await;
    assert_eq!(hear(&mut other).await.unwrap()["news"]["ended"], "not_permitted");
}
