//! The page before somebody is signed in: brand, one card, language and theme.

use leptos::prelude::*;

use super::preferences::Preferences;

#[component]
pub fn Bare(children: Children) -> impl IntoView {
    view! {
        <div class="bare">
            <header class="top">
                <Brand />
                <Preferences />
            </header>
            <main id="content">{children()}</main>
        </div>
    }
}

#[component]
pub fn Brand() -> impl IntoView {
    view! {
        <a class="brand" href=crate::paths::OVERVIEW rel="external">
            <svg width="20" height="20" viewBox="0 0 20 20" aria-hidden="true">
                <path d="M10 1.5 17.5 6v8L10 18.5 2.5 14V6z" fill="none" stroke="currentColor" stroke-width="1.6" />
                <path d="M10 5.5v9M6 8l8 4M14 8l-8 4" stroke="currentColor" stroke-width="1.4" />
            </svg>
            "Pilothouse"
        </a>
    }
}
