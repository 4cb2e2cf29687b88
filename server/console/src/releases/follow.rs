//! A job, and whatever becomes of it until it is over. Read again as the person each time.

use std::time::Duration;

use async_trait::async_trait;
use contract::workloads::Following;
use contract::{Actor, Error, Releases as _};
use model::live::{Ended, News};
use model::releases::Job;
use tokio::sync::watch;

use super::ReleaseBook;
use crate::following::{Watched, following};

/// A job is looked at also when nothing tells that it moved: another process may do the work.
const ANYWAY: Duration = Duration::from_secs(5);

pub(super) fn follow(book: ReleaseBook, actor: Actor, id: String) -> Following {
    following(WatchedJob { moved: book.moved.subscribe(), book, actor, id, last: None })
}

struct WatchedJob {
    book: ReleaseBook,
    actor: Actor,
    id: String,
    moved: watch::Receiver<u64>,
    last: Option<Job>,
}

#[async_trait]
impl Watched for WatchedJob {
    async fn next(&mut self) -> Result<News, Error> {
        loop {
            self.moved.mark_unchanged();
            let job = self.book.job(&self.actor, &self.id).await?;
            if self.last.as_ref() != Some(&job) {
                self.last = Some(job.clone());
                return Ok(News::Job(job));
            }
            if job.state.is_over() {
                return Ok(News::Ended(Ended::Complete));
            }
            let _either = tokio::time::timeout(ANYWAY, self.moved.changed()).await;
        }
    }
}
