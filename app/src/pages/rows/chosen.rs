//! The rows that somebody chose, also those that are scrolled out of sight.

use leptos::prelude::*;
use model::workloads::WorkloadRef;

#[derive(Clone, Copy)]
pub(super) struct Chosen(RwSignal<Vec<WorkloadRef>>);

impl Chosen {
    pub(super) fn new() -> Self {
        Self(RwSignal::new(vec![]))
    }

    pub(super) fn all(self) -> Vec<WorkloadRef> {
        self.0.get_untracked()
    }

    pub(super) fn count(self) -> usize {
        self.0.with(Vec::len)
    }

    pub(super) fn is_empty(self) -> bool {
        self.0.with(Vec::is_empty)
    }

    pub(super) fn has(self, target: &WorkloadRef) -> bool {
        self.0.with(|chosen| chosen.contains(target))
    }

    pub(super) fn set(self, target: &WorkloadRef, chosen: bool) {
        self.0.update(|all| {
            all.retain(|other| other != target);
            if chosen {
                all.push(target.clone());
            }
        });
    }

    pub(super) fn clear(self) {
        self.0.set(vec![]);
    }
}
