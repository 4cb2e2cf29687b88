//! The fields that say where something outside is, and as whom the console goes there.

use leptos::prelude::*;
use model::outside::AddressForm;

use crate::i18n::use_i18n;
use crate::ui::field::{Answer, Field};
use crate::ui::form::Values;
use crate::ui::text::{Text, text};

#[component]
pub fn AddressFields(hint: impl Fn() -> Text + Send + Sync + 'static, answer: Answer) -> impl IntoView {
    let i18n = use_i18n();
    view! {
        <Field
            name="url"
            label=move || text!(i18n, outside.url)
            hint=move || view! { <p class="hint">{hint()}</p> }
            answer
        />
        <label class="choice">
            <input type="checkbox" name="private_addresses" />
            {text!(i18n, outside.private_addresses)}
        </label>
        <Field
            name="username"
            label=move || text!(i18n, outside.username)
            hint=move || view! { <p class="hint">{text!(i18n, outside.username_hint)}</p> }
            answer
        />
        <Field
            name="password"
            kind="password"
            autocomplete="new-password"
            label=move || text!(i18n, outside.password)
            answer
        />
    }
}

/// What stands in them.
pub fn read_address(values: &Values) -> AddressForm {
    AddressForm {
        url: values.text("url"),
        private_addresses: !values.text("private_addresses").is_empty(),
        username: values.text("username"),
        password: values.text("password"),
    }
}
