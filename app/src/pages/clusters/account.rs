//! An account for the console in a cluster: what its owner applies, and how its kubeconfig is printed.

use leptos::prelude::*;
use model::kubeconfig::Context;

use crate::i18n::use_i18n;
use crate::ui::text::text;

#[component]
pub(super) fn Account(manifest: String, found: RwSignal<Option<(String, Vec<Context>)>>) -> impl IntoView {
    let i18n = use_i18n();
    // For the context that needs it, when a file was read.
    let command = move || {
        let needs = found.with(|found| {
            let contexts = found.as_ref().map(|(_, contexts)| contexts.as_slice()).unwrap_or_default();
            let first = contexts.iter().find(|context| !context.problems.is_empty());
            first.map(|context| (context.name.clone(), context.server.clone()))
        });
        let (context, server) = needs.unwrap_or_else(|| ("CONTEXT".to_owned(), "https://SERVER".to_owned()));
        print_kubeconfig(&context, &server)
    };
    view! {
        <details class="card wide">
            <summary>{text!(i18n, clusters.account)}</summary>
            <p>{text!(i18n, clusters.account_hint)}</p>
            <pre class="readme scroll" tabindex="0">{manifest}</pre>
            <p>{text!(i18n, clusters.account_then)}</p>
            <pre class="readme scroll" tabindex="0">{command}</pre>
        </details>
    }
}

/// A command that prints the kubeconfig of the account, ready to be pasted.
fn print_kubeconfig(context: &str, server: &str) -> String {
    let quoted = |text: &str| text.replace(['\'', '"', '\n'], "");
    let (context, server) = (quoted(context), quoted(server));
    format!(
        "kubectl --context '{context}' -n pilothouse get secret pilothouse-token -o go-template='\n\
         apiVersion: v1\n\
         kind: Config\n\
         clusters: [{{name: cluster, cluster: {{server: \"{server}\", certificate-authority-data: {{{{index .data \"ca.crt\"}}}}}}}}]\n\
         users: [{{name: pilothouse, user: {{token: {{{{index .data \"token\" | base64decode}}}}}}}}]\n\
         contexts: [{{name: \"{context}\", context: {{cluster: cluster, user: pilothouse}}}}]\n\
         '"
    )
}
