//! What claims give: the rules of a provider.

use leptos::prelude::*;
use model::access::Action;
use model::identity::PlatformRole;
use model::projects::ProjectName;
use model::providers::{Claims, Gift, ProviderDetail, ProviderName, Rule};
use model::roles::ProjectRole;

use crate::api::providers::set_rules;
use crate::error::ApiError;
use crate::i18n::{t_string, use_i18n};
use crate::layouts::frame::Allowed;
use crate::ui::error::ErrorNote;
use crate::ui::field::{Field, FieldError};
use crate::ui::form::{Submit, use_sending};
use crate::ui::table::{Column, Table};
use crate::ui::text::text;
use crate::ui::words;

/// The rules as they are, and what loads them anew after a change.
#[derive(Clone)]
struct Book {
    name: ProviderName,
    rules: Vec<Rule>,
    only_matched: bool,
    version: RwSignal<u32>,
}

impl Book {
    async fn save(&self, rules: Vec<Rule>, only_matched: bool) -> Result<(), ApiError> {
        set_rules(self.name.clone(), self.rules.clone(), rules, only_matched).await?;
        self.version.update(|version| *version += 1);
        Ok(())
    }
}

#[component]
pub(super) fn Rules(provider: ProviderDetail, version: RwSignal<u32>) -> impl IntoView {
    let i18n = use_i18n();
    let ProviderDetail { name, rules, only_matched, tested, projects, .. } = provider;
    let claims = tested.map(|tested| tested.claims).unwrap_or_default();
    let book = Book { name, rules: rules.clone(), only_matched, version };
    let refused = RwSignal::new(None::<ApiError>);
    let stored = StoredValue::new((book.clone(), projects));
    let rows = rules.into_iter().enumerate().map(|(index, rule)| line(&book, index, rule, &claims, refused));
    let rows = rows.collect();
    view! {
        <h2>{text!(i18n, providers.rules)}</h2>
        <p class="muted">{text!(i18n, providers.rules_hint)}</p>
        <Table
            label=text!(i18n, providers.rules)
            columns=vec![
                Column::Words(text!(i18n, providers.claim)),
                Column::Words(text!(i18n, providers.value)),
                Column::Words(text!(i18n, providers.gives)),
                Column::Words(text!(i18n, common.actions)),
            ]
            rows
            empty=text!(i18n, providers.no_rules)
        />
        {move || refused.get().map(|error| view! { <ErrorNote error /> })}
        <Allowed action=Action::SetProviderRules quiet=true>
            <Only book=stored.get_value().0 refused />
            <Add book=stored.get_value().0 projects=stored.get_value().1 />
        </Allowed>
    }
}

fn line(
    book: &Book,
    index: usize,
    rule: Rule,
    claims: &Claims,
    refused: RwSignal<Option<ApiError>>,
) -> Vec<AnyView> {
    let i18n = use_i18n();
    let applied = rule.applies(claims);
    let applied =
        applied.then(|| view! { " " <span class="status ok">{text!(i18n, providers.applies)}</span> });
    let label = rule.value.clone();
    let (book, gives) = (book.clone(), rule.gives);
    let remove = move |_| {
        let book = book.clone();
        let others = book.rules.iter().enumerate().filter(|(other, _)| *other != index);
        let rules: Vec<_> = others.map(|(_, rule)| rule.clone()).collect();
        leptos::task::spawn_local(async move {
            refused.set(book.save(rules, book.only_matched).await.err());
        });
    };
    let remove = StoredValue::new(remove);
    vec![
        view! { <code>{rule.claim}</code> }.into_any(),
        view! { <code>{rule.value}</code> {applied} }.into_any(),
        view! { <Given gives /> }.into_any(),
        view! {
            <Allowed action=Action::SetProviderRules quiet=true>
                <button
                    type="button"
                    class="button small"
                    aria-label={
                        let label = label.clone();
                        move || format!("{} {label}", t_string!(i18n, providers.remove_rule))
                    }
                    on:click=move |event| remove.with_value(|remove| remove(event))
                >
                    {text!(i18n, providers.remove_rule)}
                </button>
            </Allowed>
        }
        .into_any(),
    ]
}

/// A role in words.
#[component]
pub(super) fn Given(gives: Gift) -> impl IntoView {
    let i18n = use_i18n();
    match gives {
        Gift::Platform(role) => view! { {move || words::role(i18n, role)} }.into_any(),
        Gift::Project { project, role } => view! {
            {move || words::project_role(i18n, role)} " " {text!(i18n, providers.in_project)} " "
            <strong>{project.to_string()}</strong>
        }
        .into_any(),
    }
}

/// Whether anybody else gets in.
#[component]
fn Only(book: Book, refused: RwSignal<Option<ApiError>>) -> impl IntoView {
    let i18n = use_i18n();
    let only = book.only_matched;
    let change = move |_| {
        let book = book.clone();
        leptos::task::spawn_local(async move {
            refused.set(book.save(book.rules.clone(), !only).await.err());
        });
    };
    view! {
        <label class="choice">
            <input type="checkbox" checked=only on:change=change />
            {text!(i18n, providers.only_matched)}
        </label>
    }
}

#[component]
fn Add(book: Book, projects: Vec<ProjectName>) -> impl IntoView {
    let i18n = use_i18n();
    let sending = use_sending();
    let answer = sending.answer;
    let send = sending.keep(move |values| {
        let book = book.clone();
        let (claim, value) = (values.text("claim"), values.text("value"));
        let gives = gift(&values.text("gives"), &values.text("project"));
        async move {
            let gives = gives.ok_or_else(|| ApiError::Invalid {
                fields: vec![model::problem::FieldProblem::new("project", model::problem::Problem::Required)],
            })?;
            let rules = book.rules.iter().cloned().chain([Rule { claim, value, gives }]);
            book.save(rules.collect(), book.only_matched).await
        }
    });
    let platform = [PlatformRole::Auditor, PlatformRole::Administrator].map(|role| {
        view! { <option value=format!("platform:{}", role.as_str())>{move || words::role(i18n, role)}</option> }
    });
    let in_project = ProjectRole::ALL.map(|role| {
        view! { <option value=role.as_str()>{move || words::project_role(i18n, role)}</option> }
    });
    let projects = projects.into_iter().map(|project| {
        let name = project.to_string();
        view! { <option value=name.clone()>{name.clone()}</option> }
    });
    view! {
        <form class="card narrow" method="post" on:submit=send>
            <h2>{text!(i18n, providers.add_rule)}</h2>
            <Field name="claim" label=move || text!(i18n, providers.claim) value="groups" answer />
            <Field name="value" label=move || text!(i18n, providers.value) answer />
            <div class="field">
                <label for="gives">{text!(i18n, providers.gives)}</label>
                <select id="gives" name="gives">
                    {in_project.collect_view()}
                    {platform.collect_view()}
                </select>
            </div>
            <div class="field">
                <label for="project">{text!(i18n, providers.project)}</label>
                <select id="project" name="project" aria-describedby="project-help">
                    {projects.collect_view()}
                </select>
                <div id="project-help" class="help">
                    <FieldError name="project" answer />
                    <p class="hint">{text!(i18n, providers.project_hint)}</p>
                </div>
            </div>
            <Submit sending label=move || text!(i18n, providers.add_rule) />
        </form>
    }
}

/// What the two lists name. None for a role in no project.
fn gift(gives: &str, project: &str) -> Option<Gift> {
    match gives.strip_prefix("platform:") {
        Some(role) => PlatformRole::parse(role).map(Gift::Platform),
        None => {
            let (role, project) = (ProjectRole::parse(gives)?, ProjectName::parse(project).ok()?);
            Some(Gift::Project { project, role })
        }
    }
}
