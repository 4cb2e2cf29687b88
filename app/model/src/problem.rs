//! What can be wrong with a field of a form, as data: the page turns it into words.

use serde::{Deserialize, Serialize};

use crate::license::LicenceProblem;
use crate::outside::FetchProblem;

/// One field of a form and what is wrong with it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FieldProblem {
    /// The `name` attribute of the field.
    pub field: String,
    pub problem: Problem,
}

impl FieldProblem {
    pub fn new(field: &str, problem: Problem) -> Self {
        Self { field: field.to_owned(), problem }
    }
}

/// A reason to refuse a value. Each variant has a sentence in every language.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Problem {
    Required,
    TooShort {
        min: u32,
    },
    TooLong {
        max: u32,
    },
    /// Has a character that the field does not accept.
    BadCharacters,
    /// Not a DNS label.
    NotALabel,
    /// Starts with a prefix that belongs to Kubernetes.
    Reserved,
    /// The name or its beginning is taken by Kubernetes or the console.
    ReservedName,
    /// Not a Kubernetes quantity, or negative.
    NotAQuantity,
    /// Not the name of an image, as in `registry.example/team/app:1.2`.
    NotAnImage,
    /// Not a whole number in this range.
    NotANumber {
        min: u32,
        max: u32,
    },
    /// Not `8080`, `53/UDP` or `http:8080`.
    NotAPort {
        text: String,
    },
    /// Not `NAME=value`; lines are counted from one.
    NotAVariable {
        line: u32,
    },
    /// Not an address that begins with https:// or http://, or one with credentials in it.
    NotAnAddress,
    /// A password would go over the open internet in the clear.
    NeedsHttps,
    /// The console has no key to keep passwords of others with.
    NoKey,
    /// Something outside that cannot be read.
    Outside {
        reason: FetchProblem,
    },
    /// Helm does not accept it; in its own words.
    Helm {
        said: String,
    },
    /// A request above its limit, or a default above its maximum.
    MoreThanLimit,
    /// More than the project has left.
    MoreThanLeft {
        left: String,
    },
    /// The name was to be typed, and this is not it.
    NotTheName,
    /// The same of a number.
    NotTheNumber,
    /// Nobody has this name.
    NoSuchUser,
    /// There are as many as there may be.
    TooMany {
        max: u32,
    },
    /// Not a kubeconfig with contexts.
    NotAKubeconfig,
    /// The file has no such context, or it cannot be connected as it is.
    NotAContext,
    /// It is for another server than this.
    OtherServer {
        server: String,
    },
    /// So many namespaces still belong to projects.
    StillUsed {
        namespaces: u32,
    },
    /// The console's settings have it, and only they can change that.
    InSettings,
    /// No such identity provider.
    NoSuchProvider,
    /// No such project.
    NoSuchProject,
    /// The project has no such role.
    NoSuchRole,
    /// No such group.
    NoSuchGroup,
    /// Nobody gives what they do not have themselves.
    BeyondYours,
    /// So many people and groups have it.
    InUse {
        count: u32,
    },
    /// It comes through this group.
    GivenByGroup {
        group: String,
    },
    /// There is one already.
    AskedAlready,
    /// The account is disabled.
    Disabled,
    /// They have this role already.
    HasIt,
    /// A sign-in with this connection has to be tested first.
    NotTested,
    /// The provider names another issuer than this address.
    OtherIssuer,
    /// It is given by the rules of this provider.
    GivenByRules {
        provider: String,
    },
    /// Their password is elsewhere.
    NotLocal,
    /// It is one's own account.
    Yourself,
    /// No such cluster is connected.
    NoSuchCluster,
    /// The second entry differs from the first.
    Mismatch,
    Taken,
    ContainsUsername,
    WrongPassword,
    /// No such setup token, or it was used.
    WrongToken,
    ExpiredToken,
    Licence {
        reason: LicenceProblem,
    },
}
