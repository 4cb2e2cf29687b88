//! The filter box of a list. Works without scripts, too: the address is the view.

use leptos::prelude::*;

use crate::i18n::{t_string, use_i18n};
use crate::ui::form::submitted;
use crate::ui::text::{Text, text};

#[component]
pub fn Search(
    /// Of the list, without a query.
    #[prop(into)]
    action: Signal<String>,
    #[prop(into)] filter: Signal<String>,
    hint: Text,
    #[prop(into)] search: Callback<String>,
) -> impl IntoView {
    let i18n = use_i18n();
    let send = submitted(move |values| search.run(values.text("filter")));
    view! {
        <form class="search" method="get" action=action on:submit=send role="search" aria-label=move || t_string!(i18n, workloads.filter)>
            <label for="filter">{text!(i18n, workloads.filter)}</label>
            <input
                id="filter"
                name="filter"
                type="search"
                autocapitalize="none"
                spellcheck="false"
                aria-describedby="filter-help"
                prop:value=filter
                value=filter.get_untracked()
            />
            <button type="submit" class="button">{text!(i18n, workloads.apply_filter)}</button>
            <p id="filter-help" class="hint">{hint}</p>
        </form>
    }
}
