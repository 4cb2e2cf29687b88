//! Who may do what: the truth table that the gate enforces and the pages show.

use serde::{Deserialize, Serialize};

use crate::identity::PlatformRole;
use crate::roles::{Permission, Permissions, ProjectRole};

/// Declares each action once, with the stable word that it has in the audit trail and in logs.
macro_rules! actions {
    ($($(#[$note:meta])* $name:ident => $word:literal,)+) => {
        /// Everything the console can do, as the audit trail names it.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
        #[serde(rename_all = "snake_case")]
        pub enum Action {
            $($(#[$note])* $name,)+
        }

        impl Action {
            pub const ALL: &[Self] = &[$(Self::$name),+];

            /// The stable word in the audit trail and in logs.
            pub fn as_str(self) -> &'static str {
                match self {
                    $(Self::$name => $word,)+
                }
            }
        }
    };
}

actions! {
    Activate => "license.activate",
    SignIn => "identity.sign_in",
    SignOut => "identity.sign_out",
    ChangePassword => "identity.change_password",
    EndSession => "identity.end_session",
    EndOtherSessions => "identity.end_other_sessions",
    ViewLicence => "license.view",
    ReplaceLicence => "license.replace",
    ListUsers => "identity.list_users",
    CreateUser => "identity.create_user",
    DisableUser => "identity.disable_user",
    EnableUser => "identity.enable_user",
    ResetPassword => "identity.reset_password",
    /// Whoever was invited chooses a password.
    AcceptInvitation => "identity.accept_invitation",
    /// Looking at the console as somebody else sees it.
    ViewAs => "identity.view_as",
    StopViewing => "identity.stop_viewing",
    /// Somebody whom a provider vouches for gets an account.
    JoinUser => "identity.join",
    ListProviders => "providers.list",
    AddProvider => "providers.add",
    ChangeProvider => "providers.change",
    SetProviderRules => "providers.set_rules",
    TestProvider => "providers.test",
    EnableProvider => "providers.enable",
    DisableProvider => "providers.disable",
    RemoveProvider => "providers.remove",
    /// The console's own: what a provider's rules give to somebody changed.
    ApplyRules => "providers.apply_rules",
    /// The console's own: the provider answers for a session no more.
    EndProviderSession => "providers.end_session",
    CreateToken => "tokens.create",
    RevokeToken => "tokens.revoke",
    ListGroups => "groups.list",
    CreateGroup => "groups.create",
    DeleteGroup => "groups.delete",
    AddToGroup => "groups.add_member",
    TakeFromGroup => "groups.remove_member",
    /// Reaching a cluster with a token, and seeing one's own tokens.
    UseApi => "clusters.use_api",
    ListClusters => "clusters.list",
    ViewCluster => "clusters.view",
    AddCluster => "clusters.add",
    RenewCluster => "clusters.renew",
    RemoveCluster => "clusters.remove",
    /// The console's own: roles and bindings that a cluster needs for people to use it.
    PrepareCluster => "clusters.prepare",
    ListProjects => "projects.list",
    CreateProject => "projects.create",
    DeleteProject => "projects.delete",
    ViewProject => "projects.view",
    ChangeProject => "projects.change",
    SetMember => "projects.set_member",
    RemoveMember => "projects.remove_member",
    SetRole => "roles.set",
    RemoveRole => "roles.remove",
    RequestAccess => "requests.ask",
    WithdrawRequest => "requests.withdraw",
    ApproveAccess => "requests.approve",
    RefuseAccess => "requests.refuse",
    /// The console's own: a membership whose time is over.
    EndAccess => "requests.end",
    ListNamespaces => "namespaces.list",
    ViewNamespace => "namespaces.view",
    CreateNamespace => "namespaces.create",
    EditNamespace => "namespaces.edit",
    DeleteNamespace => "namespaces.delete",
    DetachNamespace => "namespaces.detach",
    ListRows => "rows.list",
    ViewHealth => "rows.health",
    SaveView => "rows.save_view",
    ForgetView => "rows.forget_view",
    ViewWorkload => "workloads.view",
    CreateWorkload => "workloads.create",
    EditWorkload => "workloads.edit",
    ScaleWorkload => "workloads.scale",
    RestartWorkload => "workloads.restart",
    RollBackWorkload => "workloads.roll_back",
    DeleteWorkload => "workloads.delete",
    ListCharts => "catalog.list_charts",
    AddRepository => "catalog.add_repository",
    RefreshRepository => "catalog.refresh_repository",
    RemoveRepository => "catalog.remove_repository",
    ViewRelease => "releases.view",
    InstallRelease => "releases.install",
    UpgradeRelease => "releases.upgrade",
    RollBackRelease => "releases.roll_back",
    UninstallRelease => "releases.uninstall",
    SetMetricsSource => "monitoring.set_source",
    RemoveMetricsSource => "monitoring.remove_source",
    ViewAudit => "audit.view",
}

impl Action {
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
        | Action::WithdrawRequest
        | Action::ListProjects
        | Action::ListNamespaces
        | Action::ListRows
        | Action::SaveView
        | Action::ForgetView
        | Action::ListCharts => signed_in,
        Action::ViewLicence
        | Action::ListUsers
        | Action::ListGroups
        | Action::ListProviders
        | Action::ViewAudit
        | Action::ViewHealth
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
