//! People: names, roles, passwords.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::groups::GroupName;
use crate::problem::Problem;
use crate::projects::{ProjectName, Way};
use crate::roles::{Permissions, RoleName};

/// Longest accepted username, in characters.
pub const USERNAME_MAX: u32 = 64;
/// Shortest accepted password, in characters.
pub const PASSWORD_MIN: u32 = 12;
/// Longest accepted password, in characters; bounds the work of hashing.
pub const PASSWORD_MAX: u32 = 256;

/// A name that a person signs in with: letters, digits and `. _ - @`.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Username(String);

impl Username {
    /// Accepts a typed name. `system:` is refused because Kubernetes gives it a meaning of its own.
    pub fn parse(typed: &str) -> Result<Self, Problem> {
        let name = typed.trim();
        if name.is_empty() {
            return Err(Problem::Required);
        }
        if name.to_lowercase().starts_with("system:") {
            return Err(Problem::Reserved);
        }
        if name.chars().count() > USERNAME_MAX as usize {
            return Err(Problem::TooLong { max: USERNAME_MAX });
        }
        let accepted = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-' | '@');
        if !name.chars().all(accepted) || !name.starts_with(|c: char| c.is_ascii_alphanumeric()) {
            return Err(Problem::BadCharacters);
        }
        Ok(Self(name.to_owned()))
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The form under which names are unique: `Ada` and `ada` are one account.
    pub fn key(&self) -> String {
        self.0.to_lowercase()
    }
}

impl TryFrom<String> for Username {
    type Error = String;
    fn try_from(value: String) -> Result<Self, Self::Error> {
        Self::parse(&value).map_err(|problem| format!("bad username: {problem:?}"))
    }
}

impl From<Username> for String {
    fn from(value: Username) -> Self {
        value.0
    }
}

impl fmt::Display for Username {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// What a person may do on the platform as a whole. The weakest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PlatformRole {
    Member,
    Auditor,
    Administrator,
}

impl PlatformRole {
    pub const ALL: [Self; 3] = [Self::Administrator, Self::Auditor, Self::Member];

    /// The word that forms and the database use.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Administrator => "administrator",
            Self::Auditor => "auditor",
            Self::Member => "member",
        }
    }

    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|role| role.as_str() == word)
    }
}

/// The signed-in person, as their own pages see them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Me {
    pub username: Username,
    pub role: PlatformRole,
    /// The identity provider they sign in with; empty for a password here.
    pub provider: String,
    /// Who looks at the console as this person, and may change nothing; none usually.
    pub viewer: Option<Username>,
}

/// How long a session lasts, in seconds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SessionLeft {
    /// When nothing happens.
    pub idle: u32,
    /// In any case.
    pub whole: u32,
    /// So long before its owner is told.
    pub warn: u32,
}

/// One of a person's own sessions.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OwnSession {
    /// Names it to its owner; worth nothing as a cookie.
    pub handle: String,
    /// The one that asks.
    pub current: bool,
    /// RFC 3339, UTC, as the next.
    pub since: String,
    pub seen: String,
    /// Such as `Firefox · Linux`; empty when it does not say.
    pub browser: String,
}

/// Browser and system in a word each, from a User-Agent header. For recognising, not for deciding.
pub fn browser_of(agent: &str) -> String {
    const BROWSERS: [(&str, &str); 6] = [
        ("Edg/", "Edge"),
        ("OPR/", "Opera"),
        ("Firefox/", "Firefox"),
        ("Chrome/", "Chrome"),
        ("Safari/", "Safari"),
        ("curl/", "curl"),
    ];
    const SYSTEMS: [(&str, &str); 6] = [
        ("Windows", "Windows"),
        ("Android", "Android"),
        ("iPhone", "iOS"),
        ("iPad", "iPadOS"),
        ("Mac OS X", "macOS"),
        ("Linux", "Linux"),
    ];
    let known = |all: &[(&str, &'static str)]| {
        all.iter().find(|(mark, _)| agent.contains(mark)).map(|(_, name)| *name)
    };
    let words: Vec<_> = [known(&BROWSERS), known(&SYSTEMS)].into_iter().flatten().collect();
    words.join(" · ")
}

/// A line of the user list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct User {
    pub username: Username,
    /// Nobody signs in with it.
    pub disabled: bool,
    /// Of whoever asks.
    pub own: bool,
    pub role: PlatformRole,
    pub source: Source,
    /// RFC 3339, UTC.
    pub created_at: String,
    /// RFC 3339, UTC; none before the first sign-in.
    pub last_seen_at: Option<String>,
}

/// A new account, as typed.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct UserForm {
    pub username: String,
    /// Of a local one; empty where its owner is to choose it, with an invitation.
    #[serde(default)]
    pub password: String,
    /// Of one from a provider the rules of the provider decide, from the first sign-in on.
    pub role: PlatformRole,
    /// The name of a provider; empty for a password here.
    #[serde(default)]
    pub provider: String,
}

/// The password is nobody's to read.
impl fmt::Debug for UserForm {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "user {:?} as {:?} from {:?}", self.username, self.role, self.provider)
    }
}

/// Somebody with everything that they may do, and why.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct UserDetail {
    pub user: User,
    pub groups: Vec<GroupName>,
    /// The platform role that the provider's rules give; counts when it is stronger.
    pub given_role: PlatformRole,
    /// By name of the project.
    pub projects: Vec<EffectiveAccess>,
    /// Open ones.
    pub sessions: u32,
    /// Those that still work.
    pub tokens: u32,
}

/// What somebody may do in a project, with every way that leads there.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct EffectiveAccess {
    pub project: ProjectName,
    pub permissions: Permissions,
    pub paths: Vec<AccessPath>,
}

/// One way to some permissions.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AccessPath {
    pub role: RoleName,
    pub permissions: Permissions,
    pub way: Way,
    /// RFC 3339, UTC.
    pub until: Option<String>,
}

/// A link with which somebody chooses a password for their account, once.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Invitation {
    pub token: String,
    pub hours: u32,
}

/// The token is nobody's to read but whose it is.
impl fmt::Debug for Invitation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "an invitation for {} h", self.hours)
    }
}

/// Where an account comes from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Source {
    /// It has a password here.
    Local,
    /// Its owner is to choose a password here, and has not yet.
    Invited,
    /// Its owner signs in with this provider.
    Provider(String),
    /// Its owner may come from this provider, and has not yet.
    Expected(String),
}

/// Refuses passwords that are too short, too long to hash, or contain the username.
pub fn check_password(password: &str, username: &str) -> Result<(), Problem> {
    let length = password.chars().count();
    if length == 0 {
        return Err(Problem::Required);
    }
    if length < PASSWORD_MIN as usize {
        return Err(Problem::TooShort { min: PASSWORD_MIN });
    }
    if length > PASSWORD_MAX as usize {
        return Err(Problem::TooLong { max: PASSWORD_MAX });
    }
    let name = username.trim().to_lowercase();
    if name.len() >= 4 && password.to_lowercase().contains(&name) {
        return Err(Problem::ContainsUsername);
    }
    Ok(())
}

/// How hard a password is to guess: 0 (refused) to 3 (long). Length counts, not punctuation.
pub fn password_strength(password: &str, username: &str) -> u8 {
    if check_password(password, username).is_err() {
        return 0;
    }
    let mut seen: Vec<char> = password.chars().collect();
    let length = seen.len();
    seen.sort_unstable();
    seen.dedup();
    match (length, seen.len()) {
        (_, 0..=5) => 1,
        (20.., _) => 3,
        (15.., _) => 2,
        _ => 1,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_kubernetes_itself_are_refused() {
        assert_eq!(Username::parse("system:masters"), Err(Problem::Reserved));
        assert_eq!(Username::parse(" System:admin"), Err(Problem::Reserved));
    }

    #[test]
    fn names_with_control_characters_or_blanks_are_refused() {
        for typed in ["a b", "a\nb", "-a", "a/b", "é"] {
            assert_eq!(Username::parse(typed), Err(Problem::BadCharacters), "{typed:?}");
        }
        assert_eq!(Username::parse("  "), Err(Problem::Required));
    }

    #[test]
    fn names_differing_in_case_are_one_account() {
        let upper = Username::parse("Ada@example.org").map(|name| name.key());
        assert_eq!(upper, Ok("ada@example.org".to_owned()));
    }

    #[test]
    fn a_password_needs_twelve_characters_and_must_not_hold_the_name() {
        assert_eq!(check_password("elevenchars", "ada"), Err(Problem::TooShort { min: 12 }));
        assert_eq!(check_password("grace-hopper-1", "grace"), Err(Problem::ContainsUsername));
        assert_eq!(check_password("twelve-chars", "ada"), Ok(()));
        assert_eq!(check_password(&"x".repeat(257), "ada"), Err(Problem::TooLong { max: 256 }));
    }

    #[test]
    fn repeating_one_letter_is_never_strong() {
        assert_eq!(password_strength(&"a".repeat(40), "ada"), 1);
        assert_eq!(password_strength("correct horse battery", "ada"), 3);
    }

    #[test]
    fn a_browser_is_told_by_what_makes_it_differ() {
        let chrome = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/156.0.0.0 Safari/537.36";
        assert_eq!(browser_of(chrome), "Chrome · Linux");
        assert_eq!(browser_of(&format!("{chrome} Edg/156.0")), "Edge · Linux");
        assert_eq!(
            browser_of("Mozilla/5.0 (Windows NT 10.0) Gecko/20100101 Firefox/150.0"),
            "Firefox · Windows"
        );
        assert_eq!(browser_of("something else"), "");
    }
}
