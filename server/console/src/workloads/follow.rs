//! What a page shows, and whatever it becomes.
//!
//! Everything is read again as the person each time, so a stream ends when a permission does.

use std::time::{Duration, Instant};

use async_trait::async_trait;
use cluster::{Log, Rows};
use contract::workloads::Following;
use contract::{Actor, Error, Kind, Workloads as _};
use futures::future::select_all;
use model::live::{Ended, News, Topic};
use model::namespaces::NamespaceName;
use model::workloads::{LogSource, WorkloadQuery, WorkloadRef};

use super::WorkloadBook;
use crate::following::{Watched, following};

/// Changes within this time are shown together.
const TOGETHER: Duration = Duration::from_millis(50);
/// One object takes several requests, so it is read at most this often.
pub(crate) const DETAIL: Duration = Duration::from_millis(500);
/// Also without a change: figures of use, and whether the person may still see it.
pub(crate) const ANYWAY: Duration = Duration::from_secs(15);

/// Longest time that lines of a log are told after the permission ended.
const ALLOWED: Duration = Duration::from_secs(4);

struct Looked {
    book: WorkloadBook,
    actor: Actor,
    topic: Topic,
    /// What was told last, without its sequence number.
    last: Option<News>,
    log: Option<Log>,
    /// When the permission to read the log was last looked at.
    looked: Instant,
}

pub(super) fn follow(book: WorkloadBook, actor: Actor, topic: Topic) -> Following {
    following(Looked { book, actor, topic, last: None, log: None, looked: Instant::now() })
}

#[async_trait]
impl Watched for Looked {
    async fn next(&mut self) -> Result<News, Error> {
        match self.topic.clone() {
            Topic::Workloads(query) => self.window(&query).await,
            Topic::Workload(target) => self.workload(&target).await,
            Topic::Log(source) => self.lines(&source).await,
            // Followed where releases and rows are.
            Topic::Job(_) | Topic::Release(_) | Topic::Rows(_) => {
                Err(Kind::NotFound { what: "topic".to_owned() }.into())
            }
        }
    }
}

impl Looked {
    async fn window(&mut self, query: &WorkloadQuery) -> Result<News, Error> {
        loop {
            let mut all = Vec::new();
            for cluster in &self.book.fleet.all() {
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
        let cluster = &self.book.fleet.get(&target.cluster)?;
        loop {
            let rows = self.book.rows(&self.actor, cluster).await?;
            let before = rows.sequence_in(&target.namespace);
            let news = News::Workload(Box::new(self.book.view(&self.actor, target).await?));
            if self.last.as_ref() != Some(&news) {
                self.last = Some(news.clone());
                return Ok(news);
            }
            let _either = tokio::time::timeout(ANYWAY, change_in(&rows, &target.namespace, before)).await;
            tokio::time::sleep(DETAIL).await;
        }
    }

    async fn lines(&mut self, source: &LogSource) -> Result<News, Error> {
        loop {
            if self.log.is_none() || self.looked.elapsed() > ALLOWED {
                let grant = self.book.look_at(&self.actor, &source.cluster, &source.namespace).await?;
                self.looked = Instant::now();
                if self.log.is_none() {
                    let cluster = &self.book.fleet.get(&source.cluster)?;
                    self.log = Some(cluster::log(cluster, &grant, source, true).await?);
                    // Says that it is being read, also when nothing is written.
                    return Ok(News::Log(vec![]));
                }
            }
            let Some(log) = &mut self.log else { continue };
            match tokio::time::timeout(ALLOWED, log.next()).await {
                Ok(Ok(Some(lines))) => return Ok(News::Log(lines)),
                Ok(Ok(None)) => return Ok(News::Ended(Ended::Complete)),
                Ok(Err(error)) => return Err(Error::internal(error)),
                // Nothing was written.
                Err(_) => {}
            }
        }
    }
}

/// Waits until a workload or pod of the namespace is another than before.
pub(crate) async fn change_in(rows: &Rows, namespace: &NamespaceName, before: u64) {
    let mut changes = rows.sightings();
    while rows.sequence_in(namespace) == before {
        if changes.changed().await.is_err() {
            return;
        }
    }
}
