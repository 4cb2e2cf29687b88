//! The fields for quota, limit range and Pod Security level, for a new namespace and for a changed one.

use leptos::prelude::*;
use model::namespaces::{BoundsForm, PodSecurity, QUOTA, RANGE};

use crate::i18n::use_i18n;
use crate::ui::field::{Answer, Field};
use crate::ui::form::Values;
use crate::ui::text::{Text, text};

#[component]
pub(super) fn Bounds(now: BoundsForm, answer: Answer) -> impl IntoView {
    let i18n = use_i18n();
    let fields = |keys: &'static [&'static str]| {
        let value = |key: &str| now.amounts.get(key).cloned().unwrap_or_default();
        let field = |key: &&'static str| {
            let key = *key;
            view! { <Field name=key label=move || label(i18n, key) value=value(key) answer /> }
        };
        keys.iter().map(field).collect_view()
    };
    let level = now.security;
    let option = move |offered: PodSecurity| {
        let words: Text = match offered {
            PodSecurity::Privileged => text!(i18n, namespaces.privileged),
            PodSecurity::Baseline => text!(i18n, namespaces.baseline),
            PodSecurity::Restricted => text!(i18n, namespaces.restricted),
        };
        view! { <option value=offered.as_str() selected=offered == level>{words}</option> }
    };
    view! {
        <fieldset>
            <legend>{text!(i18n, namespaces.quota)}</legend>
            <p class="hint">{text!(i18n, namespaces.quota_hint)}</p>
            <div class="amounts">{fields(&QUOTA)}</div>
        </fieldset>
        <fieldset>
            <legend>{text!(i18n, namespaces.range)}</legend>
            <p class="hint">{text!(i18n, namespaces.range_hint)}</p>
            <div class="amounts">{fields(&RANGE)}</div>
        </fieldset>
        <div class="field">
            <label for="security">{text!(i18n, namespaces.security)}</label>
            <select id="security" name="security">
                {PodSecurity::ALL.map(option).collect_view()}
            </select>
        </div>
    }
}

pub(super) fn read(values: &Values) -> BoundsForm {
    let typed = QUOTA.iter().chain(&RANGE).map(|key| ((*key).to_owned(), values.text(key)));
    BoundsForm {
        amounts: typed.filter(|(_, text)| !text.trim().is_empty()).collect(),
        security: PodSecurity::parse(&values.text("security")).unwrap_or_default(),
    }
}

/// What a key of a quota or a path of a limit range is called.
pub(super) fn label(i18n: leptos_i18n::I18nContext<crate::i18n::Locale>, key: &str) -> Text {
    match key {
        "requests.cpu" => text!(i18n, namespaces.requests_cpu),
        "limits.cpu" => text!(i18n, namespaces.limits_cpu),
        "requests.memory" => text!(i18n, namespaces.requests_memory),
        "limits.memory" => text!(i18n, namespaces.limits_memory),
        "defaultRequest.cpu" => text!(i18n, namespaces.default_request_cpu),
        "default.cpu" => text!(i18n, namespaces.default_limit_cpu),
        "max.cpu" => text!(i18n, namespaces.max_cpu),
        "defaultRequest.memory" => text!(i18n, namespaces.default_request_memory),
        "default.memory" => text!(i18n, namespaces.default_limit_memory),
        "max.memory" => text!(i18n, namespaces.max_memory),
        _ => text!(i18n, clusters.pods),
    }
}
