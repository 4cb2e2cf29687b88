//! The control groups of a node, in every hierarchy of the machine, version 1 or 2.

use std::path::{Path, PathBuf};
use std::time::Duration;

/// How often removing is tried: processes of a node that was told to end take a moment.
const TRIES: u32 = 100;
const PAUSE: Duration = Duration::from_millis(50);

pub(crate) fn make(group: &str) -> std::io::Result<()> {
    places(group).into_iter().try_for_each(std::fs::create_dir_all)
}

/// Removes what is empty; gives up after five seconds, and the next start tries again.
pub(crate) fn remove(group: &str) {
    for _ in 0..TRIES {
        let left: Vec<PathBuf> = places(group).into_iter().filter(|place| place.exists()).collect();
        if left.is_empty() {
            return;
        }
        left.iter().for_each(|place| remove_below(place));
        if left.iter().any(|place| place.exists()) {
            std::thread::sleep(PAUSE);
        }
    }
}

fn places(group: &str) -> Vec<PathBuf> {
    let mounts = std::fs::read_to_string("/proc/self/mounts").unwrap_or_default();
    let hierarchy = |line: &str| {
        let mut parts = line.split_whitespace().skip(1);
        let (place, kind) = (parts.next()?, parts.next()?);
        matches!(kind, "cgroup" | "cgroup2").then(|| Path::new(place).join(group))
    };
    mounts.lines().filter_map(hierarchy).collect()
}

/// Depth first, because only an empty group can be removed.
fn remove_below(place: &Path) {
    for entry in std::fs::read_dir(place).into_iter().flatten().flatten() {
        if entry.file_type().is_ok_and(|kind| kind.is_dir()) {
            remove_below(&entry.path());
        }
    }
    // Busy while a process is in it.
    let _busy = std::fs::remove_dir(place);
}
