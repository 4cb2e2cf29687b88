//! Use of CPU and memory.

use async_trait::async_trait;
use model::clusters::ClusterName;
use model::monitoring::{History, MetricsSource, Scope, Span};
use model::outside::AddressForm;
use model::panel::Panel;

use crate::{Actor, Error};

#[async_trait]
pub trait Monitoring: Send + Sync {
    /// So far back. A cluster without a metrics API or a Prometheus is a state, not an error. Errors: those of clusters.
    async fn history(&self, actor: &Actor, scope: &Scope, span: Span) -> Result<Panel<History>, Error>;

    /// The Prometheus of a cluster, if it has one. Errors: `NotFound`.
    async fn source(&self, actor: &Actor, cluster: &ClusterName) -> Result<Option<MetricsSource>, Error>;

    /// Sets it, once it has answered. Errors: `NotFound`; `Invalid` of the fields of the form.
    async fn set_source(&self, actor: &Actor, cluster: &ClusterName, form: AddressForm) -> Result<(), Error>;

    async fn remove_source(&self, actor: &Actor, cluster: &ClusterName) -> Result<(), Error>;
}
