//! Chart repositories: what is known of them, adding, refreshing, removing.

use leptos::prelude::*;
use leptos_meta::Title;
use model::access::Action;
use model::catalog::{Repository, RepositoryForm, RepositoryName};

use crate::api::catalog::{add_repository, list_repositories, refresh_repository, remove_repository};
use crate::i18n::{t_string, use_i18n};
use crate::layouts::frame::Allowed;
use crate::ui::error::ErrorNote;
use crate::ui::field::Field;
use crate::ui::form::{Submit, use_sending};
use crate::ui::load::Load;
use crate::ui::moment::Moment;
use crate::ui::outside::{AddressFields, read_address};
use crate::ui::table::{Column, Table};
use crate::ui::text::text;
use crate::ui::words;

#[component]
pub fn RepositoryList() -> impl IntoView {
    let i18n = use_i18n();
    // Loads the list again after a change.
    let version = RwSignal::new(0_u32);
    let repositories = Resource::new(move || version.get(), |_| list_repositories());
    view! {
        <Title text=move || t_string!(i18n, catalog.repositories) />
        <h1>{text!(i18n, catalog.repositories)}</h1>
        <Load
            what=repositories
            show=move |repositories| view! { <Lines repositories version /> }.into_any()
        />
        <Allowed action=Action::AddRepository>
            <Add version />
        </Allowed>
    }
}

#[component]
fn Lines(repositories: Vec<Repository>, version: RwSignal<u32>) -> impl IntoView {
    let i18n = use_i18n();
    let answer = RwSignal::new(None);
    let busy = RwSignal::new(false);
    let rows = repositories.into_iter().map(|repository| {
        let Repository { name, url, username, synced_at, problem, charts, .. } = repository;
        let who = (!username.is_empty())
            .then(|| view! { " " {text!(i18n, outside.login_as)} " " <strong>{username}</strong> });
        let state = match problem {
            None => view! { <span class="status ok">{text!(i18n, catalog.up_to_date)}</span> }.into_any(),
            Some(problem) => view! {
                <span class="prose">
                    <span class="status failed">{move || words::fetch_problem(i18n, &problem)}</span>
                    " "
                    {text!(i18n, catalog.stale)}
                </span>
            }
            .into_any(),
        };
        vec![
            name.to_string().into_any(),
            view! { <code>{url}</code> {who} }.into_any(),
            charts.to_string().into_any(),
            view! { <Moment at=synced_at /> }.into_any(),
            state,
            view! { <Buttons name version answer busy /> }.into_any(),
        ]
    });
    view! {
        <Table
            label=text!(i18n, catalog.repositories)
            columns=vec![
                Column::Words(text!(i18n, common.name)),
                Column::Words(text!(i18n, outside.url)),
                Column::Number(text!(i18n, catalog.charts_count)),
                Column::Words(text!(i18n, catalog.synced)),
                Column::Words(text!(i18n, common.state)),
                Column::Words(text!(i18n, common.actions)),
            ]
            rows=rows.collect()
            empty=text!(i18n, catalog.no_repositories)
        />
        {move || answer.get().map(|error| view! { <ErrorNote error /> })}
    }
}

#[component]
fn Buttons(
    name: RepositoryName,
    version: RwSignal<u32>,
    answer: RwSignal<Option<crate::error::ApiError>>,
    busy: RwSignal<bool>,
) -> impl IntoView {
    let i18n = use_i18n();
    let name = StoredValue::new(name);
    let done = move |result: Result<(), crate::error::ApiError>| {
        busy.set(false);
        match result {
            Ok(()) => version.update(|version| *version += 1),
            Err(error) => answer.set(Some(error)),
        }
    };
    let refresh = move |_| {
        busy.set(true);
        leptos::task::spawn_local(async move { done(refresh_repository(name.get_value()).await) });
    };
    let remove = move |_| {
        busy.set(true);
        leptos::task::spawn_local(async move { done(remove_repository(name.get_value()).await) });
    };
    view! {
        <Allowed action=Action::RefreshRepository quiet=true>
            <div class="row-actions">
                <button type="button" class="button small" disabled=busy on:click=refresh>
                    {text!(i18n, catalog.refresh)}
                </button>
                <button type="button" class="button small" disabled=busy on:click=remove>
                    {text!(i18n, catalog.remove)}
                </button>
            </div>
        </Allowed>
    }
}

#[component]
fn Add(version: RwSignal<u32>) -> impl IntoView {
    let i18n = use_i18n();
    let sending = use_sending();
    let answer = sending.answer;
    let send = sending.submit(move |values| {
        let form = RepositoryForm { name: values.text("name"), address: read_address(&values) };
        async move {
            add_repository(form).await?;
            version.update(|version| *version += 1);
            Ok(())
        }
    });
    view! {
        <h2>{text!(i18n, catalog.add)}</h2>
        <form class="card wide" method="post" on:submit=send>
            <Field
                name="name"
                label=move || text!(i18n, common.name)
                hint=move || view! { <p class="hint">{text!(i18n, catalog.name_hint)}</p> }
                answer
            />
            <AddressFields hint=move || text!(i18n, catalog.url_hint) answer />
            <Submit sending label=move || text!(i18n, catalog.add) />
        </form>
    }
}
