//! Patterns such as `drills/*.csv`, held against paths below the root of a package.

/// Whether a path fits a pattern: `*` is any part of a name, `?` one character of it, `**` any folders.
pub fn matches(pattern: &str, path: &str) -> bool {
    let pattern: Vec<&str> = pattern.split('/').filter(|part| *part != ".").collect();
    let path: Vec<&str> = path.split('/').collect();
    folders(&pattern, &path)
}

fn folders(pattern: &[&str], path: &[&str]) -> bool {
    // Per place of the path: whether the pattern so far leads there. No pattern is costlier than its
    // length times the path's.
    let mut reached = vec![false; path.len() + 1];
    if let Some(start) = reached.first_mut() {
        *start = true;
    }
    for part in pattern {
        let mut next = vec![false; path.len() + 1];
        let mut before = false;
        for (at, place) in next.iter_mut().enumerate() {
            let here = reached.get(at).copied().unwrap_or(false);
            let last = at.checked_sub(1);
            *place = match *part {
                "**" => before || here,
                part => last.is_some_and(|last| {
                    reached.get(last).copied().unwrap_or(false)
                        && path.get(last).is_some_and(|name| fits(part, name))
                }),
            };
            before = *place;
        }
        reached = next;
    }
    reached.last().copied().unwrap_or(false)
}

/// The same within one name.
fn fits(pattern: &str, name: &str) -> bool {
    let name: Vec<char> = name.chars().collect();
    let mut reached = vec![false; name.len() + 1];
    if let Some(start) = reached.first_mut() {
        *start = true;
    }
    for c in pattern.chars() {
        let mut next = vec![false; name.len() + 1];
        let mut before = false;
        for (at, place) in next.iter_mut().enumerate() {
            let here = reached.get(at).copied().unwrap_or(false);
            *place = match (c, at.checked_sub(1)) {
                ('*', _) => before || here,
                (_, None) => false,
                (c, Some(last)) => {
                    reached.get(last).copied().unwrap_or(false)
                        && (c == '?' || name.get(last) == Some(&c))
                }
            };
            before = *place;
        }
        reached = next;
    }
    reached.last().copied().unwrap_or(false)
}

#[cfg(test)]
mod tests {
    use super::matches;

    #[test]
    fn a_star_stays_in_its_folder_and_two_cross_folders() {
        for (pattern, path, fit) in [
            ("drills/*.csv", "drills/2026.csv", true),
            ("./drills/*.csv", "drills/2026.csv", true),
            ("drills/*.csv", "drills/east/2026.csv", false),
            ("**/*.csv", "drills/east/2026.csv", true),
            ("**/*.csv", "2026.csv", true),
            ("drills/**/2026.csv", "drills/2026.csv", true),
            ("drills/20?6.csv", "drills/2026.csv", true),
            ("drills/20?.csv", "drills/2026.csv", false),
            ("*.csv", "2026.jsonl", false),
            ("", "2026.csv", false),
        ] {
            assert_eq!(matches(pattern, path), fit, "{pattern} {path}");
        }
    }
}
