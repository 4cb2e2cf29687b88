//! Connecting clusters from a kubeconfig: its contexts, what keeps some from being connected, trying out, connecting.

use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::components::A;
use model::access::Action;
use model::clusters::{ClusterForm, ClusterName};
use model::kubeconfig::Context;
use model::name::to_label;

use super::account::Account;
use super::context::{ContextFacts, Trying};
use crate::api::clusters::{access_manifest, add_cluster, read_kubeconfig};
use crate::error::ApiError;
use crate::i18n::{t_string, use_i18n};
use crate::layouts::frame::Allowed;
use crate::paths;
use crate::ui::error::ErrorNote;
use crate::ui::field::{Answer, Field, FieldError, is_refused};
use crate::ui::file::read_file;
use crate::ui::form::{Submit, use_sending};
use crate::ui::load::Load;
use crate::ui::text::text;

/// What was read, with the file it came from.
type Found = RwSignal<Option<(String, Vec<Context>)>>;

#[component]
pub fn ConnectCluster() -> impl IntoView {
    let i18n = use_i18n();
    let found: Found = RwSignal::new(None);
    let manifest = Resource::new(|| (), |()| access_manifest());
    view! {
        <Title text=move || t_string!(i18n, clusters.add) />
        <h1>{text!(i18n, clusters.add)}</h1>
        <p class="muted">
            <A href=paths::CLUSTERS>{text!(i18n, clusters.title)}</A> " · " {text!(i18n, clusters.add_hint)}
        </p>
        <Allowed action=Action::AddCluster>
            <KubeconfigForm found />
            {move || found.get().map(|(kubeconfig, contexts)| view! { <Contexts kubeconfig contexts /> })}
        </Allowed>
        <Load what=manifest show=move |manifest| view! { <Account manifest found /> }.into_any() />
    }
}

/// Asks for a file and shows what it offers.
#[component]
pub(super) fn KubeconfigForm(found: Found) -> impl IntoView {
    let i18n = use_i18n();
    let sending = use_sending();
    let answer = sending.answer;
    let field = NodeRef::<leptos::html::Textarea>::new();
    let send = sending.keep(move |values| {
        let text = values.text("kubeconfig");
        async move {
            found.set(None);
            let contexts = read_kubeconfig(text.clone()).await?;
            found.set(Some((text, contexts)));
            Ok(())
        }
    });
    view! {
        <form class="card wide" method="post" on:submit=send>
            <div class="field">
                <label for="kubeconfig">{text!(i18n, clusters.kubeconfig)}</label>
                <textarea
                    id="kubeconfig"
                    name="kubeconfig"
                    rows="8"
                    spellcheck="false"
                    autocomplete="off"
                    node_ref=field
                    aria-describedby="kubeconfig-help"
                    aria-invalid=move || is_refused(answer, "kubeconfig").then_some("true")
                ></textarea>
                <div id="kubeconfig-help" class="help">
                    <FieldError name="kubeconfig" answer />
                </div>
                <label for="kubeconfig-file">{text!(i18n, clusters.kubeconfig_file)}</label>
                <input id="kubeconfig-file" type="file" on:change=move |event| read_file(&event, field) />
            </div>
            <Submit sending label=move || text!(i18n, clusters.read) />
        </form>
    }
}

/// What came of a context that was to be connected.
type Outcome = RwSignal<Option<Result<ClusterName, ApiError>>>;

#[component]
fn Contexts(kubeconfig: String, contexts: Vec<Context>) -> impl IntoView {
    let i18n = use_i18n();
    let sending = use_sending();
    let none_chosen = RwSignal::new(false);
    let file = StoredValue::new(kubeconfig);
    let usable = contexts.iter().any(|context| context.problems.is_empty());
    let rows: Vec<(Context, Outcome)> =
        contexts.into_iter().map(|context| (context, RwSignal::new(None))).collect();
    let chosen = StoredValue::new(rows.clone());
    let send = sending.keep(move |values| {
        let forms = chosen.with_value(|rows| {
            let chosen = rows
                .iter()
                .enumerate()
                .filter(|(index, _)| !values.text(&format!("pick-{index}")).is_empty());
            let form = |(index, (context, outcome)): (usize, &(Context, Outcome))| {
                let form = ClusterForm {
                    name: values.text(&format!("name-{index}")),
                    kubeconfig: file.get_value(),
                    context: context.name.clone(),
                    administrators: !values.text(&format!("administrators-{index}")).is_empty(),
                };
                (form, *outcome)
            };
            chosen.map(form).collect::<Vec<_>>()
        });
        none_chosen.set(forms.is_empty());
        async move {
            for (form, outcome) in forms {
                // What is connected already is not connected again.
                if outcome.with_untracked(|outcome| matches!(outcome, Some(Ok(_)))) {
                    continue;
                }
                let name = ClusterName::parse(&form.name);
                let added = add_cluster(form).await;
                outcome.set(Some(added.and(name.map_err(|_| ApiError::Transport))));
            }
            Ok(())
        }
    });
    let rows = rows.into_iter().enumerate().map(|(index, (context, outcome))| {
        view! { <Card index context file outcome /> }
    });
    view! {
        <form method="post" class="contexts" on:submit=send>
            {rows.collect_view()}
            {move || none_chosen.get().then(|| view! {
                <p class="note failed" role="alert">{text!(i18n, clusters.choose_one)}</p>
            })}
            {usable.then(|| view! { <Submit sending label=move || text!(i18n, clusters.connect) /> })}
        </form>
    }
}

#[component]
fn Card(index: usize, context: Context, file: StoredValue<String>, outcome: Outcome) -> impl IntoView {
    let i18n = use_i18n();
    let answer: Answer = RwSignal::new(None);
    Effect::new(move || {
        if let Some(Err(error)) = outcome.get() {
            answer.set(Some(renamed(error, index)));
        }
    });
    let usable = context.problems.is_empty();
    let label = to_label(&context.name, 40);
    let name = context.name.clone();
    let choice = usable.then(|| {
        view! {
            <label class="choice">
                <input type="checkbox" name=format!("pick-{index}") />
                {text!(i18n, clusters.choose)}
            </label>
            <Field
                name=format!("name-{index}")
                label=move || text!(i18n, clusters.name_here)
                hint=move || view! { <p class="hint">{text!(i18n, clusters.name_here_hint)}</p> }
                value=label
                answer
            />
            <label class="choice">
                <input type="checkbox" name=format!("administrators-{index}") />
                {text!(i18n, clusters.administrators_agree)}
            </label>
            <Trying file context=name />
        }
    });
    let told = move || {
        outcome.get().map(|outcome| match outcome {
            Ok(name) => view! {
                <p class="note ok" role="status">
                    {text!(i18n, clusters.connected_now)} " " <A href=paths::cluster(&name)>{name.to_string()}</A>
                </p>
            }
            .into_any(),
            Err(error) => view! { <ErrorNote error /> }.into_any(),
        })
    };
    view! {
        <section class="card wide">
            <h2>{text!(i18n, clusters.context)} " " {context.name.clone()}</h2>
            <ContextFacts context />
            {choice}
            {told}
        </section>
    }
}

/// A problem of the name belongs to the field of this context.
fn renamed(error: ApiError, index: usize) -> ApiError {
    match error {
        ApiError::Invalid { mut fields } => {
            for problem in &mut fields {
                if problem.field == "name" {
                    problem.field = format!("name-{index}");
                }
            }
            ApiError::Invalid { fields }
        }
        other => other,
    }
}
