//! A migration that people have run is never edited: `migrations/released.lock` holds its hash.

use super::Problem;
use super::tree::Tree;
use crate::site::sha256;

const LOCK: &str = "migrations/released.lock";

/// Each line of the lock is `<sha256 in hex>  <path>`; `#` opens a comment.
pub(super) fn released(tree: &Tree) -> Vec<Problem> {
    let Some(lock) = tree.text(LOCK) else {
        return vec![Problem::file(
            LOCK,
            "is missing: it lists the released migrations",
        )];
    };
    let mut problems = Vec::new();
    for (index, line) in lock.lines().enumerate() {
        if line.trim().is_empty() || line.starts_with('#') {
            continue;
        }
        let number = index + 1;
        let Some((hash, path)) = line.split_once("  ") else {
            problems.push(Problem::line(LOCK, number, "write `<sha256>  <path>`"));
            continue;
        };
        match tree.text(path) {
            None => problems.push(Problem::line(LOCK, number, format!("{path} is gone"))),
            Some(text) if sha256(text.as_bytes()) != hash => {
                let message = "is released and may not change: write a new migration";
                problems.push(Problem::file(path, message));
            }
            Some(_) => {}
        }
    }
    problems
}

#[cfg(test)]
mod tests {
    use super::*;

    fn problems(text: &str) -> usize {
        let lock = format!("# released\n{}  migrations/src/a.rs\n", sha256(b"old"));
        released(&Tree::of(&[(LOCK, &lock), ("migrations/src/a.rs", text)])).len()
    }

    #[test]
    fn an_edited_migration_is_reported_and_an_unchanged_one_is_not() {
        assert_eq!((problems("old"), problems("new")), (0, 1));
    }

    #[test]
    fn a_removed_migration_is_reported() {
        let lock = format!("{}  migrations/src/a.rs\n", sha256(b"old"));
        assert_eq!(released(&Tree::of(&[(LOCK, &lock)])).len(), 1);
    }
}
