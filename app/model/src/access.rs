//! Who may do what: the truth table that the gate enforces and the pages show.

use serde::{Deserialize, Serialize};

use crate::identity::PlatformRole;
use crate::roles::{Permission, Permissions, ProjectRole};

/// Everything the console can do, as the audit trail names it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Action {
    Activate,
    SignIn,
    SignOut,
    ChangePassword,
    EndSession,
    EndOtherSessions,
    ViewLicence,
    ReplaceLicence,
    ListUsers,
    CreateUser,
    DisableUser,
    EnableUser,
    ResetPassword,
    /// Whoever was invited chooses a password.
    AcceptInvitation,
    /// Looking at the console as somebody else sees it.
    ViewAs,
    StopViewing,
    /// Somebody whom a provider vouches for gets an account.
    JoinUser,
    ListProviders,
    AddProvider,
    ChangeProvider,
    SetProviderRules,
    TestProvider,
    EnableProvider,
    DisableProvider,
    RemoveProvider,
    /// The console's own: what a provider's rules give to somebody changed.
    ApplyRules,
    /// The console's own: the provider answers for a session no more.
    EndProviderSession,
    CreateToken,
    RevokeToken,
    ListGroups,
    CreateGroup,
    DeleteGroup,
    AddToGroup,
    TakeFromGroup,
    /// Reaching a cluster with a token, and seeing one's own tokens.
    UseApi,
    ListClusters,
    ViewCluster,
    AddCluster,
    RenewCluster,
    RemoveCluster,
    /// The console's own: roles and bindings that a cluster needs for people to use it.
    PrepareCluster,
    ListProjects,
    CreateProject,
    DeleteProject,
    ViewProject,
    ChangeProject,
    SetMember,
    RemoveMember,
    SetRole,
    RemoveRole,
    RequestAccess,
    ApproveAccess,
    RefuseAccess,
    /// The console's own: a membership whose time is over.
    EndAccess,
    ListNamespaces,
    ViewNamespace,
    CreateNamespace,
    EditNamespace,
    DeleteNamespace,
    DetachNamespace,
    ListWorkloads,
    ViewWorkload,
    CreateWorkload,
    EditWorkload,
    ScaleWorkload,
    RestartWorkload,
    RollBackWorkload,
    DeleteWorkload,
    ListCharts,
    AddRepository,
    RefreshRepository,
    RemoveRepository,
    ListReleases,
    ViewRelease,
    InstallRelease,
    UpgradeRelease,
    RollBackRelease,
    UninstallRelease,
    SetMetricsSource,
    RemoveMetricsSource,
    ViewAudit,
}

impl Action {
    pub const ALL: [Self; 81] = [
        Self::Activate,
        Self::SignIn,
        Self::SignOut,
        Self::ChangePassword,
        Self::EndSession,
        Self::EndOtherSessions,
        Self::ViewLicence,
        Self::ReplaceLicence,
        Self::ListUsers,
        Self::CreateUser,
        Self::DisableUser,
        Self::EnableUser,
        Self::ResetPassword,
        Self::AcceptInvitation,
        Self::ViewAs,
        Self::StopViewing,
        Self::JoinUser,
        Self::ListProviders,
        Self::AddProvider,
        Self::ChangeProvider,
        Self::SetProviderRules,
        Self::TestProvider,
        Self::EnableProvider,
        Self::DisableProvider,
        Self::RemoveProvider,
        Self::ApplyRules,
        Self::EndProviderSession,
        Self::CreateToken,
        Self::RevokeToken,
        Self::ListGroups,
        Self::CreateGroup,
        Self::DeleteGroup,
        Self::AddToGroup,
        Self::TakeFromGroup,
        Self::UseApi,
        Self::ListClusters,
        Self::ViewCluster,
        Self::AddCluster,
        Self::RenewCluster,
        Self::RemoveCluster,
        Self::PrepareCluster,
        Self::ListProjects,
        Self::CreateProject,
        Self::DeleteProject,
        Self::ViewProject,
        Self::ChangeProject,
        Self::SetMember,
        Self::RemoveMember,
        Self::SetRole,
        Self::RemoveRole,
        Self::RequestAccess,
        Self::ApproveAccess,
        Self::RefuseAccess,
        Self::EndAccess,
        Self::ListNamespaces,
        Self::ViewNamespace,
        Self::CreateNamespace,
        Self::EditNamespace,
        Self::DeleteNamespace,
        Self::DetachNamespace,
        Self::ListWorkloads,
        Self::ViewWorkload,
        Self::CreateWorkload,
        Self::EditWorkload,
        Self::ScaleWorkload,
        Self::RestartWorkload,
        Self::RollBackWorkload,
        Self::DeleteWorkload,
        Self::ListCharts,
        Self::AddRepository,
        Self::RefreshRepository,
        Self::RemoveRepository,
        Self::ListReleases,
        Self::ViewRelease,
        Self::InstallRelease,
        Self::UpgradeRelease,
        Self::RollBackRelease,
        Self::UninstallRelease,
        Self::SetMetricsSource,
        Self::RemoveMetricsSource,
        Self::ViewAudit,
    ];

    /// The stable word in the audit trail and in logs.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Activate => "license.activate",
            Self::SignIn => "identity.sign_in",
            Self::SignOut => "identity.sign_out",
            Self::ChangePassword => "identity.change_password",
            Self::EndSession => "identity.end_session",
            Self::EndOtherSessions => "identity.end_other_sessions",
            Self::ViewLicence => "license.view",
            Self::ReplaceLicence => "license.replace",
            Self::ListUsers => "identity.list_users",
            Self::CreateUser => "identity.create_user",
            Self::DisableUser => "identity.disable_user",
            Self::EnableUser => "identity.enable_user",
            Self::ResetPassword => "identity.reset_password",
            Self::AcceptInvitation => "identity.accept_invitation",
            Self::ViewAs => "identity.view_as",
            Self::StopViewing => "identity.stop_viewing",
            Self::JoinUser => "identity.join",
            Self::ListProviders => "providers.list",
            Self::AddProvider => "providers.add",
            Self::ChangeProvider => "providers.change",
            Self::SetProviderRules => "providers.set_rules",
            Self::TestProvider => "providers.test",
            Self::EnableProvider => "providers.enable",
            Self::DisableProvider => "providers.disable",
            Self::RemoveProvider => "providers.remove",
            Self::ApplyRules => "providers.apply_rules",
            Self::EndProviderSession => "providers.end_session",
            Self::CreateToken => "tokens.create",
            Self::RevokeToken => "tokens.revoke",
            Self::ListGroups => "groups.list",
            Self::CreateGroup => "groups.create",
            Self::DeleteGroup => "groups.delete",
            Self::AddToGroup => "groups.add_member",
            Self::TakeFromGroup => "groups.remove_member",
            Self::UseApi => "clusters.use_api",
            Self::ListClusters => "clusters.list",
            Self::ViewCluster => "clusters.view",
            Self::AddCluster => "clusters.add",
            Self::RenewCluster => "clusters.renew",
            Self::RemoveCluster => "clusters.remove",
            Self::PrepareCluster => "clusters.prepare",
            Self::ListProjects => "projects.list",
            Self::CreateProject => "projects.create",
            Self::DeleteProject => "projects.delete",
            Self::ViewProject => "projects.view",
            Self::SetMember => "projects.set_member",
            Self::RemoveMember => "projects.remove_member",
            Self::ChangeProject => "projects.change",
            Self::SetRole => "roles.set",
            Self::RemoveRole => "roles.remove",
            Self::RequestAccess => "requests.ask",
            Self::ApproveAccess => "requests.approve",
            Self::RefuseAccess => "requests.refuse",
            Self::EndAccess => "requests.end",
            Self::ListNamespaces => "namespaces.list",
            Self::ViewNamespace => "namespaces.view",
            Self::CreateNamespace => "namespaces.create",
            Self::EditNamespace => "namespaces.edit",
            Self::DeleteNamespace => "namespaces.delete",
            Self::DetachNamespace => "namespaces.detach",
            Self::ListWorkloads => "workloads.list",
            Self::ViewWorkload => "workloads.view",
            Self::CreateWorkload => "workloads.create",
            Self::EditWorkload => "workloads.edit",
            Self::ScaleWorkload => "workloads.scale",
            Self::RestartWorkload => "workloads.restart",
            Self::RollBackWorkload => "workloads.roll_back",
            Self::DeleteWorkload => "workloads.delete",
            Self::ListCharts => "catalog.list_charts",
            Self::AddRepository => "catalog.add_repository",
            Self::RefreshRepository => "catalog.refresh_repository",
            Self::RemoveRepository => "catalog.remove_repository",
            Self::ListReleases => "releases.list",
            Self::ViewRelease => "releases.view",
            Self::InstallRelease => "releases.install",
            Self::UpgradeRelease => "releases.upgrade",
            Self::RollBackRelease => "releases.roll_back",
            Self::UninstallRelease => "releases.uninstall",
            Self::SetMetricsSource => "monitoring.set_source",
            Self::RemoveMetricsSource => "monitoring.remove_source",
            Self::ViewAudit => "audit.view",
        }
    }

    /// Whether it makes the installation larger, which an exhausted licence refuses.
    pub fn adds(self) -> bool {
        matches!(
            self,
            Self::CreateUser
                | Self::JoinUser
                | Self::EnableUser
                | Self::AddCluster
                | Self::CreateProject
                | Self::InstallRelease
        )
    }
}

/// Who is asking, as far as permission is concerned. Nothing at all is somebody not signed in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Standing {
    pub platform: Option<PlatformRole>,
    /// As a member of the project that the action is about.
    pub project: Permissions,
}

impl Standing {
    pub fn on_platform(role: PlatformRole) -> Self {
        Self { platform: Some(role), project: Permissions::NONE }
    }

    pub fn in_project(self, project: Permissions) -> Self {
        Self { project, ..self }
    }
}

/// The rule: deny unless a line here says otherwise.
pub fn allows(who: Standing, action: Action) -> bool {
    let signed_in = who.platform.is_some();
    let administers = who.platform == Some(PlatformRole::Administrator);
    let sees_all = administers || who.platform == Some(PlatformRole::Auditor);
    let holds = |permission| signed_in && who.project.has(permission);
    match action {
        Action::Activate | Action::SignIn | Action::JoinUser | Action::AcceptInvitation => true,
        Action::SignOut
        | Action::ChangePassword
        | Action::EndSession
        | Action::EndOtherSessions
        | Action::CreateToken
        | Action::RevokeToken
        | Action::UseApi
        | Action::StopViewing
        | Action::RequestAccess
        | Action::ListProjects
        | Action::ListNamespaces
        | Action::ListWorkloads
        | Action::ListCharts
        | Action::ListReleases => signed_in,
        Action::ViewLicence
        | Action::ListUsers
        | Action::ListGroups
        | Action::ListProviders
        | Action::ViewAudit
        | Action::ListClusters
        | Action::ViewCluster => sees_all,
        Action::ReplaceLicence
        | Action::CreateUser
        | Action::DisableUser
        | Action::EnableUser
        | Action::ResetPassword
        | Action::ViewAs
        | Action::CreateGroup
        | Action::DeleteGroup
        | Action::AddToGroup
        | Action::TakeFromGroup
        | Action::AddCluster
        | Action::RenewCluster
        | Action::RemoveCluster
        | Action::AddProvider
        | Action::ChangeProvider
        | Action::SetProviderRules
        | Action::TestProvider
        | Action::EnableProvider
        | Action::DisableProvider
        | Action::RemoveProvider
        | Action::CreateProject
        | Action::ChangeProject
        | Action::DeleteProject
        | Action::AddRepository
        | Action::RefreshRepository
        | Action::RemoveRepository
        | Action::SetMetricsSource
        | Action::RemoveMetricsSource => administers,
        Action::ViewProject | Action::ViewNamespace | Action::ViewWorkload | Action::ViewRelease => {
            sees_all || holds(Permission::View)
        }
        Action::SetMember
        | Action::RemoveMember
        | Action::SetRole
        | Action::RemoveRole
        | Action::ApproveAccess
        | Action::RefuseAccess => administers || holds(Permission::Members),
        Action::CreateNamespace
        | Action::EditNamespace
        | Action::DeleteNamespace
        | Action::DetachNamespace => administers || holds(Permission::Namespaces),
        Action::ScaleWorkload | Action::RestartWorkload | Action::RollBackWorkload => {
            administers || holds(Permission::Operate)
        }
        Action::CreateWorkload | Action::EditWorkload | Action::DeleteWorkload => {
            administers || holds(Permission::Deploy)
        }
        Action::InstallRelease
        | Action::UpgradeRelease
        | Action::RollBackRelease
        | Action::UninstallRelease => administers || holds(Permission::Install),
        // Asked for by nobody.
        Action::PrepareCluster | Action::ApplyRules | Action::EndProviderSession | Action::EndAccess => false,
    }
}

/// A role of either kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    Platform(PlatformRole),
    Project(ProjectRole),
}

/// The least role that is allowed an action, for "why not?". One in the project comes before one on the platform.
pub fn role_for(action: Action) -> Option<Role> {
    let member = Standing::on_platform(PlatformRole::Member);
    if allows(member, action) {
        return Some(Role::Platform(PlatformRole::Member));
    }
    let in_project =
        ProjectRole::ALL.into_iter().find(|role| allows(member.in_project(role.permissions()), action));
    let on_platform = [PlatformRole::Auditor, PlatformRole::Administrator]
        .into_iter()
        .find(|role| allows(Standing::on_platform(*role), action));
    in_project.map(Role::Project).or(on_platform.map(Role::Platform))
}

#[cfg(test)]
#[path = "access/tests.rs"]
mod tests;
