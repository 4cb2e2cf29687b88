//! How far long work is.

use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::components::A;
use model::live::{News, Topic};
use model::releases::{Job, JobState};

use crate::api::releases::view_job;
use crate::i18n::{t_string, use_i18n};
use crate::live::{LiveMark, use_live};
use crate::paths;
use crate::ui::address::use_part;
use crate::ui::load::Load;
use crate::ui::moment::Moment;
use crate::ui::text::{Text, text};

#[component]
pub fn JobPage() -> impl IntoView {
    let i18n = use_i18n();
    let id = use_part("job");
    let job = Resource::new(move || id.get(), view_job);
    view! {
        <Title text=move || t_string!(i18n, releases.job) />
        <div class="head">
            <h1>{text!(i18n, releases.job)}</h1>
            <LiveMark />
        </div>
        <Load what=job show=|job| view! { <Followed job /> }.into_any() />
    }
}

#[component]
fn Followed(job: Job) -> impl IntoView {
    let id = job.id.clone();
    let shown = RwSignal::new(job);
    use_live(
        // What is over is not followed.
        move || (!shown.with_untracked(|job| job.state.is_over())).then(|| Topic::Job(id.clone())),
        move |news| {
            if let News::Job(newer) = news {
                shown.set(newer);
            }
        },
    );
    move || view! { <Progress job=shown.get() /> }
}

#[component]
fn Progress(job: Job) -> impl IntoView {
    let i18n = use_i18n();
    let work: Text = match job.work.as_str() {
        "install" => text!(i18n, releases.work_install),
        "upgrade" => text!(i18n, releases.work_upgrade),
        "roll_back" => text!(i18n, releases.work_roll_back),
        _ => text!(i18n, releases.work_uninstall),
    };
    let (mark, state): (_, Text) = match job.state {
        JobState::Fetching => ("status progressing", text!(i18n, releases.job_fetching)),
        JobState::Running => ("status progressing", text!(i18n, releases.job_running)),
        JobState::Done => ("status ok", text!(i18n, releases.job_done)),
        JobState::Failed => ("status failed", text!(i18n, releases.job_failed)),
        JobState::Interrupted => ("status warning", text!(i18n, releases.job_interrupted)),
    };
    let over = job.state.is_over();
    let said = (!job.said.is_empty()).then(|| {
        view! { <pre class="card log" tabindex="0" role="region" aria-label="helm">{job.said}</pre> }
    });
    let ended = over.then(|| {
        view! { " · " {text!(i18n, releases.ended)} " " <Moment at=job.ended_at /> }
    });
    let next = match job.work.as_str() {
        "uninstall" if job.state == JobState::Done => paths::RELEASES.to_owned(),
        _ => paths::release(&job.target),
    };
    view! {
        <p>
            <strong>{work} " " {job.target.name.to_string()}</strong>
            " · " {job.target.namespace.to_string()} " · " {job.target.cluster.to_string()}
        </p>
        <p role="status">
            <span class=mark>{state}</span>
        </p>
        <p class="muted">{text!(i18n, releases.started)} " " <Moment at=job.started_at /> {ended}</p>
        {(!over).then(|| view! { <p class="muted">{text!(i18n, releases.leave_hint)}</p> })}
        {said}
        {over.then(|| view! {
            <div class="actions">
                <A href=next attr:class="button">{text!(i18n, releases.to_release)}</A>
            </div>
        })}
    }
}
