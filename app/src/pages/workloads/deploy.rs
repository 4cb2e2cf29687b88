//! Making a Deployment from an image: form, review, then one button.

use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_navigate;
use model::access::Action;
use model::namespaces::NamespaceDetail;
use model::review::Review;
use model::workloads::DeploymentForm;

use crate::api::namespaces::view_namespace;
use crate::api::workloads::{create_deployment, review_deployment};
use crate::i18n::{t_string, use_i18n};
use crate::layouts::frame::Allowed;
use crate::paths;
use crate::ui::address::{named, use_part};
use crate::ui::field::{Answer, Field, FieldError, is_refused};
use crate::ui::form::{Submit, Values, use_sending};
use crate::ui::load::Load;
use crate::ui::review::ReviewView;
use crate::ui::text::text;

#[component]
pub fn Deploy() -> impl IntoView {
    let i18n = use_i18n();
    let (cluster, name) = (use_part("cluster"), use_part("namespace"));
    let namespace = Resource::new(
        move || (cluster.get(), name.get()),
        |(cluster, name)| async move {
            view_namespace(named("cluster", cluster)?, named("namespace", name)?).await
        },
    );
    view! {
        <Title text=move || t_string!(i18n, workloads.deploy) />
        <div class="head">
            <h1>{text!(i18n, workloads.deploy)}</h1>
            <span class="muted">{name} " · " {cluster}</span>
        </div>
        <p class="muted">{text!(i18n, workloads.deploy_hint)}</p>
        <Load
            what=namespace
            show=|namespace| {
                let (may, project) = (namespace.may, namespace.project.clone());
                let namespace = StoredValue::new(namespace);
                view! {
                    <Allowed action=Action::CreateWorkload project=may of=Some(project.clone())>
                        <Form namespace=namespace.get_value() />
                    </Allowed>
                }
                .into_any()
            }
        />
    }
}

/// The form stays where it is while its review is shown, so nothing that was typed is lost.
#[component]
fn Form(namespace: NamespaceDetail) -> impl IntoView {
    let i18n = use_i18n();
    let sending = use_sending();
    let answer = sending.answer;
    let reviewed = RwSignal::new(None::<(DeploymentForm, Review)>);
    let restricted = namespace.bounds.security == model::namespaces::PodSecurity::Restricted;
    let (cluster, name) = (namespace.cluster.clone(), namespace.name.clone());
    let review = sending.keep(move |values| {
        let (cluster, name, form) = (cluster.clone(), name.clone(), read(&values));
        async move {
            let review = review_deployment(cluster, name, form.clone()).await?;
            reviewed.set(Some((form, review)));
            Ok(())
        }
    });
    let second = StoredValue::new(namespace);
    view! {
        <form class="card wide" method="post" on:submit=review hidden=move || reviewed.with(Option::is_some)>
            <Field name="name" label=move || text!(i18n, common.name) answer />
            <Field name="image" label=move || text!(i18n, workloads.image) answer />
            <div class="amounts">
                <Field name="replicas" label=move || text!(i18n, workloads.replicas) value="1" answer />
                <Field
                    name="ports"
                    label=move || text!(i18n, workloads.ports)
                    hint=move || view! { <p class="hint">{text!(i18n, workloads.ports_hint)}</p> }
                    answer
                />
            </div>
            <Environment answer />
            <fieldset>
                <legend>{text!(i18n, workloads.resources)}</legend>
                <p class="hint">{text!(i18n, workloads.resources_hint)}</p>
                <div class="amounts">
                    <Field name="requests_cpu" label=move || text!(i18n, workloads.request_cpu) answer />
                    <Field name="limits_cpu" label=move || text!(i18n, workloads.limit_cpu) answer />
                    <Field name="requests_memory" label=move || text!(i18n, workloads.request_memory) answer />
                    <Field name="limits_memory" label=move || text!(i18n, workloads.limit_memory) answer />
                </div>
            </fieldset>
            <label class="choice">
                <input type="checkbox" name="service" />
                {text!(i18n, workloads.service)}
            </label>
            <label class="choice">
                <input type="checkbox" name="restricted" checked=restricted />
                {text!(i18n, workloads.restricted)}
            </label>
            <Submit sending label=move || text!(i18n, workloads.review) />
        </form>
        {move || reviewed.get().map(|(form, review)| {
            view! { <Reviewed namespace=second.get_value() form review back=reviewed /> }
        })}
    }
}

#[component]
fn Environment(answer: Answer) -> impl IntoView {
    let i18n = use_i18n();
    view! {
        <div class="field">
            <label for="environment">{text!(i18n, workloads.environment)}</label>
            <textarea
                id="environment"
                name="environment"
                rows="3"
                spellcheck="false"
                aria-describedby="environment-help"
                aria-invalid=move || is_refused(answer, "environment").then_some("true")
            ></textarea>
            <div id="environment-help" class="help">
                <FieldError name="environment" answer />
                <p class="hint">{text!(i18n, workloads.environment_hint)}</p>
            </div>
        </div>
    }
}

#[component]
fn Reviewed(
    namespace: NamespaceDetail,
    form: DeploymentForm,
    review: Review,
    back: RwSignal<Option<(DeploymentForm, Review)>>,
) -> impl IntoView {
    let i18n = use_i18n();
    let sending = use_sending();
    let navigate = use_navigate();
    let passes = review.passes();
    let title = form.name.clone();
    let image = form.image.clone();
    let create = sending.keep(move |_values| {
        let (cluster, name) = (namespace.cluster.clone(), namespace.name.clone());
        let (form, navigate) = (form.clone(), navigate.clone());
        async move {
            let made = create_deployment(cluster, name, form).await?;
            navigate(&paths::workload(&made), Default::default());
            Ok(())
        }
    });
    view! {
        <p>
            <strong>{title}</strong>
            " "
            <code>{image}</code>
        </p>
        <ReviewView review />
        <form class="actions" method="post" on:submit=create>
            <button type="button" class="button" on:click=move |_| back.set(None)>
                {text!(i18n, workloads.back_to_form)}
            </button>
            {passes.then(|| view! { <Submit sending label=move || text!(i18n, workloads.create) /> })}
        </form>
    }
}

fn read(values: &Values) -> DeploymentForm {
    DeploymentForm {
        name: values.text("name"),
        image: values.text("image"),
        replicas: values.text("replicas"),
        ports: values.text("ports"),
        environment: values.text("environment"),
        requests_cpu: values.text("requests_cpu"),
        limits_cpu: values.text("limits_cpu"),
        requests_memory: values.text("requests_memory"),
        limits_memory: values.text("limits_memory"),
        service: !values.text("service").is_empty(),
        restricted: !values.text("restricted").is_empty(),
    }
}
