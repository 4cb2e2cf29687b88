//! A context of a kubeconfig: what it says, what keeps it from being connected, and a try.

use leptos::prelude::*;
use model::kubeconfig::{Authentication, Context, ContextProblem, Step, StepName, StepResult};

use crate::api::clusters::try_context;
use crate::error::ApiError;
use crate::i18n::{t, use_i18n};
use crate::ui::error::ErrorNote;
use crate::ui::text::{Text, text};

#[component]
pub(super) fn ContextFacts(context: Context) -> impl IntoView {
    let i18n = use_i18n();
    let Context { server, user, authentication, problems, .. } = context;
    let exec = match &authentication {
        Authentication::Exec { command, arguments } => Some(
            std::iter::once(command.clone()).chain(arguments.iter().cloned()).collect::<Vec<_>>().join(" "),
        ),
        _ => None,
    };
    let authentication = match authentication {
        Authentication::Token => text!(i18n, clusters.auth_token).into_any(),
        Authentication::Certificate => text!(i18n, clusters.auth_certificate).into_any(),
        Authentication::Exec { .. } => text!(i18n, clusters.auth_exec).into_any(),
        Authentication::Plugin { name } => t!(i18n, clusters.auth_plugin, name = name).into_any(),
        Authentication::Password => text!(i18n, clusters.auth_password).into_any(),
        Authentication::Nothing => text!(i18n, clusters.auth_nothing).into_any(),
    };
    let problems = problems.into_iter().map(|problem| {
        view! { <li class="status failed">{move || words(problem.clone())}</li> }
    });
    let problems = problems.collect_view();
    view! {
        <dl class="facts">
            <dt>{text!(i18n, clusters.server)}</dt>
            <dd><code>{server}</code></dd>
            <dt>{text!(i18n, clusters.user)}</dt>
            <dd>{user}</dd>
            <dt>{text!(i18n, clusters.authentication)}</dt>
            <dd>{authentication}</dd>
            {exec.map(|command| view! {
                <dt>{text!(i18n, clusters.exec_before)}</dt>
                <dd><code>{command}</code></dd>
                <dt>{text!(i18n, clusters.exec_after)}</dt>
                <dd>{text!(i18n, clusters.exec_after_words)}</dd>
            })}
        </dl>
        <ul class="steps">{problems}</ul>
    }
}

fn words(problem: ContextProblem) -> AnyView {
    let i18n = use_i18n();
    match problem {
        ContextProblem::NoCluster => text!(i18n, clusters.bad_no_cluster).into_any(),
        ContextProblem::NoUser => text!(i18n, clusters.bad_no_user).into_any(),
        ContextProblem::NotHttps => text!(i18n, clusters.bad_not_https).into_any(),
        ContextProblem::LinkLocal => text!(i18n, clusters.bad_link_local).into_any(),
        ContextProblem::File { field } => t!(i18n, clusters.bad_file, field = field).into_any(),
        ContextProblem::Refused { field } => t!(i18n, clusters.bad_refused, field = field).into_any(),
        ContextProblem::Exec => text!(i18n, clusters.bad_exec).into_any(),
        ContextProblem::NoCredential => text!(i18n, clusters.bad_no_credential).into_any(),
        ContextProblem::BadData { field } => t!(i18n, clusters.bad_data, field = field).into_any(),
    }
}

/// Connects for a moment and shows every step.
#[component]
pub(super) fn Trying(file: StoredValue<String>, context: String) -> impl IntoView {
    let i18n = use_i18n();
    let tried = RwSignal::new(None::<Result<Vec<Step>, ApiError>>);
    let busy = RwSignal::new(false);
    let start = move |_| {
        let context = context.clone();
        busy.set(true);
        leptos::task::spawn_local(async move {
            tried.set(Some(try_context(file.get_value(), context).await));
            busy.set(false);
        });
    };
    let shown = move || {
        tried.get().map(|tried| match tried {
            Ok(steps) => {
                let line = |step| view! { <Line step /> };
                view! {
                    <div role="status">
                        <dl class="facts">{steps.into_iter().map(line).collect_view()}</dl>
                    </div>
                }
                .into_any()
            }
            Err(error) => view! { <ErrorNote error /> }.into_any(),
        })
    };
    let label = move || if busy.get() { text!(i18n, clusters.trying) } else { text!(i18n, clusters.try_out) };
    view! {
        <button type="button" class="button" disabled=busy on:click=start>
            {label}
        </button>
        {shown}
    }
}

#[component]
fn Line(step: Step) -> impl IntoView {
    let i18n = use_i18n();
    let name: Text = match step.name {
        StepName::Tcp => text!(i18n, clusters.step_tcp),
        StepName::Tls => text!(i18n, clusters.step_tls),
        StepName::Version => text!(i18n, clusters.step_version),
        StepName::Identity => text!(i18n, clusters.step_identity),
        StepName::Permissions => text!(i18n, clusters.step_permissions),
    };
    let missing = step.name == StepName::Permissions;
    let result = match step.result {
        StepResult::Done { found } => {
            view! { <span class="status ok">{if found.is_empty() { "✓".to_owned() } else { found }}</span> }
                .into_any()
        }
        StepResult::Failed { said } => view! {
            <span class="status failed prose">
                {missing.then(|| view! { {text!(i18n, clusters.step_missing)} ": " })} {said}
            </span>
        }
        .into_any(),
        StepResult::NotTried => {
            view! { <span class="status unknown">{text!(i18n, clusters.step_not_tried)}</span> }.into_any()
        }
    };
    view! {
        <dt>{name}</dt>
        <dd>{result}</dd>
    }
}
