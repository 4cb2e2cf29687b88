//! How much of the truth the rows of a cluster are.

use leptos::prelude::*;
use leptos_router::components::A;
use model::rows::{ClusterRows, RowState};

use crate::i18n::{t, use_i18n};
use crate::paths;
use crate::ui::text::text;

/// Says it where they are not all of it.
#[component]
pub(super) fn State(cluster: ClusterRows) -> impl IntoView {
    let i18n = use_i18n();
    let name = cluster.cluster.to_string();
    let denied = (cluster.denied > 0).then(|| {
        let words = t!(i18n, rows.denied, cluster = name.clone(), count = cluster.denied);
        view! { <p class="note quiet">{words} " " <A href=paths::REQUESTS>{text!(i18n, access.ask)}</A></p> }
    });
    let words = match cluster.state {
        RowState::Live => return denied.into_any(),
        RowState::Reading => t!(i18n, rows.reading, cluster = name).into_any(),
        RowState::Forbidden => t!(i18n, rows.forbidden, cluster = name).into_any(),
        RowState::Absent => t!(i18n, rows.absent, cluster = name).into_any(),
        RowState::Unread => t!(i18n, rows.unread, cluster = name).into_any(),
        RowState::Stale { seconds } => {
            let age = RwSignal::new(seconds);
            #[cfg(feature = "hydrate")]
            super::every(std::time::Duration::from_secs(1), move || age.update(|age| *age += 1));
            t!(i18n, rows.stale, cluster = name, seconds = move || age.get()).into_any()
        }
    };
    view! {
        <p class="note quiet">{words}</p>
        {denied}
    }
    .into_any()
}
