//! The frame of every page of somebody who is signed in: top bar, navigation, content.

use leptos::prelude::*;
use leptos_router::components::{A, Outlet};
use model::access::{Action, Role, Standing, allows, role_for};
use model::identity::Me;
use model::projects::ProjectName;
use model::roles::Permissions;

use super::bare::Brand;
use super::finder::Finder;
use super::places::{PlaceLink, administration, common};
use super::preferences::Preferences;
use super::session_end::SessionEnd;
use crate::api::identity::get_me;
use crate::error::ApiError;
use crate::i18n::{t, t_string, use_i18n};
use crate::paths;
use crate::ui::text::text;
use crate::ui::words;

/// The signed-in person, loaded once for the whole frame.
#[derive(Clone, Copy)]
struct SignedIn(Resource<Result<Me, ApiError>>);

/// The signed-in person, or none outside the frame and when the session has ended.
pub async fn me(person: Option<Resource<Result<Me, ApiError>>>) -> Option<Me> {
    person?.await.ok()
}

/// What [`me`] waits for. To be called in a component, before anything is awaited.
pub fn use_person() -> Option<Resource<Result<Me, ApiError>>> {
    use_context::<SignedIn>().map(|signed_in| signed_in.0)
}

/// Its children, for those who may do this; the others are told the role that it takes.
#[component]
pub fn Allowed(
    action: Action,
    /// What the person holds as a member of the project that the action is about.
    #[prop(optional)]
    project: Permissions,
    /// That project, where it can be asked for.
    #[prop(optional_no_strip)]
    of: Option<ProjectName>,
    /// Nothing is told: the page says it elsewhere.
    #[prop(optional)]
    quiet: bool,
    children: ChildrenFn,
) -> impl IntoView {
    let i18n = use_i18n();
    let person = use_person();
    let children = StoredValue::new(children);
    let of = StoredValue::new(of);
    let shown = move || {
        Suspend::new(async move {
            let of = of.get_value();
            let me = me(person).await?;
            if allows(Standing::on_platform(me.role).in_project(project), action) {
                return Some(children.with_value(|children| children()).into_any());
            }
            if quiet {
                return None;
            }
            let role = role_for(action);
            let needed = words::needed(i18n, role);
            let ask = matches!(role, Some(Role::Project(_))).then(|| {
                view! { " " <A href=paths::request_access(of.as_ref())>{text!(i18n, access.ask)}</A> }
            });
            Some(view! { <p class="muted">{t!(i18n, common.takes_role, role = needed)} {ask}</p> }.into_any())
        })
    };
    view! { <Suspense>{shown}</Suspense> }
}

/// The page stands outside of every `Suspense`: what it loads must be made in the same order on both sides.
#[component]
pub fn Frame() -> impl IntoView {
    let i18n = use_i18n();
    let person = Resource::new_blocking(|| (), |()| get_me());
    provide_context(SignedIn(person));
    let account =
        move || Suspend::new(async move { person.await.ok().map(|person| view! { <Account person /> }) });
    let viewing =
        move || Suspend::new(async move { person.await.ok().map(|person| view! { <Viewing person /> }) });
    let for_some = move || {
        Suspend::new(async move { person.await.ok().map(|person| view! { <Administration person /> }) })
    };
    view! {
        <a class="skip" href="#content">
            {text!(i18n, common.skip)}
        </a>
        <div class="frame">
            <header class="top">
                <Brand />
                <Finder />
                <Preferences />
                <Suspense>{account}</Suspense>
            </header>
            <nav aria-label=move || t_string!(i18n, common.navigation)>
                {common(i18n).into_iter().map(|place| view! { <PlaceLink place /> }).collect_view()}
                <Suspense>{for_some}</Suspense>
            </nav>
            <main id="content" tabindex="-1">
                <Suspense>{viewing}</Suspense>
                <SessionEnd />
                <Outlet />
            </main>
        </div>
    }
}

#[component]
fn Account(person: Me) -> impl IntoView {
    let i18n = use_i18n();
    let name = person.username.to_string();
    let menu = NodeRef::<leptos::html::Details>::new();
    let close = move |_| menu.get_untracked().into_iter().for_each(|menu| menu.set_open(false));
    view! {
        <details class="menu" node_ref=menu>
            <summary>{name}</summary>
            <div>
                <p class="muted">{move || words::role(i18n, person.role)}</p>
                <A href=paths::ACCOUNT on:click=close>{text!(i18n, common.account)}</A>
                <form method="post" action=paths::POST_SIGN_OUT>
                    <button type="submit" class="button">{text!(i18n, common.sign_out)}</button>
                </form>
            </div>
        </details>
    }
}

/// Says whose pages these are, when they are somebody else's. Ends without scripts too.
#[component]
fn Viewing(person: Me) -> impl IntoView {
    let i18n = use_i18n();
    let name = person.username.to_string();
    person.viewer.map(|_| {
        view! {
            <form class="note warning viewing" method="post" action=paths::POST_STOP_VIEWING>
                <p role="status">{t!(i18n, access.viewing, name = name)}</p>
                <button type="submit" class="button small">{text!(i18n, access.stop_viewing)}</button>
            </form>
        }
    })
}

#[component]
fn Administration(person: Me) -> impl IntoView {
    let i18n = use_i18n();
    let places = administration(i18n, person.role);
    view! {
        {(!places.is_empty()).then(|| view! { <h2>{text!(i18n, common.administration)}</h2> })}
        {places.into_iter().map(|place| view! { <PlaceLink place /> }).collect_view()}
    }
}
