//! Helm: repositories and the charts in them.

mod archive;
mod index;
mod releases;
mod run;

pub use archive::{Contents, read_archive};
pub use index::{Entry, read_index};
pub use releases::{KEY, StoredRelease, of_one, read_release};
pub use run::{Ended, Helm, Release};
