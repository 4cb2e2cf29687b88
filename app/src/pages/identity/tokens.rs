//! One's own tokens for the Kubernetes API: those there are, and making one.

use leptos::prelude::*;
use model::tokens::{NewToken, Token, TokenForm, kubeconfig};

use crate::api::tokens::{create_token, list_tokens, revoke_token};
use crate::error::ApiError;
use crate::i18n::use_i18n;
use crate::paths;
use crate::ui::address::origin;
use crate::ui::change::{ChangeButton, Changes, Refused, use_changes};
use crate::ui::field::Field;
use crate::ui::form::{Submit, use_sending};
use crate::ui::load::Load;
use crate::ui::moment::Moment;
use crate::ui::table::{Column, Table};
use crate::ui::text::{Text, text};

#[derive(Clone, Copy)]
pub(super) struct Tokens {
    tokens: Resource<Result<Vec<Token>, ApiError>>,
    changes: Changes,
}

/// To be made by the page.
pub(super) fn use_tokens() -> Tokens {
    let changes = use_changes();
    Tokens { tokens: Resource::new(move || changes.version(), |_| list_tokens()), changes }
}

#[component]
pub(super) fn TokensView(tokens: Tokens) -> impl IntoView {
    let i18n = use_i18n();
    let Tokens { tokens, changes } = tokens;
    view! {
        <h2>{text!(i18n, tokens.title)}</h2>
        <p class="muted">{text!(i18n, tokens.hint)}</p>
        <Load what=tokens show=move |tokens| view! { <Lines tokens changes /> }.into_any() />
        <Refused changes />
        <Create changes />
    }
}

#[component]
fn Lines(tokens: Vec<Token>, changes: Changes) -> impl IntoView {
    let i18n = use_i18n();
    let rows = tokens.into_iter().map(|token| {
        let Token { id, name, prefix, read_only, expires_at, last_used_at, .. } = token;
        let scope: Text = match read_only {
            true => text!(i18n, tokens.reads),
            false => text!(i18n, tokens.full),
        };
        let used = match last_used_at {
            Some(at) => view! { <Moment at /> }.into_any(),
            None => view! { {text!(i18n, common.never)} }.into_any(),
        };
        let of = name.clone();
        let press = move |()| changes.send(revoke_token(id.clone()));
        vec![
            name.into_any(),
            view! { <code>{prefix} "…"</code> }.into_any(),
            scope.into_any(),
            view! { <Moment at=expires_at /> }.into_any(),
            used,
            view! { <ChangeButton changes label=text!(i18n, tokens.revoke) of press /> }.into_any(),
        ]
    });
    view! {
        <Table
            label=text!(i18n, tokens.title)
            columns=vec![
                Column::Words(text!(i18n, tokens.name)),
                Column::Words(text!(i18n, tokens.begins)),
                Column::Words(text!(i18n, tokens.scope)),
                Column::Words(text!(i18n, tokens.ends)),
                Column::Words(text!(i18n, tokens.last_used)),
                Column::Words(text!(i18n, common.actions)),
            ]
            rows=rows.collect()
            empty=text!(i18n, tokens.none)
        />
    }
}

#[component]
fn Create(changes: Changes) -> impl IntoView {
    let i18n = use_i18n();
    let sending = use_sending();
    let answer = sending.answer;
    let made = RwSignal::new(None::<NewToken>);
    let send = sending.submit(move |values| {
        let form = TokenForm {
            name: values.text("name"),
            days: values.text("days"),
            read_only: !values.text("read_only").is_empty(),
        };
        async move {
            made.set(None);
            made.set(Some(create_token(form).await?));
            changes.changed();
            Ok(())
        }
    });
    view! {
        {move || made.get().map(|token| view! { <Made token /> })}
        <form class="card narrow" method="post" on:submit=send>
            <h2>{text!(i18n, tokens.create)}</h2>
            <Field
                name="name"
                label=move || text!(i18n, tokens.name)
                hint=move || view! { <p class="hint">{text!(i18n, tokens.name_hint)}</p> }
                answer
            />
            <Field name="days" label=move || text!(i18n, tokens.days) value="30" answer />
            <label class="choice">
                <input type="checkbox" name="read_only" />
                {text!(i18n, tokens.read_only)}
            </label>
            <Submit sending label=move || text!(i18n, tokens.create) />
        </form>
    }
}

/// The token, this once, alone and in a kubeconfig.
#[component]
fn Made(token: NewToken) -> impl IntoView {
    let i18n = use_i18n();
    let origin = origin();
    let plain = origin.starts_with("http:");
    let text = token.text.clone();
    let file = (!token.clusters.is_empty()).then(|| {
        let file = kubeconfig(&origin, paths::kubernetes, &token);
        let address = paths::download("application/yaml", &file);
        view! {
            <p>
                <a class="button" download="kubeconfig.yaml" href=address>
                    {text!(i18n, tokens.download)}
                </a>
            </p>
            <details>
                <summary>{text!(i18n, tokens.kubeconfig)}</summary>
                <pre class="readme scroll" tabindex="0">{file}</pre>
            </details>
        }
    });
    let nothing =
        file.is_none().then(|| view! { <p class="note quiet">{text!(i18n, tokens.no_clusters)}</p> });
    view! {
        <section class="card wide" role="status">
            <p>{text!(i18n, tokens.made)}</p>
            <pre class="readme scroll" tabindex="0">{text}</pre>
            {plain.then(|| view! { <p class="note quiet">{text!(i18n, tokens.needs_https)}</p> })}
            {nothing}
            {file}
        </section>
    }
}
