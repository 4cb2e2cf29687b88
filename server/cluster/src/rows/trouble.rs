//! What pods are stuck at, laid over what their workloads say of themselves: a Deployment alone does not know of an image that
//! cannot be pulled.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::Duration;

use model::rows::{Column, RowKind};
use model::workloads::{Health, WorkloadKind};

use super::shared::{Shared, State};
use super::table::{Cell, Draft, Row, Since, Slot, Table, Value};
use crate::workloads::is_stuck;

/// Changes of pods within this time are taken together.
const TOGETHER: Duration = Duration::from_millis(20);

/// Namespace and name.
type Named = (String, String);

/// Of each workload that has a pod that is stuck, what it is stuck at.
#[derive(Default)]
pub(super) struct Troubles(BTreeMap<Named, Trouble>);

struct Trouble {
    word: String,
    /// What the workload says of itself.
    own: Option<Draft>,
}

impl Troubles {
    /// What is shown of a workload; none when it is what it says.
    pub(super) fn over(&mut self, own: &Draft) -> Option<Draft> {
        if self.0.is_empty() {
            return None;
        }
        let trouble = self.0.get_mut(&(own.namespace.clone(), own.name.clone()))?;
        trouble.own = Some(own.clone());
        // A Job that has ended does not wait for pods that are left of it.
        let ended = own.cells.first() == Some(&Value::Text(WorkloadKind::Job.as_str().to_owned()))
            && own.health != Some(Health::Progressing);
        if own.health == Some(Health::Stopped) || ended {
            return None;
        }
        let mut shown = own.clone();
        shown.health = Some(Health::Failed);
        if let Some(status) = status().and_then(|at| shown.cells.get_mut(at)) {
            *status = Value::Text(trouble.word.clone());
        }
        Some(shown)
    }

    /// Returns what the workload says of itself, where that is known here.
    pub(super) fn set(&mut self, named: Named, word: Option<String>) -> Option<Draft> {
        let own = self.0.remove(&named).and_then(|trouble| trouble.own);
        if let Some(word) = word {
            self.0.insert(named, Trouble { word, own: own.clone() });
        }
        own
    }
}

/// For ever: tells a table of workloads what the pods are stuck at.
pub(super) async fn follow(pods: Arc<Shared>, kind: RowKind, workloads: Arc<Shared>) {
    let Some(kind) = kind.workload() else { return std::future::pending().await };
    let mut stuck = Stuck { of: format!("{}/", kind.as_str()), ..Stuck::default() };
    let mut changes = pods.changes();
    loop {
        changes.mark_unchanged();
        let touched = match pods.state().0 {
            // What cannot be seen any more is not believed any more.
            State::Forbidden => stuck.forget(),
            _ => stuck.keep_up(&pods.read()),
        };
        if !touched.is_empty() {
            {
                let mut table = workloads.write();
                for named in touched {
                    let word = stuck.word(&named);
                    table.set_trouble(named, word);
                }
            }
            workloads.changed();
        }
        if changes.changed().await.is_err() {
            return;
        }
        tokio::time::sleep(TOGETHER).await;
    }
}

/// The pods that are stuck, by the workload that they belong to.
#[derive(Default)]
struct Stuck {
    /// How the owners of these pods begin: `Deployment/`.
    of: String,
    /// The sequence of the table up to which this is right; none before the first time.
    seen: Option<u64>,
    pods: BTreeMap<Slot, Named>,
    workloads: BTreeMap<Named, BTreeMap<Slot, String>>,
}

impl Stuck {
    fn word(&self, workload: &Named) -> Option<String> {
        self.workloads.get(workload)?.values().next().cloned()
    }

    /// Takes in what changed since the last time. Returns the workloads that it may matter to.
    fn keep_up(&mut self, table: &Table) -> BTreeSet<Named> {
        let since = self.seen.map_or(Since::TooLong, |seen| table.since(seen));
        self.seen = Some(table.sequence());
        let mut touched = BTreeSet::new();
        match since {
            Since::Changed(slots) => {
                for slot in slots {
                    touched.extend(self.drop(slot));
                    touched.extend(table.row(slot).and_then(|row| self.put(table, slot, row)));
                }
            }
            Since::TooLong => {
                touched.extend(self.forget());
                self.seen = Some(table.sequence());
                for (slot, row) in table.rows() {
                    touched.extend(self.put(table, slot, row));
                }
            }
        }
        touched
    }

    fn forget(&mut self) -> BTreeSet<Named> {
        self.seen = None;
        self.pods.clear();
        std::mem::take(&mut self.workloads).into_keys().collect()
    }

    fn drop(&mut self, slot: Slot) -> Option<Named> {
        let workload = self.pods.remove(&slot)?;
        if let Some(pods) = self.workloads.get_mut(&workload) {
            pods.remove(&slot);
            if pods.is_empty() {
                self.workloads.remove(&workload);
            }
        }
        Some(workload)
    }

    fn put(&mut self, table: &Table, slot: Slot, row: &Row) -> Option<Named> {
        if row.health != Some(Health::Failed) {
            return None;
        }
        let text = |column| {
            let at = RowKind::Pods.columns().iter().position(|known| *known == column)?;
            match row.cells.get(at)? {
                Cell::Text(word) => Some(table.strings.get(*word)),
                _ => None,
            }
        };
        let word = text(Column::Status).filter(|word| is_stuck(word))?;
        let name = text(Column::Owner)?.strip_prefix(&self.of)?;
        let workload = (table.strings.get(row.namespace).to_owned(), name.to_owned());
        self.pods.insert(slot, workload.clone());
        self.workloads.entry(workload.clone()).or_default().insert(slot, word.to_owned());
        Some(workload)
    }
}

/// Where a workload's status stands.
fn status() -> Option<usize> {
    RowKind::Deployments.columns().iter().position(|column| *column == Column::Status)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn workload(health: Health, status: Value) -> Draft {
        let cells = vec![Value::Text("Deployment".into()), status, Value::Part(0, 1), Value::Nothing];
        Draft {
            namespace: "shop".into(),
            name: "web".into(),
            health: Some(health),
            cells,
            ..Draft::default()
        }
    }

    fn shown(table: &Table) -> (Option<Health>, Value) {
        let draft = table.draft(table.slot_of("shop", "web").unwrap()).unwrap();
        (draft.health, draft.cells[1].clone())
    }

    #[test]
    fn trouble_of_pods_lies_over_a_workload_until_it_is_gone() {
        let (mut table, named) = (Table::default(), ("shop".to_owned(), "web".to_owned()));
        let stuck =
            |table: &mut Table, word: Option<&str>| table.set_trouble(named.clone(), word.map(str::to_owned));
        let text = |word: &str| Value::Text(word.to_owned());

        stuck(&mut table, Some("ErrImagePull"));
        table.put(&workload(Health::Progressing, Value::Nothing));
        assert_eq!(shown(&table), (Some(Health::Failed), text("ErrImagePull")), "known before it");
        stuck(&mut table, Some("ImagePullBackOff"));
        assert_eq!(shown(&table), (Some(Health::Failed), text("ImagePullBackOff")));
        table.put(&workload(Health::Failed, text("ProgressDeadlineExceeded")));
        assert_eq!(shown(&table), (Some(Health::Failed), text("ImagePullBackOff")), "it says more");
        stuck(&mut table, None);
        assert_eq!(shown(&table), (Some(Health::Failed), text("ProgressDeadlineExceeded")));
        table.put(&workload(Health::Stopped, Value::Nothing));
        stuck(&mut table, Some("CrashLoopBackOff"));
        assert_eq!(shown(&table), (Some(Health::Stopped), Value::Nothing), "nobody waits for its pods");
    }

    #[test]
    fn what_a_list_no_longer_has_goes_though_its_pods_are_stuck() {
        let (mut table, named) = (Table::default(), ("shop".to_owned(), "web".to_owned()));
        table.put(&workload(Health::Progressing, Value::Nothing));
        table.begin_list();

        table.set_trouble(named.clone(), Some("ErrImagePull".to_owned()));
        table.end_list();

        assert_eq!(table.len(), 0);
        table.set_trouble(named, None);
        assert_eq!(table.len(), 0);
    }
}
