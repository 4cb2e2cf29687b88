//! How much of its allotments a project has given to its namespaces, and whether more fits.

use std::collections::BTreeMap;

use cluster::Cluster;
use contract::Error;
use gate::Grant;
use model::namespaces::{NamespaceName, in_words};
use model::problem::{FieldProblem, Problem};
use model::projects::Allotment;
use model::quantity::Quantity;
use store::Store;

/// Sums of the quotas of a project's namespaces on one cluster, by keys of a `ResourceQuota`.
#[derive(Clone, Debug, Default)]
pub(crate) struct Given {
    by_namespace: BTreeMap<String, BTreeMap<String, Quantity>>,
}

/// Reads what the cluster holds now, so that quotas changed elsewhere count.
pub(crate) async fn given(
    store: &Store,
    cluster: &Cluster,
    grant: &Grant,
    project_id: &str,
) -> Result<Given, Error> {
    let namespaces = store.namespaces().await?;
    let own = |name: &str| {
        namespaces.iter().any(|namespace| {
            namespace.project_id == project_id
                && namespace.cluster == cluster.name
                && namespace.name.as_str() == name
        })
    };
    let quotas = cluster::quotas(cluster, grant).await?;
    let by_namespace = quotas.into_iter().filter(|quota| own(&quota.namespace));
    Ok(Given { by_namespace: by_namespace.map(|quota| (quota.namespace, quota.hard)).collect() })
}

impl Given {
    pub(crate) fn of(&self, key: &str) -> Quantity {
        let amounts = self.by_namespace.values().filter_map(|quota| quota.get(key));
        amounts.fold(Quantity::ZERO, |sum, amount| sum.plus(*amount))
    }

    /// Leaves out a namespace whose quota is about to be replaced.
    pub(crate) fn without(mut self, name: &NamespaceName) -> Self {
        self.by_namespace.remove(name.as_str());
        self
    }

    /// What of a quota does not fit any more (A1:NS-01), and what has nothing left at all.
    pub(crate) fn problems(
        &self,
        allotment: &Allotment,
        quota: &BTreeMap<String, Quantity>,
    ) -> Vec<FieldProblem> {
        let mut problems = Vec::new();
        for (key, wanted) in quota {
            let total = if key.ends_with("cpu") {
                allotment.cpu
            } else if key.ends_with("memory") {
                allotment.memory
            } else {
                allotment.pods
            };
            let Some(total) = total else { continue };
            let left = total.minus(self.of(key)).max(Quantity::ZERO);
            if *wanted > left {
                let left = in_words(key, left);
                problems.push(FieldProblem::new(key, Problem::MoreThanLeft { left }));
            }
        }
        problems
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn quota(pairs: &[(&str, &str)]) -> BTreeMap<String, Quantity> {
        pairs.iter().map(|(key, value)| ((*key).to_owned(), Quantity::parse(value).unwrap())).collect()
    }

    #[test]
    fn what_fits_exactly_is_accepted_and_what_does_not_is_told_what_is_left() {
        let given = Given { by_namespace: [("shop-a".into(), quota(&[("limits.cpu", "2500m")]))].into() };
        let allotment = Allotment { cpu: Quantity::parse("4"), ..Allotment::default() };

        assert_eq!(given.problems(&allotment, &quota(&[("limits.cpu", "1.5"), ("pods", "900")])), []);
        assert_eq!(
            given.problems(&allotment, &quota(&[("limits.cpu", "1600m")])),
            [FieldProblem::new("limits.cpu", Problem::MoreThanLeft { left: "1.5".into() })]
        );
    }

    #[test]
    fn a_quota_that_is_replaced_does_not_count_against_itself() {
        let given = Given { by_namespace: [("shop-a".into(), quota(&[("pods", "10")]))].into() };
        let allotment = Allotment { pods: Quantity::parse("10"), ..Allotment::default() };
        let wanted = quota(&[("pods", "10")]);

        assert_eq!(given.problems(&allotment, &wanted).len(), 1);
        let name = NamespaceName::parse("shop-a").unwrap();
        assert_eq!(given.without(&name).problems(&allotment, &wanted), []);
    }
}
