//! A release or a job, and whatever becomes of it. Read again as the person each time.

use std::time::Duration;

use async_trait::async_trait;
use contract::workloads::Following;
use contract::{Actor, Error, Kind, Releases as _};
use model::live::{Ended, News, Topic};
use model::releases::ReleaseRef;
use tokio::sync::watch;

use super::ReleaseBook;
use crate::following::{Watched, following};
use crate::workloads::follow::{ANYWAY, DETAIL};

/// A job is looked at also when nothing tells that it moved: another process may do the work.
const MOVED: Duration = Duration::from_secs(5);

pub(super) fn follow(book: ReleaseBook, actor: Actor, topic: Topic) -> Following {
    following(Looked { moved: book.moved.subscribe(), book, actor, topic, last: None })
}

struct Looked {
    book: ReleaseBook,
    actor: Actor,
    topic: Topic,
    moved: watch::Receiver<u64>,
    last: Option<News>,
}

#[async_trait]
impl Watched for Looked {
    async fn next(&mut self) -> Result<News, Error> {
        match self.topic.clone() {
            Topic::Release(target) => self.release(&target).await,
            Topic::Job(id) => self.job(&id).await,
            // Followed where workloads are.
            _ => Err(Kind::NotFound { what: "topic".to_owned() }.into()),
        }
    }
}

impl Looked {
    /// A release changes when a workload or pod of its namespace does; other objects are looked at in between.
    async fn release(&mut self, target: &ReleaseRef) -> Result<News, Error> {
        let workloads = self.book.workloads.clone();
        let cluster = &workloads.fleet.get(&target.cluster)?;
        loop {
            let sightings = workloads.sightings(&self.actor, cluster)?;
            let before = sightings.count_in(&target.namespace);
            let news = News::Release(Box::new(self.book.view(&self.actor, target).await?));
            if self.is_new(&news) {
                return Ok(news);
            }
            let _either = tokio::time::timeout(ANYWAY, sightings.more_in(&target.namespace, before)).await;
            tokio::time::sleep(DETAIL).await;
        }
    }

    async fn job(&mut self, id: &str) -> Result<News, Error> {
        loop {
            self.moved.mark_unchanged();
            let job = self.book.job(&self.actor, id).await?;
            let over = job.state.is_over();
            let news = News::Job(job);
            if self.is_new(&news) {
                return Ok(news);
            }
            if over {
                return Ok(News::Ended(Ended::Complete));
            }
            let _either = tokio::time::timeout(MOVED, self.moved.changed()).await;
        }
    }

    fn is_new(&mut self, news: &News) -> bool {
        let new = self.last.as_ref() != Some(news);
        self.last = Some(news.clone());
        new
    }
}
