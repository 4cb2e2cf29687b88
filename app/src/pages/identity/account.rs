//! One's own account: sessions and password.

use leptos::prelude::*;
use leptos_meta::Title;

use super::sessions::{SessionsView, use_sessions};
use super::tokens::{TokensView, use_tokens};
use crate::api::identity::change_password;
use crate::i18n::{t_string, use_i18n};
use crate::layouts::frame::{me, use_person};
use crate::paths;
use crate::ui::field::Field;
use crate::ui::form::{Submit, use_sending};
use crate::ui::text::text;
use crate::ui::words;

#[component]
pub fn AccountPage() -> impl IntoView {
    let i18n = use_i18n();
    let person = use_person();
    let sessions = use_sessions();
    let tokens = use_tokens();
    let who = move || {
        Suspend::new(async move {
            me(person).await.map(|me| {
                view! {
                    <p>
                        {text!(i18n, common.signed_in_as)} " " <strong>{me.username.to_string()}</strong> " · "
                        {move || words::role(i18n, me.role)}
                    </p>
                }
            })
        })
    };
    let password = move || {
        Suspend::new(async move {
            match me(person).await.map(|me| me.provider).filter(|provider| !provider.is_empty()) {
                Some(provider) => view! {
                    <p>
                        {text!(i18n, providers.managed)} " " <strong>{provider}</strong> ". "
                        {text!(i18n, providers.managed_hint)}
                    </p>
                }
                .into_any(),
                None => view! { <PasswordForm /> }.into_any(),
            }
        })
    };
    view! {
        <Title text=move || t_string!(i18n, common.account) />
        <h1>{text!(i18n, common.account)}</h1>
        <Suspense>{who}</Suspense>
        <SessionsView sessions />
        <TokensView tokens />
        <Suspense>{password}</Suspense>
    }
}

#[component]
fn PasswordForm() -> impl IntoView {
    let i18n = use_i18n();
    let sending = use_sending();
    let answer = sending.answer;
    // Hidden, for password managers: it tells them whose password this is.
    let person = use_person();
    let owner = move || {
        Suspend::new(async move {
            let name = me(person).await.map(|me| me.username.to_string());
            view! { <input type="text" name="username" autocomplete="username" value=name readonly hidden /> }
        })
    };
    let send = sending.submit(|values| {
        change_password(values.text("current"), values.text("new"), values.text("confirmation"))
    });
    view! {
        <form class="card narrow" method="post" on:submit=send>
            <h2>{text!(i18n, identity.change_password)}</h2>
            <p class="muted">{text!(i18n, identity.change_hint)}</p>
            <Suspense>{owner}</Suspense>
            <Field
                name="current"
                kind="password"
                autocomplete="current-password"
                label=move || text!(i18n, identity.current)
                answer
            />
            <Field name="new" kind="password" autocomplete="new-password" label=move || text!(i18n, identity.new) answer />
            <Field
                name="confirmation"
                kind="password"
                autocomplete="new-password"
                label=move || text!(i18n, license.confirmation)
                answer
            />
            <p class="note ok" role="status" hidden=move || !sending.done.get()>
                {text!(i18n, identity.changed)} " "
                <a href=paths::SIGN_IN rel="external">{text!(i18n, problem.sign_in_again)}</a>
            </p>
            <Submit sending label=move || text!(i18n, identity.change) />
        </form>
    }
}
