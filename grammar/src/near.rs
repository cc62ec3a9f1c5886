//! Near misses: which known word was probably meant.

/// Of so many names each is looked at.
const ORDINARY: usize = 1000;
/// Of more, so many before a word's place and so many behind it.
const AROUND: usize = 100;

/// The names among which the one that was meant by `word` is sought: all of a list of ordinary length; of a
/// longer one those that stand around the word's own place, which begin as it does. So many
/// misspelt words among many names cost no more than a look at few names each.
pub fn around<'a, N: AsRef<str>>(word: &str, sorted: &'a [N]) -> &'a [N] {
    if sorted.len() <= ORDINARY {
        return sorted;
    }
    let place = sorted.partition_point(|name| name.as_ref() < word);
    let start = place.saturating_sub(AROUND);
    sorted.get(start..sorted.len().min(place + AROUND)).unwrap_or(sorted)
}

/// The candidate nearest to `word`, where it is near enough to be worth suggesting: at most one
/// edit for words up to four letters, two up to eight, three above, and one less where the first
/// letters differ. An edit adds, drops, changes or swaps neighbouring letters; case does not count. Ties go to the first candidate.
/// Cost: the length of each candidate of similar length, times the edits.
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
    let lower = |of: &str, into: &mut Vec<char>| {
        into.clear();
        into.extend(of.chars().flat_map(char::to_lowercase));
    };
    let (mut own, mut other, mut rows) = (Vec::new(), Vec::new(), Rows::default());
    lower(word, &mut own);
    let mut best: Option<(usize, &str)> = None;
    for candidate in candidates {
        if candidate == word || candidate.len().abs_diff(word.len()) > limit * 4 {
            continue;
        }
        lower(candidate, &mut other);
        let limit = limit - usize::from(limit > 1 && own.first() != other.first());
        // A later one must be nearer than the best so far.
        let limit = match best {
            Some((0, _)) => break,
            Some((distance, _)) => limit.min(distance - 1),
            None => limit,
        };
        if let Some(distance) = rows.edits(&own, &other, limit) {
            best = Some((distance, candidate));
        }
    }
    best.map(|(_, candidate)| candidate)
}

/// The last three rows of the table of distances between the beginnings of two words.
#[derive(Default)]
struct Rows {
    before: Vec<usize>,
    last: Vec<usize>,
    row: Vec<usize>,
}

impl Rows {
    /// The optimal string alignment distance, where it is at most `limit`.
    fn edits(&mut self, a: &[char], b: &[char], limit: usize) -> Option<usize> {
        if a.len().abs_diff(b.len()) > limit {
            return None;
        }
        let far = limit + 1;
        for row in [&mut self.before, &mut self.last, &mut self.row] {
            row.clear();
            row.resize(b.len() + 1, far);
        }
        self.last.iter_mut().enumerate().for_each(|(j, cell)| *cell = j.min(far));
        for i in 1..=a.len() {
            // What is farther from the diagonal than the limit is farther than it.
            let (first, end) = (i.saturating_sub(limit).max(1), (i + limit).min(b.len()));
            self.row.fill(far);
            self.row[0] = i.min(far);
            let mut least = self.row[0];
            for j in first..=end {
                let same = usize::from(a[i - 1] != b[j - 1]);
                let mut cell =
                    (self.last[j] + 1).min(self.row[j - 1] + 1).min(self.last[j - 1] + same);
                if i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] {
                    cell = cell.min(self.before[j - 2] + 1);
                }
                self.row[j] = cell.min(far);
                least = least.min(cell);
            }
            if least > limit {
                return None;
            }
            std::mem::swap(&mut self.before, &mut self.last);
            std::mem::swap(&mut self.last, &mut self.row);
        }
        self.last.get(b.len()).copied().filter(|distance| *distance <= limit)
    }
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

    /// The optimal string alignment distance, from the whole table.
    fn distance(a: &[char], b: &[char]) -> usize {
        let mut table = vec![vec![0; b.len() + 1]; a.len() + 1];
        for (i, j) in (0..=a.len()).flat_map(|i| (0..=b.len()).map(move |j| (i, j))) {
            table[i][j] = match (i, j) {
                (0, _) | (_, 0) => i + j,
                _ => {
                    let same = usize::from(a[i - 1] != b[j - 1]);
                    let least = (table[i - 1][j] + 1).min(table[i][j - 1] + 1);
                    let least = least.min(table[i - 1][j - 1] + same);
                    let swapped = i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1];
                    if swapped { least.min(table[i - 2][j - 2] + 1) } else { least }
                }
            };
        }
        table[a.len()][b.len()]
    }

    #[test]
    fn what_lies_far_from_the_diagonal_changes_no_distance_within_the_limit() {
        let mut rows = Rows::default();
        let words: Vec<Vec<char>> = (0..6)
            .flat_map(|length| (0..3_usize.pow(length)).map(move |n| (length, n)))
            .map(|(length, n)| {
                (0..length).map(|at| ['a', 'b', 'c'][n / 3_usize.pow(at) % 3]).collect()
            })
            .collect();
        for a in words.iter().step_by(3) {
            for b in &words {
                for limit in 0..4 {
                    let wanted = Some(distance(a, b)).filter(|distance| *distance <= limit);
                    assert_eq!(rows.edits(a, b, limit), wanted, "{a:?} {b:?} {limit}");
                }
            }
        }
    }

    #[test]
    fn of_a_long_list_the_names_around_the_word_are_looked_at() {
        let names: Vec<String> = (10_000..20_000).map(|n| format!("pump-{n}")).collect();
        assert_eq!(around("pump-15000x", &names).len(), 2 * AROUND);
        assert_eq!(
            nearest("pump-15000x", around("pump-15000x", &names).iter().map(|n| &**n)),
            Some("pump-15000")
        );
        assert_eq!(around("pump-1000", &names).len(), AROUND);
        assert_eq!(around("zebra", &names).len(), AROUND);
        assert_eq!(around("zebra", &names[..1000]).len(), 1000);
    }
}
