//! A list, and whatever it becomes.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use async_trait::async_trait;
use cluster::{Sources, View};
use contract::workloads::Following;
use contract::{Actor, Error, Kind};
use futures::future::select_all;
use model::live::News;
use model::rows::{RowNews, RowQuery, RowWindow};
use tokio::time::Instant;

use super::{RowBook, views};
use crate::following::{Watched, following};

/// Changes within this time are shown together.
const TOGETHER: Duration = Duration::from_millis(50);
/// And this soon after somebody's rights changed.
const SETTLED: Duration = Duration::from_secs(2);
/// Whether the person may still see it is asked this often; who loses their session is told at once elsewhere.
const AGAIN: Duration = Duration::from_secs(15);

struct Looked {
    book: RowBook,
    actor: Actor,
    query: RowQuery,
    list: Option<List>,
    /// What was told last.
    last: Option<RowWindow>,
}

struct List {
    view: Arc<Mutex<View>>,
    sources: Sources,
    /// The version of rights that it is about.
    rights: u64,
    until: Instant,
    /// It is looked at anew soon in any case, so other rights are no reason to do so at once.
    soon: bool,
}

impl List {
    fn is_old(&self) -> bool {
        Instant::now() >= self.until || (!self.soon && self.sources.rights() != self.rights)
    }
}

pub(super) fn follow(book: RowBook, actor: Actor, query: RowQuery) -> Following {
    following(Looked { book, actor, query, list: None, last: None })
}

#[async_trait]
impl Watched for Looked {
    async fn next(&mut self) -> Result<News, Error> {
        loop {
            let (view, mut changes, until) = self.look().await?;
            let window = views::window(&view, &self.query);
            let delta = match &self.last {
                Some(last) if *last == window => None,
                Some(last) => {
                    Some(last.delta(&window).map_or_else(|| RowNews::Window(window.clone()), RowNews::Delta))
                }
                None => Some(RowNews::Window(window.clone())),
            };
            if let Some(news) = delta {
                self.last = Some(window);
                return Ok(News::Rows(news));
            }
            let changed = changes.iter_mut().map(|changes| Box::pin(changes.changed()));
            let changed: Vec<_> = changed.collect();
            if changed.is_empty() {
                tokio::time::sleep_until(until).await;
            } else {
                let _either = tokio::time::timeout_at(until, select_all(changed)).await;
                tokio::time::sleep(TOGETHER).await;
            }
        }
    }
}

impl Looked {
    /// A failure that passes does not end what somebody looks at: they would never know. That they may not any more does.
    async fn view(&self) -> Result<(Arc<Mutex<View>>, Sources, u64), Error> {
        loop {
            match self.book.view(&self.actor, &self.query).await {
                Err(error) if matches!(error.kind, Kind::Internal | Kind::Busy { .. }) => {
                    tracing::error!(event = "rows.not_followed", error = format!("{error:?}"));
                    tokio::time::sleep(SETTLED).await;
                }
                answer => return answer,
            }
        }
    }

    /// The list, what wakes when it changes, and until when the person may see it without being asked about again.
    async fn look(
        &mut self,
    ) -> Result<(Arc<Mutex<View>>, Vec<tokio::sync::watch::Receiver<u64>>, Instant), Error> {
        if self.list.as_ref().is_none_or(List::is_old) {
            let (view, sources, rights) = self.view().await?;
            let changed = self.list.as_ref().is_some_and(|list| list.rights != rights);
            // The cluster itself may learn of other rights a moment later, or answer then.
            let soon = changed || sources.are_unread();
            let until = Instant::now() + if soon { SETTLED } else { AGAIN };
            self.list = Some(List { view, sources, rights, until, soon });
        }
        let Some(list) = &self.list else { return Err(Error::internal("no list")) };
        Ok((list.view.clone(), list.sources.changes(), list.until))
    }
}
