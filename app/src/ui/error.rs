//! A failure in words, with the next step.

use leptos::prelude::*;

use crate::error::ApiError;
use crate::i18n::use_i18n;
use crate::paths;
use crate::ui::text::text;
use crate::ui::words;

#[component]
pub fn ErrorNote(error: ApiError) -> impl IntoView {
    let i18n = use_i18n();
    let ended = error == ApiError::Unauthenticated;
    view! {
        <div class="note failed" role="alert">
            <p>{move || words::error(i18n, &error)}</p>
            {ended.then(|| view! { <a href=paths::SIGN_IN rel="external">{text!(i18n, problem.sign_in_again)}</a> })}
        </div>
    }
}
