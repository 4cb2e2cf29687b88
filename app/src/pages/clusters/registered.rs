//! A cluster that was connected in the console: other credentials, and disconnecting it.

use leptos::prelude::*;
use leptos_router::hooks::use_navigate;
use model::clusters::{ClusterForm, ClusterName};

use crate::api::clusters::{remove_cluster, renew_cluster};
use crate::i18n::use_i18n;
use crate::paths;
use crate::ui::confirm::Confirmed;
use crate::ui::field::{Field, FieldError, is_refused};
use crate::ui::file::read_file;
use crate::ui::form::{Submit, use_sending};
use crate::ui::text::text;

#[component]
pub(super) fn Renew(name: ClusterName) -> impl IntoView {
    let i18n = use_i18n();
    let sending = use_sending();
    let answer = sending.answer;
    let field = NodeRef::<leptos::html::Textarea>::new();
    let send = sending.submit(move |values| {
        renew_cluster(ClusterForm {
            name: name.to_string(),
            kubeconfig: values.text("kubeconfig"),
            context: values.text("context"),
            administrators: false,
        })
    });
    view! {
        <details class="card wide">
            <summary>{text!(i18n, clusters.renew)}</summary>
            <form class="confirm" method="post" on:submit=send>
                <p class="muted">{text!(i18n, clusters.renew_hint)}</p>
                <div class="field">
                    <label for="kubeconfig">{text!(i18n, clusters.kubeconfig)}</label>
                    <textarea
                        id="kubeconfig"
                        name="kubeconfig"
                        rows="8"
                        spellcheck="false"
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
                <Field name="context" label=move || text!(i18n, clusters.context) answer />
                <p class="note ok" role="status" hidden=move || !sending.done.get()>
                    {text!(i18n, clusters.renewed)}
                </p>
                <Submit sending label=move || text!(i18n, clusters.renew) />
            </form>
        </details>
    }
}

#[component]
pub(super) fn Remove(name: ClusterName) -> impl IntoView {
    let i18n = use_i18n();
    let navigate = use_navigate();
    let shown = name.to_string();
    let send = move |typed| {
        let (name, navigate) = (name.clone(), navigate.clone());
        async move {
            remove_cluster(name, typed).await?;
            navigate(paths::CLUSTERS, Default::default());
            Ok(())
        }
    };
    let (title, hint) = (text!(i18n, clusters.remove), text!(i18n, clusters.remove_hint));
    view! { <Confirmed title hint name=shown send /> }
}
