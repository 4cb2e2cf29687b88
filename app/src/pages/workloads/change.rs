//! What can be done to a workload: each change is reviewed first, then done by one button.

use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos_router::hooks::use_navigate;
use model::access::Action;
use model::review::Review;
use model::workloads::{Change, WorkloadDetail, WorkloadRef};

use crate::api::workloads::{change_workload, delete_workload, review_change};
use crate::i18n::{t, use_i18n};
use crate::layouts::frame::Allowed;
use crate::paths;
use crate::ui::confirm::Confirm;
use crate::ui::error::ErrorNote;
use crate::ui::field::{Field, is_refused};
use crate::ui::form::{Sending, Submit, use_sending};
use crate::ui::review::ReviewView;
use crate::ui::text::{Text, text};

/// Which form is open.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Form {
    Scale,
    Image,
    Delete,
}

/// The change that is being made on a page, if any. Parts of the page ask for one.
#[derive(Clone, Copy)]
pub(super) struct Changing {
    target: StoredValue<WorkloadRef>,
    form: RwSignal<Option<Form>>,
    reviewed: RwSignal<Option<(Change, Review)>>,
    sending: Sending,
}

pub(super) fn use_changing(target: WorkloadRef) -> Changing {
    Changing {
        target: StoredValue::new(target),
        form: RwSignal::new(None),
        reviewed: RwSignal::new(None),
        sending: use_sending(),
    }
}

impl Changing {
    /// Shows what a change would do. For changes that take no input.
    pub(super) fn ask(self, change: Change) {
        self.form.set(None);
        self.sending.answer.set(None);
        self.sending.busy.set(true);
        spawn_local(async move {
            let answer = self.review(change).await;
            self.sending.answer.set(answer.err());
            self.sending.busy.set(false);
        });
    }

    async fn review(self, change: Change) -> Result<(), crate::error::ApiError> {
        let review = review_change(self.target.get_value(), change.clone()).await?;
        self.sending.done.set(false);
        self.reviewed.set(Some((change, review)));
        Ok(())
    }

    fn open(self, form: Form) {
        self.reviewed.set(None);
        self.sending.answer.set(None);
        self.form.update(|open| *open = if *open == Some(form) { None } else { Some(form) });
    }

    fn close(self) {
        self.form.set(None);
        self.reviewed.set(None);
        self.sending.answer.set(None);
    }
}

/// The buttons of a workload's page and what they open.
#[component]
pub(super) fn Actions(changing: Changing, shown: RwSignal<WorkloadDetail>) -> impl IntoView {
    let i18n = use_i18n();
    let kind = changing.target.with_value(|target| target.kind);
    let busy = changing.sending.busy;
    let opener = move |form: Form, words: Text| {
        view! {
            <button
                type="button"
                class="button"
                disabled=busy
                aria-expanded=move || (changing.form.get() == Some(form)).to_string()
                on:click=move |_| changing.open(form)
            >
                {words}
            </button>
        }
    };
    let may = shown.with_untracked(|shown| shown.may);
    let restart = move |_| changing.ask(Change::Restart);
    view! {
        <div class="actions">
            {kind.scales().then(|| opener(Form::Scale, text!(i18n, workloads.scale)))}
            {kind.rolls_out().then(|| {
                view! {
                    <button type="button" class="button" disabled=busy on:click=restart>
                        {text!(i18n, workloads.restart)}
                    </button>
                }
            })}
            <Allowed action=Action::EditWorkload project=may quiet=true>
                {kind.rolls_out().then(|| opener(Form::Image, text!(i18n, workloads.change_image)))}
                {opener(Form::Delete, text!(i18n, workloads.delete))}
            </Allowed>
        </div>
        {move || changing.sending.done.get().then(|| {
            view! { <p class="note ok" role="status">{text!(i18n, workloads.done)}</p> }
        })}
        {move || changing.form.get().map(|form| match form {
            Form::Scale => view! { <Scale changing shown /> }.into_any(),
            Form::Image => view! { <Image changing shown /> }.into_any(),
            Form::Delete => view! { <Delete changing /> }.into_any(),
        })}
        {move || {
            let alone = changing.form.get().is_none() && changing.reviewed.with(Option::is_none);
            alone.then(|| changing.sending.answer.get()).flatten().map(|error| view! { <ErrorNote error /> })
        }}
        {move || changing.reviewed.get().map(|(change, review)| view! { <Reviewed changing change review /> })}
    }
}

#[component]
fn Scale(changing: Changing, shown: RwSignal<WorkloadDetail>) -> impl IntoView {
    let i18n = use_i18n();
    let sending = use_sending();
    let answer = sending.answer;
    let now = shown.with_untracked(|shown| shown.progress.wanted);
    let review =
        sending.keep(move |values| changing.review(Change::Scale { replicas: values.text("replicas") }));
    view! {
        <form class="card narrow" method="post" on:submit=review>
            <Field name="replicas" label=move || text!(i18n, workloads.replicas) value=now.to_string() answer />
            <Submit sending label=move || text!(i18n, workloads.review) />
        </form>
    }
}

#[component]
fn Image(changing: Changing, shown: RwSignal<WorkloadDetail>) -> impl IntoView {
    let i18n = use_i18n();
    let sending = use_sending();
    let answer = sending.answer;
    let images = shown.with_untracked(|shown| shown.images.clone());
    let first = images.first().map(|(_, image)| image.clone()).unwrap_or_default();
    let only = images.first().map(|(container, _)| container.clone()).unwrap_or_default();
    let review = sending.keep(move |values| {
        let chosen = values.text("container");
        let container = if chosen.is_empty() { only.clone() } else { chosen };
        changing.review(Change::Image { container, image: values.text("image") })
    });
    let options = images.iter().map(|(container, image)| {
        view! { <option value=container.clone()>{container.clone()} " · " {image.clone()}</option> }
    });
    let choice = (images.len() > 1).then(|| {
        view! {
            <div class="field">
                <label for="container">{text!(i18n, workloads.container)}</label>
                <select id="container" name="container" aria-invalid=move || is_refused(answer, "container").then_some("true")>
                    {options.collect_view()}
                </select>
            </div>
        }
    });
    view! {
        <form class="card wide" method="post" on:submit=review>
            {choice}
            <Field name="image" label=move || text!(i18n, workloads.image) value=first answer />
            <Submit sending label=move || text!(i18n, workloads.review) />
        </form>
    }
}

#[component]
fn Delete(changing: Changing) -> impl IntoView {
    let i18n = use_i18n();
    let navigate = use_navigate();
    let name = changing.target.with_value(|target| target.name.to_string());
    let send = move |typed| {
        let (target, navigate) = (changing.target.get_value(), navigate.clone());
        async move {
            let back = paths::namespace(&target.cluster, &target.namespace);
            delete_workload(target, typed).await?;
            navigate(&back, Default::default());
            Ok(())
        }
    };
    let (title, hint) = (text!(i18n, workloads.delete), text!(i18n, workloads.delete_hint));
    view! {
        <div class="card wide">
            <Confirm title hint name send />
        </div>
    }
}

#[component]
fn Reviewed(changing: Changing, change: Change, review: Review) -> impl IntoView {
    let i18n = use_i18n();
    let sending = use_sending();
    let (passes, generation) = (review.passes(), review.generation);
    let title = match &change {
        Change::Scale { .. } => text!(i18n, workloads.scale).into_any(),
        Change::Restart => text!(i18n, workloads.restart).into_any(),
        Change::Image { .. } => text!(i18n, workloads.change_image).into_any(),
        Change::RollBack { revision } => t!(i18n, workloads.roll_back_to, number = *revision).into_any(),
    };
    let apply = sending.keep(move |_values| {
        let (target, change) = (changing.target.get_value(), change.clone());
        async move {
            change_workload(target, change, generation).await?;
            changing.close();
            changing.sending.done.set(true);
            Ok(())
        }
    });
    view! {
        <section class="card reviewed">
            <h2>{text!(i18n, workloads.review)} ": " {title}</h2>
            <ReviewView review />
            <form class="actions" method="post" on:submit=apply>
                <button type="button" class="button" on:click=move |_| changing.close()>
                    {text!(i18n, workloads.cancel)}
                </button>
                {passes.then(|| view! { <Submit sending label=move || text!(i18n, workloads.apply_change) /> })}
            </form>
        </section>
    }
}
