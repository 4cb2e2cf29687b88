//! A failure in words, with the next step.

use leptos::prelude::*;
use model::access::Role;

use crate::error::ApiError;
use crate::i18n::use_i18n;
use crate::paths;
use crate::ui::text::text;
use crate::ui::words;

#[component]
pub fn ErrorNote(error: ApiError) -> impl IntoView {
    let i18n = use_i18n();
    let ended = error == ApiError::Unauthenticated;
    // What a role in a project would allow can be asked for.
    let ask = match &error {
        ApiError::Forbidden { role: Some(Role::Project(_)), project, .. } => {
            Some(paths::request_access(project.as_ref()))
        }
        ApiError::ClusterForbids { .. } => Some(paths::request_access(None)),
        _ => None,
    };
    view! {
        <div class="note failed" role="alert">
            <p>{move || words::error(i18n, &error)}</p>
            {ended.then(|| view! { <a href=paths::SIGN_IN rel="external">{text!(i18n, problem.sign_in_again)}</a> })}
            {ask.map(|href| view! { <a href=href>{text!(i18n, access.ask)}</a> })}
        </div>
    }
}
