//! The list of users, and making one.

use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::components::A;
use model::access::Action;
use model::identity::{Invitation, PlatformRole, Source, User, UserForm};
use model::providers::ProviderSummary;

use crate::api::identity::{create_user, list_users, reset_password, set_disabled};
use crate::api::providers::list_providers;
use crate::i18n::{t, t_string, use_i18n};
use crate::layouts::frame::Allowed;
use crate::paths;
use crate::ui::address::origin;
use crate::ui::change::{ChangeButton, Changes, Refused, use_changes};
use crate::ui::field::{Field, FieldError};
use crate::ui::form::{Submit, use_sending};
use crate::ui::list::{Cell, List};
use crate::ui::load::Load;
use crate::ui::moment::Moment;
use crate::ui::table::Column;
use crate::ui::text::{Text, text};
use crate::ui::words;

#[component]
pub fn UserList() -> impl IntoView {
    let i18n = use_i18n();
    let changes = use_changes();
    let users = Resource::new(move || changes.version(), |_| list_users());
    let providers = Resource::new(|| (), |()| list_providers());
    view! {
        <Title text=move || t_string!(i18n, common.users) />
        <h1>{text!(i18n, common.users)}</h1>
        <p>
            <A href=paths::PROVIDERS>{text!(i18n, providers.title)}</A> " · "
            <A href=paths::GROUPS>{text!(i18n, access.groups)}</A>
        </p>
        <Load what=users show=move |users| view! { <Lines users changes /> }.into_any() />
        <Refused changes />
        <Load
            what=providers
            show=move |providers| {
                let providers = StoredValue::new(providers);
                view! {
                    <Allowed action=Action::CreateUser>
                        <Create changes providers />
                        <Reset />
                    </Allowed>
                }
                .into_any()
            }
        />
    }
}

#[component]
fn Lines(users: Vec<User>, changes: Changes) -> impl IntoView {
    let i18n = use_i18n();
    let row = move |user: User| {
        let seen = match user.last_seen_at.clone() {
            Some(at) => view! { <Moment at /> }.into_any(),
            None => view! { {text!(i18n, common.never)} }.into_any(),
        };
        let (name, disabled, role) = (user.username.to_string(), user.disabled, user.role);
        let (mark, state): (_, Text) = match disabled {
            true => ("status unknown", text!(i18n, identity.disabled)),
            false => ("status ok", text!(i18n, identity.active)),
        };
        let source = match &user.source {
            Source::Local | Source::Invited => String::new(),
            Source::Provider(name) | Source::Expected(name) => name.clone(),
        };
        let switch = (!user.own).then(|| {
            view! {
                <Allowed action=Action::DisableUser quiet=true>
                    <Switch name=name.clone() disabled changes />
                </Allowed>
            }
        });
        vec![
            Cell::link(user.username.as_str(), paths::user(&user.username)),
            Cell::marked(mark, view! { <span class=mark>{state}</span> }),
            Cell::of(untrack(|| words::role(i18n, role)), move || words::role(i18n, role)),
            Cell::of(source, view! { <From source=user.source /> }),
            Cell::of(&user.created_at, view! { <Moment at=user.created_at.clone() /> }),
            Cell::of(user.last_seen_at.unwrap_or_default(), seen),
            Cell::plain(switch),
        ]
    };
    view! {
        <List
            label=text!(i18n, common.users)
            columns=vec![
                Column::Words(text!(i18n, license.username)),
                Column::Words(text!(i18n, common.state)),
                Column::Words(text!(i18n, common.role)),
                Column::Words(text!(i18n, providers.source)),
                Column::Words(text!(i18n, identity.created)),
                Column::Words(text!(i18n, identity.last_seen)),
                Column::Words(text!(i18n, common.actions)),
            ]
            items=users
            row
            empty=text!(i18n, rows.none)
        />
    }
}

/// Where somebody signs in.
#[component]
fn From(source: Source) -> impl IntoView {
    let i18n = use_i18n();
    match source {
        Source::Local => view! { {text!(i18n, providers.local)} }.into_any(),
        Source::Invited => view! {
            {text!(i18n, providers.local)} " " <span class="muted">{text!(i18n, identity.invited)}</span>
        }
        .into_any(),
        Source::Provider(name) => name.into_any(),
        Source::Expected(name) => view! {
            {name} " " <span class="muted">{text!(i18n, providers.not_yet)}</span>
        }
        .into_any(),
    }
}

/// Disables an account or enables it again.
#[component]
fn Switch(name: String, disabled: bool, changes: Changes) -> impl IntoView {
    let i18n = use_i18n();
    let label: Text = if disabled { text!(i18n, identity.enable) } else { text!(i18n, identity.disable) };
    let of = name.clone();
    let press = move |()| changes.send(set_disabled(name.clone(), !disabled));
    view! { <ChangeButton changes label of press /> }
}

/// A new password for somebody who forgot theirs.
#[component]
fn Reset() -> impl IntoView {
    let i18n = use_i18n();
    let sending = use_sending();
    let answer = sending.answer;
    let invitation = RwSignal::new(None::<Invitation>);
    let send = sending.submit(move |values| async move {
        invitation.set(None);
        invitation.set(reset_password(values.text("username"), values.text("password")).await?);
        Ok(())
    });
    view! {
        <details class="card narrow">
            <summary>{text!(i18n, identity.reset)}</summary>
            <form class="confirm" method="post" on:submit=send>
                <p class="muted">{text!(i18n, identity.reset_hint)}</p>
                <div class="field">
                    <label for="reset-username">{text!(i18n, license.username)}</label>
                    <input id="reset-username" name="username" autocomplete="off" autocapitalize="none" spellcheck="false" />
                    <div class="help">
                        <FieldError name="username" answer />
                    </div>
                </div>
                <div class="field">
                    <label for="reset-password">{text!(i18n, identity.new)}</label>
                    <input id="reset-password" name="password" type="password" autocomplete="new-password" />
                    <div class="help">
                        <FieldError name="password" answer />
                    </div>
                </div>
                <p class="note ok" role="status" hidden=move || !sending.done.get()>{text!(i18n, identity.reset_done)}</p>
                <Link invitation />
                <Submit sending label=move || text!(i18n, identity.reset) />
            </form>
        </details>
    }
}

/// The link of an invitation, shown once.
#[component]
fn Link(invitation: RwSignal<Option<Invitation>>) -> impl IntoView {
    let i18n = use_i18n();
    move || {
        invitation.get().map(|Invitation { token, hours }| {
            let link = format!("{}{}#token={token}", origin(), paths::WELCOME);
            view! {
                <div class="note ok" role="status">
                    <p>{t!(i18n, identity.invitation_hint, hours = hours)}</p>
                    <code class="token">{link}</code>
                </div>
            }
        })
    }
}

#[component]
fn Create(changes: Changes, providers: StoredValue<Vec<ProviderSummary>>) -> impl IntoView {
    let i18n = use_i18n();
    let sending = use_sending();
    let answer = sending.answer;
    let invitation = RwSignal::new(None::<Invitation>);
    let send = sending.submit(move |values| async move {
        let role = PlatformRole::parse(&values.text("role")).unwrap_or(PlatformRole::Member);
        let form = UserForm {
            username: values.text("username"),
            password: values.text("password"),
            role,
            provider: values.text("provider"),
        };
        invitation.set(None);
        invitation.set(create_user(form).await?);
        changes.changed();
        Ok(())
    });
    let option = move |role: PlatformRole| {
        view! { <option value=role.as_str()>{move || words::role(i18n, role)}</option> }
    };
    let source = (!providers.with_value(Vec::is_empty)).then(|| {
        let way = |provider: ProviderSummary| {
            view! { <option value=provider.name.to_string()>{provider.display_name}</option> }
        };
        view! {
            <div class="field">
                <label for="provider">{text!(i18n, providers.source)}</label>
                <select id="provider" name="provider" aria-describedby="provider-help">
                    <option value="">{text!(i18n, providers.local)}</option>
                    {providers.get_value().into_iter().map(way).collect_view()}
                </select>
                <div id="provider-help" class="help">
                    <FieldError name="provider" answer />
                    <p class="hint">{text!(i18n, providers.source_hint)}</p>
                </div>
            </div>
        }
    });
    view! {
        <form class="card narrow" method="post" on:submit=send>
            <h2>{text!(i18n, identity.new_user)}</h2>
            <Field name="username" label=move || text!(i18n, license.username) answer />
            {source}
            <Field
                name="password"
                kind="password"
                autocomplete="new-password"
                label=move || text!(i18n, license.password)
                hint=move || view! { <p class="hint">{text!(i18n, identity.password_or_link)}</p> }
                answer
            />
            <div class="field">
                <label for="role">{text!(i18n, common.role)}</label>
                <select id="role" name="role">
                    {[PlatformRole::Member, PlatformRole::Auditor, PlatformRole::Administrator].map(option).collect_view()}
                </select>
            </div>
            <p class="note ok" role="status" hidden=move || !sending.done.get() || invitation.with(Option::is_some)>
                {text!(i18n, identity.created_note)}
            </p>
            <Link invitation />
            <Submit sending label=move || text!(i18n, identity.create) />
        </form>
    }
}
