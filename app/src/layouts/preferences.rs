//! Language and theme: a plain form, so that it works without scripts. With scripts the page stays, and with it what was typed.

use leptos::ev::SubmitEvent;
use leptos::prelude::*;
use leptos_i18n::Locale as _;

use crate::i18n::{Locale, use_i18n};
use crate::paths;
use crate::ui::text::text;

#[component]
pub fn Preferences() -> impl IntoView {
    let i18n = use_i18n();
    let is = move |locale: Locale| i18n.get_locale() == locale;
    let apply = move |event: SubmitEvent| {
        if let Some(chosen) = keep(&event) {
            event.prevent_default();
            i18n.set_locale(chosen);
        }
    };
    view! {
        <details class="menu">
            <summary>{text!(i18n, common.preferences)}</summary>
            <form method="post" action=paths::POST_PREFERENCES on:submit=apply>
                <label for="language">{text!(i18n, common.language)}</label>
                <select id="language" name="language">
                    <option value=Locale::en.as_str() selected=move || is(Locale::en)>"English"</option>
                    <option value=Locale::zh_CN.as_str() selected=move || is(Locale::zh_CN)>"简体中文"</option>
                </select>
                <label for="theme">{text!(i18n, common.theme)}</label>
                <select id="theme" name="theme">
                    <option value="">{text!(i18n, common.theme_auto)}</option>
                    <option value="light">{text!(i18n, common.theme_light)}</option>
                    <option value="dark">{text!(i18n, common.theme_dark)}</option>
                </select>
                <button type="submit" class="button">{text!(i18n, common.apply)}</button>
            </form>
        </details>
    }
}

/// Has the server keep the choice, shows the theme, closes the menu, and returns the language.
#[cfg(feature = "hydrate")]
fn keep(event: &SubmitEvent) -> Option<Locale> {
    use wasm_bindgen::JsCast as _;
    let form: web_sys::HtmlFormElement = event.target()?.dyn_into().ok()?;
    let data = web_sys::FormData::new_with_form(&form).ok()?;
    let text = |name| data.get(name).as_string().unwrap_or_default();
    let (language, theme) = (text("language"), text("theme"));

    let request = web_sys::RequestInit::new();
    request.set_method("POST");
    let body = web_sys::UrlSearchParams::new().ok()?;
    body.append("language", &language);
    body.append("theme", &theme);
    request.set_body(&body);
    request.set_redirect(web_sys::RequestRedirect::Manual);
    let _ = window().fetch_with_str_and_init(paths::POST_PREFERENCES, &request);

    let root = document().document_element()?;
    let _ = if theme.is_empty() {
        root.remove_attribute("data-theme")
    } else {
        root.set_attribute("data-theme", &theme)
    };
    if let Some(menu) = form.parent_element() {
        let _ = menu.remove_attribute("open");
    }
    language.parse().ok()
}

#[cfg(not(feature = "hydrate"))]
fn keep(_event: &SubmitEvent) -> Option<Locale> {
    None
}
