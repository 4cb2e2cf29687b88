//! What the console's own account may do in a cluster, and what is missing, ready to be applied.

use std::collections::BTreeMap;

use leptos::prelude::*;
use model::kubeconfig::{Feature, Right};

use crate::i18n::use_i18n;
use crate::ui::table::{Column, Table};
use crate::ui::text::{Text, text};

#[component]
pub(super) fn Rights(rights: Vec<Right>) -> impl IntoView {
    let i18n = use_i18n();
    let missing: Vec<_> = rights.iter().filter(|right| right.allowed != Some(true)).cloned().collect();
    let rows = Feature::ALL.into_iter().map(|feature| {
        let own: Vec<_> = rights.iter().filter(|right| right.feature == feature).collect();
        let lacks = own.iter().any(|right| right.allowed != Some(true));
        let (mark, words): (_, Text) = match lacks {
            true => ("status failed", text!(i18n, clusters.rights_missing)),
            false => ("status ok", text!(i18n, clusters.rights_there)),
        };
        let needs = grouped(own.into_iter()).into_iter().map(|(what, verbs)| {
            view! { <li><code>{what}</code> " " {verbs.join(", ")}</li> }
        });
        let needs = needs.collect_view();
        vec![
            name(feature).into_any(),
            view! { <span class=mark>{words}</span> }.into_any(),
            view! { <ul class="steps prose">{needs}</ul> }.into_any(),
        ]
    });
    let fix = (!missing.is_empty()).then(|| {
        view! {
            <p>{text!(i18n, clusters.rights_fix)}</p>
            <pre class="readme scroll card" tabindex="0">{manifest(&missing)}</pre>
        }
    });
    view! {
        <h2>{text!(i18n, clusters.rights)}</h2>
        <p class="muted">{text!(i18n, clusters.rights_hint)}</p>
        <Table
            label=text!(i18n, clusters.rights)
            columns=vec![
                Column::Words(text!(i18n, clusters.feature)),
                Column::Words(text!(i18n, common.state)),
                Column::Words(text!(i18n, clusters.needs)),
            ]
            rows=rows.collect()
            empty=text!(i18n, clusters.rights_all)
        />
        {fix}
    }
}

fn name(feature: Feature) -> Text {
    let i18n = use_i18n();
    match feature {
        Feature::People => text!(i18n, clusters.feature_people),
        Feature::Namespaces => text!(i18n, clusters.feature_namespaces),
        Feature::Members => text!(i18n, clusters.feature_members),
        Feature::Workloads => text!(i18n, clusters.feature_workloads),
        Feature::Metrics => text!(i18n, clusters.feature_metrics),
        Feature::Nodes => text!(i18n, clusters.feature_nodes),
    }
}

/// Verbs by what they are about: `apps/deployments`, with the name and the namespace where there is one.
fn grouped<'a>(rights: impl Iterator<Item = &'a Right>) -> BTreeMap<String, Vec<String>> {
    let mut all: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for right in rights {
        let group = if right.group.is_empty() { String::new() } else { format!("{}/", right.group) };
        let name = if right.name.is_empty() { String::new() } else { format!(" {}", right.name) };
        let place =
            if right.namespace.is_empty() { String::new() } else { format!(" ({})", right.namespace) };
        let what = format!("{group}{}{name}{place}", right.resource);
        all.entry(what).or_default().push(right.verb.clone());
    }
    all
}

/// The missing rules as roles; whom to bind them to is the owner's to fill in.
fn manifest(missing: &[Right]) -> String {
    let mut text = String::new();
    for namespace in ["", "pilothouse-users"] {
        let own: Vec<_> = missing.iter().filter(|right| right.namespace == namespace).collect();
        if own.is_empty() {
            continue;
        }
        let (kind, place) = match namespace {
            "" => ("ClusterRole", String::new()),
            namespace => ("Role", format!("\n  namespace: {namespace}")),
        };
        if !text.is_empty() {
            text.push_str("---\n");
        }
        text.push_str(&format!(
            "apiVersion: rbac.authorization.k8s.io/v1\nkind: {kind}\nmetadata:\n  name: pilothouse:missing{place}\nrules:\n"
        ));
        for right in own {
            let names = if right.name.is_empty() {
                String::new()
            } else {
                format!("\n    resourceNames: [\"{}\"]", right.name)
            };
            text.push_str(&format!(
                "  - apiGroups: [\"{}\"]\n    resources: [{}]{names}\n    verbs: [{}]\n",
                right.group, right.resource, right.verb
            ));
        }
    }
    text
}
