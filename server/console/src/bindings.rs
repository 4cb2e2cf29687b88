//! Memberships as role bindings in clusters.

use cluster::{Bound, Fleet};
use contract::Error;
use gate::Grant;
use model::projects::ProjectRole;
use store::{Membership, Namespace};

/// The ClusterRole that a role in a project is bound to, in each of its namespaces.
fn cluster_role(role: ProjectRole) -> &'static str {
    match role {
        ProjectRole::Administrator | ProjectRole::NamespaceAdministrator => "pilothouse:namespace-admin",
        ProjectRole::Developer => "pilothouse:developer",
        ProjectRole::Viewer => "pilothouse:viewer",
    }
}

/// Every ClusterRole that we bind, with the people to bind to it; empty where there are none.
pub(crate) fn bound(members: &[Membership]) -> Vec<Bound> {
    let roles = ["pilothouse:namespace-admin", "pilothouse:developer", "pilothouse:viewer"];
    let people = |role: &str| {
        let of_role = members.iter().filter(|member| cluster_role(member.role) == role);
        of_role.map(|member| member.slug.clone()).collect()
    };
    roles.map(|role| (role, people(role))).into()
}

/// Makes the bindings in these namespaces exactly those of the members.
///
/// Goes on after a failure, so that one cluster that does not answer holds up no other; returns the first one.
pub(crate) async fn bind_everywhere(
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
