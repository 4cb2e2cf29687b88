//! Reading the log of a container, as the person, without ever holding more than a batch of it.

use contract::Error;
use futures::io::AsyncBufRead;
use futures::{AsyncBufReadExt as _, FutureExt as _};
use gate::Grant;
use http::Request;
use model::workloads::{LOG_LINE, LOG_LINES, LogSource};

use crate::client::Cluster;
use crate::error::within_deadline;

/// Lines handed on at once, at most.
const BATCH: usize = 500;

/// A log that is being read.
pub struct Log {
    source: Box<dyn AsyncBufRead + Send + Unpin>,
    line: Vec<u8>,
    /// More than is shown of the line that is being read was left out.
    cut: bool,
}

/// The last lines of a log, and what follows when `follow` is set. Errors: `NotFound`, those of clusters.
pub async fn log(cluster: &Cluster, grant: &Grant, source: &LogSource, follow: bool) -> Result<Log, Error> {
    let LogSource { namespace, pod, container, previous, .. } = source;
    let path = format!("/api/v1/namespaces/{namespace}/pods/{pod}/log");
    let query = format!("tailLines={LOG_LINES}&follow={follow}&previous={previous}&container={container}");
    let request = Request::get(format!("{path}?{query}")).body(Vec::new()).map_err(Error::internal)?;
    let client = cluster.client(grant)?;
    let stream = within_deadline(&cluster.name, &path, client.request_stream(request)).await?;
    Ok(Log { source: Box::new(stream), line: Vec::new(), cut: false })
}

impl Log {
    /// The next lines: waits for the first, takes what is there already; none at the end.
    pub async fn next(&mut self) -> std::io::Result<Option<Vec<String>>> {
        let mut lines = Vec::new();
        loop {
            let room = self.source.fill_buf();
            // What has come is shown before more is waited for.
            let chunk = if lines.is_empty() {
                room.await?
            } else {
                match room.now_or_never() {
                    Some(chunk) => chunk?,
                    None => return Ok(Some(lines)),
                }
            };
            if chunk.is_empty() {
                if !self.line.is_empty() {
                    lines.push(finish(&mut self.line, &mut self.cut));
                }
                return Ok((!lines.is_empty()).then_some(lines));
            }
            let mut used = 0;
            for &byte in chunk {
                used += 1;
                if byte == b'\n' {
                    lines.push(finish(&mut self.line, &mut self.cut));
                    if lines.len() >= BATCH {
                        break;
                    }
                } else if self.line.len() < LOG_LINE {
                    self.line.push(byte);
                } else {
                    self.cut = true;
                }
            }
            self.source.consume_unpin(used);
            if lines.len() >= BATCH {
                return Ok(Some(lines));
            }
        }
    }
}

fn finish(line: &mut Vec<u8>, cut: &mut bool) -> String {
    let mut text = String::from_utf8_lossy(line).into_owned();
    if *cut {
        text.push('…');
    }
    line.clear();
    *cut = false;
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use futures::io::Cursor;

    fn reading(text: &str) -> Log {
        Log { source: Box::new(Cursor::new(text.as_bytes().to_vec())), line: Vec::new(), cut: false }
    }

    #[tokio::test]
    async fn lines_come_in_order_and_the_last_needs_no_end() {
        let mut log = reading("one\n\ntwo");

        assert_eq!(log.next().await.unwrap().unwrap(), ["one", "", "two"]);
        assert_eq!(log.next().await.unwrap(), None);
    }

    #[tokio::test]
    async fn a_line_of_any_length_takes_no_more_than_is_shown_of_it() {
        let mut log = reading(&format!("{}\nnext\n", "x".repeat(10 * LOG_LINE)));

        let lines = log.next().await.unwrap().unwrap();

        assert_eq!(lines[0].chars().count(), LOG_LINE + 1);
        assert!(lines[0].ends_with("x…"));
        assert_eq!(lines[1], "next");
    }

    #[tokio::test]
    async fn many_lines_come_in_batches() {
        let mut log = reading(&"line\n".repeat(BATCH + 1));

        assert_eq!(log.next().await.unwrap().unwrap().len(), BATCH);
        assert_eq!(log.next().await.unwrap().unwrap().len(), 1);
    }
}
