//! The Prometheus of a cluster: where it is, and for administrators the form that sets it.

use leptos::prelude::*;
use model::access::Action;
use model::clusters::ClusterName;
use model::monitoring::MetricsSource as Source;

use crate::api::monitoring::{remove_source, set_source, view_source};
use crate::error::ApiError;
use crate::i18n::use_i18n;
use crate::layouts::frame::Allowed;
use crate::ui::address::named;
use crate::ui::error::ErrorNote;
use crate::ui::form::{Submit, use_sending};
use crate::ui::load::Load;
use crate::ui::outside::{AddressFields, read_address};
use crate::ui::text::text;

/// Where it is, and what loads that anew after a change.
#[derive(Clone, Copy)]
pub struct Sources {
    source: Resource<Result<Option<Source>, ApiError>>,
    version: RwSignal<u32>,
}

/// To be made by the page.
pub fn use_sources(cluster: Memo<String>) -> Sources {
    let version = RwSignal::new(0_u32);
    let source = Resource::new(
        move || (cluster.get(), version.get()),
        |(cluster, _)| async move { view_source(named("cluster", cluster)?).await },
    );
    Sources { source, version }
}

#[component]
pub fn MetricsSource(cluster: ClusterName, sources: Sources) -> impl IntoView {
    let i18n = use_i18n();
    let Sources { source, version } = sources;
    let cluster = StoredValue::new(cluster);
    view! {
        <h2>{text!(i18n, monitoring.source)}</h2>
        <Load what=source show=move |source| view! { <Told cluster source version /> }.into_any() />
        <Allowed action=Action::SetMetricsSource quiet=true>
            <Set cluster version />
        </Allowed>
    }
}

#[component]
fn Told(cluster: StoredValue<ClusterName>, source: Option<Source>, version: RwSignal<u32>) -> impl IntoView {
    let i18n = use_i18n();
    let Some(Source { url, username, .. }) = source else {
        return view! { <p class="muted">{text!(i18n, monitoring.source_none)}</p> }.into_any();
    };
    let who = (!username.is_empty())
        .then(|| view! { " " {text!(i18n, outside.login_as)} " " <strong>{username}</strong> });
    view! {
        <p>{text!(i18n, monitoring.source_set)} " " <code>{url}</code> {who}</p>
        <Allowed action=Action::RemoveMetricsSource quiet=true>
            <Remove cluster version />
        </Allowed>
    }
    .into_any()
}

#[component]
fn Remove(cluster: StoredValue<ClusterName>, version: RwSignal<u32>) -> impl IntoView {
    let i18n = use_i18n();
    let answer = RwSignal::new(None);
    let remove = move |_| {
        leptos::task::spawn_local(async move {
            match remove_source(cluster.get_value()).await {
                Ok(()) => version.update(|version| *version += 1),
                Err(error) => answer.set(Some(error)),
            }
        });
    };
    view! {
        <p>
            <button type="button" class="button small" on:click=remove>
                {text!(i18n, monitoring.remove)}
            </button>
        </p>
        {move || answer.get().map(|error| view! { <ErrorNote error /> })}
    }
}

#[component]
fn Set(cluster: StoredValue<ClusterName>, version: RwSignal<u32>) -> impl IntoView {
    let i18n = use_i18n();
    let sending = use_sending();
    let answer = sending.answer;
    let send = sending.submit(move |values| {
        let form = read_address(&values);
        async move {
            set_source(cluster.get_value(), form).await?;
            version.update(|version| *version += 1);
            Ok(())
        }
    });
    view! {
        <details class="card wide">
            <summary>{text!(i18n, monitoring.set)}</summary>
            <form class="confirm" method="post" on:submit=send>
                <p>{text!(i18n, monitoring.source_hint)}</p>
                <AddressFields hint=move || text!(i18n, monitoring.url_hint) answer />
                <Submit sending label=move || text!(i18n, monitoring.save) />
            </form>
        </details>
    }
}
