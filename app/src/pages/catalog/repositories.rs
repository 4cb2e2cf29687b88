//! Chart repositories: what is known of them, adding, refreshing, removing.

use leptos::prelude::*;
use leptos_meta::Title;
use model::access::Action;
use model::catalog::{Repository, RepositoryForm, RepositoryName};

use crate::api::catalog::{add_repository, list_repositories, refresh_repository, remove_repository};
use crate::i18n::{t_string, use_i18n};
use crate::layouts::frame::Allowed;
use crate::ui::change::{ChangeButton, Changes, Refused, use_changes};
use crate::ui::field::Field;
use crate::ui::form::{Submit, use_sending};
use crate::ui::list::{Cell, List};
use crate::ui::load::Load;
use crate::ui::moment::Moment;
use crate::ui::outside::{AddressFields, read_address};
use crate::ui::table::Column;
use crate::ui::text::text;
use crate::ui::words;

#[component]
pub fn RepositoryList() -> impl IntoView {
    let i18n = use_i18n();
    let changes = use_changes();
    let repositories = Resource::new(move || changes.version(), |_| list_repositories());
    view! {
        <Title text=move || t_string!(i18n, catalog.repositories) />
        <h1>{text!(i18n, catalog.repositories)}</h1>
        <Load
            what=repositories
            show=move |repositories| view! { <Lines repositories changes /> }.into_any()
        />
        <Refused changes />
        <Allowed action=Action::AddRepository>
            <Add changes />
        </Allowed>
    }
}

#[component]
fn Lines(repositories: Vec<Repository>, changes: Changes) -> impl IntoView {
    let i18n = use_i18n();
    let row = move |repository: Repository| {
        let Repository { name, url, username, synced_at, problem, charts, .. } = repository;
        let who = (!username.is_empty())
            .then(|| view! { " " {text!(i18n, outside.login_as)} " " <strong>{username}</strong> });
        let order = if problem.is_none() { "1" } else { "2" };
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
            Cell::word(name.as_str()),
            Cell::of(&url, view! { <code>{url.clone()}</code> {who} }),
            Cell::number(charts),
            Cell::of(&synced_at, view! { <Moment at=synced_at.clone() /> }),
            Cell::of(order, state),
            Cell::plain(view! { <Buttons name changes /> }),
        ]
    };
    view! {
        <List
            label=text!(i18n, catalog.repositories)
            columns=vec![
                Column::Words(text!(i18n, common.name)),
                Column::Words(text!(i18n, outside.url)),
                Column::Number(text!(i18n, catalog.charts_count)),
                Column::Words(text!(i18n, catalog.synced)),
                Column::Words(text!(i18n, common.state)),
                Column::Words(text!(i18n, common.actions)),
            ]
            items=repositories
            row
            empty=text!(i18n, catalog.no_repositories)
        />
    }
}

#[component]
fn Buttons(name: RepositoryName, changes: Changes) -> impl IntoView {
    let i18n = use_i18n();
    let name = StoredValue::new(name);
    let of = move || name.get_value().to_string();
    let refresh = move |()| changes.send(refresh_repository(name.get_value()));
    let remove = move |()| changes.send(remove_repository(name.get_value()));
    view! {
        <Allowed action=Action::RefreshRepository quiet=true>
            <div class="row-actions">
                <ChangeButton changes label=text!(i18n, catalog.refresh) of=of() press=refresh />
                <ChangeButton changes label=text!(i18n, catalog.remove) of=of() press=remove />
            </div>
        </Allowed>
    }
}

#[component]
fn Add(changes: Changes) -> impl IntoView {
    let i18n = use_i18n();
    let sending = use_sending();
    let answer = sending.answer;
    let send = sending.submit(move |values| {
        let form = RepositoryForm { name: values.text("name"), address: read_address(&values) };
        async move {
            add_repository(form).await?;
            changes.changed();
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
