//! Use of CPU and memory.

use async_trait::async_trait;
use model::monitoring::{History, Scope};
use model::panel::Panel;

use crate::{Actor, Error};

#[async_trait]
pub trait Monitoring: Send + Sync {
    /// The last minutes. A cluster without a metrics API is a state, not an error. Errors: those of clusters.
    async fn history(&self, actor: &Actor, scope: &Scope) -> Result<Panel<History>, Error>;
}
