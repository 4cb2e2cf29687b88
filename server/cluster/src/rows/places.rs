//! How far somebody sees.

use std::collections::{BTreeMap, BTreeSet};

use model::namespaces::NamespaceName;

/// The namespaces of a cluster whose rows somebody may see.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Places {
    Everywhere,
    In(Seen),
    /// The cluster does not say; nothing is shown, and that it is so.
    Unknown,
}

/// What somebody may see who may not see everything.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Seen {
    /// Namespaces with everything that is in them.
    pub whole: BTreeSet<NamespaceName>,
    /// In other namespaces what is granted by its name; under no name what lives in none.
    pub named: BTreeMap<String, BTreeSet<String>>,
    /// Namespaces of theirs of which they see nothing.
    pub denied: u32,
}
