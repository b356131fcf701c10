//! Pages carry no inline script without the nonce that the content security policy asks for.

use super::Problem;
use super::tree::Tree;

const PAGES: &[&str] = &["app/", "frontend/", "server/"];

pub(super) fn no_inline_script(tree: &Tree) -> Vec<Problem> {
    let mut problems = Vec::new();
    for (path, source) in tree.sources() {
        if !PAGES.iter().any(|folder| path.starts_with(folder)) {
            continue;
        }
        let lines: Vec<_> = source.shipped_with_strings().collect();
        for (index, (number, line)) in lines.iter().enumerate() {
            for (at, _) in line.match_indices("<script") {
                let mut tag = line[at..].to_owned();
                for (_, more) in lines.iter().skip(index + 1).take(8) {
                    if tag.contains('>') {
                        break;
                    }
                    tag.push_str(more);
                }
                let tag = tag.split('>').next().unwrap_or_default();
                if !tag.contains("nonce") && !tag.contains("src=") {
                    let message = "a script in a page needs its nonce, or the browser refuses it";
                    problems.push(Problem::line(path, *number, message));
                }
            }
        }
    }
    problems
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_script_without_a_nonce_is_reported_in_markup_and_in_strings() {
        for line in [
            "view! { <script>\"a\"</script> }",
            "let a = \"<script defer>\";",
        ] {
            let tree = Tree::of(&[("app/src/a.rs", line)]);
            assert_eq!(no_inline_script(&tree).len(), 1, "{line}");
        }
    }

    #[test]
    fn a_script_with_a_nonce_is_fine_also_over_several_lines() {
        let text = "view! {\n  <script\n    type=\"module\"\n    nonce=nonce\n  >";
        assert!(no_inline_script(&Tree::of(&[("app/src/a.rs", text)])).is_empty());
    }

    #[test]
    fn a_script_of_its_own_file_is_fine() {
        let text = "let a = \"<script src='{b}' defer></script>\";";
        assert!(no_inline_script(&Tree::of(&[("server/src/a.rs", text)])).is_empty());
    }
}
