//! Releases: of each the newest of its revisions.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::Duration;

use model::releases::health;

use super::shared::Shared;
use super::table::{Draft, Since, Slot, Table, Value};

/// Changes within this time are taken together.
const TOGETHER: Duration = Duration::from_millis(20);

/// Namespace and name of a release.
type Named = (String, String);

/// For ever: keeps the rows of releases as their revisions are.
pub(super) async fn follow(revisions: Arc<Shared>, releases: Arc<Shared>) {
    let mut kept = Kept::default();
    // Of an earlier beginning nothing is known here.
    releases.write().forget();
    let (mut changes, mut seen) = (revisions.changes(), revisions.seen());
    loop {
        changes.mark_unchanged();
        seen.mark_unchanged();
        {
            let table = revisions.read();
            let touched = kept.keep_up(&table);
            let mut shown = releases.write();
            for named in touched {
                match kept.newest(&table, &named) {
                    Some(release) => _ = shown.put(&release),
                    None => _ = shown.remove(&named.0, &named.1),
                }
            }
        }
        releases.counts.follow(&revisions.counts);
        releases.heard();
        releases.set_state(revisions.state().0);
        let more = async {
            tokio::select! { more = changes.changed() => more, more = seen.changed() => more }
        };
        if more.await.is_err() {
            return;
        }
        tokio::time::sleep(TOGETHER).await;
    }
}

/// Which revisions there are of what.
#[derive(Default)]
struct Kept {
    /// The sequence of the table up to which this is right; none before the first time.
    seen: Option<u64>,
    slots: BTreeMap<Slot, (Named, u32)>,
    releases: BTreeMap<Named, BTreeSet<(u32, Slot)>>,
}

impl Kept {
    /// Takes in what changed since the last time. Returns the releases that it may matter to.
    fn keep_up(&mut self, table: &Table) -> BTreeSet<Named> {
        let since = self.seen.map_or(Since::TooLong, |seen| table.since(seen));
        self.seen = Some(table.sequence());
        let mut touched = BTreeSet::new();
        let slots: Vec<_> = match since {
            Since::Changed(slots) => slots,
            Since::TooLong => {
                self.slots.clear();
                touched.extend(std::mem::take(&mut self.releases).into_keys());
                table.rows().map(|(slot, _)| slot).collect()
            }
        };
        for slot in slots {
            touched.extend(self.drop(slot));
            touched.extend(self.put(table, slot));
        }
        touched
    }

    fn drop(&mut self, slot: Slot) -> Option<Named> {
        let (named, number) = self.slots.remove(&slot)?;
        if let Some(revisions) = self.releases.get_mut(&named) {
            revisions.remove(&(number, slot));
            if revisions.is_empty() {
                self.releases.remove(&named);
            }
        }
        Some(named)
    }

    fn put(&mut self, table: &Table, slot: Slot) -> Option<Named> {
        let draft = table.draft(slot)?;
        let [Value::Text(name), Value::Number(number), _] = &*draft.cells else { return None };
        let (named, number) = ((draft.namespace.clone(), name.clone()), u32::try_from(*number).ok()?);
        self.slots.insert(slot, (named.clone(), number));
        self.releases.entry(named.clone()).or_default().insert((number, slot));
        Some(named)
    }

    /// As its row is shown.
    fn newest(&self, table: &Table, named: &Named) -> Option<Draft> {
        let (_, slot) = self.releases.get(named)?.last()?;
        let draft = table.draft(*slot)?;
        let [_, number, status] = &*draft.cells else { return None };
        let word = if let Value::Text(word) = status { word } else { "" };
        let (health, cells) = (Some(health(word)), vec![status.clone(), number.clone()]);
        Some(Draft { name: named.1.clone(), health, cells, ..draft })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn revision(name: &str, number: i64, status: &str) -> Draft {
        let cells = vec![Value::Text(name.into()), Value::Number(number), Value::Text(status.into())];
        let secret = format!("sh.helm.release.v1.{name}.v{number}");
        Draft { namespace: "shop".into(), name: secret, cells, ..Draft::default() }
    }

    #[test]
    fn a_release_is_its_newest_revision_and_goes_with_the_last() {
        let (mut table, mut kept) = (Table::default(), Kept::default());
        let web = ("shop".to_owned(), "web".to_owned());
        let newest = |kept: &mut Kept, table: &Table| {
            kept.keep_up(table);
            kept.newest(table, &web).map(|draft| draft.cells)
        };
        let cells = |status: &str, number| Some(vec![Value::Text(status.into()), Value::Number(number)]);
        table.put(&revision("web", 9, "superseded"));
        table.put(&revision("web", 10, "deployed"));
        table.put(&revision("api", 1, "failed"));
        assert_eq!(newest(&mut kept, &table), cells("deployed", 10));

        table.put(&revision("web", 11, "failed"));
        assert_eq!(newest(&mut kept, &table), cells("failed", 11));
        table.remove("shop", "sh.helm.release.v1.web.v11");
        assert_eq!(newest(&mut kept, &table), cells("deployed", 10));
        for number in [9, 10] {
            table.remove("shop", &format!("sh.helm.release.v1.web.v{number}"));
        }
        assert_eq!(newest(&mut kept, &table), None);
    }
}
