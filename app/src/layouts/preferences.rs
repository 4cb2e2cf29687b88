//! Language and theme: a plain form, so that it works without scripts.

use leptos::prelude::*;
use leptos_i18n::Locale as _;

use crate::i18n::{Locale, t, use_i18n};
use crate::paths;

#[component]
pub fn Preferences() -> impl IntoView {
    let i18n = use_i18n();
    let is = move |locale: Locale| i18n.get_locale() == locale;
    view! {
        <details class="menu">
            <summary>{t!(i18n, common.preferences)}</summary>
            <form method="post" action=paths::POST_PREFERENCES>
                <label for="language">{t!(i18n, common.language)}</label>
                <select id="language" name="language">
                    <option value=Locale::en.as_str() selected=move || is(Locale::en)>"English"</option>
                    <option value=Locale::zh_CN.as_str() selected=move || is(Locale::zh_CN)>"简体中文"</option>
                </select>
                <label for="theme">{t!(i18n, common.theme)}</label>
                <select id="theme" name="theme">
                    <option value="">{t!(i18n, common.theme_auto)}</option>
                    <option value="light">{t!(i18n, common.theme_light)}</option>
                    <option value="dark">{t!(i18n, common.theme_dark)}</option>
                </select>
                <button type="submit" class="button">{t!(i18n, common.apply)}</button>
            </form>
        </details>
    }
}
