//! Lists that somebody keeps under names of their own.

use leptos::prelude::*;
use leptos_router::components::A;
use model::rows::{RowQuery, SavedView};

use crate::api::rows::{forget_view, save_view, saved_views};
use crate::error::ApiError;
use crate::i18n::use_i18n;
use crate::paths;
use crate::ui::change::{ChangeButton, Changes, Refused, use_changes};
use crate::ui::field::Field;
use crate::ui::form::{Submit, use_sending};
use crate::ui::load::Load;
use crate::ui::text::text;

#[derive(Clone, Copy)]
pub(super) struct Saved {
    views: Resource<Result<Vec<SavedView>, ApiError>>,
    changes: Changes,
}

/// To be made by the page.
pub(super) fn use_saved() -> Saved {
    let changes = use_changes();
    Saved { views: Resource::new(move || changes.version(), |_| saved_views()), changes }
}

/// Those of this list, and a form that keeps it as it is now.
#[component]
pub(super) fn SavedViews(saved: Saved, query: Signal<Option<RowQuery>>) -> impl IntoView {
    let i18n = use_i18n();
    let Saved { views, changes } = saved;
    let sending = use_sending();
    let answer = sending.answer;
    let send = sending.submit(move |values| {
        let name = values.text("name");
        async move {
            let Some(query) = query.get_untracked() else { return Ok(()) };
            let address = paths::rows(&RowQuery { offset: 0, ..query.clone() });
            let said = address.split_once('?').map_or("", |(_, said)| said).to_owned();
            save_view(SavedView { name, listing: query.kind, query: said }).await?;
            changes.changed();
            Ok(())
        }
    });
    view! {
        <details class="columns views">
            <summary>{text!(i18n, rows.views)}</summary>
            <Load what=views show=move |views| view! { <Links views query changes /> }.into_any() />
            <Refused changes />
            <form class="inline" method="post" on:submit=send>
                <Field name="name" id="view-name".to_owned() label=move || text!(i18n, rows.view_name) answer />
                <Submit sending label=move || text!(i18n, rows.save_view) />
            </form>
        </details>
    }
}

#[component]
fn Links(views: Vec<SavedView>, query: Signal<Option<RowQuery>>, changes: Changes) -> impl IntoView {
    let i18n = use_i18n();
    let own = move || {
        let listing = query.get().map(|query| query.kind);
        let own = views.iter().filter(|view| Some(&view.listing) == listing.as_ref()).cloned();
        own.collect::<Vec<_>>()
    };
    let lines = move || {
        let own = own();
        if own.is_empty() {
            return view! { <p class="muted">{text!(i18n, rows.no_views)}</p> }.into_any();
        }
        let lines = own.into_iter().map(|view| {
            let (href, name, of) =
                (paths::saved(&view.listing, &view.query), view.name.clone(), view.name.clone());
            let press = move |()| changes.send(forget_view(view.clone()));
            view! {
                <li>
                    <A href=href>{name}</A>
                    " "
                    <ChangeButton changes label=text!(i18n, rows.forget_view) of press />
                </li>
            }
        });
        view! { <ul class="checks">{lines.collect_view()}</ul> }.into_any()
    };
    view! { {lines} }
}
