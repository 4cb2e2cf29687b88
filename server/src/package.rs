//! What the build of the browser's side left.

use std::path::Path;
use std::sync::Arc;

use app::parts::Files;

/// The folder of the scripts below the site, named after their content, and which part needs which of them.
#[derive(Clone, Debug, Default)]
pub struct Package {
    pub folder: String,
    pub files: Files,
}

impl Package {
    /// Without a built site the pages are still HTML; their scripts are not found.
    pub fn read(site: &Path) -> Self {
        let Ok(name) = std::fs::read_to_string(site.join("package")) else {
            tracing::warn!(event = "site.missing", folder = site.display().to_string());
            return Self { folder: "pkg".to_owned(), files: Files::default() };
        };
        let folder = format!("pkg/{}", name.trim());
        let parts = std::fs::read(site.join(&folder).join("pilothouse_split.json")).unwrap_or_default();
        Self { files: Files(Arc::new(serde_json::from_slice(&parts).unwrap_or_default())), folder }
    }
}
