//! One identity provider: its state, the test, the rules, the connection.

use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::components::A;
use leptos_router::hooks::{use_navigate, use_query_map};
use model::access::Action;
use model::providers::{Gift, ProviderDetail, ProviderName, Tested, given};

use super::provider_form::{Addresses, Change};
use super::provider_rules::{Given, Rules};
use super::providers::EnabledMark;
use crate::api::providers::{remove_provider, set_provider_enabled, view_provider};
use crate::error::ApiError;
use crate::flash;
use crate::i18n::use_i18n;
use crate::layouts::frame::Allowed;
use crate::paths;
use crate::ui::address::{named, use_part};
use crate::ui::confirm::Confirmed;
use crate::ui::error::ErrorNote;
use crate::ui::load::Load;
use crate::ui::moment::Moment;
use crate::ui::table::{Column, Table};
use crate::ui::text::text;
use crate::ui::words;

#[component]
pub fn ProviderPage() -> impl IntoView {
    let name = use_part("provider");
    // Loads the page again after a change.
    let version = RwSignal::new(0_u32);
    let provider = Resource::new(
        move || (name.get(), version.get()),
        |(name, _)| async move { view_provider(named("provider", name)?).await },
    );
    let query = use_query_map();
    let failed = Resource::new_blocking(
        move || query.read().get("test").is_some(),
        async |failed| flash::current().filter(|_| failed).and_then(|last| last.sso),
    );
    let i18n = use_i18n();
    let note = move || {
        Suspend::new(async move {
            let problem = failed.await;
            problem.map(|problem| {
                view! { <p class="note failed" role="alert">{move || words::sign_on_problem(i18n, &problem)}</p> }
            })
        })
    };
    view! {
        <Title text=move || name.get() />
        <Suspense>{note}</Suspense>
        <Load what=provider show=move |provider| view! { <Page provider version /> }.into_any() />
    }
}

#[component]
fn Page(provider: ProviderDetail, version: RwSignal<u32>) -> impl IntoView {
    let i18n = use_i18n();
    let stored = StoredValue::new(provider.clone());
    let (enabled, tested) = (provider.enabled, provider.tested.is_some());
    let name = StoredValue::new(provider.name.clone());
    view! {
        <h1>{provider.connection.display_name.clone()}</h1>
        <p class="muted">
            <A href=paths::PROVIDERS>{text!(i18n, providers.title)}</A> " · " {provider.name.to_string()} " · "
            <EnabledMark enabled />
        </p>
        <Allowed action=Action::EnableProvider>
            <Switch name=name.get_value() enabled tested version />
        </Allowed>
        <section class="card wide">
            <Addresses name=provider.name.to_string() />
        </section>
        <h2>{text!(i18n, providers.test)}</h2>
        <Allowed action=Action::TestProvider quiet=true>
            <p class="muted">{text!(i18n, providers.test_hint)}</p>
            <p>
                <a href=paths::sso_test(&name.get_value()) rel="external" class="button">
                    {text!(i18n, providers.test)}
                </a>
            </p>
        </Allowed>
        <Shown provider=provider.clone() />
        <Rules provider version />
        <Allowed action=Action::ChangeProvider quiet=true>
            {stored.with_value(|provider| {
                let (name, connection) = (provider.name.clone(), provider.connection.clone());
                view! { <Change name connection has_secret=provider.has_secret version /> }
            })}
            <Remove name=name.get_value() />
        </Allowed>
    }
}

/// What the last test brought, and what the rules make of it.
#[component]
fn Shown(provider: ProviderDetail) -> impl IntoView {
    let i18n = use_i18n();
    let ProviderDetail { tested, rules, only_matched, .. } = provider;
    let Some(Tested { at, claims, username, refreshes }) = tested else {
        return view! { <p class="muted">{text!(i18n, providers.never_tested)}</p> }.into_any();
    };
    let gifts = given(&rules, &claims);
    let platform =
        (gifts.role != model::identity::PlatformRole::Member).then_some(Gift::Platform(gifts.role));
    let in_projects = gifts.projects.into_iter().map(|(project, role)| Gift::Project { project, role });
    let gifts: Vec<_> = platform.into_iter().chain(in_projects).collect();
    let would = match (gifts.is_empty(), only_matched) {
        (true, true) => {
            view! { <span class="status failed">{text!(i18n, providers.not_in)}</span> }.into_any()
        }
        (true, false) => view! { {text!(i18n, providers.nothing)} }.into_any(),
        (false, _) => {
            let line = |gives| view! { <li><Given gives /></li> };
            view! { <ul>{gifts.into_iter().map(line).collect_view()}</ul> }.into_any()
        }
    };
    let username = match username {
        Some(name) => view! { <strong>{name}</strong> }.into_any(),
        None => view! { <span class="status failed">{text!(i18n, providers.no_username)}</span> }.into_any(),
    };
    let refreshes = match refreshes {
        true => text!(i18n, providers.refreshes_yes),
        false => text!(i18n, providers.refreshes_no),
    };
    let rows = claims.into_iter().map(|(claim, values)| {
        vec![
            view! { <code>{claim}</code> }.into_any(),
            view! { <span class="prose">{values.join(", ")}</span> }.into_any(),
        ]
    });
    view! {
        <p class="muted">{text!(i18n, providers.last_test)} " " <Moment at /></p>
        <dl class="facts">
            <dt>{text!(i18n, providers.as_user)}</dt>
            <dd>{username}</dd>
            <dt>{text!(i18n, providers.would_get)}</dt>
            <dd>{would}</dd>
            <dt>{text!(i18n, providers.refreshes)}</dt>
            <dd>{refreshes}</dd>
        </dl>
        <Table
            label=text!(i18n, providers.last_test)
            columns=vec![Column::Words(text!(i18n, providers.claim)), Column::Words(text!(i18n, providers.values))]
            rows=rows.collect()
            empty=text!(i18n, providers.never_tested)
        />
    }
    .into_any()
}

/// Lets people sign in with it, or no more.
#[component]
fn Switch(name: ProviderName, enabled: bool, tested: bool, version: RwSignal<u32>) -> impl IntoView {
    let i18n = use_i18n();
    let refused = RwSignal::new(None::<ApiError>);
    let busy = RwSignal::new(true);
    Effect::new(move || busy.set(false));
    let switch = move |_| {
        let name = name.clone();
        busy.set(true);
        leptos::task::spawn_local(async move {
            let answer = set_provider_enabled(name, !enabled).await;
            busy.set(false);
            match answer {
                Ok(()) => version.update(|version| *version += 1),
                Err(error) => refused.set(Some(error)),
            }
        });
    };
    let words = if enabled { text!(i18n, providers.disable) } else { text!(i18n, providers.enable) };
    let first = !enabled && !tested;
    view! {
        {first.then(|| view! { <p class="muted">{text!(i18n, providers.enable_hint)}</p> })}
        <p>
            <button
                type="button"
                class=if enabled { "button" } else { "button primary" }
                disabled=move || busy.get() || first
                on:click=switch
            >
                {words}
            </button>
        </p>
        {move || refused.get().map(|error| view! { <ErrorNote error /> })}
    }
}

#[component]
fn Remove(name: ProviderName) -> impl IntoView {
    let i18n = use_i18n();
    let navigate = use_navigate();
    let shown = name.to_string();
    let send = move |typed| {
        let (name, navigate) = (name.clone(), navigate.clone());
        async move {
            remove_provider(name, typed).await?;
            navigate(paths::PROVIDERS, Default::default());
            Ok(())
        }
    };
    let (title, hint) = (text!(i18n, providers.remove), text!(i18n, providers.remove_hint));
    view! { <Confirmed title hint name=shown send /> }
}
