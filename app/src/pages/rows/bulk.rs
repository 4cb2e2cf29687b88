//! What is done to several workloads at once: looked at first, one by one, then done, and how each ended.

use leptos::prelude::*;
use leptos::task::spawn_local;
use model::problem::{FieldProblem, Problem};
use model::workloads::{Change, WorkloadRef};

use super::chosen::Chosen;
use crate::api::workloads::{change_workload, delete_workload, review_change};
use crate::error::ApiError;
use crate::i18n::{t, t_string, use_i18n};
use crate::ui::field::Field;
use crate::ui::form::{Submit, use_sending};
use crate::ui::text::text;
use crate::ui::words;

#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Act {
    Restart,
    Delete,
}

/// How far one of them is.
#[derive(Clone, PartialEq)]
enum Step {
    Waits,
    /// Nothing was asked yet.
    Untried,
    /// The cluster would take it, as the person; the generation that was looked at.
    Accepted(Option<i64>),
    Done,
    Refused(ApiError),
    /// In the cluster's words.
    Rejected(String),
}

impl Step {
    /// The generation that was looked at, if any, of what can be done.
    fn generation(&self) -> Option<Option<i64>> {
        match self {
            Self::Untried => Some(None),
            Self::Accepted(generation) => Some(*generation),
            _ => None,
        }
    }
}

#[derive(Clone, Copy)]
struct Work {
    act: RwSignal<Option<Act>>,
    items: RwSignal<Vec<(WorkloadRef, Step)>>,
    busy: RwSignal<bool>,
}

#[component]
pub(super) fn Bulk(chosen: Chosen) -> impl IntoView {
    let i18n = use_i18n();
    let busy = chosen.busy;
    let work = Work { act: RwSignal::new(None), items: RwSignal::new(vec![]), busy };
    let begin = move |act: Act| work.begin(act, chosen.all());
    let clear = move |_| {
        chosen.clear();
        work.act.set(None);
    };
    Effect::new(move || {
        if let Some(act) = chosen.take_wanted()
            && !work.busy.get_untracked()
        {
            work.begin(act, chosen.all());
            #[cfg(feature = "hydrate")]
            request_animation_frame(focus_here);
        }
    });
    let none = Memo::new(move |_| chosen.is_empty() && work.act.get().is_none());
    view! {
        <Show when=move || !none.get()>
            <section class="card bulk" tabindex="-1" aria-label=move || t_string!(i18n, rows.chosen_title)>
                <div class="actions">
                    <p role="status">{move || t!(i18n, rows.chosen, count = chosen.count())}</p>
                    <button type="button" class="button small" disabled=work.busy on:click=move |_| begin(Act::Restart)>
                        {text!(i18n, workloads.restart)}
                    </button>
                    <button type="button" class="button small" disabled=work.busy on:click=move |_| begin(Act::Delete)>
                        {text!(i18n, workloads.delete)}
                    </button>
                    <button type="button" class="button small" disabled=work.busy on:click=clear>
                        {text!(i18n, rows.choose_none)}
                    </button>
                </div>
                {move || work.act.get().map(|act| view! { <Steps work act chosen /> })}
            </section>
        </Show>
    }
}

/// Whoever asked by a row's menu goes on here.
#[cfg(feature = "hydrate")]
fn focus_here() {
    use leptos::wasm_bindgen::JsCast as _;
    let section = document().query_selector(".bulk").ok().flatten();
    if let Some(section) = section.and_then(|section| section.dyn_into::<web_sys::HtmlElement>().ok()) {
        let _ = section.focus();
    }
}

#[component]
fn Steps(work: Work, act: Act, chosen: Chosen) -> impl IntoView {
    let i18n = use_i18n();
    let sending = use_sending();
    let answer = sending.answer;
    let ready = Memo::new(move |_| {
        work.items.with(|items| items.iter().filter(|(_, step)| step.generation().is_some()).count())
    });
    let run = sending.submit(move |values| async move {
        if act == Act::Delete && values.text("confirmation").trim() != ready.get_untracked().to_string() {
            let wrong = FieldProblem::new("confirmation", Problem::NotTheNumber);
            return Err(ApiError::Invalid { fields: vec![wrong] });
        }
        work.run(act, chosen).await;
        Ok(())
    });
    let items = move || {
        let items = work.items.get().into_iter().map(|(target, step)| {
            let (mark, said) = match step {
                Step::Waits => ("status progressing", text!(i18n, common.loading).into_any()),
                Step::Accepted(_) => ("status ok", text!(i18n, workloads.accepted).into_any()),
                Step::Untried => ("", ().into_any()),
                Step::Done => ("status ok", text!(i18n, workloads.done).into_any()),
                Step::Refused(error) => ("status failed", words::error(i18n, &error)),
                Step::Rejected(message) => ("status failed", message.into_any()),
            };
            view! {
                <li>
                    <code>{target.to_string()}</code> " " <span class=mark>{said}</span>
                </li>
            }
        });
        items.collect_view()
    };
    let button = move || match act {
        Act::Restart => t!(i18n, rows.restart_all, count = move || ready.get()).into_any(),
        Act::Delete => t!(i18n, rows.delete_all, count = move || ready.get()).into_any(),
    };
    let typed = (act == Act::Delete).then(|| {
        let label = move || t!(i18n, rows.type_count, count = move || ready.get());
        view! {
            <p>{text!(i18n, workloads.delete_hint)}</p>
            <Field name="confirmation" id="confirm-all".to_owned() label answer />
        }
    });
    view! {
        <ul class="checks" aria-live="polite">{items}</ul>
        <form class="confirm" method="post" on:submit=run hidden=move || ready.get() == 0 || work.busy.get()>
            {typed}
            <Submit sending label=button />
        </form>
    }
}

impl Work {
    /// Looks at each as the person; nothing changes.
    fn begin(self, act: Act, targets: Vec<WorkloadRef>) {
        self.items.set(targets.iter().cloned().map(|target| (target, Step::Waits)).collect());
        self.act.set(Some(act));
        self.busy.set(true);
        spawn_local(async move {
            for (at, target) in targets.into_iter().enumerate() {
                let step = match act {
                    Act::Delete => Step::Untried,
                    Act::Restart => match review_change(target, Change::Restart).await {
                        Ok(review) => match review.refusal() {
                            Some(message) => Step::Rejected(message.to_owned()),
                            None => Step::Accepted(review.generation),
                        },
                        Err(error) => Step::Refused(error),
                    },
                };
                self.set(at, step);
            }
            self.busy.set(false);
        });
    }

    async fn run(self, act: Act, chosen: Chosen) {
        self.busy.set(true);
        for (at, (target, step)) in self.items.get_untracked().into_iter().enumerate() {
            let Some(generation) = step.generation() else { continue };
            self.set(at, Step::Waits);
            let name = target.name.to_string();
            let answer = match act {
                Act::Restart => change_workload(target.clone(), Change::Restart, generation).await,
                Act::Delete => delete_workload(target.clone(), name).await,
            };
            let step = match answer {
                Ok(()) => {
                    chosen.set(&target, false);
                    Step::Done
                }
                Err(error) => Step::Refused(error),
            };
            self.set(at, step);
        }
        self.busy.set(false);
    }

    fn set(self, at: usize, step: Step) {
        self.items.update(|items| {
            if let Some(item) = items.get_mut(at) {
                item.1 = step;
            }
        });
    }
}
