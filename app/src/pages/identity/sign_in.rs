//! Signing in: a plain form post, so that it works without scripts.

use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_query_map;
use model::providers::Way;

use crate::api::providers::list_ways;
use crate::flash::{self, SignInFlash};
use crate::i18n::{t, t_string, use_i18n};
use crate::layouts::bare::Bare;
use crate::paths;
use crate::ui::text::text;
use crate::ui::words;

#[component]
pub fn SignIn() -> impl IntoView {
    let i18n = use_i18n();
    let last = Resource::new_blocking(|| (), async |()| flash::current());
    // Without them a password still does.
    let ways = Resource::new_blocking(|| (), async |()| list_ways().await.unwrap_or_default());
    view! {
        <Title text=move || t_string!(i18n, common.sign_in) />
        <Bare>
            <Suspense>{move || Suspend::new(async move { view! { <SignInForm last=last.await ways=ways.await /> } })}</Suspense>
        </Bare>
    }
}

#[component]
fn SignInForm(last: Option<SignInFlash>, ways: Vec<Way>) -> impl IntoView {
    let i18n = use_i18n();
    let query = use_query_map();
    let next = move || query.read().get("next").unwrap_or_default();
    let typed = last.as_ref().map(|last| last.username.clone()).unwrap_or_default();
    let refusal = last.map(|last| {
        let words = move || match last.locked {
            _ if last.sso.is_some() => {
                last.sso.as_ref().map(|problem| words::sign_on_problem(i18n, problem)).into_any()
            }
            _ if last.disabled => text!(i18n, problem.disabled).into_any(),
            Some(seconds) => t!(i18n, problem.busy, seconds = seconds).into_any(),
            None => text!(i18n, problem.wrong_password).into_any(),
        };
        view! { <p class="note failed" role="alert">{words}</p> }
    });
    let others = (!ways.is_empty()).then(|| {
        let link = move |way: Way| {
            let address = move || paths::sso(&way.name, &next());
            view! {
                <a class="button primary" href=address rel="external">
                    {text!(i18n, providers.with)} " " {way.display_name}
                </a>
            }
        };
        view! {
            <div class="ways">{ways.into_iter().map(link).collect_view()}</div>
            <p class="muted">{text!(i18n, providers.or_password)}</p>
        }
    });
    let class = if others.is_some() { "button" } else { "button primary" };
    view! {
        <form class="card narrow" method="post" action=paths::POST_SIGN_IN>
            <h1>{text!(i18n, identity.welcome)}</h1>
            {refusal}
            {others}
            <input type="hidden" name="next" value=next />
            <div class="field">
                <label for="username">{text!(i18n, license.username)}</label>
                <input
                    id="username"
                    name="username"
                    required
                    autocomplete="username"
                    autocapitalize="none"
                    spellcheck="false"
                    value=typed
                />
            </div>
            <div class="field">
                <label for="password">{text!(i18n, license.password)}</label>
                <input id="password" name="password" type="password" required autocomplete="current-password" />
            </div>
            <button type="submit" class=class>{text!(i18n, common.sign_in)}</button>
        </form>
    }
}
