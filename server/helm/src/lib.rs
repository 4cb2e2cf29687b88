//! Helm: repositories and the charts in them.
//!
//! Everything that leaves the console for the outside goes through [`egress`].

mod archive;
mod egress;
mod index;
mod run;

pub use archive::{Contents, read_archive};
pub use egress::Egress;
pub use index::{Entry, read_index};
pub use run::{Ended, Helm, Release};
