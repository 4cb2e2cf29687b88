//! The audit trail's table.

use std::collections::BTreeMap;

use async_trait::async_trait;
use contract::Error;
use gate::{AuditLog, NewEntry};
use model::audit::{AuditQuery, Changed, Outcome};
use sha2::{Digest as _, Sha256};

use crate::backend::{Store, on_pool};
use crate::error::internal;

/// A stored line of the trail.
#[derive(Clone, Debug)]
pub struct Entry {
    pub id: i64,
    /// Unix milliseconds.
    pub at: i64,
    pub actor: String,
    pub action: String,
    pub resource: String,
    pub outcome: Outcome,
    pub request_id: String,
    pub changed: Option<Changed>,
    /// Empty when it is not known.
    pub address: String,
}

/// id, at, actor, action, resource, outcome, request id, what changed, address
type Row = (i64, i64, String, String, String, String, String, String, String);

#[async_trait]
impl AuditLog for Store {
    async fn open(&self, entry: NewEntry) -> Result<i64, Error> {
        let add = "INSERT INTO audit (id, at, actor, action, resource, outcome, request_id, address) \
                   SELECT COALESCE(MAX(id), 0) + 1, $1, $2, $3, $4, $5, $6, $7 FROM audit WHERE TRUE RETURNING id";
        let NewEntry { at, actor, action, resource, request_id, address } = entry;
        let action = action.as_str().to_owned();
        Ok(on_pool!(self, |pool| {
            let mut tx = pool.begin().await.map_err(internal)?;
            let (seq, before): (i64, String) =
                sqlx::query_as(NEXT).fetch_one(&mut *tx).await.map_err(internal)?;
            let (id,): (i64,) = sqlx::query_as(add)
                .bind(at)
                .bind(&actor)
                .bind(&action)
                .bind(&resource)
                .bind(Outcome::Open.as_str())
                .bind(&request_id)
                .bind(&address)
                .fetch_one(&mut *tx)
                .await
                .map_err(internal)?;
            let row = (
                id,
                at,
                actor,
                action,
                resource,
                Outcome::Open.as_str().to_owned(),
                request_id,
                String::new(),
                address,
            );
            let hash = link(seq, &before, &row);
            let query = sqlx::query(LINK).bind(seq).bind(&hash).bind(id).bind(Outcome::Open.as_str());
            query.execute(&mut *tx).await.map_err(internal)?;
            sqlx::query(HEAD).bind(seq).bind(&hash).execute(&mut *tx).await.map_err(internal)?;
            tx.commit().await.map_err(internal)?;
            id
        }))
    }

    async fn close(&self, id: i64, outcome: Outcome, changed: Option<Changed>) -> Result<(), Error> {
        let close = "UPDATE audit SET outcome = $2, changed = $3 WHERE id = $1 AND outcome = 'open' \
                     RETURNING id, at, actor, action, resource, outcome, request_id, changed, address";
        let changed = match changed {
            Some(changed) => serde_json::to_string(&changed).map_err(Error::internal)?,
            None => String::new(),
        };
        on_pool!(self, |pool| {
            let mut tx = pool.begin().await.map_err(internal)?;
            let (seq, before): (i64, String) =
                sqlx::query_as(NEXT).fetch_one(&mut *tx).await.map_err(internal)?;
            let query = sqlx::query_as(close).bind(id).bind(outcome.as_str()).bind(&changed);
            let row: Option<Row> = query.fetch_optional(&mut *tx).await.map_err(internal)?;
            // Without one it was closed before, and nothing of this stays.
            if let Some(row) = row {
                let hash = link(seq, &before, &row);
                let query = sqlx::query(LINK).bind(seq).bind(&hash).bind(id).bind(outcome.as_str());
                query.execute(&mut *tx).await.map_err(internal)?;
                sqlx::query(HEAD).bind(seq).bind(&hash).execute(&mut *tx).await.map_err(internal)?;
                tx.commit().await.map_err(internal)?;
            }
        });
        Ok(())
    }
}

/// The number of the next link, and the hash of the last one. Whoever has it first goes first.
const NEXT: &str = "UPDATE audit_head SET seq = seq + 1 WHERE id = 1 RETURNING seq, hash";
const LINK: &str = "INSERT INTO audit_chain (seq, hash, entry, outcome) VALUES ($1, $2, $3, $4)";
const HEAD: &str = "UPDATE audit_head SET seq = $1, hash = $2 WHERE id = 1";

/// SHA-256 over the link before and everything in the entry, each part with its length in front.
fn link(seq: i64, before: &str, row: &Row) -> String {
    let (id, at, actor, action, resource, outcome, request_id, changed, address) = row;
    let (seq, id, at) = (seq.to_string(), id.to_string(), at.to_string());
    let mut hash = Sha256::new();
    let parts = [before, &seq, &id, &at, actor, action, resource, outcome, request_id];
    // Links from before these were noted have no such parts.
    let noted = [("changed", changed), ("address", address)].into_iter().filter(|(_, text)| !text.is_empty());
    for part in parts.into_iter().chain(noted.flat_map(|(name, text)| [name, text.as_str()])) {
        hash.update((part.len() as u64).to_be_bytes());
        hash.update(part);
    }
    hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect()
}

/// What became of the trail.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Chain {
    /// Nothing was changed, taken out or put in. To be compared with what was noted earlier, because an end that was cut off with
    /// everything after it cannot be told.
    Whole { links: i64, head: String },
    /// From this entry on it is not as it was written.
    Broken { entry: i64 },
}

impl Store {
    /// Newest first, with numbers below `before`, of those that fit the query.
    pub async fn audit_entries(&self, query: &AuditQuery, limit: i64) -> Result<Vec<Entry>, Error> {
        let sql = "SELECT id, at, actor, action, resource, outcome, request_id, changed, address FROM audit \
                   WHERE id < $1 AND ($3 = '' OR LOWER(actor) = $3) AND ($4 = '' OR action LIKE $4 ESCAPE '!') \
                   AND ($5 = '' OR LOWER(resource) LIKE $5 ESCAPE '!') AND ($6 = '' OR outcome = $6) ORDER BY id DESC LIMIT $2";
        let AuditQuery { who, action, object, outcome, before } = query;
        // What would be a pattern is itself.
        let plain =
            |text: &str| text.trim().to_lowercase().replace('!', "!!").replace('%', "!%").replace('_', "!_");
        let action = if action.trim().is_empty() { String::new() } else { format!("{}%", plain(action)) };
        let object = if object.trim().is_empty() { String::new() } else { format!("%{}%", plain(object)) };
        let rows: Vec<Row> = on_pool!(self, |pool| {
            sqlx::query_as(sql)
                .bind(before.unwrap_or(i64::MAX))
                .bind(limit)
                .bind(who.trim().to_lowercase())
                .bind(action)
                .bind(object)
                .bind(outcome.map_or("", Outcome::as_str))
                .fetch_all(pool)
                .await
        })
        .map_err(internal)?;
        rows.into_iter().map(entry).collect()
    }

    /// Computes every link again. Entries from before there was a chain are not looked at.
    pub async fn verify_audit(&self) -> Result<Chain, Error> {
        type Linked = (i64, i64, String, String);
        let links =
            "SELECT seq, entry, outcome, hash FROM audit_chain WHERE seq > $1 ORDER BY seq LIMIT 1000";
        let rows = "SELECT id, at, actor, action, resource, outcome, request_id, changed, address FROM audit WHERE id >= $1 AND id <= $2";
        let head = "SELECT seq, hash FROM audit_head WHERE id = 1";
        let (end, head): (i64, String) =
            on_pool!(self, |pool| sqlx::query_as(head).fetch_one(pool).await).map_err(internal)?;
        let (mut last, mut before, mut first_entry, mut newest) = (0_i64, String::new(), i64::MAX, 0_i64);
        let mut ended: BTreeMap<i64, String> = BTreeMap::new();
        while last < end {
            let some: Vec<Linked> =
                on_pool!(self, |pool| sqlx::query_as(links).bind(last).fetch_all(pool).await)
                    .map_err(internal)?;
            let span = some.iter().map(|(_, entry, ..)| *entry);
            let (from, to) = (span.clone().min().unwrap_or_default(), span.max().unwrap_or_default());
            let entries: Vec<Row> =
                on_pool!(self, |pool| sqlx::query_as(rows).bind(from).bind(to).fetch_all(pool).await)
                    .map_err(internal)?;
            let entries: BTreeMap<i64, Row> = entries.into_iter().map(|row| (row.0, row)).collect();
            if some.is_empty() {
                return Ok(Chain::Broken { entry: newest });
            }
            for (seq, entry, outcome, hash) in some {
                let known = entries.get(&entry).cloned();
                let whole = known.is_some_and(|row| {
                    // What changed is known when it ends.
                    let changed = if outcome == Outcome::Open.as_str() { String::new() } else { row.7 };
                    let row = (row.0, row.1, row.2, row.3, row.4, outcome.clone(), row.6, changed, row.8);
                    seq == last + 1 && link(seq, &before, &row) == hash
                });
                if !whole {
                    return Ok(Chain::Broken { entry });
                }
                (last, before) = (seq, hash);
                first_entry = first_entry.min(entry);
                newest = newest.max(entry);
                ended.insert(entry, outcome);
                if last == end {
                    break;
                }
            }
        }
        if before != head {
            return Ok(Chain::Broken { entry: newest });
        }
        match self.unlinked(first_entry, newest, &ended, end).await? {
            Some(entry) => Ok(Chain::Broken { entry }),
            None => Ok(Chain::Whole { links: end, head }),
        }
    }

    /// An entry whose outcome is not that of its last link, or that has none.
    async fn unlinked(
        &self,
        first: i64,
        newest: i64,
        ended: &BTreeMap<i64, String>,
        end: i64,
    ) -> Result<Option<i64>, Error> {
        let sql = "SELECT id, outcome FROM audit WHERE id >= $1 AND id <= $2 ORDER BY id";
        let rows: Vec<(i64, String)> =
            on_pool!(self, |pool| sqlx::query_as(sql).bind(first).bind(newest).fetch_all(pool).await)
                .map_err(internal)?;
        // One that was closed since the links were read is ahead of them.
        let later = "SELECT DISTINCT entry FROM audit_chain WHERE seq > $1";
        let later: Vec<(i64,)> =
            on_pool!(self, |pool| sqlx::query_as(later).bind(end).fetch_all(pool).await).map_err(internal)?;
        let wrong = |(id, outcome): &(i64, String)| match ended.get(id) {
            Some(linked) => linked != outcome && !later.contains(&(*id,)),
            None => true,
        };
        Ok(rows.into_iter().find(wrong).map(|(id, _)| id))
    }
}

fn entry(
    (id, at, actor, action, resource, outcome, request_id, changed, address): Row,
) -> Result<Entry, Error> {
    let outcome =
        Outcome::parse(&outcome).ok_or_else(|| Error::internal(format!("unknown outcome {outcome}")))?;
    let changed = match changed.as_str() {
        "" => None,
        text => Some(serde_json::from_str(text).map_err(Error::internal)?),
    };
    Ok(Entry { id, at, actor, action, resource, outcome, request_id, changed, address })
}
