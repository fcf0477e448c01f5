//! Finds the workspace's Rust sources.

use std::path::{Path, PathBuf};

use crate::run::{Stop, root};

/// A source file.
pub struct Source {
    /// From the workspace's folder, with `/`.
    pub path: String,
    /// Its whole text.
    pub text: String,
}

/// Every `.rs` file below `crates/` and `xtask/`, by path; build folders and hidden ones left out.
pub fn sources() -> Result<Vec<Source>, Stop> {
    let root = root();
    let mut found = Vec::new();
    for top in ["crates", "xtask"] {
        collect(&root, &root.join(top), &mut found)
            .map_err(|error| Stop::Found(format!("the sources below {top}/ cannot be read: {error}")))?;
    }
    found.sort_by(|a, b| a.path.cmp(&b.path));
    Ok(found)
}

fn collect(root: &Path, folder: &Path, found: &mut Vec<Source>) -> std::io::Result<()> {
    for entry in std::fs::read_dir(folder)? {
        let path: PathBuf = entry?.path();
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        if name.starts_with('.') || name == "target" {
            continue;
        }
        if path.is_dir() {
            collect(root, &path, found)?;
        } else if name.ends_with(".rs") {
            let short = path.strip_prefix(root).unwrap_or(&path).to_string_lossy().replace('\\', "/");
            found.push(Source { path: short, text: std::fs::read_to_string(&path)? });
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_sources_hold_this_file_with_its_text() {
        let found = sources().unwrap();
        let own = found.iter().find(|source| source.path == "xtask/src/sources.rs").unwrap();
        assert!(own.text.contains("the_sources_hold_this_file_with_its_text"));
        assert!(found.iter().all(|source| !source.path.contains("/target/")));
    }
}
