//! Folders that a crashed instance left. Its processes ended with it.

use std::path::Path;

/// Names the process that a folder belongs to.
const OWNER: &str = "owner";
pub(crate) const PREFIX: &str = "pilothouse-testbed-";

/// Marks a folder as ours.
pub(crate) fn claim(folder: &Path) -> std::io::Result<()> {
    std::fs::write(folder.join(OWNER), std::process::id().to_string())
}

/// Removes the folders of processes that are gone. What cannot be removed is left for the next start.
pub(crate) fn sweep() {
    let Ok(entries) = std::fs::read_dir(std::env::temp_dir()) else { return };
    for entry in entries.flatten().filter(|entry| entry.file_name().to_string_lossy().starts_with(PREFIX)) {
        let owner = std::fs::read_to_string(entry.path().join(OWNER));
        let gone = owner.is_ok_and(|owner| !Path::new("/proc").join(owner.trim()).exists());
        if gone {
            crate::node::remove_control_groups(&entry.file_name().to_string_lossy());
            let _ = std::fs::remove_dir_all(entry.path());
        }
    }
}
