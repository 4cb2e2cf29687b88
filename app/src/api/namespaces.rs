//! Namespaces of projects.

use leptos::prelude::server;
use leptos::server_fn::codec::Json;
use model::clusters::ClusterName;
use model::namespaces::{BoundsForm, NamespaceDetail, NamespaceForm, NamespaceName, NamespaceSummary};

#[cfg(feature = "ssr")]
use super::{Call, respond};
use crate::error::ApiError;

#[server(prefix = "/api", endpoint = "namespaces/list", input = Json, output = Json)]
pub async fn list_namespaces() -> Result<Vec<NamespaceSummary>, ApiError> {
    let call = Call::begin()?;
    respond(&call.actor, call.console.namespaces.list(&call.actor).await)
}

#[server(prefix = "/api", endpoint = "namespaces/create", input = Json, output = Json)]
pub async fn create_namespace(form: NamespaceForm) -> Result<NamespaceName, ApiError> {
    let call = Call::begin()?;
    respond(&call.actor, call.console.namespaces.create(&call.actor, form).await)
}

#[server(prefix = "/api", endpoint = "namespaces/view", input = Json, output = Json)]
pub async fn view_namespace(
    cluster: ClusterName,
    namespace: NamespaceName,
) -> Result<NamespaceDetail, ApiError> {
    let call = Call::begin()?;
    respond(&call.actor, call.console.namespaces.view(&call.actor, &cluster, &namespace).await)
}

#[server(prefix = "/api", endpoint = "namespaces/edit", input = Json, output = Json)]
pub async fn edit_namespace(
    cluster: ClusterName,
    namespace: NamespaceName,
    bounds: BoundsForm,
) -> Result<(), ApiError> {
    let call = Call::begin()?;
    respond(&call.actor, call.console.namespaces.edit(&call.actor, &cluster, &namespace, bounds).await)
}

#[server(prefix = "/api", endpoint = "namespaces/delete", input = Json, output = Json)]
pub async fn delete_namespace(
    cluster: ClusterName,
    namespace: NamespaceName,
    confirmation: String,
) -> Result<(), ApiError> {
    let call = Call::begin()?;
    let namespaces = &call.console.namespaces;
    respond(&call.actor, namespaces.delete(&call.actor, &cluster, &namespace, &confirmation).await)
}

#[server(prefix = "/api", endpoint = "namespaces/detach", input = Json, output = Json)]
pub async fn detach_namespace(cluster: ClusterName, namespace: NamespaceName) -> Result<(), ApiError> {
    let call = Call::begin()?;
    respond(&call.actor, call.console.namespaces.detach(&call.actor, &cluster, &namespace).await)
}
