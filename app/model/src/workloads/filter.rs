//! The language of the filter box: `status:failed,progressing namespace:shop-web checkout`.

use super::{Health, WorkloadKind, WorkloadRow};

/// Terms that all have to hold; unknown keys are part of a name and match nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filter(pub Vec<Term>);

/// Holds when one of its words does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Term {
    /// Part of the name.
    Name(String),
    Status(Vec<String>),
    Kind(Vec<String>),
    Namespace(Vec<String>),
    Cluster(Vec<String>),
    /// Part of an image.
    Image(String),
}

impl Filter {
    pub fn parse(typed: &str) -> Self {
        let terms = typed.split_whitespace().map(|word| {
            let (key, value) = word.split_once(':').unwrap_or(("", word));
            let any = || value.split(',').map(str::to_lowercase).collect();
            match key {
                "status" => Term::Status(any()),
                "kind" => Term::Kind(any()),
                "namespace" | "ns" => Term::Namespace(any()),
                "cluster" => Term::Cluster(any()),
                "image" => Term::Image(value.to_lowercase()),
                "name" => Term::Name(value.to_lowercase()),
                _ => Term::Name(word.to_lowercase()),
            }
        });
        Self(terms.collect())
    }

    /// As [`Filter::matches`], without what is said about the status.
    pub fn matches_but_status(&self, row: &WorkloadRow) -> bool {
        self.0.iter().all(|term| matches!(term, Term::Status(_)) || term.matches(row))
    }

    pub fn matches_status(&self, health: Health) -> bool {
        self.0.iter().all(|term| match term {
            Term::Status(any) => any.iter().any(|word| word == health.as_str()),
            _ => true,
        })
    }

    pub fn matches(&self, row: &WorkloadRow) -> bool {
        self.matches_but_status(row) && self.matches_status(row.health)
    }
}

impl Term {
    fn matches(&self, row: &WorkloadRow) -> bool {
        let target = &row.target;
        match self {
            Self::Name(part) => target.name.as_str().contains(part.as_str()),
            Self::Status(any) => any.iter().any(|word| word == row.health.as_str()),
            Self::Kind(any) => any.iter().any(|word| is_kind(word, target.kind)),
            Self::Namespace(any) => any.iter().any(|word| word == target.namespace.as_str()),
            Self::Cluster(any) => any.iter().any(|word| word == target.cluster.as_str()),
            Self::Image(part) => row.images.to_lowercase().contains(part.as_str()),
        }
    }
}

/// `deployment`, `Deployment` or `deployments`.
fn is_kind(word: &str, kind: WorkloadKind) -> bool {
    word == kind.plural() || word == kind.as_str().to_lowercase()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clusters::ClusterName;
    use crate::namespaces::NamespaceName;
    use crate::workloads::{ObjectName, WorkloadRef};

    fn row(name: &str, health: Health) -> WorkloadRow {
        WorkloadRow {
            target: WorkloadRef {
                cluster: ClusterName::parse("local").unwrap(),
                namespace: NamespaceName::parse("shop-web").unwrap(),
                kind: WorkloadKind::Deployment,
                name: ObjectName::parse(name).unwrap(),
            },
            health,
            reason: String::new(),
            ready: String::new(),
            images: "registry.example/Checkout:4.18.1".into(),
            created_at: String::new(),
        }
    }

    #[test]
    fn every_term_has_to_hold_and_one_word_of_each_is_enough() {
        let failed = row("checkout", Health::Failed);
        for fits in [
            "",
            "check",
            "status:failed,healthy",
            "image:checkout:4.18",
            "kind:deployments ns:shop-web",
            "name:out",
        ] {
            assert!(Filter::parse(fits).matches(&failed), "{fits}");
        }
        for not in ["status:healthy", "check status:stopped", "cluster:far", "kind:job", "label:app=x"] {
            assert!(!Filter::parse(not).matches(&failed), "{not}");
        }
    }

    #[test]
    fn counts_are_taken_without_the_status() {
        let filter = Filter::parse("check status:healthy");

        assert!(filter.matches_but_status(&row("checkout", Health::Failed)));
        assert!(!filter.matches_but_status(&row("ledger", Health::Healthy)));
    }
}
