//! One person: what they may do, and why; and the console as they see it.

use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::components::A;
use model::access::Action;
use model::identity::{AccessPath, EffectiveAccess, PlatformRole, UserDetail};
use model::roles::Permission;

use crate::api::identity::view_user;
use crate::i18n::{t, t_string, use_i18n};
use crate::layouts::frame::Allowed;
use crate::pages::projects::roles::Marks;
use crate::paths;
use crate::ui::address::use_part;
use crate::ui::load::Load;
use crate::ui::moment::Moment;
use crate::ui::text::text;
use crate::ui::words;

#[component]
pub fn UserPage() -> impl IntoView {
    let name = use_part("person");
    let detail = Resource::new(move || name.get(), view_user);
    view! {
        <Title text=move || name.get() />
        <h1>{name}</h1>
        <Load what=detail show=|detail| view! { <Detail detail /> }.into_any() />
    }
}

#[component]
fn Detail(detail: UserDetail) -> impl IntoView {
    let i18n = use_i18n();
    let UserDetail { user, groups, given_role, projects, sessions, tokens } = detail;
    let name = user.username.to_string();
    let (other, role) = (!user.own && !user.disabled, user.role);
    let given = (given_role != PlatformRole::Member).then(|| {
        let role = move || words::role(i18n, given_role);
        view! { " · " <span class="muted">{t!(i18n, access.given_role, role = role)}</span> }
    });
    let group = |group: model::groups::GroupName| group.to_string();
    let groups: Vec<_> = groups.into_iter().map(group).collect();
    let groups = (!groups.is_empty()).then(|| {
        view! {
            <dt>{text!(i18n, access.groups)}</dt>
            <dd>{groups.join(", ")}</dd>
        }
    });
    let looked = StoredValue::new(name.clone());
    view! {
        <p class="muted"><A href=paths::USERS>{text!(i18n, common.users)}</A></p>
        <section class="card">
            <dl class="facts">
                <dt>{text!(i18n, access.on_platform)}</dt>
                <dd>{move || words::role(i18n, role)} {given}</dd>
                {groups}
                <dt>{text!(i18n, access.open_sessions)}</dt>
                <dd>{sessions}</dd>
                <dt>{text!(i18n, access.open_tokens)}</dt>
                <dd>{tokens}</dd>
            </dl>
            <p class="hint">{text!(i18n, access.on_platform_all)}</p>
        </section>
        <h2>{text!(i18n, access.effective)}</h2>
        <p class="muted">{text!(i18n, access.effective_hint)}</p>
        <Matrix projects />
        {other.then(|| view! {
            <Allowed action=Action::ViewAs quiet=true>
                <form class="card narrow" method="post" action=paths::POST_VIEW_AS>
                    <p>{text!(i18n, access.view_as_hint)}</p>
                    <input type="hidden" name="username" value=looked.get_value() />
                    <button type="submit" class="button">
                        {t!(i18n, access.view_as, name = looked.get_value())}
                    </button>
                </form>
            </Allowed>
        })}
    }
}

#[component]
fn Matrix(projects: Vec<EffectiveAccess>) -> impl IntoView {
    let i18n = use_i18n();
    if projects.is_empty() {
        return view! { <p class="muted">{text!(i18n, access.no_projects)}</p> }.into_any();
    }
    let heads = Permission::ALL
        .map(|permission| view! { <th scope="col">{words::permission(i18n, permission)}</th> });
    let path = move |path: AccessPath| {
        let AccessPath { role, way, until, .. } = path;
        let until = until.map(|at| view! { ", " {text!(i18n, access.ends)} " " <Moment at /> });
        view! {
            <li>
                <strong>{move || words::role_name(i18n, &role)}</strong> ", " {move || words::way(i18n, &way)} {until}
            </li>
        }
    };
    let row = move |access: EffectiveAccess| {
        view! {
            <tr>
                <th scope="row"><A href=paths::members(&access.project)>{access.project.to_string()}</A></th>
                <Marks permissions=access.permissions />
                <td>
                    <ul class="plain">{access.paths.into_iter().map(path).collect_view()}</ul>
                </td>
            </tr>
        }
    };
    view! {
        <div class="card scroll" tabindex="0" role="region" aria-label=move || t_string!(i18n, access.effective)>
            <table class="matrix">
                <thead>
                    <tr>
                        <th scope="col">{text!(i18n, access.project)}</th>
                        {heads.collect_view()}
                        <th scope="col">{text!(i18n, access.way)}</th>
                    </tr>
                </thead>
                <tbody>{projects.into_iter().map(row).collect_view()}</tbody>
            </table>
        </div>
    }
    .into_any()
}
