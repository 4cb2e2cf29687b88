//! The list of identity providers.

use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::components::A;
use model::access::Action;
use model::providers::ProviderSummary;

use crate::api::providers::list_providers;
use crate::i18n::{t_string, use_i18n};
use crate::layouts::frame::Allowed;
use crate::paths;
use crate::ui::list::{Cell, List};
use crate::ui::load::Load;
use crate::ui::table::Column;
use crate::ui::text::{Text, text};

#[component]
pub fn ProviderList() -> impl IntoView {
    let i18n = use_i18n();
    let providers = Resource::new(|| (), |()| list_providers());
    view! {
        <Title text=move || t_string!(i18n, providers.title) />
        <h1>{text!(i18n, providers.title)}</h1>
        <p class="muted">
            <A href=paths::USERS>{text!(i18n, common.users)}</A> " · " {text!(i18n, providers.hint)}
        </p>
        <Load what=providers show=move |providers| view! { <Lines providers /> }.into_any() />
        <Allowed action=Action::AddProvider>
            <A href=paths::NEW_PROVIDER attr:class="button primary">{text!(i18n, providers.add)}</A>
        </Allowed>
    }
}

#[component]
fn Lines(providers: Vec<ProviderSummary>) -> impl IntoView {
    let i18n = use_i18n();
    let row = |provider: ProviderSummary| {
        let ProviderSummary { name, display_name, issuer, enabled, users } = provider;
        vec![
            Cell::link(display_name, paths::provider(&name)),
            Cell::of(&issuer, view! { <code>{issuer.clone()}</code> }),
            Cell::of(if enabled { "1" } else { "2" }, view! { <EnabledMark enabled /> }),
            Cell::number(users),
        ]
    };
    view! {
        <List
            label=text!(i18n, providers.title)
            columns=vec![
                Column::Words(text!(i18n, common.name)),
                Column::Words(text!(i18n, providers.issuer)),
                Column::Words(text!(i18n, common.state)),
                Column::Number(text!(i18n, providers.users)),
            ]
            items=providers
            row
            empty=text!(i18n, providers.none)
        />
    }
}

/// Whether people can sign in with it.
#[component]
pub(super) fn EnabledMark(enabled: bool) -> impl IntoView {
    let i18n = use_i18n();
    let (mark, words): (_, Text) = match enabled {
        true => ("status ok", text!(i18n, providers.enabled)),
        false => ("status unknown", text!(i18n, providers.not_enabled)),
    };
    view! { <span class=mark>{words}</span> }
}
