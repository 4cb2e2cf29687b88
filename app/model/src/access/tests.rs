use super::*;

fn platform(role: PlatformRole) -> Standing {
    Standing::on_platform(role)
}

#[test]
fn a_stranger_may_only_activate_sign_in_join_and_accept() {
    let member_of_old = Standing { platform: None, project: ProjectRole::Administrator.permissions() };
    for who in [Standing::default(), member_of_old] {
        let open: Vec<_> = Action::ALL.iter().copied().filter(|a| allows(who, *a)).collect();
        assert_eq!(open, [Action::Activate, Action::SignIn, Action::AcceptInvitation, Action::JoinUser]);
    }
}

#[test]
fn an_auditor_sees_but_changes_nothing_of_others() {
    for action in [Action::ReplaceLicence, Action::CreateUser, Action::CreateProject, Action::DeleteNamespace]
    {
        assert!(!allows(platform(PlatformRole::Auditor), action));
    }
    assert!(allows(platform(PlatformRole::Auditor), Action::ViewAudit));
    assert!(allows(platform(PlatformRole::Auditor), Action::ViewProject));
}

#[test]
fn a_member_sees_no_administration_and_no_project_of_others() {
    for action in [Action::ViewAudit, Action::ListUsers, Action::ViewLicence, Action::ViewProject] {
        assert!(!allows(platform(PlatformRole::Member), action));
    }
}

#[test]
fn in_a_project_everybody_sees_and_its_administrator_changes() {
    let member = platform(PlatformRole::Member);
    for role in ProjectRole::ALL {
        assert!(allows(member.in_project(role.permissions()), Action::ViewNamespace));
        assert_eq!(
            allows(member.in_project(role.permissions()), Action::CreateNamespace),
            role == ProjectRole::Administrator
        );
    }
}

#[test]
fn everybody_but_a_viewer_changes_the_workloads_of_their_project() {
    let member = platform(PlatformRole::Member);
    for role in ProjectRole::ALL {
        let may = allows(member.in_project(role.permissions()), Action::ScaleWorkload);
        assert_eq!(may, role != ProjectRole::Viewer, "{role:?}");
    }
    assert!(!allows(platform(PlatformRole::Auditor), Action::DeleteWorkload));
    assert_eq!(role_for(Action::CreateWorkload), Some(Role::Project(ProjectRole::Developer)));
}

#[test]
fn the_role_that_would_allow_is_the_least_one() {
    assert_eq!(role_for(Action::ViewAudit), Some(Role::Platform(PlatformRole::Auditor)));
    assert_eq!(role_for(Action::CreateUser), Some(Role::Platform(PlatformRole::Administrator)));
    assert_eq!(role_for(Action::ViewProject), Some(Role::Project(ProjectRole::Viewer)));
    assert_eq!(role_for(Action::SetMember), Some(Role::Project(ProjectRole::Administrator)));
}

#[test]
fn who_may_operate_may_go_back_but_not_change_what_runs() {
    let operator = platform(PlatformRole::Member).in_project(Permissions::of([Permission::Operate]));
    for action in
        [Action::ScaleWorkload, Action::RestartWorkload, Action::RollBackWorkload, Action::ViewWorkload]
    {
        assert!(allows(operator, action), "{action:?}");
    }
    for action in [Action::EditWorkload, Action::DeleteWorkload, Action::InstallRelease, Action::SetMember] {
        assert!(!allows(operator, action), "{action:?}");
    }
}
