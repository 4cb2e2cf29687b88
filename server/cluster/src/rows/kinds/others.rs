//! What makes things reachable, what configures them, and what happened.

use k8s_openapi::apimachinery::pkg::apis::meta::v1::{MicroTime, Time};
use serde::Deserialize;

use super::meta::{Decoded, Meta, Object, text};
use crate::rows::table::Value;

#[derive(Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct ServiceSpec {
    #[serde(rename = "type")]
    kind: String,
    #[serde(rename = "clusterIP")]
    cluster_ip: String,
    external_name: String,
    ports: Vec<Port>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Port {
    port: u32,
    protocol: String,
}

#[derive(Default, Deserialize)]
struct Nothing {}

pub(super) fn service(json: &str) -> Decoded {
    let service: Object<ServiceSpec, Nothing> = serde_json::from_str(json)?;
    let ServiceSpec { kind, cluster_ip, external_name, ports } = service.spec;
    let ports: Vec<_> = ports.iter().map(|port| format!("{}/{}", port.port, port.protocol)).collect();
    let address = if kind == "ExternalName" { external_name } else { cluster_ip };
    Ok(service.metadata.into_row(None, vec![text(kind), text(address), text(ports.join(", "))]))
}

#[derive(Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct IngressSpec {
    ingress_class_name: String,
    rules: Vec<Rule>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Rule {
    host: String,
}

#[derive(Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct IngressStatus {
    load_balancer: Balancer,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Balancer {
    ingress: Vec<Place>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Place {
    ip: String,
    hostname: String,
}

pub(super) fn ingress(json: &str) -> Decoded {
    let ingress: Object<IngressSpec, IngressStatus> = serde_json::from_str(json)?;
    let hosts: Vec<_> = ingress.spec.rules.iter().map(|rule| rule.host.as_str()).collect();
    let places = ingress.status.load_balancer.ingress.iter();
    let places: Vec<_> =
        places.map(|place| if place.ip.is_empty() { &*place.hostname } else { &*place.ip }).collect();
    let cells =
        vec![text(ingress.spec.ingress_class_name.as_str()), text(hosts.join(", ")), text(places.join(", "))];
    Ok(ingress.metadata.into_row(None, cells))
}

#[derive(Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct RouteSpec {
    hostnames: Vec<String>,
    parent_refs: Vec<Parent>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Parent {
    kind: String,
    name: String,
}

pub(super) fn route(json: &str) -> Decoded {
    let route: Object<RouteSpec, Nothing> = serde_json::from_str(json)?;
    let parent = |parent: &Parent| match parent.kind.as_str() {
        "" => format!("Gateway/{}", parent.name),
        kind => format!("{kind}/{}", parent.name),
    };
    let parents: Vec<_> = route.spec.parent_refs.iter().map(parent).collect();
    let cells = vec![text(route.spec.hostnames.join(", ")), text(parents.join(", "))];
    Ok(route.metadata.into_row(None, cells))
}

#[derive(Deserialize)]
struct Named {
    metadata: Meta,
}

pub(super) fn config_map(json: &str) -> Decoded {
    let map: Named = serde_json::from_str(json)?;
    Ok(map.metadata.into_row(None, vec![]))
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Event {
    metadata: Meta,
    #[serde(default, rename = "type")]
    kind: String,
    #[serde(default)]
    reason: String,
    #[serde(default)]
    message: String,
    #[serde(default)]
    count: u32,
    #[serde(default)]
    involved_object: About,
    last_timestamp: Option<Time>,
    event_time: Option<MicroTime>,
    series: Option<Series>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct About {
    kind: String,
    name: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Series {
    #[serde(default)]
    count: u32,
    last_observed_time: Option<MicroTime>,
}

/// Its age is that of what happened last.
pub(super) fn event(json: &str) -> Decoded {
    let event: Event = serde_json::from_str(json)?;
    let series = event.series.as_ref();
    let last = series.and_then(|series| series.last_observed_time.as_ref()).or(event.event_time.as_ref());
    let last = event.last_timestamp.map(|at| at.0).or(last.map(|at| at.0));
    let count = series.map_or(event.count, |series| series.count).max(1);
    let cells = vec![
        text(event.kind),
        text(event.reason),
        text(format!("{}/{}", event.involved_object.kind, event.involved_object.name)),
        text(event.message),
        Value::Number(i64::from(count)),
    ];
    let (mut draft, version) = event.metadata.into_row(None, cells);
    if let Some(last) = last {
        draft.created = last.as_second();
    }
    Ok((draft, version))
}
