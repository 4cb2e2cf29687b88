//! Where a list looks: everywhere, or in a project, a cluster, a namespace.

use leptos::prelude::*;
use leptos_router::NavigateOptions;
use leptos_router::hooks::use_navigate;
use model::rows::{RowQuery, Scope};

use crate::api::rows::row_scopes;
use crate::error::ApiError;
use crate::i18n::use_i18n;
use crate::paths;
use crate::ui::field::{Answer, FieldError, is_refused};
use crate::ui::form::submitted;
use crate::ui::load::Load;
use crate::ui::text::{Text, text};

pub(super) type Scopes = Resource<Result<Scope, ApiError>>;

/// What can be chosen from. To be made by the page.
pub(super) fn use_scopes() -> Scopes {
    Resource::new(|| (), |()| row_scopes())
}

/// Says where is looked, and changes it. Works without scripts, too.
#[component]
pub(super) fn ScopeBar(scopes: Scopes, query: Signal<Option<RowQuery>>) -> impl IntoView {
    let i18n = use_i18n();
    let said = move || {
        let scope = query.get().map(|query| query.scope).unwrap_or_default();
        let Scope { projects, clusters, namespaces } = &scope;
        let parts = [paths::names(projects), paths::names(clusters), paths::names(namespaces)];
        let parts: Vec<_> = parts.into_iter().filter(|part| !part.is_empty()).collect();
        if parts.is_empty() { text!(i18n, rows.everywhere).get().to_owned() } else { parts.join(" › ") }
    };
    let bounded = query.get_untracked().is_some_and(|query| !query.scope.is_everything());
    view! {
        <details class="columns scope" open=bounded>
            <summary>{text!(i18n, rows.scope)} ": " {said}</summary>
            <Load what=scopes show=move |all| view! { <Choice all query /> }.into_any() />
        </details>
    }
}

#[component]
fn Choice(all: Scope, query: Signal<Option<RowQuery>>) -> impl IntoView {
    let i18n = use_i18n();
    let navigate = use_navigate();
    let answer: Answer = RwSignal::new(None);
    let send = submitted(move |values| {
        if let Some(query) = query.get_untracked() {
            let scope = match paths::read_scope(|part| values.text(part)) {
                Ok(scope) => scope,
                // What was typed stays.
                Err(problem) => return answer.set(Some(ApiError::Invalid { fields: vec![problem] })),
            };
            answer.set(None);
            navigate(&paths::rows(&RowQuery { scope, offset: 0, ..query }), NavigateOptions::default());
        }
    });
    let form = move || {
        let query = query.get()?;
        let chosen = query.scope.clone();
        // What is not chosen here stays as it is.
        let rest = paths::row_parts(&RowQuery { scope: Scope::default(), offset: 0, ..query });
        let kept =
            rest.into_iter().map(|(name, value)| view! { <input type="hidden" name=name value=value /> });
        let kept: Vec<_> = kept.collect();
        let namespace = paths::names(&chosen.namespaces);
        let names = all.namespaces.iter().map(|name| view! { <option value=name.to_string()></option> });
        Some(view! {
            {kept}
            <Select name="project" title=text!(i18n, projects.project) all=strings(&all.projects) chosen=paths::names(&chosen.projects) />
            <Select name="cluster" title=text!(i18n, projects.cluster) all=strings(&all.clusters) chosen=paths::names(&chosen.clusters) />
            <div class="field">
                <label for="scope-namespace">{text!(i18n, workloads.namespace)}</label>
                <input
                    id="scope-namespace"
                    name="namespace"
                    list="scope-namespaces"
                    autocapitalize="none"
                    spellcheck="false"
                    prop:value=namespace.clone()
                    value=namespace
                    aria-describedby="scope-help"
                    aria-invalid=move || is_refused(answer, "namespace").then_some("true")
                />
                <div id="scope-help" class="help"><FieldError name="namespace" answer /></div>
                <datalist id="scope-namespaces">{names.collect_view()}</datalist>
            </div>
        })
    };
    view! {
        <form
            class="inline"
            method="get"
            action=move || query.get().map(|query| paths::rows_of(&query.kind)).unwrap_or_default()
            on:submit=send
        >
            {form}
            <button type="submit" class="button">{text!(i18n, rows.look_there)}</button>
        </form>
    }
}

/// One of these, or all; several that the address names are one choice.
#[component]
fn Select(name: &'static str, title: Text, all: Vec<String>, chosen: String) -> impl IntoView {
    let i18n = use_i18n();
    let id = format!("scope-{name}");
    let mut all = all;
    if !chosen.is_empty() && !all.contains(&chosen) {
        all.push(chosen.clone());
    }
    let options = all.into_iter().map(|one| {
        let selected = one == chosen;
        view! { <option value=one.clone() selected=selected prop:selected=selected>{one.clone()}</option> }
    });
    view! {
        <div class="field">
            <label for=id.clone()>{title}</label>
            <select id=id name=name>
                <option value="">{text!(i18n, rows.all_of_them)}</option>
                {options.collect_view()}
            </select>
        </div>
    }
}

fn strings<T: ToString>(all: &[T]) -> Vec<String> {
    all.iter().map(ToString::to_string).collect()
}
