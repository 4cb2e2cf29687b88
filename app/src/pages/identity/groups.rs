//! Groups of people.

use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::components::A;
use model::access::Action;
use model::groups::{Group, GroupForm, GroupName};

use crate::api::groups::{add_to_group, create_group, delete_group, list_groups, take_from_group};
use crate::i18n::{t_string, use_i18n};
use crate::layouts::frame::Allowed;
use crate::paths;
use crate::ui::change::{ChangeButton, Changes, Refused, use_changes};
use crate::ui::confirm::Confirm;
use crate::ui::field::{Field, FieldError};
use crate::ui::form::{Submit, use_sending};
use crate::ui::load::Load;
use crate::ui::text::text;
use crate::ui::words;

#[component]
pub fn GroupList() -> impl IntoView {
    let i18n = use_i18n();
    let changes = use_changes();
    let groups = Resource::new(move || changes.version(), |_| list_groups());
    view! {
        <Title text=move || t_string!(i18n, access.groups) />
        <h1>{text!(i18n, access.groups)}</h1>
        <p class="muted">
            <A href=paths::USERS>{text!(i18n, common.users)}</A> " · " {text!(i18n, access.groups_hint)}
        </p>
        <Load what=groups show=move |groups| view! { <All groups changes /> }.into_any() />
        <Refused changes />
        <Allowed action=Action::CreateGroup>
            <Create changes />
        </Allowed>
    }
}

#[component]
fn All(groups: Vec<Group>, changes: Changes) -> impl IntoView {
    let i18n = use_i18n();
    if groups.is_empty() {
        return view! { <p class="muted">{text!(i18n, access.no_groups)}</p> }.into_any();
    }
    groups.into_iter().map(|group| view! { <One group changes /> }).collect_view().into_any()
}

#[component]
fn One(group: Group, changes: Changes) -> impl IntoView {
    let i18n = use_i18n();
    let Group { name, description, members, projects } = group;
    let title = name.to_string();
    let id = format!("group-{name}");
    let group = StoredValue::new(name);
    let nobody =
        members.is_empty().then(|| view! { <p class="muted">{text!(i18n, access.nobody_in_group)}</p> });
    let person = move |username: model::identity::Username| {
        let name = StoredValue::new(username.to_string());
        view! {
            <li>
                <A href=paths::user(&username)>{name.get_value()}</A>
                <Allowed action=Action::TakeFromGroup quiet=true>
                    <Take group=group.get_value() name=name.get_value() changes />
                </Allowed>
            </li>
        }
    };
    let project = move |(project, role): (model::projects::ProjectName, model::roles::RoleName)| {
        view! {
            <li>
                <A href=paths::members(&project)>{project.to_string()}</A> ": "
                {move || words::role_name(i18n, &role)}
            </li>
        }
    };
    let projects = (!projects.is_empty()).then(|| {
        view! {
            <h3>{text!(i18n, access.in_projects)}</h3>
            <ul class="plain">{projects.into_iter().map(project).collect_view()}</ul>
        }
    });
    view! {
        <section class="card wide" aria-labelledby=id.clone()>
            <h2 id=id.clone()>{title}</h2>
            <p class="muted">{description}</p>
            <h3>{text!(i18n, access.group_members)}</h3>
            {nobody}
            <ul class="people">{members.into_iter().map(person).collect_view()}</ul>
            <Allowed action=Action::AddToGroup quiet=true>
                <Add group=group.get_value() changes />
            </Allowed>
            {projects}
            <Allowed action=Action::DeleteGroup quiet=true>
                <Delete group=group.get_value() changes />
            </Allowed>
        </section>
    }
}

#[component]
fn Take(group: GroupName, name: String, changes: Changes) -> impl IntoView {
    let i18n = use_i18n();
    let of = name.clone();
    let press = move |()| changes.send(take_from_group(group.clone(), name.clone()));
    view! { <ChangeButton changes label=text!(i18n, projects.remove) of press /> }
}

#[component]
fn Add(group: GroupName, changes: Changes) -> impl IntoView {
    let i18n = use_i18n();
    let sending = use_sending();
    let answer = sending.answer;
    let id = format!("add-to-{group}");
    let help = format!("{id}-help");
    let send = sending.submit(move |values| {
        let group = group.clone();
        async move {
            add_to_group(group, values.text("username")).await?;
            changes.changed();
            Ok(())
        }
    });
    view! {
        <form class="inline" method="post" on:submit=send>
            <div class="field">
                <label for=id.clone()>{text!(i18n, license.username)}</label>
                <input
                    id=id.clone()
                    name="username"
                    autocomplete="off"
                    autocapitalize="none"
                    spellcheck="false"
                    aria-describedby=help.clone()
                />
                <div id=help.clone() class="help">
                    <FieldError name="username" answer />
                </div>
            </div>
            <Submit sending label=move || text!(i18n, access.add_to_group) />
        </form>
    }
}

#[component]
fn Delete(group: GroupName, changes: Changes) -> impl IntoView {
    let i18n = use_i18n();
    let shown = group.to_string();
    let send = move |typed| {
        let group = group.clone();
        async move {
            delete_group(group, typed).await?;
            changes.changed();
            Ok(())
        }
    };
    let (title, hint) = (text!(i18n, access.delete_group), text!(i18n, access.delete_group_hint));
    view! {
        <details>
            <summary>{title}</summary>
            <Confirm title hint name=shown send />
        </details>
    }
}

#[component]
fn Create(changes: Changes) -> impl IntoView {
    let i18n = use_i18n();
    let sending = use_sending();
    let answer = sending.answer;
    let send = sending.submit(move |values| async move {
        create_group(GroupForm { name: values.text("name"), description: values.text("description") })
            .await?;
        changes.changed();
        Ok(())
    });
    view! {
        <form class="card narrow" method="post" on:submit=send>
            <h2>{text!(i18n, access.new_group)}</h2>
            <Field
                name="name"
                label=move || text!(i18n, common.name)
                hint=move || view! { <p class="hint">{text!(i18n, access.role_name_hint)}</p> }
                answer
            />
            <Field name="description" label=move || text!(i18n, projects.description) answer />
            <Submit sending label=move || text!(i18n, access.create_group) />
        </form>
    }
}
