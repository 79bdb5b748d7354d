//! What the tests of this module share.

use std::path::PathBuf;

/// A folder for one test, removed with its contents.
pub(super) struct Folder(PathBuf);

impl Folder {
    /// A new empty folder; `name` is used by one test only.
    pub(super) fn new(name: &str) -> Self {
        let folder = std::env::temp_dir().join(format!("binnet-{name}-{}", std::process::id()));
        std::fs::create_dir_all(&folder).unwrap();
        Self(folder)
    }

    /// A path in it.
    pub(super) fn path(&self, name: &str) -> PathBuf {
        self.0.join(name)
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}
