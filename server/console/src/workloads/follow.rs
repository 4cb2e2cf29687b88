//! What a page shows, and whatever it becomes.
//!
//! Everything is read again as the person each time, so a stream ends when a permission does.

use std::time::{Duration, Instant};

use async_trait::async_trait;
use cluster::Log;
use contract::workloads::Following;
use contract::{Actor, Error, Kind, Workloads as _};
use model::live::{Ended, News, Topic};
use model::workloads::{LogSource, WorkloadRef};

use super::WorkloadBook;
use crate::following::{Watched, following};

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
    /// What was told last.
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
    async fn workload(&mut self, target: &WorkloadRef) -> Result<News, Error> {
        let cluster = &self.book.fleet.get(&target.cluster)?;
        loop {
            let sightings = self.book.sightings(&self.actor, cluster)?;
            let before = sightings.count_in(&target.namespace);
            let news = News::Workload(Box::new(self.book.view(&self.actor, target).await?));
            if self.last.as_ref() != Some(&news) {
                self.last = Some(news.clone());
                return Ok(news);
            }
            let _either = tokio::time::timeout(ANYWAY, sightings.more_in(&target.namespace, before)).await;
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
