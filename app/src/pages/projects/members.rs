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
use crate::api::projects::{groups_in, list_members, remove_member, set_member, view_project};
use crate::api::requests::requests_of;
use crate::api::roles::list_roles;
use crate::error::ApiError;
use crate::i18n::{t_string, use_i18n};
use crate::layouts::frame::{Allowed, me, use_person};
use crate::paths;
use crate::ui::address::{named, use_part};
use crate::ui::change::{ChangeButton, Changes, Refused, use_changes};
use crate::ui::field::{Field, FieldError};
use crate::ui::form::{Submit, use_sending};
use crate::ui::list::{Cell, List};
use crate::ui::load::Load;
use crate::ui::moment::Moment;
use crate::ui::table::{Column, Table};
use crate::ui::text::text;
use crate::ui::words;

/// What stays while somebody changes things.
type Frame = (ProjectName, Permissions, Vec<Role>);

#[derive(Clone, Serialize, Deserialize)]
struct Content {
    members: Vec<Member>,
    groups: Vec<(GroupName, RoleName)>,
    /// Of those that the person decides about.
    requests: Vec<Request>,
}

#[component]
pub fn Members() -> impl IntoView {
    let i18n = use_i18n();
    let name = use_part("project");
    let changes = use_changes();
    let frame = Resource::new(
        move || name.get(),
        |name| async move {
            let project = view_project(named("project", name)?).await?;
            let roles = list_roles(project.name.clone()).await?;
            Ok((project.name, project.may, roles))
        },
    );
    // Apart from the frame, so that a form keeps what was typed while a row is changed.
    let person = use_person();
    let content = Resource::new(
        move || (name.get(), changes.version()),
        move |_| async move {
            let (name, may, _) = frame.await?;
            let platform = me(person).await.ok_or(ApiError::Unauthenticated)?.role;
            let decides = allows(Standing::on_platform(platform).in_project(may), Action::ApproveAccess);
            load(name, decides).await
        },
    );
    view! {
        <Title text=move || format!("{} · {}", t_string!(i18n, projects.members), name.get()) />
        <h1>{text!(i18n, projects.members)}</h1>
        <Load what=frame show=move |frame| view! { <Page frame content changes /> }.into_any() />
    }
}

async fn load(name: ProjectName, decides: bool) -> Result<Content, ApiError> {
    // Not asked for by others: a refusal would be the status of the whole page.
    let requests = if decides { requests_of(name.clone()).await? } else { Vec::new() };
    Ok(Content { members: list_members(name.clone()).await?, groups: groups_in(name).await?, requests })
}

#[component]
fn Page(frame: Frame, content: Resource<Result<Content, ApiError>>, changes: Changes) -> impl IntoView {
    let i18n = use_i18n();
    let (name, may, roles) = frame;
    let (name, roles) = (StoredValue::new(name), StoredValue::new(roles));
    view! {
        <p class="muted">
            {text!(i18n, projects.project)} " "
            <A href=name.with_value(paths::project)>{name.get_value().to_string()}</A> " · "
            <A href=name.with_value(paths::roles)>{text!(i18n, access.roles)}</A> " · "
            {text!(i18n, projects.members_hint)}
        </p>
        <Load
            what=content
            show=move |content| {
                view! { <Lists project=name.get_value() may content changes /> }.into_any()
            }
        />
        <Refused changes />
        <Allowed action=Action::SetMember project=may of=Some(name.get_value())>
            <Add project=name.get_value() roles=roles.get_value() changes />
        </Allowed>
    }
}

#[component]
fn Lists(project: ProjectName, may: Permissions, content: Content, changes: Changes) -> impl IntoView {
    let i18n = use_i18n();
    let name = StoredValue::new(project);
    let row = move |member: Member| {
        let Member { username, role, way, since, until } = member;
        let here = matches!(way, Way::ByHand | Way::Asked);
        let asked = StoredValue::new((way == Way::Asked).then(|| role.clone()));
        let who = StoredValue::new(Subject { name: username.to_string(), group: false });
        let ends = match until.clone() {
            Some(at) => view! { <Moment at /> }.into_any(),
            None => view! { <span class="muted">{text!(i18n, access.never_ends)}</span> }.into_any(),
        };
        vec![
            Cell::word(username.as_str()),
            Cell::of(
                untrack(|| words::role_name(i18n, &role)),
                view! { {move || words::role_name(i18n, &role)} },
            ),
            Cell::plain(view! { {move || words::way(i18n, &way)} }),
            Cell::of(&since, view! { <Moment at=since.clone() /> }),
            Cell::of(until.unwrap_or_default(), ends),
            Cell::plain(here.then(|| {
                view! {
                    <Allowed action=Action::RemoveMember project=may quiet=true>
                        <Remove
                            project=name.get_value()
                            who=who.get_value()
                            asked=asked.get_value()
                            changes
                        />
                    </Allowed>
                }
            })),
        ]
    };
    let groups = content.groups.into_iter().map(|(group, role)| {
        let who = StoredValue::new(Subject { name: group.to_string(), group: true });
        vec![
            group.to_string().into_any(),
            view! { {move || words::role_name(i18n, &role)} }.into_any(),
            view! {
                <Allowed action=Action::RemoveMember project=may quiet=true>
                    <Remove project=name.get_value() who=who.get_value() asked=None changes />
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
    view! {
        <List
            label=text!(i18n, projects.members)
            columns=vec![
                Column::Words(text!(i18n, license.username)),
                Column::Words(text!(i18n, common.role)),
                Column::Words(text!(i18n, access.way)),
                Column::Words(text!(i18n, projects.since)),
                Column::Words(text!(i18n, access.ends)),
                Column::Words(text!(i18n, common.actions)),
            ]
            items=content.members
            row
            empty=text!(i18n, projects.no_members)
        />
        {groups}
        <Requests project=name.get_value() requests=content.requests changes />
    }
}

#[component]
fn Remove(
    project: ProjectName,
    who: Subject,
    /// The role that they asked for, where only that is to end.
    asked: Option<RoleName>,
    changes: Changes,
) -> impl IntoView {
    let i18n = use_i18n();
    let of = who.name.clone();
    let press = move |()| changes.send(remove_member(project.clone(), who.clone(), asked.clone()));
    view! { <ChangeButton changes label=text!(i18n, projects.remove) of press /> }
}

#[component]
fn Add(project: ProjectName, roles: Vec<Role>, changes: Changes) -> impl IntoView {
    let i18n = use_i18n();
    let sending = use_sending();
    let answer = sending.answer;
    let send = sending.submit(move |values| {
        let project = project.clone();
        async move {
            let who = Subject { name: values.text("name"), group: values.text("kind") == "group" };
            set_member(project, MemberForm { who, role: values.text("role") }).await?;
            changes.changed();
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
