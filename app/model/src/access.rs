//! Who may do what: the truth table that the gate enforces and the pages show.

use serde::{Deserialize, Serialize};

use crate::identity::PlatformRole;

/// Everything the console can do, as the audit trail names it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Action {
    Activate,
    SignIn,
    SignOut,
    ChangePassword,
    ViewLicence,
    ReplaceLicence,
    ListUsers,
    CreateUser,
    ViewAudit,
}

impl Action {
    pub const ALL: [Self; 9] = [
        Self::Activate,
        Self::SignIn,
        Self::SignOut,
        Self::ChangePassword,
        Self::ViewLicence,
        Self::ReplaceLicence,
        Self::ListUsers,
        Self::CreateUser,
        Self::ViewAudit,
    ];

    /// The stable word in the audit trail and in logs.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Activate => "license.activate",
            Self::SignIn => "identity.sign_in",
            Self::SignOut => "identity.sign_out",
            Self::ChangePassword => "identity.change_password",
            Self::ViewLicence => "license.view",
            Self::ReplaceLicence => "license.replace",
            Self::ListUsers => "identity.list_users",
            Self::CreateUser => "identity.create_user",
            Self::ViewAudit => "audit.view",
        }
    }

    /// Whether it makes the installation larger, which an exhausted licence refuses.
    pub fn adds(self) -> bool {
        matches!(self, Self::CreateUser)
    }
}

/// Who is asking, as far as permission is concerned. `None` is somebody not signed in.
pub type Standing = Option<PlatformRole>;

/// The rule: deny unless a line here says otherwise.
pub fn allows(who: Standing, action: Action) -> bool {
    use PlatformRole::{Administrator, Auditor};
    match action {
        Action::Activate | Action::SignIn => true,
        Action::SignOut | Action::ChangePassword => who.is_some(),
        Action::ViewLicence | Action::ListUsers | Action::ViewAudit => {
            matches!(who, Some(Administrator | Auditor))
        }
        Action::ReplaceLicence | Action::CreateUser => who == Some(Administrator),
    }
}

/// The least role that is allowed an action, for "why not?".
pub fn role_for(action: Action) -> Option<PlatformRole> {
    [PlatformRole::Member, PlatformRole::Auditor, PlatformRole::Administrator]
        .into_iter()
        .find(|role| allows(Some(*role), action))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stranger_may_only_activate_and_sign_in() {
        let open: Vec<_> = Action::ALL.into_iter().filter(|a| allows(None, *a)).collect();
        assert_eq!(open, [Action::Activate, Action::SignIn]);
    }

    #[test]
    fn an_auditor_sees_but_changes_nothing_of_others() {
        for action in [Action::ReplaceLicence, Action::CreateUser] {
            assert!(!allows(Some(PlatformRole::Auditor), action));
        }
        assert!(allows(Some(PlatformRole::Auditor), Action::ViewAudit));
    }

    #[test]
    fn a_member_sees_no_administration() {
        for action in [Action::ViewAudit, Action::ListUsers, Action::ViewLicence] {
            assert!(!allows(Some(PlatformRole::Member), action));
        }
    }

    #[test]
    fn the_role_that_would_allow_is_the_least_one() {
        assert_eq!(role_for(Action::ViewAudit), Some(PlatformRole::Auditor));
        assert_eq!(role_for(Action::CreateUser), Some(PlatformRole::Administrator));
    }
}
