//! Choosing a password with an invitation.

use leptos::prelude::*;
use leptos_meta::Title;

use crate::api::identity::accept_invitation;
use crate::i18n::{t_string, use_i18n};
use crate::layouts::bare::Bare;
use crate::paths;
use crate::ui::address::{leave_for, take_token_from_address};
use crate::ui::field::Field;
use crate::ui::form::{Submit, use_sending};
use crate::ui::text::text;

#[component]
pub fn Welcome() -> impl IntoView {
    let i18n = use_i18n();
    let sending = use_sending();
    let answer = sending.answer;
    Effect::new(|| take_token_from_address(paths::WELCOME));
    Effect::new(move || {
        if sending.done.get() {
            leave_for(paths::SIGN_IN);
        }
    });
    let send = sending.submit(|values| {
        accept_invitation(values.text("token"), values.text("password"), values.text("confirmation"))
    });
    view! {
        <Title text=move || t_string!(i18n, identity.choose_password) />
        <Bare>
            <form class="card narrow" method="post" on:submit=send>
                <h1>{text!(i18n, identity.choose_password)}</h1>
                <p class="muted">{text!(i18n, identity.choose_password_hint)}</p>
                <Field name="token" label=move || text!(i18n, identity.invitation) answer />
                <Field
                    name="password"
                    kind="password"
                    autocomplete="new-password"
                    label=move || text!(i18n, license.password)
                    hint=move || view! { <p class="hint">{text!(i18n, license.password_hint)}</p> }
                    answer
                />
                <Field
                    name="confirmation"
                    kind="password"
                    autocomplete="new-password"
                    label=move || text!(i18n, license.confirmation)
                    answer
                />
                <Submit sending label=move || text!(i18n, identity.choose_password) />
            </form>
        </Bare>
    }
}
