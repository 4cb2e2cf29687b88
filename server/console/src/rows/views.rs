//! Lists that are kept while somebody looks: whoever sees the same shares them.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use cluster::{Sources, View};
use model::rows::{Listing, RowQuery, RowWindow, SortBy};

/// A list that nobody has looked at for so long is forgotten.
const KEPT: Duration = Duration::from_secs(60);
/// Most lists that are kept.
const MOST: usize = 256;

#[derive(Default)]
pub(super) struct Views(Mutex<Vec<Kept>>);

struct Kept {
    kind: Listing,
    filter: String,
    sort: Vec<(SortBy, bool)>,
    sources: Sources,
    view: Arc<Mutex<View>>,
    looked: Instant,
}

impl Views {
    pub(super) fn get(&self, query: &RowQuery, sources: &Sources) -> Arc<Mutex<View>> {
        let now = Instant::now();
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        all.retain(|kept| now.duration_since(kept.looked) < KEPT);
        let known = all.iter_mut().find(|kept| {
            kept.kind == query.kind
                && kept.filter == query.filter
                && kept.sort == query.sort
                && kept.sources == *sources
        });
        if let Some(known) = known {
            known.looked = now;
            return known.view.clone();
        }
        let view = Arc::new(Mutex::new(View::new(query, sources.clone())));
        if all.len() >= MOST
            && let Some((oldest, _)) = all.iter().enumerate().min_by_key(|(_, kept)| kept.looked)
        {
            all.swap_remove(oldest);
        }
        all.push(Kept {
            kind: query.kind.clone(),
            filter: query.filter.clone(),
            sort: query.sort.clone(),
            sources: sources.clone(),
            view: view.clone(),
            looked: now,
        });
        view
    }
}

/// The part that a query asks for.
pub(super) fn window(view: &Mutex<View>, query: &RowQuery) -> RowWindow {
    view.lock().unwrap_or_else(PoisonError::into_inner).window(query)
}
