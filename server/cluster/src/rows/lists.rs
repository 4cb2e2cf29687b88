//! Reads lists, in one of the ways that there are, and asks for whatever else there is.

use std::time::Duration;

use futures::StreamExt as _;
use http::{Request, StatusCode, header};
use http_body_util::BodyExt as _;
use kube::client::Body;

use super::feed::{Feed, Trouble};
use super::items::Items;
use super::shared::State;
use super::table::Table;
use super::way::Way;
use super::wire::Page;

/// Objects per page of a list.
const PAGE: u32 = 500;
/// Largest page, in bytes.
const LARGEST: usize = 256 * 1024 * 1024;

impl Feed {
    /// By what the server says of itself.
    pub(super) async fn way(&self) -> Result<Way, Trouble> {
        match self.get("/version", "application/json").await {
            Ok(body) => Ok(Way::of(&self.whole(body).await?)),
            // Some keep it to themselves.
            Err(Trouble::Forbidden | Trouble::Absent) => Ok(Way::Streamed),
            Err(Trouble::Refused(status)) if status.is_client_error() => Ok(Way::Streamed),
            Err(trouble) => Err(trouble),
        }
    }

    /// Everything at once. Returns the version to watch from.
    pub(super) async fn whole_list(&self) -> Result<String, Trouble> {
        let mut pieces = self.ask("").await?.into_data_stream();
        let mut items = Items::default();
        self.shared.write().begin_list();
        loop {
            let piece = tokio::time::timeout(self.patience.piece, pieces.next()).await;
            // Something on the way cannot take so much.
            let Ok(piece) = piece else { return Err(Trouble::NotStreamed) };
            let Some(piece) = piece else { break };
            let piece = piece.map_err(Trouble::broken)?;
            {
                let mut table = self.shared.write();
                let read = items.read(&piece, |object| self.put(&mut table, object));
                read.map_err(|_too_long| Trouble::NotStreamed)?;
            }
            // Who looks sees it grow.
            self.shared.heard();
        }
        let frame = items.frame().ok_or(Trouble::NotStreamed)?;
        let page: Page<'_> = serde_json::from_slice(frame).map_err(|_odd| Trouble::NotStreamed)?;
        {
            let mut table = self.shared.write();
            // Of a server that writes lists in a way of its own.
            page.items.iter().for_each(|object| self.put(&mut table, object.get().as_bytes()));
            table.end_list();
        }
        self.shared.heard();
        self.shared.set_state(State::Live);
        Ok(page.metadata.version)
    }

    fn put(&self, table: &mut Table, object: &[u8]) {
        let object = std::str::from_utf8(object).unwrap_or_default();
        match self.shared.subject.decode(object) {
            Ok((draft, _)) => {
                table.put(&draft);
            }
            Err(error) => self.skip(&error),
        }
    }

    /// Everything, page by page. Returns the version to watch from.
    pub(super) async fn list(&self) -> Result<String, Trouble> {
        let mut next = String::new();
        let mut begun = false;
        loop {
            let more = if next.is_empty() { String::new() } else { format!("&continue={}", encoded(&next)) };
            let body = self.ask(&format!("limit={PAGE}{more}")).await?;
            let bytes = self.whole(body).await?;
            let page: Page<'_> = serde_json::from_slice(&bytes).map_err(Trouble::broken)?;
            let mut table = self.shared.write();
            // Only now: a list that the cluster refuses changes nothing.
            if !std::mem::replace(&mut begun, true) {
                table.begin_list();
            }
            page.items.iter().for_each(|object| self.put(&mut table, object.get().as_bytes()));
            next = page.metadata.next;
            if next.is_empty() {
                table.end_list();
                drop(table);
                self.shared.heard();
                self.shared.set_state(State::Live);
                return Ok(page.metadata.version);
            }
            drop(table);
            self.shared.heard();
        }
    }

    /// An object that cannot be understood is counted, and left out.
    pub(super) fn skip(&self, error: &serde_json::Error) {
        let (cluster, rows) = (self.shared.cluster.as_str(), self.shared.subject.listing());
        let rows = rows.as_str();
        self.shared.count_skipped();
        tracing::warn!(event = "rows.not_understood", cluster, rows, error = error.to_string());
    }

    async fn whole(&self, body: Body) -> Result<Vec<u8>, Trouble> {
        let mut pieces = body.into_data_stream();
        let mut bytes = Vec::new();
        while let Some(piece) =
            tokio::time::timeout(self.patience.piece, pieces.next()).await.map_err(Trouble::broken)?
        {
            bytes.extend_from_slice(&piece.map_err(Trouble::broken)?);
            if bytes.len() > LARGEST {
                return Err(Trouble::Broken("a page is too large".to_owned()));
            }
        }
        Ok(bytes)
    }

    pub(super) async fn ask(&self, query: &str) -> Result<Body, Trouble> {
        let watches = query.starts_with("watch=true");
        let subject = &self.shared.subject;
        let target = subject.target(self.namespace.as_ref());
        self.get(&format!("{target}{query}"), subject.accept(watches)).await
    }

    async fn get(&self, target: &str, accept: &str) -> Result<Body, Trouble> {
        let request = Request::get(target)
            .header(header::ACCEPT, accept)
            .body(Body::empty())
            .map_err(Trouble::broken)?;
        let answer = tokio::time::timeout(self.patience.answer, self.client.send(request)).await;
        let answer = answer.map_err(Trouble::broken)?.map_err(Trouble::broken)?;
        let after = answer.headers().get(header::RETRY_AFTER).and_then(|after| after.to_str().ok());
        let after = after.and_then(|after| after.parse().ok()).unwrap_or(1);
        match answer.status() {
            StatusCode::OK => Ok(answer.into_body()),
            StatusCode::GONE => Err(Trouble::Gone),
            StatusCode::FORBIDDEN => Err(Trouble::Forbidden),
            StatusCode::NOT_FOUND => Err(Trouble::Absent),
            StatusCode::TOO_MANY_REQUESTS => Err(Trouble::Throttled(Duration::from_secs(after))),
            status => Err(Trouble::Refused(status)),
        }
    }
}

fn encoded(text: &str) -> String {
    form_urlencoded::byte_serialize(text.as_bytes()).collect()
}
