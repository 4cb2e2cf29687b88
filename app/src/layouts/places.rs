//! Where people go: the navigation shows it, and search finds it.

use leptos::prelude::*;
use leptos_i18n::I18nContext;
use leptos_router::hooks::use_location;
use model::access::{Action, Standing, allows};
use model::identity::PlatformRole;
use model::rows::{Listing, RowKind};

use crate::i18n::Locale;
use crate::paths;
use crate::ui::text::{Text, text};

pub struct Place {
    pub title: Text,
    pub address: String,
    /// The part of the console that it stands for.
    below: &'static str,
}

impl Place {
    fn new(title: Text, below: &'static str) -> Self {
        Self { title, address: below.to_owned(), below }
    }
}

/// Everybody's.
pub fn common(i18n: I18nContext<Locale>) -> Vec<Place> {
    let pods = paths::rows_of(&Listing::Kind(RowKind::Pods));
    vec![
        Place::new(text!(i18n, common.overview), paths::OVERVIEW),
        Place::new(text!(i18n, projects.title), paths::PROJECTS),
        Place::new(text!(i18n, namespaces.title), paths::NAMESPACES),
        Place::new(text!(i18n, workloads.title), paths::WORKLOADS),
        Place { address: pods, ..Place::new(text!(i18n, rows.title), paths::RESOURCES) },
        Place::new(text!(i18n, catalog.title), paths::CATALOG),
        Place::new(text!(i18n, releases.title), paths::RELEASES),
        Place::new(text!(i18n, access.my_requests), paths::REQUESTS),
    ]
}

/// What is left out for who could never use it.
pub fn administration(i18n: I18nContext<Locale>, role: PlatformRole) -> Vec<Place> {
    let all = [
        (Action::ListClusters, Place::new(text!(i18n, clusters.title), paths::CLUSTERS)),
        (Action::ListUsers, Place::new(text!(i18n, common.users), paths::USERS)),
        (Action::ViewLicence, Place::new(text!(i18n, common.licence), paths::LICENCE)),
        (Action::ViewAudit, Place::new(text!(i18n, common.audit), paths::AUDIT)),
        (Action::ViewHealth, Place::new(text!(i18n, rows.health), paths::CONSOLE_HEALTH)),
    ];
    let may = |action| allows(Standing::on_platform(role), action);
    all.into_iter().filter(|(action, _)| may(*action)).map(|(_, place)| place).collect()
}

/// As the navigation shows it.
#[component]
pub fn PlaceLink(place: Place) -> impl IntoView {
    let path = use_location().pathname;
    let Place { title, address, below } = place;
    let current = move || covers(below, &path.read()).then_some("page");
    view! { <a href=address aria-current=current>{title}</a> }
}

fn covers(below: &str, path: &str) -> bool {
    let rest = path.strip_prefix(below);
    rest.is_some_and(|rest| rest.is_empty() || (below != paths::OVERVIEW && rest.starts_with('/')))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_stands_for_its_part_of_the_console() {
        assert!(covers(paths::USERS, "/users/groups") && covers(paths::USERS, "/users"));
        assert!(!covers(paths::USERS, "/usersx") && !covers(paths::OVERVIEW, "/users"));
        assert!(covers(paths::OVERVIEW, "/"));
    }
}
