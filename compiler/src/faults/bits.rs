//! A fixed-size set of small integers, one bit each.

/// A set over `0..len`, one bit per possible member. Copying it costs `len / 64` words, which is what makes
/// a whole [`State`](super::State) cheap to hand out.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Bits {
    words: Vec<u64>,
    len: usize,
}

impl Bits {
    /// The empty set over `0..len`.
    #[must_use]
    pub fn new(len: usize) -> Self {
        Self { words: vec![0; len.div_ceil(64)], len }
    }

    /// Whether `index` is a member. `index` must be below [`Bits::capacity`].
    #[must_use]
    pub fn contains(&self, index: usize) -> bool {
        self.words[index / 64] >> (index % 64) & 1 == 1
    }

    /// Adds `index` and tells whether it was absent.
    pub fn insert(&mut self, index: usize) -> bool {
        let (word, bit) = (index / 64, 1 << (index % 64));
        let fresh = self.words[word] & bit == 0;
        self.words[word] |= bit;
        fresh
    }

    /// Removes `index` and tells whether it was present.
    pub fn remove(&mut self, index: usize) -> bool {
        let (word, bit) = (index / 64, 1 << (index % 64));
        let present = self.words[word] & bit != 0;
        self.words[word] &= !bit;
        present
    }

    /// The number of possible members, not of actual ones.
    #[must_use]
    pub fn capacity(&self) -> usize {
        self.len
    }

    /// The members in rising order.
    pub fn iter(&self) -> impl Iterator<Item = usize> + '_ {
        self.words.iter().enumerate().flat_map(|(index, &word)| {
            let mut rest = word;
            std::iter::from_fn(move || {
                (rest != 0).then(|| {
                    let bit = rest.trailing_zeros() as usize;
                    rest &= rest - 1;
                    index * 64 + bit
                })
            })
        })
    }

    /// Removes and returns the least member that is `from` or more. Draining a set in rising order while
    /// later members are still being added is how components are visited dependencies first.
    pub(super) fn take_next(&mut self, from: usize) -> Option<usize> {
        let mut word = from / 64;
        let mut mask = u64::MAX << (from % 64);
        while word < self.words.len() {
            let rest = self.words[word] & mask;
            if rest != 0 {
                self.words[word] &= !(rest & rest.wrapping_neg());
                return Some(word * 64 + rest.trailing_zeros() as usize);
            }
            word += 1;
            mask = u64::MAX;
        }
        None
    }
}
