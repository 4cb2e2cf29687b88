//! Why a workload is not ready, with the next step.

use leptos::prelude::*;
use leptos_router::components::A;
use model::access::Action;
use model::roles::Permissions;
use model::workloads::{Cause, Change, Diagnosis, LogSource, ObjectName, WorkloadRef};

use super::change::Changing;
use crate::i18n::{t, use_i18n};
use crate::layouts::frame::Allowed;
use crate::paths;
use crate::ui::text::{Text, text};

#[component]
pub(super) fn Why(
    diagnosis: Diagnosis,
    target: WorkloadRef,
    may: Permissions,
    changing: Changing,
) -> impl IntoView {
    let i18n = use_i18n();
    let Diagnosis { cause, pods, of, object, message, back_to } = diagnosis;
    let log = match &cause {
        Cause::Crash { container, .. } | Cause::OutOfMemory { container } | Cause::Probe { container } => {
            let previous = !matches!(cause, Cause::Probe { .. });
            let pod = object.strip_prefix("Pod/").and_then(|pod| ObjectName::parse(pod).ok());
            pod.zip(ObjectName::parse(container).ok()).map(|(pod, container)| {
                let (cluster, namespace) = (target.cluster.clone(), target.namespace.clone());
                let source = LogSource { cluster, namespace, pod, container, previous };
                let words: Text = match previous {
                    true => text!(i18n, workloads.see_previous_log),
                    false => text!(i18n, workloads.see_log),
                };
                view! { <A href=paths::log(&target, &source) attr:class="button">{words}</A> }
            })
        }
        _ => None,
    };
    let sentence = match cause {
        Cause::Image { image } => t!(i18n, workloads.cause_image, image = image.clone()).into_any(),
        Cause::Crash { container, code } => {
            t!(i18n, workloads.cause_crash, container = container.clone(), code = code).into_any()
        }
        Cause::OutOfMemory { container } => {
            t!(i18n, workloads.cause_memory, container = container.clone()).into_any()
        }
        Cause::Configuration { container } => {
            t!(i18n, workloads.cause_configuration, container = container.clone()).into_any()
        }
        Cause::Unschedulable => text!(i18n, workloads.cause_unschedulable).into_any(),
        Cause::Refused => text!(i18n, workloads.cause_refused).into_any(),
        Cause::Probe { container } => {
            t!(i18n, workloads.cause_probe, container = container.clone()).into_any()
        }
        Cause::Deadline => text!(i18n, workloads.cause_deadline).into_any(),
    };
    let back = back_to.map(|revision| {
        let ask = move |_| changing.ask(Change::RollBack { revision });
        view! {
            <Allowed action=Action::RollBackWorkload project=may quiet=true>
                <button type="button" class="button primary" on:click=ask>
                    {move || t!(i18n, workloads.go_back_to, number = revision)}
                </button>
            </Allowed>
        }
    });
    view! {
        <section class="note failed why">
            <h2>{text!(i18n, workloads.why)}</h2>
            <p>{sentence}</p>
            <p class="hint">
                {t!(i18n, workloads.held_up, pods = pods, of = of)} " · " {object} " · " {message}
            </p>
            <div class="actions">{log} {back}</div>
        </section>
    }
}
