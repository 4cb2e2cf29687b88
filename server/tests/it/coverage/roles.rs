//! Everybody there is, as far as permission is concerned.

use model::clusters::ClusterName;
use model::namespaces::NamespaceName;
use model::projects::ProjectName;
use model::roles::{ProjectRole, RoleName};
use store::{Namespace, Project};

use crate::console::{NOW, Person, TestConsole};

/// The project that the arguments of the table are about.
const PROJECT: &str = "shop";

type Kind = (char, &'static str, Option<(&'static str, ProjectRole)>);

/// Letter, role on the platform, and project with the role there. In this order the table writes them.
pub(super) const ROLES: [Kind; 7] = [
    // A member of another project, whatever they are there.
    ('o', "member", Some(("bank", ProjectRole::Administrator))),
    ('v', "member", Some((PROJECT, ProjectRole::Viewer))),
    ('d', "member", Some((PROJECT, ProjectRole::Developer))),
    ('n', "member", Some((PROJECT, ProjectRole::NamespaceAdministrator))),
    ('p', "member", Some((PROJECT, ProjectRole::Administrator))),
    ('a', "auditor", None),
    ('A', "administrator", None),
];

/// One of each, in a console with two projects.
pub(super) async fn everybody(console: &TestConsole) -> Vec<(char, Person)> {
    for name in [PROJECT, "bank"] {
        let project = Project {
            id: format!("id-{name}"),
            name: ProjectName::parse(name).unwrap(),
            display_name: name.to_owned(),
            description: String::new(),
            created_at: NOW,
            clusters: Vec::new(),
        };
        console.store.add_project(&project).await.unwrap();
    }
    let namespace = Namespace {
        cluster: ClusterName::parse("local").unwrap(),
        name: NamespaceName::parse("shop-web").unwrap(),
        project_id: format!("id-{PROJECT}"),
        created_at: NOW,
    };
    console.store.add_namespace(&namespace).await.unwrap();
    let mut everybody = Vec::new();
    for (letter, platform, membership) in ROLES {
        let name = format!("person-{}", u32::from(letter));
        let person = console.person(&name, platform).await;
        if let Some((project, role)) = membership {
            let account = console.store.account_by_name(&name).await.unwrap().unwrap();
            let role = RoleName::from(role);
            console.store.set_member(&format!("id-{project}"), &account.id, &role, NOW).await.unwrap();
        }
        everybody.push((letter, person));
    }
    everybody
}
