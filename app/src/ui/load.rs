//! Showing what a page loads, or why it could not be had.

use leptos::prelude::*;

use crate::error::ApiError;
use crate::i18n::use_i18n;
use crate::ui::error::ErrorNote;
use crate::ui::list::use_sort;
use crate::ui::text::text;

/// The resource is made by the page, so that both sides make it in the same order.
#[component]
pub fn Load<T>(
    what: Resource<Result<T, ApiError>>,
    show: impl Fn(T) -> AnyView + Copy + Send + Sync + 'static,
) -> impl IntoView
where
    T: Clone + Send + Sync + 'static,
{
    let i18n = use_i18n();
    let sort = use_sort();
    view! {
        <Transition fallback=move || view! { <p class="muted">{text!(i18n, common.loading)}</p> }>
            {move || {
                // What nobody has read yet is not followed by `track`.
                let _list = sort.get();
                Suspend::new(async move {
                    match what.await {
                        Ok(content) => show(content),
                        Err(error) => view! { <ErrorNote error /> }.into_any(),
                    }
                })
            }}
        </Transition>
    }
}
