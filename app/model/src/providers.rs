//! Identity providers (OpenID Connect): how people sign in with them, and what their claims give.

use std::collections::BTreeMap;
use std::fmt;

use serde::{Deserialize, Serialize};

use crate::identity::PlatformRole;
use crate::name::check_label;
use crate::outside::{FetchProblem, check_address};
use crate::problem::{FieldProblem, Problem};
use crate::projects::ProjectName;
use crate::roles::ProjectRole;

/// Longest text in a field of a provider or a rule, in characters.
const LONGEST: u32 = 256;
/// Most rules of one provider.
pub const MOST_RULES: u32 = 200;

/// Names a provider in addresses: a DNS label.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct ProviderName(String);

impl ProviderName {
    pub fn parse(typed: &str) -> Result<Self, Problem> {
        let name = typed.trim();
        check_label(name, 40)?;
        // The address of the page that adds one.
        if name == "new" {
            return Err(Problem::ReservedName);
        }
        Ok(Self(name.to_owned()))
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl TryFrom<String> for ProviderName {
    type Error = String;
    fn try_from(value: String) -> Result<Self, Self::Error> {
        Self::parse(&value).map_err(|problem| format!("bad provider name: {problem:?}"))
    }
}

impl From<ProviderName> for String {
    fn from(value: ProviderName) -> Self {
        value.0
    }
}

impl fmt::Display for ProviderName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A button of the sign-in page.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Way {
    pub name: ProviderName,
    pub display_name: String,
}

/// What the token of a person says, by claim: `groups`, or `realm_access.roles` for one inside another.
pub type Claims = BTreeMap<String, Vec<String>>;

/// Whoever has this value in this claim gets this.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rule {
    pub claim: String,
    pub value: String,
    pub gives: Gift,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Gift {
    Platform(PlatformRole),
    Project { project: ProjectName, role: ProjectRole },
}

/// What rules give to somebody.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Given {
    pub role: PlatformRole,
    /// The strongest role of each.
    pub projects: BTreeMap<ProjectName, ProjectRole>,
    /// Whether any rule applies.
    pub any: bool,
}

/// What these rules give to somebody with these claims. Values are compared as they are written.
pub fn given(rules: &[Rule], claims: &Claims) -> Given {
    let mut given = Given { role: PlatformRole::Member, projects: BTreeMap::new(), any: false };
    for rule in rules.iter().filter(|rule| rule.applies(claims)) {
        given.any = true;
        match &rule.gives {
            Gift::Platform(role) => given.role = given.role.max(*role),
            Gift::Project { project, role } => {
                let known = given.projects.entry(project.clone()).or_insert(*role);
                *known = (*known).max(*role);
            }
        }
    }
    given
}

impl Rule {
    pub fn applies(&self, claims: &Claims) -> bool {
        claims.get(&self.claim).is_some_and(|values| values.contains(&self.value))
    }

    /// As typed, without blanks around. Errors are of the fields `claim` and `value`.
    pub fn checked(self) -> Result<Self, Vec<FieldProblem>> {
        let claim = self.claim.trim().to_owned();
        let value = self.value.trim().to_owned();
        let wrong = [("claim", line(&claim).err()), ("value", line(&value).err())];
        none_or(wrong)?;
        Ok(Self { claim, value, gives: self.gives })
    }
}

/// A provider as typed. Without a secret the one that is kept stays.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProviderForm {
    pub name: String,
    pub display_name: String,
    pub issuer: String,
    /// The issuer may be in a private network.
    pub private_addresses: bool,
    pub client_id: String,
    pub client_secret: String,
    /// Separated by blanks; `openid` is always asked for.
    pub scopes: String,
    pub username_claim: String,
}

/// The secret is nobody's to read.
impl fmt::Debug for ProviderForm {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} at {} as {:?}", self.name, self.issuer, self.client_id)
    }
}

/// How the console reaches a provider, checked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Connection {
    pub display_name: String,
    /// As the provider spells it in its tokens.
    pub issuer: String,
    pub private_addresses: bool,
    pub client_id: String,
    pub scopes: Vec<String>,
    /// Whose value is the username here.
    pub username_claim: String,
}

impl ProviderForm {
    /// Every field that is wrong, at once.
    pub fn check(&self) -> Result<(ProviderName, Connection), Vec<FieldProblem>> {
        let name = ProviderName::parse(&self.name);
        let issuer = check_address(&self.issuer);
        let open = issuer.as_ref().is_ok_and(|url| url.starts_with("http:")) && !self.private_addresses;
        let (display_name, client_id) = (self.display_name.trim(), self.client_id.trim());
        let claim = self.username_claim.trim();
        let scopes: Vec<_> = self.scopes.split_whitespace().map(str::to_owned).collect();
        let bad_scope = scopes.iter().any(|scope| !scope.chars().all(|c| c.is_ascii_graphic() && c != '"'));
        let bad_scope = bad_scope || self.scopes.len() > LONGEST as usize;
        let wrong = [
            ("name", name.as_ref().err().cloned()),
            ("display_name", line(display_name).err()),
            ("issuer", issuer.as_ref().err().cloned()),
            ("issuer", open.then_some(Problem::NeedsHttps)),
            ("client_id", line(client_id).err()),
            ("scopes", bad_scope.then_some(Problem::BadCharacters)),
            ("username_claim", line(claim).err()),
        ];
        none_or(wrong)?;
        let (Ok(name), Ok(_)) = (name, issuer) else { return Err(Vec::new()) };
        let connection = Connection {
            display_name: display_name.to_owned(),
            // Some issuers end with a slash, and have to be spelled so.
            issuer: self.issuer.trim().to_owned(),
            private_addresses: self.private_addresses,
            client_id: client_id.to_owned(),
            scopes,
            username_claim: claim.to_owned(),
        };
        Ok((name, connection))
    }
}

fn none_or<const N: usize>(wrong: [(&str, Option<Problem>); N]) -> Result<(), Vec<FieldProblem>> {
    let wrong: Vec<_> =
        wrong.into_iter().filter_map(|(field, problem)| Some(FieldProblem::new(field, problem?))).collect();
    if wrong.is_empty() { Ok(()) } else { Err(wrong) }
}

/// One line of text that says something.
fn line(text: &str) -> Result<(), Problem> {
    match text {
        "" => Err(Problem::Required),
        text if text.chars().count() > LONGEST as usize => Err(Problem::TooLong { max: LONGEST }),
        text if text.chars().any(char::is_control) => Err(Problem::BadCharacters),
        _ => Ok(()),
    }
}

/// A line of the list of providers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProviderSummary {
    pub name: ProviderName,
    pub display_name: String,
    pub issuer: String,
    pub enabled: bool,
    /// Accounts that sign in with it.
    pub users: u32,
}

/// What the page of a provider shows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProviderDetail {
    pub name: ProviderName,
    pub connection: Connection,
    pub has_secret: bool,
    pub enabled: bool,
    /// Nobody gets in to whom no rule gives anything.
    pub only_matched: bool,
    pub rules: Vec<Rule>,
    /// The last test with this connection.
    pub tested: Option<Tested>,
    /// Projects that rules can name.
    pub projects: Vec<ProjectName>,
}

/// What a test sign-in showed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tested {
    /// RFC 3339, UTC.
    pub at: String,
    pub claims: Claims,
    /// What the claim of the username holds, when a username can be made of it.
    pub username: Option<String>,
    /// Sessions can be checked with the provider again; otherwise they end after a quarter of an hour.
    pub refreshes: bool,
}

/// Why signing in with a provider failed. Each has a sentence with the next step.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[serde(rename_all = "snake_case")]
pub enum SignOnProblem {
    /// No such provider, or it is disabled.
    #[error("no such provider")]
    NoProvider,
    #[error("the provider cannot be asked: {0:?}")]
    Outside(FetchProblem),
    /// The provider says that it is somebody else.
    #[error("the provider names another issuer")]
    OtherIssuer,
    /// The provider refused; in the word of the protocol.
    #[error("the provider refused: {code}")]
    Refused { code: String },
    /// What the provider sent cannot be trusted.
    #[error("the token cannot be trusted")]
    BadToken,
    /// It was begun too long ago, in another browser, or ended already.
    #[error("no such attempt")]
    Stale,
    /// The claim has no value that can be a username here.
    #[error("no username in the claim {claim}")]
    NoUsername { claim: String },
    /// Somebody else has the name.
    #[error("the name {username} is taken")]
    NameTaken { username: String },
    /// No rule gives anything.
    #[error("no rule lets {username} in")]
    NotLetIn { username: String },
    #[error("the account is disabled")]
    Disabled,
    /// The licence has no room for one more person.
    #[error("the licence has no room")]
    NoRoom,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rule(value: &str, gives: Gift) -> Rule {
        Rule { claim: "groups".into(), value: value.into(), gives }
    }

    fn shop(role: ProjectRole) -> Gift {
        Gift::Project { project: ProjectName::parse("shop").unwrap(), role }
    }

    #[test]
    fn of_several_rules_that_apply_the_strongest_counts() {
        let rules = [
            rule("ops", Gift::Platform(PlatformRole::Administrator)),
            rule("audit", Gift::Platform(PlatformRole::Auditor)),
            rule("dev", shop(ProjectRole::Developer)),
            rule("all", shop(ProjectRole::Viewer)),
        ];
        let claims = |values: &[&str]| -> Claims {
            [("groups".to_owned(), values.iter().map(|value| (*value).to_owned()).collect())].into()
        };

        let both = given(&rules, &claims(&["all", "dev", "audit", "ops"]));
        let none = given(&rules, &claims(&["Dev", "op"]));

        assert_eq!(both.role, PlatformRole::Administrator);
        assert_eq!(both.projects.into_values().collect::<Vec<_>>(), [ProjectRole::Developer]);
        assert_eq!((none.role, none.any), (PlatformRole::Member, false));
    }

    #[test]
    fn a_provider_is_reached_over_tls_or_in_a_private_network() {
        let form = ProviderForm {
            name: "corp".into(),
            display_name: "Corp".into(),
            issuer: "http://sso.example/realms/x".into(),
            client_id: "pilothouse".into(),
            username_claim: "email".into(),
            ..ProviderForm::default()
        };
        let fields = |form: &ProviderForm| {
            let wrong = form.check().err().unwrap_or_default();
            wrong.into_iter().map(|wrong| wrong.field).collect::<Vec<_>>()
        };

        assert_eq!(fields(&form), ["issuer"]);
        assert_eq!(fields(&ProviderForm { private_addresses: true, ..form.clone() }), [""; 0]);
        assert_eq!(
            fields(&ProviderForm::default()),
            ["name", "display_name", "issuer", "client_id", "username_claim"]
        );
        let secret = ProviderForm { client_secret: "canary".into(), ..form };
        assert!(!format!("{secret:?}").contains("canary"));
    }
}
