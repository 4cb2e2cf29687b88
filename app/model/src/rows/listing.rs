//! What a list is of.

use serde::{Deserialize, Serialize};

use super::{Column, Custom, CustomName, RowKind};

/// One kind, everything that runs something, or a kind that clusters were taught.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub enum Listing {
    Workloads,
    Kind(RowKind),
    Custom(CustomName),
}

const WORKLOADS: &str = "workloads";

impl Listing {
    pub fn parse(word: &str) -> Option<Self> {
        match word {
            WORKLOADS => Some(Self::Workloads),
            word => {
                RowKind::parse(word).map(Self::Kind).or_else(|| CustomName::parse(word).map(Self::Custom))
            }
        }
    }

    /// The word in addresses.
    pub fn as_str(&self) -> &str {
        match self {
            Self::Workloads => WORKLOADS,
            Self::Kind(kind) => kind.plural(),
            Self::Custom(name) => name.as_str(),
        }
    }

    /// The lists of one kind each that it is made of. All of them show the same columns.
    pub fn parts(&self) -> Vec<Self> {
        match self {
            Self::Workloads => RowKind::WORKLOADS.map(Self::Kind).to_vec(),
            one => vec![one.clone()],
        }
    }

    /// Whether what somebody may see of it may differ between namespaces: a namespace lives in itself, and of what clusters were
    /// taught only they know.
    pub fn is_placed(&self) -> bool {
        match self {
            Self::Kind(kind) => kind.namespaced() || *kind == RowKind::Namespaces,
            Self::Workloads | Self::Custom(_) => true,
        }
    }

    /// `custom` is what clusters say of a kind that they were taught.
    pub fn columns(&self, custom: Option<&Custom>) -> &'static [Column] {
        match self {
            Self::Workloads => RowKind::Deployments.columns(),
            Self::Kind(kind) => kind.columns(),
            Self::Custom(_) => custom.map(Custom::columns).unwrap_or_default(),
        }
    }

    pub fn has(&self, column: Column) -> bool {
        self.columns(None).contains(&column)
    }

    pub fn namespaced(&self, custom: Option<&Custom>) -> bool {
        match self {
            Self::Workloads => true,
            Self::Kind(kind) => kind.namespaced(),
            Self::Custom(_) => custom.is_some_and(|custom| custom.namespaced),
        }
    }
}

impl TryFrom<String> for Listing {
    type Error = String;
    fn try_from(word: String) -> Result<Self, Self::Error> {
        Self::parse(&word).ok_or(word)
    }
}

impl From<Listing> for String {
    fn from(listing: Listing) -> Self {
        listing.as_str().to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_workloads_show_the_same_columns() {
        for kind in RowKind::WORKLOADS {
            assert_eq!(kind.columns(), Listing::Workloads.columns(None));
        }
        assert_eq!(Listing::parse("workloads"), Some(Listing::Workloads));
        assert_eq!(Listing::parse("pods"), Some(Listing::Kind(RowKind::Pods)));
        let custom = CustomName::parse("certificates.cert-manager.io").map(Listing::Custom);
        assert_eq!(Listing::parse("certificates.cert-manager.io"), custom);
        assert_eq!(Listing::parse("nothing"), None);
    }
}
