//! What a page shows, and whatever it becomes.
//!
//! Everything is read again as the person each time, so a stream ends when a permission does.

use std::time::Duration;

use cluster::{Log, Rows};
use contract::workloads::Following;
use contract::{Actor, Error, Kind, Workloads as _};
use futures::future::select_all;
use futures::stream::{self, StreamExt as _};
use model::live::{Ended, News, Topic};
use model::workloads::{LogSource, WorkloadQuery, WorkloadRef};

use super::WorkloadBook;

/// Changes within this time are shown together.
const TOGETHER: Duration = Duration::from_millis(50);
/// One object takes several requests, so it is read at most this often.
const DETAIL: Duration = Duration::from_millis(500);
/// Also without a change: figures of use, and whether the person may still see it.
const ANYWAY: Duration = Duration::from_secs(15);

struct Watched {
    book: WorkloadBook,
    actor: Actor,
    topic: Topic,
    /// What was told last, without its sequence number.
    last: Option<News>,
    log: Option<Log>,
    ended: bool,
}

pub(super) fn follow(book: WorkloadBook, actor: Actor, topic: Topic) -> Following {
    let watched = Watched { book, actor, topic, last: None, log: None, ended: false };
    stream::unfold(watched, |mut watched| async move {
        if watched.ended {
            return None;
        }
        let news = watched.next().await.unwrap_or_else(|error| News::Ended(ended(&error)));
        watched.ended = matches!(news, News::Ended(_));
        Some((news, watched))
    })
    .boxed()
}

impl Watched {
    async fn next(&mut self) -> Result<News, Error> {
        match self.topic.clone() {
            Topic::Workloads(query) => self.window(&query).await,
            Topic::Workload(target) => self.workload(&target).await,
            Topic::Log(source) => self.lines(&source).await,
            // Followed where releases are.
            Topic::Job(job) => Err(Kind::NotFound { what: format!("job {job}") }.into()),
        }
    }

    async fn window(&mut self, query: &WorkloadQuery) -> Result<News, Error> {
        loop {
            let mut all = Vec::new();
            for cluster in self.book.fleet.all() {
                // One that does not answer is named in the window.
                if let Ok(rows) = self.book.rows(&self.actor, cluster).await {
                    all.push(rows.changes());
                }
            }
            let window = self.book.window(&self.actor, query).await?;
            let shown = News::Workloads(model::workloads::WorkloadWindow { sequence: 0, ..window.clone() });
            if self.last.as_ref() != Some(&shown) {
                self.last = Some(shown);
                return Ok(News::Workloads(window));
            }
            let changes = all.iter_mut().map(|changes| Box::pin(changes.changed()));
            let changes: Vec<_> = changes.collect();
            if changes.is_empty() {
                tokio::time::sleep(ANYWAY).await;
            } else {
                let _either = tokio::time::timeout(ANYWAY, select_all(changes)).await;
                tokio::time::sleep(TOGETHER).await;
            }
        }
    }

    async fn workload(&mut self, target: &WorkloadRef) -> Result<News, Error> {
        let cluster = self.book.fleet.get(&target.cluster)?;
        loop {
            let rows = self.book.rows(&self.actor, cluster).await?;
            let before = rows.sequence_in(&target.namespace);
            let news = News::Workload(Box::new(self.book.view(&self.actor, target).await?));
            if self.last.as_ref() != Some(&news) {
                self.last = Some(news.clone());
                return Ok(news);
            }
            let _either = tokio::time::timeout(ANYWAY, change_in(&rows, target, before)).await;
            tokio::time::sleep(DETAIL).await;
        }
    }

    async fn lines(&mut self, source: &LogSource) -> Result<News, Error> {
        loop {
            let grant = self.book.look_at(&self.actor, &source.cluster, &source.namespace).await?;
            let Some(log) = &mut self.log else {
                let cluster = self.book.fleet.get(&source.cluster)?;
                self.log = Some(cluster::log(cluster, &grant, source, true).await?);
                // Says that it is being read, also when nothing is written.
                return Ok(News::Log(vec![]));
            };
            match tokio::time::timeout(ANYWAY, log.next()).await {
                Ok(Ok(Some(lines))) => return Ok(News::Log(lines)),
                Ok(Ok(None)) => return Ok(News::Ended(Ended::Complete)),
                Ok(Err(error)) => return Err(Error::internal(error)),
                // Nothing was written; the permission is looked at again.
                Err(_) => {}
            }
        }
    }
}

async fn change_in(rows: &Rows, target: &WorkloadRef, before: u64) {
    let mut changes = rows.changes();
    while rows.sequence_in(&target.namespace) == before {
        if changes.changed().await.is_err() {
            return;
        }
    }
}

/// How a failure is told to who follows.
pub(crate) fn ended(error: &Error) -> Ended {
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
