//! What each role permits in a project, and the project's own roles.

use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::components::A;
use model::access::Action;
use model::projects::ProjectName;
use model::roles::{Permission, Permissions, Role, RoleForm, RoleName};

use crate::api::projects::view_project;
use crate::api::roles::{list_roles, remove_role, set_role};
use crate::error::ApiError;
use crate::i18n::{t_string, use_i18n};
use crate::layouts::frame::Allowed;
use crate::paths;
use crate::ui::address::{named, use_part};
use crate::ui::change::{ChangeButton, Changes, Refused, use_changes};
use crate::ui::field::{Field, FieldError};
use crate::ui::form::{Submit, use_sending};
use crate::ui::load::Load;
use crate::ui::text::{Text, text};
use crate::ui::words;

/// What stays while somebody changes things.
type Frame = (ProjectName, Permissions);

#[component]
pub fn Roles() -> impl IntoView {
    let i18n = use_i18n();
    let name = use_part("project");
    let changes = use_changes();
    let frame = Resource::new(
        move || name.get(),
        |name| async move {
            let project = view_project(named("project", name)?).await?;
            Ok((project.name, project.may))
        },
    );
    // Apart from the frame, so that the form keeps what was typed while a row is changed.
    let roles = Resource::new(
        move || (name.get(), changes.version()),
        |(name, _)| async move { list_roles(named("project", name)?).await },
    );
    view! {
        <Title text=move || format!("{} · {}", t_string!(i18n, access.roles), name.get()) />
        <h1>{text!(i18n, access.roles)}</h1>
        <Load what=frame show=move |frame| view! { <Page frame roles changes /> }.into_any() />
    }
}

#[component]
fn Page(frame: Frame, roles: Resource<Result<Vec<Role>, ApiError>>, changes: Changes) -> impl IntoView {
    let i18n = use_i18n();
    let (project, may) = frame;
    let name = StoredValue::new(project);
    view! {
        <p class="muted">
            {text!(i18n, projects.project)} " "
            <A href=name.with_value(paths::project)>{name.get_value().to_string()}</A> " · "
            <A href=name.with_value(paths::members)>{text!(i18n, projects.members)}</A> " · "
            {text!(i18n, access.roles_hint)}
        </p>
        <Load
            what=roles
            show=move |roles| {
                view! { <Matrix project=name.get_value() may roles changes /> }.into_any()
            }
        />
        <Refused changes />
        <Allowed action=Action::SetRole project=may of=Some(name.get_value())>
            <Own project=name.get_value() changes />
        </Allowed>
    }
}

#[component]
fn Matrix(project: ProjectName, may: Permissions, roles: Vec<Role>, changes: Changes) -> impl IntoView {
    let i18n = use_i18n();
    let name = StoredValue::new(project);
    let heads = Permission::ALL
        .map(|permission| view! { <th scope="col">{words::permission(i18n, permission)}</th> });
    let row = move |role: Role| {
        let (own, free) = (role.name.shipped().is_none(), role.used == 0);
        let shown = role.name.clone();
        let which = StoredValue::new(role.name);
        view! {
            <tr>
                <th scope="row">{move || words::role_name(i18n, &shown)}</th>
                <Marks permissions=role.permissions />
                <td class="number">{role.used}</td>
                <td>
                    {(own && free).then(|| view! {
                        <Allowed action=Action::RemoveRole project=may quiet=true>
                            <Remove project=name.get_value() role=which.get_value() changes />
                        </Allowed>
                    })}
                </td>
            </tr>
        }
    };
    view! {
        <div class="card scroll" tabindex="0" role="region" aria-label=move || t_string!(i18n, access.roles)>
            <table class="matrix">
                <thead>
                    <tr>
                        <th scope="col">{text!(i18n, common.role)}</th>
                        {heads.collect_view()}
                        <th scope="col" class="number">{text!(i18n, access.used)}</th>
                        <th scope="col">{text!(i18n, common.actions)}</th>
                    </tr>
                </thead>
                <tbody>{roles.into_iter().map(row).collect_view()}</tbody>
            </table>
        </div>
    }
}

/// A cell for each permission, in the order of [`Permission::ALL`].
#[component]
pub fn Marks(permissions: Permissions) -> impl IntoView {
    let i18n = use_i18n();
    let mark = move |permission| {
        let (sign, words, class): (_, Text, _) = match permissions.has(permission) {
            true => ("✓", text!(i18n, access.yes), "mark yes"),
            false => ("–", text!(i18n, access.no), "mark"),
        };
        view! {
            <td class=class>
                <span aria-hidden="true">{sign}</span>
                <span class="spoken">{words}</span>
            </td>
        }
    };
    Permission::ALL.map(mark).collect_view()
}

#[component]
fn Remove(project: ProjectName, role: RoleName, changes: Changes) -> impl IntoView {
    let i18n = use_i18n();
    let of = role.to_string();
    let press = move |()| changes.send(remove_role(project.clone(), role.clone()));
    view! { <ChangeButton changes label=text!(i18n, access.remove_role) of press /> }
}

/// Puts a role together.
#[component]
fn Own(project: ProjectName, changes: Changes) -> impl IntoView {
    let i18n = use_i18n();
    let sending = use_sending();
    let answer = sending.answer;
    let send = sending.submit(move |values| {
        let project = project.clone();
        let chosen = Permission::ALL.into_iter().filter(|one| !values.text(one.as_str()).is_empty());
        let form = RoleForm { name: values.text("name"), permissions: Permissions::of(chosen) };
        async move {
            set_role(project, form).await?;
            changes.changed();
            Ok(())
        }
    });
    let choice = move |permission: Permission| {
        let hint = hint(i18n, permission);
        view! {
            <label class="choice">
                <input type="checkbox" name=permission.as_str() value="yes" />
                <span>
                    {words::permission(i18n, permission)}
                    <span class="hint">{hint}</span>
                </span>
            </label>
        }
    };
    view! {
        <form class="card wide" method="post" on:submit=send>
            <h2>{text!(i18n, access.own_roles)}</h2>
            <p class="hint">{text!(i18n, access.own_roles_hint)}</p>
            <Field
                name="name"
                label=move || text!(i18n, access.role_name)
                hint=move || view! { <p class="hint">{text!(i18n, access.role_name_hint)}</p> }
                answer
            />
            <fieldset>
                <legend>{text!(i18n, access.permissions)}</legend>
                <FieldError name="permissions" answer />
                {Permission::ALL.map(choice).collect_view()}
            </fieldset>
            <p class="note ok" role="status" hidden=move || !sending.done.get()>{text!(i18n, access.role_saved)}</p>
            <Submit sending label=move || text!(i18n, access.save_role) />
        </form>
    }
}

fn hint(i18n: leptos_i18n::I18nContext<crate::i18n::Locale>, permission: Permission) -> Text {
    match permission {
        Permission::View => text!(i18n, access.view_hint),
        Permission::Operate => text!(i18n, access.operate_hint),
        Permission::Deploy => text!(i18n, access.deploy_hint),
        Permission::Secrets => text!(i18n, access.secrets_hint),
        Permission::Shell => text!(i18n, access.shell_hint),
        Permission::Install => text!(i18n, access.install_hint),
        Permission::AccessRules => text!(i18n, access.access_rules_hint),
        Permission::Namespaces => text!(i18n, access.namespaces_hint),
        Permission::Members => text!(i18n, access.members_hint),
    }
}
