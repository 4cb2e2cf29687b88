//! The log of one container: its last lines, and what follows while it is looked at.

use leptos::html::Pre;
use leptos::prelude::*;
use model::live::{Ended, News, Topic};
use model::workloads::{LogSource, ObjectName, WorkloadDetail};

use crate::error::ApiError;
use crate::i18n::{t_string, use_i18n};
use crate::live::use_live;
use crate::paths;
use crate::ui::error::ErrorNote;
use crate::ui::text::text;

/// Which container's log: choices first, then the lines.
#[component]
pub(super) fn LogTab(
    shown: RwSignal<WorkloadDetail>,
    source: Memo<Option<LogSource>>,
    first: Option<Result<Vec<String>, ApiError>>,
) -> impl IntoView {
    let i18n = use_i18n();
    let choices = move || {
        let (target, pods) =
            shown.with(|shown| (shown.target.clone(), shown.pods.ready().cloned().unwrap_or_default()));
        if pods.is_empty() {
            return view! { <p class="muted">{text!(i18n, workloads.no_pods)}</p> }.into_any();
        }
        let chosen = source.get();
        let choice = |pod: &str, container: &str, previous: bool| {
            let source = LogSource {
                cluster: target.cluster.clone(),
                namespace: target.namespace.clone(),
                pod: ObjectName::parse(pod).ok()?,
                container: ObjectName::parse(container).ok()?,
                previous,
            };
            let current = (chosen.as_ref() == Some(&source)).then_some("true");
            let words = format!("{pod} · {container}");
            let run = previous.then(|| view! { " · " {text!(i18n, workloads.previous_run)} });
            Some(view! {
                <li>
                    <a href=paths::log(&target, &source) class="chip" aria-current=current>
                        {words}
                        {run}
                    </a>
                </li>
            })
        };
        let all = pods.iter().flat_map(|pod| {
            pod.containers.iter().flat_map(|container| {
                let before = (pod.restarts > 0).then(|| choice(&pod.name, container, true)).flatten();
                [choice(&pod.name, container, false), before]
            })
        });
        view! { <ul class="chips">{all.flatten().collect_view()}</ul> }.into_any()
    };
    let lines = first.map(|first| match first {
        Ok(lines) => view! { <Lines source first=lines /> }.into_any(),
        Err(error) => view! { <ErrorNote error /> }.into_any(),
    });
    view! {
        {choices}
        {lines}
    }
}

/// The address of a container's log.
pub(super) fn log_of(shown: &WorkloadDetail, pod: &str, container: &str, previous: bool) -> Option<String> {
    let source = LogSource {
        cluster: shown.target.cluster.clone(),
        namespace: shown.target.namespace.clone(),
        pod: ObjectName::parse(pod).ok()?,
        container: ObjectName::parse(container).ok()?,
        previous,
    };
    Some(paths::log(&shown.target, &source))
}

#[component]
fn Lines(source: Memo<Option<LogSource>>, first: Vec<String>) -> impl IntoView {
    let i18n = use_i18n();
    let page = NodeRef::<Pre>::new();
    let follow = RwSignal::new(true);
    let ended = RwSignal::new(None::<Ended>);
    let empty = RwSignal::new(first.is_empty());
    let begun = StoredValue::new(false);
    use_live(
        move || {
            begun.set_value(false);
            source.get().map(Topic::Log)
        },
        move |news| match news {
            News::Log(lines) => {
                // The first news begin with the same last lines as the page.
                let again = !begun.get_value();
                begun.set_value(true);
                ended.set(None);
                empty.update(|empty| *empty = (*empty || again) && lines.is_empty());
                append(page, &lines, again, follow.get_untracked());
            }
            News::Ended(why) => ended.set(Some(why)),
            _ => {}
        },
    );
    let title = move || {
        let LogSource { pod, container, .. } = source.get()?;
        Some(format!("{} {pod} {container}", t_string!(i18n, workloads.tab_log)))
    };
    let state = move || match ended.get() {
        None => None,
        Some(Ended::Complete) => Some(text!(i18n, workloads.log_ended)),
        Some(_) => Some(text!(i18n, workloads.log_lost)),
    };
    let text = first.into_iter().map(|line| line + "\n").collect::<String>();
    view! {
        <label class="choice">
            <input
                type="checkbox"
                prop:checked=move || follow.get()
                checked=true
                on:change=move |event| follow.set(event_target_checked(&event))
            />
            {text!(i18n, workloads.follow)}
        </label>
        <pre class="card log" tabindex="0" role="log" aria-live="off" aria-label=title node_ref=page>
            {text}
        </pre>
        {move || empty.get().then(|| view! { <p class="muted">{text!(i18n, workloads.no_log)}</p> })}
        {move || state().map(|words| view! { <p class="muted" role="status">{words}</p> })}
    }
}

/// Lines go to the document directly: a log of thousands of lines is too long to be compared each time.
#[cfg(feature = "hydrate")]
fn append(page: NodeRef<Pre>, lines: &[String], again: bool, follow: bool) {
    /// Parts of the text that are kept; each is what came at once.
    const PARTS: u32 = 2_000;
    let Some(page) = page.get_untracked() else { return };
    if again {
        page.set_text_content(None);
    }
    let text: String = lines.iter().flat_map(|line| [line.as_str(), "\n"]).collect();
    let _added = page.append_with_str_1(&text);
    while page.child_nodes().length() > PARTS {
        let Some(oldest) = page.first_child() else { break };
        let _removed = page.remove_child(&oldest);
    }
    if follow {
        page.set_scroll_top(page.scroll_height());
    }
}

#[cfg(not(feature = "hydrate"))]
fn append(_page: NodeRef<Pre>, _lines: &[String], _again: bool, _follow: bool) {}
