//! What a list is of.

use serde::{Deserialize, Serialize};

use super::{Column, RowKind};

/// One kind, or everything that runs something.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub enum Listing {
    Workloads,
    Kind(RowKind),
}

const WORKLOADS: &str = "workloads";

impl Listing {
    pub fn parse(word: &str) -> Option<Self> {
        match word {
            WORKLOADS => Some(Self::Workloads),
            word => RowKind::parse(word).map(Self::Kind),
        }
    }

    /// The word in addresses.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Workloads => WORKLOADS,
            Self::Kind(kind) => kind.plural(),
        }
    }

    /// The kinds whose rows it has. All of them show the same columns.
    pub fn kinds(self) -> Vec<RowKind> {
        match self {
            Self::Workloads => RowKind::WORKLOADS.to_vec(),
            Self::Kind(kind) => vec![kind],
        }
    }

    pub fn columns(self) -> &'static [Column] {
        match self {
            Self::Workloads => RowKind::Deployments.columns(),
            Self::Kind(kind) => kind.columns(),
        }
    }

    pub fn has(self, column: Column) -> bool {
        self.columns().contains(&column)
    }

    pub fn namespaced(self) -> bool {
        match self {
            Self::Workloads => true,
            Self::Kind(kind) => kind.namespaced(),
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
            assert_eq!(kind.columns(), Listing::Workloads.columns());
        }
        assert_eq!(Listing::parse("workloads"), Some(Listing::Workloads));
        assert_eq!(Listing::parse("pods"), Some(Listing::Kind(RowKind::Pods)));
        assert_eq!(Listing::parse("secrets"), None, "values of Secrets are in no list");
    }
}
