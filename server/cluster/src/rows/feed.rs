//! Keeps a table as the cluster is: lists once, then watches from there, and lists again only where the cluster has forgotten.

use std::sync::Arc;
use std::time::Duration;

use futures::StreamExt as _;
use http::StatusCode;
use http_body_util::BodyExt as _;
use kube::Client;
use kube::client::Body;
use model::namespaces::NamespaceName;
use model::rows::RowKind;

use super::lines::{Lines, TooLong};
use super::shared::{Shared, State};
use super::subject::Subject;
use super::table::Table;
use super::way::Way;
use super::wire::{Event, Marks, Status, marks};

/// The server ends a watch after so many seconds, and so says that it is there.
const WATCH: u64 = 50;
/// Refusals in a row after which everything is listed anew.
const MOST_REFUSED: u32 = 8;
/// Whole lists in a row that did not come, after which pages are asked for.
const MOST_CUT: u32 = 2;

/// How long is waited for what.
#[derive(Clone, Copy)]
pub(super) struct Patience {
    /// For the beginning of an answer.
    pub(super) answer: Duration,
    /// Between two pieces of a list.
    pub(super) piece: Duration,
    /// A watch that said nothing for so long, not even that it ends, leads nowhere.
    pub(super) silence: Duration,
    /// First and longest pause after a failure.
    pub(super) first: Duration,
    pub(super) longest: Duration,
    /// Before somebody who may not, or what is not there, is asked again.
    pub(super) refused: Duration,
}

pub(super) const PATIENCE: Patience = Patience {
    answer: Duration::from_secs(10),
    piece: Duration::from_secs(10),
    silence: Duration::from_secs(60),
    first: Duration::from_millis(500),
    // With what is added to it by chance, no later than five seconds after a cluster is back.
    longest: Duration::from_secs(3),
    refused: Duration::from_secs(30),
};

pub(super) struct Feed {
    pub(super) client: Client,
    pub(super) shared: Arc<Shared>,
    /// Only of this one.
    pub(super) namespace: Option<NamespaceName>,
    pub(super) patience: Patience,
}

/// Why there is nothing more for now.
#[derive(Debug, thiserror::Error)]
pub(super) enum Trouble {
    /// The cluster has forgotten what was before.
    #[error("the version is too old")]
    Gone,
    #[error("the console's account may not")]
    Forbidden,
    #[error("there is no such kind")]
    Absent,
    #[error("asked too often")]
    Throttled(Duration),
    #[error("cannot be streamed")]
    NotStreamed,
    #[error("the API server answers {0}")]
    Refused(StatusCode),
    #[error("{0}")]
    Broken(String),
}

impl Trouble {
    pub(super) fn broken(error: impl std::fmt::Display) -> Self {
        Self::Broken(error.to_string())
    }
}

impl From<TooLong> for Trouble {
    fn from(error: TooLong) -> Self {
        Self::broken(error)
    }
}

impl Feed {
    /// For ever.
    pub(super) async fn run(self) {
        let (mut way, mut version, mut pause) = (None, None::<String>, self.patience.first);
        let (mut forbidden, mut absent, mut refused, mut cut) = (0, 0, 0, 0);
        loop {
            let begun = tokio::time::Instant::now();
            let watching = version.is_some();
            // Something on the way may take pages where it does not take everything.
            let now = way.map(|way| if way == Way::Whole && cut >= MOST_CUT { Way::Paged } else { way });
            let answer = match (&mut version, now) {
                (Some(version), _) => self.watch(version).await,
                (None, None) => self.way().await.map(|found| way = Some(found)),
                (none, Some(Way::Whole)) => self.whole_list().await.map(|listed| *none = Some(listed)),
                (none, Some(Way::Streamed)) => self.stream(none).await,
                (none, Some(Way::Paged)) => self.list().await.map(|listed| *none = Some(listed)),
            };
            // What held for a while was no failure at the beginning.
            if begun.elapsed() > self.patience.longest {
                pause = self.patience.first;
            }
            let Err(trouble) = answer else {
                (forbidden, absent, refused, cut) = (0, 0, 0, 0);
                // Whoever ends a watch at once is not asked again at once.
                if watching && begun.elapsed() < self.patience.first {
                    tokio::time::sleep(jittered(pause)).await;
                }
                continue;
            };
            if now == Some(Way::Whole)
                && matches!(trouble, Trouble::Broken(_) | Trouble::Refused(_))
                && !watching
            {
                cut += 1;
            }
            let grown = |pause: &mut Duration| {
                let wait = jittered(*pause);
                *pause = (*pause * 2).min(self.patience.longest);
                wait
            };
            let wait = match &trouble {
                Trouble::Gone => {
                    version = None;
                    self.shared.count_relist();
                    // Not all at once, where a cluster forgets everything, nor for ever where it always does.
                    grown(&mut pause)
                }
                // Once only: what could not come as a whole this time may do so next time.
                Trouble::NotStreamed if now == Some(Way::Whole) => {
                    cut = MOST_CUT;
                    continue;
                }
                Trouble::NotStreamed => {
                    way = Some(Way::Paged);
                    continue;
                }
                // An API server that has just started knows of no rights yet.
                Trouble::Forbidden if forbidden < 3 => {
                    forbidden += 1;
                    self.shared.set_state(State::Stale);
                    grown(&mut pause)
                }
                Trouble::Forbidden => {
                    self.shared.set_state(State::Forbidden);
                    jittered(self.patience.refused)
                }
                // What was just taught is not served by every API server at once.
                Trouble::Absent if absent < 3 && self.shared.subject.definition().is_some() => {
                    absent += 1;
                    version = None;
                    grown(&mut pause)
                }
                Trouble::Absent => {
                    version = None;
                    self.shared.set_state(State::Absent);
                    jittered(self.patience.refused)
                }
                Trouble::Throttled(wait) => {
                    self.shared.set_state(State::Stale);
                    jittered((*wait).clamp(self.patience.first, self.patience.refused))
                }
                Trouble::Refused(_) => {
                    self.shared.set_state(State::Stale);
                    refused += 1;
                    // A version that a cluster never takes is not one of its own.
                    if refused % MOST_REFUSED == 0 {
                        version = None;
                    }
                    grown(&mut pause)
                }
                // What was known when a cluster went away is where it goes on.
                Trouble::Broken(_) => {
                    self.shared.set_state(State::Stale);
                    grown(&mut pause)
                }
            };
            let (cluster, rows) = (self.shared.cluster.as_str(), self.shared.subject.listing());
            let rows = rows.as_str();
            tracing::warn!(event = "rows.interrupted", cluster, rows, error = trouble.to_string());
            tokio::time::sleep(wait).await;
        }
    }

    /// Everything as a stream, and what follows it. Fills in the version once all is there.
    async fn stream(&self, version: &mut Option<String>) -> Result<(), Trouble> {
        let query = format!(
            "watch=true&sendInitialEvents=true&resourceVersionMatch=NotOlderThan&allowWatchBookmarks=true&timeoutSeconds={WATCH}"
        );
        let body = match self.ask(&query).await {
            // Older servers do not know how.
            Err(Trouble::Refused(status)) if status.is_client_error() => return Err(Trouble::NotStreamed),
            other => other?,
        };
        self.shared.write().begin_list();
        self.follow(body, version, true).await
    }

    async fn watch(&self, version: &mut String) -> Result<(), Trouble> {
        let query =
            format!("watch=true&allowWatchBookmarks=true&resourceVersion={version}&timeoutSeconds={WATCH}");
        let body = self.ask(&query).await?;
        // Whoever answers goes on where it was.
        self.shared.set_state(State::Live);
        let mut at = Some(std::mem::take(version));
        let ended = self.follow(body, &mut at, false).await;
        *version = at.unwrap_or_default();
        ended
    }

    /// Until the server ends it. `listing`: the first events are a list, until a bookmark says that they were all.
    async fn follow(
        &self,
        body: Body,
        version: &mut Option<String>,
        mut listing: bool,
    ) -> Result<(), Trouble> {
        let mut pieces = body.into_data_stream();
        let mut lines = Lines::default();
        loop {
            let patience = if listing { self.patience.piece } else { self.patience.silence };
            let piece = match tokio::time::timeout(patience, pieces.next()).await {
                Ok(Some(piece)) => piece.map_err(Trouble::broken)?,
                Ok(None) if listing => return Err(Trouble::NotStreamed),
                Ok(None) => return Ok(()),
                Err(_) if listing => return Err(Trouble::NotStreamed),
                Err(_) => return Err(Trouble::Broken("nothing was said for too long".to_owned())),
            };
            let mut failed = None;
            let mut events = 0_u64;
            let mut all = false;
            {
                let mut table = self.shared.write();
                lines.read(&piece, |line| {
                    if failed.is_some() || line.is_empty() {
                        return;
                    }
                    events += 1;
                    match self.event(&mut table, line, version, listing) {
                        Ok(true) => {
                            listing = false;
                            all = true;
                            table.end_list();
                        }
                        Ok(false) => {}
                        Err(trouble) => failed = Some(trouble),
                    }
                })?;
            }
            self.shared.count_events(events);
            self.shared.heard();
            if all {
                self.shared.set_state(State::Live);
            }
            if let Some(trouble) = failed {
                return Err(trouble);
            }
        }
    }

    /// One event. Says whether it is the end of the list.
    fn event(
        &self,
        table: &mut Table,
        line: &[u8],
        version: &mut Option<String>,
        listing: bool,
    ) -> Result<bool, Trouble> {
        let event: Event<'_> = serde_json::from_slice(line).map_err(Trouble::broken)?;
        let object = event.object.get();
        if event.kind == "ERROR" {
            let status: Status = serde_json::from_str(object).map_err(Trouble::broken)?;
            return Err(match status.code {
                410 => Trouble::Gone,
                429 => Trouble::Throttled(Duration::from_secs(1)),
                _ => Trouble::Broken(status.message),
            });
        }
        match &*event.kind {
            "BOOKMARK" => {
                let marks = marks(object).map_err(Trouble::broken)?;
                let ends = listing && marks.annotations.ends;
                let back = |known: &str| is_newer(known, &marks.version);
                if !listing && version.as_deref().is_some_and(back) {
                    // It was set back, and does not know what we know.
                    return Err(Trouble::Gone);
                }
                if !listing || ends {
                    *version = Some(marks.version);
                }
                return Ok(ends);
            }
            "DELETED" => {
                let marks = marks(object).map_err(Trouble::broken)?;
                if pass(version, &marks.version, listing) {
                    table.remove(self.place(&marks), &marks.name);
                }
            }
            _ => match self.shared.subject.decode(object) {
                Ok((draft, new)) => {
                    if pass(version, &new, listing) {
                        table.put(&draft);
                    }
                }
                Err(error) => {
                    self.skip(&error);
                    let marks = marks(object).map_err(Trouble::broken)?;
                    if pass(version, &marks.version, listing) {
                        // What it was is not what it is.
                        table.remove(self.place(&marks), &marks.name);
                    }
                }
            },
        }
        Ok(false)
    }

    /// A namespace lives in itself.
    fn place<'a>(&self, marks: &'a Marks) -> &'a str {
        if self.shared.subject == Subject::Kind(RowKind::Namespaces) { &marks.name } else { &marks.namespace }
    }
}

/// Whether an event is news; then its version is the newest. Of a list all are, and its end says the version.
fn pass(version: &mut Option<String>, new: &str, listing: bool) -> bool {
    if listing {
        return true;
    }
    // Told again, or late: what is known is newer.
    if version.as_deref().is_some_and(|known| !is_newer(new, known)) {
        return false;
    }
    *version = Some(new.to_owned());
    true
}

/// Versions of one API server are numbers that grow; those of others are only ever the same or not.
fn is_newer(new: &str, known: &str) -> bool {
    match (new.parse::<u64>(), known.parse::<u64>()) {
        (Ok(new), Ok(known)) => new > known,
        _ => new != known,
    }
}

/// Half as long to one and a half times as long, so that many do not come at once.
fn jittered(pause: Duration) -> Duration {
    let mut byte = [0_u8; 1];
    let random = getrandom::fill(&mut byte).map_or(128, |()| u32::from(byte[0]));
    pause * (128 + random) / 256
}
