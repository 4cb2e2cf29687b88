//! An address that leads nowhere.

use leptos::prelude::*;
use leptos_meta::Title;

use crate::i18n::{t_string, use_i18n};
use crate::layouts::bare::Bare;
use crate::paths;
use crate::ui::text::text;

#[component]
pub fn NotFound() -> impl IntoView {
    let i18n = use_i18n();
    #[cfg(feature = "ssr")]
    if let Some(response) = use_context::<leptos_axum::ResponseOptions>() {
        response.set_status(http::StatusCode::NOT_FOUND);
    }
    view! {
        <Title text=move || t_string!(i18n, common.not_found) />
        <Bare>
            <section class="card narrow">
                <h1>{text!(i18n, common.not_found)}</h1>
                <p>{text!(i18n, common.not_found_hint)}</p>
                <a class="button" href=paths::OVERVIEW rel="external">{text!(i18n, common.back)}</a>
            </section>
        </Bare>
    }
}
