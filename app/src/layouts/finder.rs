//! The box that finds things, on every page. Works without scripts, too.

use leptos::prelude::*;
use leptos_router::NavigateOptions;
use leptos_router::hooks::{use_location, use_navigate, use_query_map};

use crate::i18n::{t_string, use_i18n};
use crate::paths;
use crate::ui::form::submitted;

#[component]
pub fn Finder() -> impl IntoView {
    let i18n = use_i18n();
    let input = NodeRef::<leptos::html::Input>::new();
    let (words, path) = (use_query_map(), use_location().pathname);
    // The words of another page are not what was searched for here.
    let words = move || match path.read().as_str() {
        paths::SEARCH => words.read().get("words").unwrap_or_default(),
        _ => String::new(),
    };
    let navigate = use_navigate();
    let find = submitted(move |values| {
        navigate(&paths::search(&values.text("words")), NavigateOptions::default());
    });
    #[cfg(feature = "hydrate")]
    listen(input);
    view! {
        <form class="finder" method="get" action=paths::SEARCH on:submit=find role="search" aria-label=move || t_string!(i18n, rows.search_all)>
            <input
                node_ref=input
                type="search"
                name="words"
                autocapitalize="none"
                spellcheck="false"
                aria-label=move || t_string!(i18n, rows.search_all)
                placeholder=move || t_string!(i18n, rows.search_hint)
                aria-keyshortcuts="/ Control+K"
                prop:value=words
                value=untrack(words)
            />
        </form>
    }
}

/// `/` and Ctrl-K lead to it, where nobody is writing.
#[cfg(feature = "hydrate")]
fn listen(input: NodeRef<leptos::html::Input>) {
    use leptos::wasm_bindgen::JsCast as _;
    let handle = window_event_listener(leptos::ev::keydown, move |event| {
        let writes = event
            .target()
            .and_then(|target| target.dyn_into::<web_sys::HtmlElement>().ok())
            .is_some_and(|target| {
                matches!(&*target.tag_name(), "INPUT" | "TEXTAREA" | "SELECT") || target.is_content_editable()
            });
        let control = event.ctrl_key() || event.meta_key();
        let wanted = (control && event.key() == "k") || (event.key() == "/" && !control && !writes);
        if let (true, Some(input)) = (wanted, input.get_untracked()) {
            event.prevent_default();
            let _ = input.focus();
            input.select();
        }
    });
    on_cleanup(move || handle.remove());
}
