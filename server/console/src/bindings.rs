//! Memberships as role bindings in clusters.

use std::collections::BTreeSet;

use cluster::{Bound, Fleet};
use contract::Error;
use gate::Grant;
use model::roles::{Permission, Permissions};
use store::{Membership, Namespace, Store};

/// Every ClusterRole that we bind in namespaces, the strongest first, with the permission that it stands for.
const ROLES: [(&str, Permission); 7] = [
    ("pilothouse:namespace-admin", Permission::AccessRules),
    ("pilothouse:developer", Permission::Install),
    ("pilothouse:can-deploy", Permission::Deploy),
    ("pilothouse:can-operate", Permission::Operate),
    ("pilothouse:can-use-secrets", Permission::Secrets),
    ("pilothouse:can-enter-pods", Permission::Shell),
    ("pilothouse:viewer", Permission::View),
];

/// The ClusterRoles that together are these permissions: none that another one holds already.
fn cluster_roles(permissions: Permissions) -> Vec<&'static str> {
    let mut covered = Permissions::NONE;
    let mut roles = Vec::new();
    for (role, permission) in ROLES {
        if !permissions.has(permission) || covered.has(permission) {
            continue;
        }
        // Only the first two hold more than what their names say.
        let holds = match permission {
            Permission::AccessRules | Permission::Install => Permissions::of([permission]),
            _ => Permissions::NONE,
        };
        covered = covered.and(holds);
        roles.push(role);
    }
    roles
}

/// Every ClusterRole that we bind, with the people to bind to it; empty where there are none.
pub(crate) fn bound(members: &[Membership]) -> Vec<Bound> {
    let people = |role: &str| {
        let of_role = members.iter().filter(|member| cluster_roles(member.permissions).contains(&role));
        let slugs: BTreeSet<_> = of_role.map(|member| member.slug.clone()).collect();
        slugs.into_iter().collect()
    };
    ROLES.map(|(role, _)| (role, people(role))).into()
}

/// Makes the bindings in every namespace of a project those of its members at this moment (Unix milliseconds).
pub(crate) async fn bind_project(
    store: &Store,
    fleet: &Fleet,
    grant: &Grant,
    project_id: &str,
    now: i64,
) -> Result<(), Error> {
    let namespaces = store.namespaces().await?;
    let own: Vec<_> = namespaces.into_iter().filter(|namespace| namespace.project_id == project_id).collect();
    if own.is_empty() {
        return Ok(());
    }
    let members = store.members(project_id, now).await?;
    bind_everywhere(fleet, grant, &own, &members).await
}

/// Makes the bindings in these namespaces exactly those of the members.
///
/// Goes on after a failure, so that one cluster that does not answer holds up no other; returns the first one.
async fn bind_everywhere(
    fleet: &Fleet,
    grant: &Grant,
    namespaces: &[Namespace],
    members: &[Membership],
) -> Result<(), Error> {
    let bound = bound(members);
    let mut first = Ok(());
    for namespace in namespaces {
        let done = match fleet.get(&namespace.cluster) {
            Ok(cluster) => cluster::bind(&cluster, grant, &namespace.name, &bound).await,
            Err(error) => Err(error),
        };
        if first.is_ok() {
            first = done;
        }
    }
    first
}

#[cfg(test)]
mod tests {
    use model::roles::ProjectRole;

    use super::*;

    #[test]
    fn shipped_roles_are_one_cluster_role_each() {
        let roles = ProjectRole::ALL.map(|role| cluster_roles(role.permissions()));
        let strongest = vec!["pilothouse:namespace-admin"];
        let expected =
            [vec!["pilothouse:viewer"], vec!["pilothouse:developer"], strongest.clone(), strongest];
        assert_eq!(roles, expected);
    }

    #[test]
    fn a_role_of_a_projects_own_is_what_it_is_put_together_from_and_no_more() {
        let operator = Permissions::of([Permission::Operate, Permission::Shell]);
        let expected = ["pilothouse:can-operate", "pilothouse:can-enter-pods", "pilothouse:viewer"];
        assert_eq!(cluster_roles(operator), expected);
        let people = Permissions::of([Permission::Members]);
        assert_eq!(cluster_roles(people), ["pilothouse:viewer"]);
    }
}
