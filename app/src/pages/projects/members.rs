//! Who belongs to a project, and who asks to.

use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::components::A;
use model::access::{Action, Standing, allows};
use model::groups::GroupName;
use model::projects::{Member, MemberForm, ProjectName, Subject, Way};
use model::requests::Request;
use model::roles::{Permissions, Role, RoleName};
use serde::{Deserialize, Serialize};

use super::decide::Requests;
use crate::api::identity::get_me;
use crate::api::projects::{groups_in, list_members, remove_member, set_member, view_project};
use crate::api::requests::requests_of;
use crate::api::roles::list_roles;
use crate::error::ApiError;
use crate::i18n::{t_string, use_i18n};
use crate::layouts::frame::Allowed;
use crate::paths;
use crate::ui::address::{named, use_part};
use crate::ui::error::ErrorNote;
use crate::ui::field::{Field, FieldError};
use crate::ui::form::{Submit, use_sending};
use crate::ui::load::Load;
use crate::ui::moment::Moment;
use crate::ui::table::{Column, Table};
use crate::ui::text::text;
use crate::ui::words;

#[derive(Clone, Serialize, Deserialize)]
struct Content {
    project: ProjectName,
    may: Permissions,
    members: Vec<Member>,
    groups: Vec<(GroupName, RoleName)>,
    roles: Vec<Role>,
    /// None for those who do not decide.
    requests: Option<Vec<Request>>,
}

#[component]
pub fn Members() -> impl IntoView {
    let i18n = use_i18n();
    let name = use_part("project");
    // Loads the page again after a change.
    let version = RwSignal::new(0_u32);
    let content =
        Resource::new(move || (name.get(), version.get()), |(name, _)| async move { load(name).await });
    view! {
        <Title text=move || format!("{} · {}", t_string!(i18n, projects.members), name.get()) />
        <h1>{text!(i18n, projects.members)}</h1>
        <Load what=content show=move |content| view! { <Page content version /> }.into_any() />
    }
}

async fn load(name: String) -> Result<Content, ApiError> {
    let project = view_project(named("project", name)?).await?;
    let me = get_me().await?;
    let standing = Standing::on_platform(me.role).in_project(project.may);
    let requests = match allows(standing, Action::ApproveAccess) {
        true => Some(requests_of(project.name.clone()).await?),
        false => None,
    };
    let members = list_members(project.name.clone()).await?;
    let groups = groups_in(project.name.clone()).await?;
    let roles = list_roles(project.name.clone()).await?;
    Ok(Content { project: project.name, may: project.may, members, groups, roles, requests })
}

#[component]
fn Page(content: Content, version: RwSignal<u32>) -> impl IntoView {
    let i18n = use_i18n();
    let (name, may) = (StoredValue::new(content.project), content.may);
    let refused = RwSignal::new(None::<ApiError>);
    let people = content.members.into_iter().map(|member| {
        let Member { username, role, way, since, until } = member;
        let here = matches!(way, Way::ByHand | Way::Asked);
        let asked = (way == Way::Asked).then(|| role.clone());
        let who = StoredValue::new(Subject { name: username.to_string(), group: false, asked });
        let ends = match until {
            Some(at) => view! { <Moment at /> }.into_any(),
            None => view! { <span class="muted">{text!(i18n, access.never_ends)}</span> }.into_any(),
        };
        vec![
            username.to_string().into_any(),
            view! { {move || words::role_name(i18n, &role)} }.into_any(),
            view! { {move || words::way(i18n, &way)} }.into_any(),
            view! { <Moment at=since /> }.into_any(),
            ends,
            view! {
                {here.then(|| view! {
                    <Allowed action=Action::RemoveMember project=may quiet=true>
                        <Remove project=name.get_value() who=who.get_value() version refused />
                    </Allowed>
                })}
            }
            .into_any(),
        ]
    });
    let groups = content.groups.into_iter().map(|(group, role)| {
        let who = StoredValue::new(Subject { name: group.to_string(), group: true, asked: None });
        vec![
            group.to_string().into_any(),
            view! { {move || words::role_name(i18n, &role)} }.into_any(),
            view! {
                <Allowed action=Action::RemoveMember project=may quiet=true>
                    <Remove project=name.get_value() who=who.get_value() version refused />
                </Allowed>
            }
            .into_any(),
        ]
    });
    let groups: Vec<_> = groups.collect();
    let groups = (!groups.is_empty()).then(|| {
        view! {
            <h2>{text!(i18n, access.groups)}</h2>
            <Table
                label=text!(i18n, access.groups)
                columns=vec![
                    Column::Words(text!(i18n, access.group)),
                    Column::Words(text!(i18n, common.role)),
                    Column::Words(text!(i18n, common.actions)),
                ]
                rows=groups
                empty=text!(i18n, access.no_groups)
            />
        }
    });
    let roles = StoredValue::new(content.roles);
    let requests = content.requests.map(|requests| {
        view! { <Requests project=name.get_value() requests version /> }
    });
    view! {
        <p class="muted">
            {text!(i18n, projects.project)} " "
            <A href=name.with_value(paths::project)>{name.get_value().to_string()}</A> " · "
            <A href=name.with_value(paths::roles)>{text!(i18n, access.roles)}</A> " · "
            {text!(i18n, projects.members_hint)}
        </p>
        <Table
            label=text!(i18n, projects.members)
            columns=vec![
                Column::Words(text!(i18n, license.username)),
                Column::Words(text!(i18n, common.role)),
                Column::Words(text!(i18n, access.way)),
                Column::Words(text!(i18n, projects.since)),
                Column::Words(text!(i18n, access.ends)),
                Column::Words(text!(i18n, common.actions)),
            ]
            rows=people.collect()
            empty=text!(i18n, projects.no_members)
        />
        {groups}
        {move || refused.get().map(|error| view! { <Refused error /> })}
        {requests}
        <Allowed action=Action::SetMember project=may of=Some(name.get_value())>
            <Add project=name.get_value() roles=roles.get_value() version />
        </Allowed>
    }
}

/// The field's problem in full, because no field is there to show it.
#[component]
fn Refused(error: ApiError) -> impl IntoView {
    let i18n = use_i18n();
    let problem = error.field("name").map(|found| words::problem(i18n, &found.problem));
    match problem {
        Some(problem) => view! { <div class="note failed" role="alert"><p>{problem}</p></div> }.into_any(),
        None => view! { <ErrorNote error /> }.into_any(),
    }
}

#[component]
fn Remove(
    project: ProjectName,
    who: Subject,
    version: RwSignal<u32>,
    refused: RwSignal<Option<ApiError>>,
) -> impl IntoView {
    let i18n = use_i18n();
    let busy = RwSignal::new(true);
    Effect::new(move || busy.set(false));
    let label = who.name.clone();
    let remove = move |_| {
        busy.set(true);
        let (project, who) = (project.clone(), who.clone());
        leptos::task::spawn_local(async move {
            match remove_member(project, who).await {
                Ok(()) => {
                    refused.set(None);
                    version.update(|version| *version += 1);
                }
                Err(error) => {
                    busy.set(false);
                    refused.set(Some(error));
                }
            }
        });
    };
    view! {
        <button
            type="button"
            class="button small"
            disabled=busy
            aria-label=move || format!("{} {label}", t_string!(i18n, projects.remove))
            on:click=remove
        >
            {text!(i18n, projects.remove)}
        </button>
    }
}

#[component]
fn Add(project: ProjectName, roles: Vec<Role>, version: RwSignal<u32>) -> impl IntoView {
    let i18n = use_i18n();
    let sending = use_sending();
    let answer = sending.answer;
    let send = sending.submit(move |values| {
        let project = project.clone();
        async move {
            let who =
                Subject { name: values.text("name"), group: values.text("kind") == "group", asked: None };
            set_member(project, MemberForm { who, role: values.text("role") }).await?;
            version.update(|version| *version += 1);
            Ok(())
        }
    });
    let option = move |role: Role| {
        let value = role.name.to_string();
        view! { <option value=value>{move || words::role_name(i18n, &role.name)}</option> }
    };
    view! {
        <form class="card narrow" method="post" on:submit=send>
            <h2>{text!(i18n, projects.add_member)}</h2>
            <div class="field">
                <label for="kind">{text!(i18n, access.kind)}</label>
                <select id="kind" name="kind">
                    <option value="person">{text!(i18n, access.person)}</option>
                    <option value="group">{text!(i18n, access.group)}</option>
                </select>
            </div>
            <Field
                name="name"
                label=move || text!(i18n, common.name)
                hint=move || view! { <p class="hint">{text!(i18n, projects.add_hint)}</p> }
                answer
            />
            <div class="field">
                <label for="role">{text!(i18n, common.role)}</label>
                <select id="role" name="role" aria-describedby="role-help">
                    {roles.into_iter().map(option).collect_view()}
                </select>
                <div id="role-help" class="help">
                    <FieldError name="role" answer />
                </div>
            </div>
            <Submit sending label=move || text!(i18n, projects.add_member) />
        </form>
    }
}
