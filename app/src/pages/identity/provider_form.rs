//! How a provider is reached: the form that adds one, and the one that changes it.

use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::components::A;
use leptos_router::hooks::use_navigate;
use model::access::Action;
use model::providers::{Connection, ProviderForm, ProviderName};

use crate::api::providers::{add_provider, change_provider, list_providers};
use crate::i18n::{t_string, use_i18n};
use crate::layouts::frame::Allowed;
use crate::paths;
use crate::ui::field::{Answer, Field};
use crate::ui::form::{Submit, Values, use_sending};
use crate::ui::load::Load;
use crate::ui::text::{Text, text};

#[component]
pub fn NewProvider() -> impl IntoView {
    let i18n = use_i18n();
    // Whoever may not see the others is told so here as well.
    let others = Resource::new(|| (), |()| list_providers());
    let show = |_| view! { <Allowed action=Action::AddProvider><New /></Allowed> }.into_any();
    view! {
        <Title text=move || t_string!(i18n, providers.add) />
        <h1>{text!(i18n, providers.add)}</h1>
        <p class="muted">
            <A href=paths::PROVIDERS>{text!(i18n, providers.title)}</A> " · " {text!(i18n, providers.add_hint)}
        </p>
        <Load what=others show />
    }
}

#[component]
fn New() -> impl IntoView {
    let i18n = use_i18n();
    let sending = use_sending();
    let answer = sending.answer;
    let navigate = use_navigate();
    let send = sending.keep(move |values| {
        let form = read(&values, values.text("name"));
        let navigate = navigate.clone();
        async move {
            let name = ProviderName::parse(&form.name);
            add_provider(form).await?;
            if let Ok(name) = name {
                navigate(&paths::provider(&name), Default::default());
            }
            Ok(())
        }
    });
    view! {
        <form class="card wide" method="post" on:submit=send>
            <Field
                name="name"
                label=move || text!(i18n, common.name)
                hint=move || view! { <p class="hint">{text!(i18n, providers.name_hint)}</p> }
                answer
            />
            <Addresses name=String::new() />
            <Fields connection=None has_secret=false answer />
            <Submit sending label=move || text!(i18n, providers.add) />
        </form>
    }
}

/// The form on the page of a provider.
#[component]
pub(super) fn Change(
    name: ProviderName,
    connection: Connection,
    has_secret: bool,
    version: RwSignal<u32>,
) -> impl IntoView {
    let i18n = use_i18n();
    let sending = use_sending();
    let answer = sending.answer;
    let send = sending.keep(move |values| {
        let form = read(&values, name.to_string());
        async move {
            change_provider(form).await?;
            version.update(|version| *version += 1);
            Ok(())
        }
    });
    view! {
        <details class="card wide">
            <summary>{text!(i18n, providers.connection)}</summary>
            <form class="confirm" method="post" on:submit=send>
                <p class="muted">{text!(i18n, providers.save_hint)}</p>
                <Fields connection=Some(connection) has_secret answer />
                <Submit sending label=move || text!(i18n, providers.save) />
            </form>
        </details>
    }
}

/// What is to be entered at the provider. Before it has a name, with a place for that.
#[component]
pub(super) fn Addresses(name: String) -> impl IntoView {
    let i18n = use_i18n();
    // Only the browser knows under which address people reach the console.
    let origin = RwSignal::new(String::new());
    #[cfg(feature = "hydrate")]
    Effect::new(move || {
        origin.set(window().location().origin().unwrap_or_default());
    });
    let address = move |path: fn(&ProviderName) -> String| {
        let parsed = ProviderName::parse(&name);
        let place = ProviderName::parse("name").map(|example| path(&example)).unwrap_or_default();
        let path = parsed.map_or_else(|_| place.replace("/name/", "/‹name›/"), |name| path(&name));
        move || format!("{}{path}", origin.get())
    };
    view! {
        <h2>{text!(i18n, providers.register)}</h2>
        <dl class="facts">
            <dt>{text!(i18n, providers.callback)}</dt>
            <dd><code>{address(paths::sso_callback)}</code></dd>
            <dt>{text!(i18n, providers.logout)}</dt>
            <dd><code>{address(paths::sso_logout)}</code></dd>
        </dl>
    }
}

#[component]
fn Fields(connection: Option<Connection>, has_secret: bool, answer: Answer) -> impl IntoView {
    let i18n = use_i18n();
    let known = connection.unwrap_or_else(|| Connection {
        display_name: String::new(),
        issuer: String::new(),
        private_addresses: false,
        client_id: String::new(),
        scopes: vec!["profile".to_owned(), "email".to_owned()],
        username_claim: "preferred_username".to_owned(),
    });
    let secret_hint: Text = match has_secret {
        true => text!(i18n, providers.secret_kept),
        false => text!(i18n, providers.secret_hint),
    };
    view! {
        <Field
            name="display_name"
            label=move || text!(i18n, providers.display_name)
            value=known.display_name
            answer
        />
        <Field
            name="issuer"
            label=move || text!(i18n, providers.issuer)
            hint=move || view! { <p class="hint">{text!(i18n, providers.issuer_hint)}</p> }
            value=known.issuer
            answer
        />
        <label class="choice">
            <input type="checkbox" name="private_addresses" checked=known.private_addresses />
            {text!(i18n, outside.private_addresses)}
        </label>
        <Field name="client_id" label=move || text!(i18n, providers.client_id) value=known.client_id answer />
        <Field
            name="client_secret"
            kind="password"
            autocomplete="new-password"
            label=move || text!(i18n, providers.client_secret)
            hint=move || view! { <p class="hint">{secret_hint}</p> }
            answer
        />
        <Field
            name="scopes"
            label=move || text!(i18n, providers.scopes)
            hint=move || view! { <p class="hint">{text!(i18n, providers.scopes_hint)}</p> }
            value=known.scopes.join(" ")
            answer
        />
        <Field
            name="username_claim"
            label=move || text!(i18n, providers.username_claim)
            hint=move || view! { <p class="hint">{text!(i18n, providers.username_hint)}</p> }
            value=known.username_claim
            answer
        />
    }
}

fn read(values: &Values, name: String) -> ProviderForm {
    ProviderForm {
        name,
        display_name: values.text("display_name"),
        issuer: values.text("issuer"),
        private_addresses: !values.text("private_addresses").is_empty(),
        client_id: values.text("client_id"),
        client_secret: values.text("client_secret"),
        scopes: values.text("scopes"),
        username_claim: values.text("username_claim"),
    }
}
