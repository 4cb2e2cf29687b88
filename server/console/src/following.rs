//! What a page shows, and whatever it becomes: one state after the other, until it ends.

use async_trait::async_trait;
use contract::workloads::Following;
use contract::{Error, Kind};
use futures::stream::{self, StreamExt as _};
use model::live::{Ended, News};

/// Something that somebody looks at.
#[async_trait]
pub(crate) trait Watched: Send + 'static {
    /// Waits for what comes next. It is read as the person each time, so an error ends it as permissions do.
    async fn next(&mut self) -> Result<News, Error>;
}

/// Ends after [`News::Ended`].
pub(crate) fn following(watched: impl Watched) -> Following {
    stream::unfold(Some(watched), |watched| async move {
        let mut watched = watched?;
        let news = watched.next().await.unwrap_or_else(|error| News::Ended(ended(&error)));
        let over = matches!(news, News::Ended(_));
        Some((news, (!over).then_some(watched)))
    })
    .boxed()
}

fn ended(error: &Error) -> Ended {
    match error.kind {
        Kind::Unauthenticated | Kind::Forbidden { .. } | Kind::ClusterForbids { .. } => Ended::NotPermitted,
        Kind::NotFound { .. } => Ended::NotFound,
        Kind::ClusterUnreachable { .. } | Kind::ClusterUnauthorized { .. } => Ended::ClusterSilent,
        _ => {
            tracing::error!(event = "live.failed", error = format!("{error:?}"));
            Ended::Failed
        }
    }
}
