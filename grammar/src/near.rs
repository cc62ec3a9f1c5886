//! Near misses: which known word was probably meant.

/// The candidate nearest to `word`, where it is near enough to be worth suggesting: at most one
/// edit for words up to four letters, two up to eight, three above, and one less where the first
/// letters differ. An edit adds, drops, changes or swaps neighbouring letters; case does not count. Ties go to the first candidate.
/// Cost: the product of the lengths for each candidate of similar length.
pub fn nearest<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let length = word.chars().count();
    if length > 64 {
        return None;
    }
    let limit = match length {
        0..=1 => return None,
        2..=4 => 1,
        5..=8 => 2,
        _ => 3,
    };
    let lower = word.to_lowercase();
    let mut best: Option<(usize, &str)> = None;
    for candidate in candidates {
        if candidate == word || candidate.len().abs_diff(word.len()) > limit * 4 {
            continue;
        }
        let other = candidate.to_lowercase();
        let distance = edits(&lower, &other);
        let limit = limit - usize::from(limit > 1 && !same_start(&lower, &other));
        if distance <= limit && best.is_none_or(|(d, _)| distance < d) {
            best = Some((distance, candidate));
        }
    }
    best.map(|(_, candidate)| candidate)
}

fn same_start(a: &str, b: &str) -> bool {
    a.chars().next() == b.chars().next()
}

/// The optimal string alignment distance.
fn edits(a: &str, b: &str) -> usize {
    let (a, b): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
    let width = b.len() + 1;
    let mut table = vec![0; (a.len() + 1) * width];
    for (j, cell) in table.iter_mut().enumerate().take(width) {
        *cell = j;
    }
    for i in 1..=a.len() {
        table[i * width] = i;
        for j in 1..=b.len() {
            let same = usize::from(a[i - 1] != b[j - 1]);
            let mut least = (table[(i - 1) * width + j] + 1)
                .min(table[i * width + j - 1] + 1)
                .min(table[(i - 1) * width + j - 1] + same);
            if i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] {
                least = least.min(table[(i - 2) * width + j - 2] + 1);
            }
            table[i * width + j] = least;
        }
    }
    table[a.len() * width + b.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn near_words_are_found_and_far_ones_are_not() {
        let words = ["restores", "readiness", "owner", "rto"];
        assert_eq!(nearest("restors", words), Some("restores"));
        assert_eq!(nearest("onwer", words), Some("owner"));
        assert_eq!(nearest("rt", words), Some("rto"));
        assert_eq!(nearest("colour", words), None);
        assert_eq!(nearest("ready", ["lead", "readiness"]), None);
        assert_eq!(nearest("owner", ["owner"]), None);
    }
}
