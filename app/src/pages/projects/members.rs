//! Who belongs to a project.

use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::components::A;
use model::access::Action;
use model::projects::{Member, ProjectName, ProjectRole};

use crate::api::projects::{list_members, remove_member, set_member, view_project};
use crate::error::ApiError;
use crate::i18n::{t_string, use_i18n};
use crate::layouts::frame::Allowed;
use crate::paths;
use crate::ui::address::{named, use_part};
use crate::ui::error::ErrorNote;
use crate::ui::field::Field;
use crate::ui::form::{Submit, use_sending};
use crate::ui::load::Load;
use crate::ui::moment::Moment;
use crate::ui::table::{Column, Table};
use crate::ui::text::text;
use crate::ui::words;

type Content = (ProjectName, Option<ProjectRole>, Vec<Member>);

#[component]
pub fn Members() -> impl IntoView {
    let i18n = use_i18n();
    let name = use_part("project");
    // Loads the page again after a change.
    let version = RwSignal::new(0_u32);
    let content = Resource::new(
        move || (name.get(), version.get()),
        |(name, _)| async move {
            let project = view_project(named("project", name)?).await?;
            let members = list_members(project.name.clone()).await?;
            Ok((project.name, project.role, members))
        },
    );
    view! {
        <Title text=move || format!("{} · {}", t_string!(i18n, projects.members), name.get()) />
        <h1>{text!(i18n, projects.members)}</h1>
        <Load what=content show=move |content| view! { <Page content version /> }.into_any() />
    }
}

#[component]
fn Page(content: Content, version: RwSignal<u32>) -> impl IntoView {
    let i18n = use_i18n();
    let (project, role, members) = content;
    let name = StoredValue::new(project.clone());
    let rows = members.into_iter().map(|member| {
        let role_words = member.role;
        let username = StoredValue::new(member.username.to_string());
        let by_hand = member.provider.is_empty();
        vec![
            member.username.to_string().into_any(),
            view! {
                {move || words::project_role(i18n, role_words)}
                {(!by_hand).then(|| view! {
                    " " <span class="muted">{text!(i18n, providers.by_rules)} " " {member.provider}</span>
                })}
            }
            .into_any(),
            view! { <Moment at=member.since /> }.into_any(),
            view! {
                {by_hand.then(|| view! {
                    <Allowed action=Action::RemoveMember project=role>
                        <Remove project=name.get_value() username=username.get_value() version />
                    </Allowed>
                })}
            }
            .into_any(),
        ]
    });
    view! {
        <p class="muted">
            {text!(i18n, projects.project)} " " <A href=paths::project(&project)>{project.to_string()}</A> " · "
            {text!(i18n, projects.members_hint)}
        </p>
        <Table
            label=text!(i18n, projects.members)
            columns=vec![
                Column::Words(text!(i18n, license.username)),
                Column::Words(text!(i18n, common.role)),
                Column::Words(text!(i18n, projects.since)),
                Column::Words(text!(i18n, common.actions)),
            ]
            rows=rows.collect()
            empty=text!(i18n, projects.no_members)
        />
        <Allowed action=Action::SetMember project=role>
            <Add project=name.get_value() version />
        </Allowed>
    }
}

#[component]
fn Remove(project: ProjectName, username: String, version: RwSignal<u32>) -> impl IntoView {
    let i18n = use_i18n();
    let refused = RwSignal::new(None::<ApiError>);
    let label = username.clone();
    let remove = move |_| {
        let (project, username) = (project.clone(), username.clone());
        leptos::task::spawn_local(async move {
            match remove_member(project, username).await {
                Ok(()) => version.update(|version| *version += 1),
                Err(error) => refused.set(Some(error)),
            }
        });
    };
    view! {
        <button
            type="button"
            class="button small"
            aria-label=move || format!("{} {label}", t_string!(i18n, projects.remove))
            on:click=remove
        >
            {text!(i18n, projects.remove)}
        </button>
        {move || refused.get().map(|error| view! { <ErrorNote error /> })}
    }
}

#[component]
fn Add(project: ProjectName, version: RwSignal<u32>) -> impl IntoView {
    let i18n = use_i18n();
    let sending = use_sending();
    let answer = sending.answer;
    let send = sending.submit(move |values| {
        let project = project.clone();
        async move {
            let role = ProjectRole::parse(&values.text("role")).unwrap_or(ProjectRole::Viewer);
            set_member(project, values.text("username"), role).await?;
            version.update(|version| *version += 1);
            Ok(())
        }
    });
    let option = move |role: ProjectRole| {
        view! { <option value=role.as_str()>{move || words::project_role(i18n, role)}</option> }
    };
    view! {
        <form class="card narrow" method="post" on:submit=send>
            <h2>{text!(i18n, projects.add_member)}</h2>
            <Field
                name="username"
                label=move || text!(i18n, license.username)
                hint=move || view! { <p class="hint">{text!(i18n, projects.add_hint)}</p> }
                answer
            />
            <div class="field">
                <label for="role">{text!(i18n, common.role)}</label>
                <select id="role" name="role">
                    {ProjectRole::ALL.map(option).collect_view()}
                </select>
            </div>
            <Submit sending label=move || text!(i18n, projects.add_member) />
        </form>
    }
}
