//! The rows that somebody chose, also those that are scrolled out of sight.

use leptos::prelude::*;
use model::workloads::WorkloadRef;

use super::bulk::Act;

#[derive(Clone, Copy)]
pub(super) struct Chosen {
    all: RwSignal<Vec<WorkloadRef>>,
    /// What is to be done with them, until it is begun.
    wanted: RwSignal<Option<Act>>,
    /// Something is done with some of them.
    pub(super) busy: RwSignal<bool>,
}

impl Chosen {
    pub(super) fn new() -> Self {
        Self { all: RwSignal::new(vec![]), wanted: RwSignal::new(None), busy: RwSignal::new(false) }
    }

    pub(super) fn all(self) -> Vec<WorkloadRef> {
        self.all.get_untracked()
    }

    pub(super) fn count(self) -> usize {
        self.all.with(Vec::len)
    }

    pub(super) fn is_empty(self) -> bool {
        self.all.with(Vec::is_empty)
    }

    pub(super) fn has(self, target: &WorkloadRef) -> bool {
        self.all.with(|chosen| chosen.contains(target))
    }

    pub(super) fn set(self, target: &WorkloadRef, chosen: bool) {
        self.all.update(|all| {
            all.retain(|other| other != target);
            if chosen {
                all.push(target.clone());
            }
        });
    }

    /// This one, for one act.
    pub(super) fn only(self, target: &WorkloadRef, act: Act) {
        self.all.set(vec![target.clone()]);
        self.wanted.set(Some(act));
    }

    /// What was asked for since the last time.
    pub(super) fn take_wanted(self) -> Option<Act> {
        let wanted = self.wanted.get();
        if wanted.is_some() {
            self.wanted.set(None);
        }
        wanted
    }

    pub(super) fn clear(self) {
        self.all.set(vec![]);
    }
}
