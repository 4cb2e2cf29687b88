//! Which columns of a list are shown.

use leptos::prelude::*;
use model::rows::{Column, Custom, RowQuery};

use super::cells::head;
use crate::i18n::use_i18n;
use crate::paths;
use crate::ui::text::text;

/// Links, so that the address says what is shown and it works without scripts.
#[component]
pub(super) fn Columns(query: RowQuery, #[prop(optional_no_strip)] custom: Option<Custom>) -> impl IntoView {
    let i18n = use_i18n();
    // What says where a row leads to stays.
    let all = query.kind.columns(custom.as_ref()).iter().filter(|column| **column != Column::Kind);
    let boxes = all.map(|column| {
        let shown = !query.hides(*column, custom.as_ref());
        let href = paths::rows(&query.turned(*column, custom.as_ref()));
        let (column, custom) = (*column, custom.clone());
        view! {
            <a class="chip" role="checkbox" aria-checked=if shown { "true" } else { "false" } href=href on:keydown=space_clicks>
                {move || head(i18n, column, custom.as_ref())}
            </a>
        }
    });
    let boxes = boxes.collect::<Vec<_>>();
    (!boxes.is_empty()).then(|| {
        view! {
            <details class="columns" open=query.hidden.is_some()>
                <summary>{text!(i18n, rows.columns)}</summary>
                <div class="chips">{boxes}</div>
            </details>
        }
    })
}

/// As boxes do.
fn space_clicks(event: leptos::ev::KeyboardEvent) {
    if event.key() != " " {
        return;
    }
    event.prevent_default();
    #[cfg(feature = "hydrate")]
    {
        use leptos::wasm_bindgen::JsCast as _;
        if let Some(link) = event.target().and_then(|target| target.dyn_into::<web_sys::HtmlElement>().ok()) {
            link.click();
        }
    }
}
