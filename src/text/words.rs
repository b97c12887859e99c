//! The table of short words: up to sixteen bytes as one number → the id of the term. Words are looked up by the handful, each
//! step for all of them before the next step, so that waiting for memory overlaps. The words met first are the frequent ones and
//! have a small table of their own that stays near the processor; the rest lie in a large one. What a term is, and words that
//! are longer, are the business of `vocabulary`.

use std::hash::BuildHasher;

use foldhash::fast::RandomState;

use crate::document::TermId;
use crate::span::Span;

/// Words looked up at a time.
pub const HANDFUL: usize = 64;

/// Words of at most this many bytes are keys by value.
const SHORT: usize = 16;

/// Numbers of the words in the early table, a power of two; 0 is none. It has twice as many slots.
const NUMBERS: usize = 1 << 13;

/// The bytes of a short word as one number, never 0, for no byte of a word is zero; 0 stands for a longer word. ASCII capitals
/// are small letters in it, where that makes no other term.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Key([u64; 2]);

impl Key {
    /// Whether the word is too long for a key.
    pub fn is_long(self) -> bool {
        self == Key::default()
    }

    #[inline]
    fn new(bytes: &[u8], word: Span) -> Key {
        let (start, length) = (word.start as usize, word.len());
        if length > SHORT {
            return Key::default();
        }
        let all = match bytes.get(start..start + SHORT) {
            Some(window) => window.try_into().expect("the window has that length"),
            None => {
                let mut window = [0; SHORT];
                window[..length].copy_from_slice(&bytes[start..start + length]);
                window
            }
        };
        let all = u128::from_le_bytes(all);
        Key([all as u64 & MASKS[length], (all >> 64) as u64 & MASKS[length.saturating_sub(8)]])
    }
}

/// The first so many bytes of eight; all from eight on.
static MASKS: [u64; SHORT + 1] = {
    let mut masks = [u64::MAX; SHORT + 1];
    let mut length = 0;
    while length < 8 {
        masks[length] = (1 << (8 * length)) - 1;
        length += 1;
    }
    masks
};

/// ASCII capitals among eight bytes made small: adding the distance from a bound to 0x80 sets the top bit of a byte exactly for
/// values from that bound on.
#[inline]
fn small_letters(bytes: u64) -> u64 {
    const ONES: u64 = 0x0101_0101_0101_0101;
    const TOPS: u64 = 0x80 * ONES;
    let low = bytes & !TOPS;
    let from = |bound: u8| low + u64::from(0x80 - bound) * ONES;
    let capitals = from(b'A') & !from(b'Z' + 1) & !bytes & TOPS;
    bytes | capitals >> 2
}

/// A handful of words on their way through the table.
pub struct Handful {
    keys: [Key; HANDFUL],
    hashes: [u64; HANDFUL],
    /// What the first slot of each holds in the early table.
    slots: [u16; HANDFUL],
    /// Those not in the early table; after the look-up, those in neither.
    left: [u8; HANDFUL],
    lefts: usize,
}

impl Default for Handful {
    fn default() -> Handful {
        Handful { keys: [Key::default(); HANDFUL], hashes: [0; HANDFUL], slots: [0; HANDFUL], left: [0; HANDFUL], lefts: 0 }
    }
}

impl Handful {
    /// Words that were not found, by index.
    pub fn missing(&self) -> &[u8] {
        &self.left[..self.lefts]
    }

    /// The key of a word.
    pub fn key(&self, at: u8) -> Key {
        self.keys[at as usize]
    }
}

/// Short words by value. The hash is seeded by the process, so that nobody can prepare words that collide.
pub struct ShortWords {
    early: Early,
    late: Late,
    fold: bool,
    seed: u64,
}

impl ShortWords {
    /// An empty table; with `fold`, ASCII capitals count as small letters.
    pub fn new(fold: bool) -> ShortWords {
        ShortWords { early: Early::default(), late: Late::default(), fold, seed: RandomState::default().hash_one(0u8) }
    }

    /// Appends an id for each of at most [`HANDFUL`] words of `text`; `handful` says which of them are not known.
    pub fn look_up(&self, text: &str, words: &[Span], handful: &mut Handful, out: &mut Vec<TermId>) {
        let bytes = text.as_bytes();
        for (key, word) in handful.keys.iter_mut().zip(words) {
            *key = Key::new(bytes, *word);
        }
        if self.fold {
            handful.keys.iter_mut().for_each(|key| key.0 = key.0.map(small_letters));
        }
        let asked = handful.keys[..words.len()].iter().zip(&mut handful.hashes).zip(&mut handful.slots);
        for ((key, hash), slot) in asked {
            *hash = self.hash(*key);
            *slot = self.early.slots[Early::home(*hash)];
        }
        handful.lefts = 0;
        let base = out.len();
        let asked = handful.keys.iter().zip(&handful.slots).zip(0..words.len() as u8);
        out.extend(asked.map(|((key, slot), at)| {
            // Whether it is there is not asked by a branch: a word in seven is not, and none can tell which.
            let (known, id) = self.early.at(*slot);
            handful.left[handful.lefts % HANDFUL] = at;
            handful.lefts += usize::from(known != *key);
            id
        }));
        let rare = std::mem::take(&mut handful.lefts);
        let mut homes = [Key::default(); HANDFUL];
        for (home, &at) in homes.iter_mut().zip(&handful.left[..rare]) {
            *home = self.late.entries[self.late.home(handful.hashes[at as usize])].key;
        }
        for (i, home) in homes[..rare].iter().enumerate() {
            let at = handful.left[i];
            let (key, hash) = (handful.keys[at as usize], handful.hashes[at as usize]);
            let found = if home.is_long() || key.is_long() { None } else { self.late.get(key, hash) };
            match found {
                Some(id) => out[base + at as usize] = id,
                None => {
                    handful.left[handful.lefts] = at;
                    handful.lefts += 1;
                }
            }
        }
    }

    /// The id of a word, wherever it lies.
    pub fn get(&self, key: Key) -> Option<TermId> {
        let hash = self.hash(key);
        self.early.get(key, hash).or_else(|| self.late.get(key, hash))
    }

    /// Adds a word that is not there.
    pub fn insert(&mut self, key: Key, id: TermId) {
        let hash = self.hash(key);
        if self.early.taken + 1 < NUMBERS {
            self.early.insert(key, hash, id);
            return;
        }
        if self.late.taken * 2 >= self.late.entries.len() {
            self.grow();
        }
        self.late.insert(key, hash, id);
    }

    /// Bytes of memory that it takes, or will take once it grows, if that is near: then the old table and the new one lie side by side.
    pub fn weight(&self) -> usize {
        /// As many words as a long article may add.
        const NEAR: usize = 1 << 12;
        let late = &self.late;
        let tables = if late.taken * 2 + NEAR < late.entries.len() { 1 } else { 3 };
        self.early.weight() + tables * size_of_val(&*late.entries)
    }

    fn grow(&mut self) {
        let wider = vec![Entry::default(); self.late.entries.len() * 2];
        for entry in std::mem::replace(&mut self.late, Late { entries: wider, taken: 0 }).entries {
            if !entry.key.is_long() {
                self.late.insert(entry.key, self.hash(entry.key), entry.id);
            }
        }
    }

    #[inline]
    fn hash(&self, key: Key) -> u64 {
        let product = u128::from(key.0[0] ^ self.seed) * u128::from(key.0[1] ^ 0x9e37_79b9_7f4a_7c15);
        (product as u64) ^ ((product >> 64) as u64)
    }
}

/// The frequent words. Slots are small, and keys lie in the order in which words were met, so that the most frequent lie together.
struct Early {
    /// Number of the word, from 1; 0 is free.
    slots: Box<[u16; 2 * NUMBERS]>,
    /// By number; that of 0 is the key of no word.
    keys: Box<[Key; NUMBERS]>,
    ids: Box<[TermId; NUMBERS]>,
    taken: usize,
}

/// No word of a text in UTF-8 has such bytes, and a longer word has another key.
const NO_WORD: Key = Key([u64::MAX; 2]);

impl Default for Early {
    fn default() -> Early {
        Early { slots: filled(0), keys: filled(NO_WORD), ids: filled(TermId::new(0, false)), taken: 0 }
    }
}

fn filled<T: Clone, const N: usize>(with: T) -> Box<[T; N]> {
    let all = vec![with; N].into_boxed_slice();
    all.try_into().unwrap_or_else(|_| unreachable!("it has that length"))
}

impl Early {
    #[inline]
    fn home(hash: u64) -> usize {
        hash as usize & (2 * NUMBERS - 1)
    }

    /// The word that a slot tells of.
    #[inline]
    fn at(&self, slot: u16) -> (Key, TermId) {
        let number = usize::from(slot) % NUMBERS;
        (self.keys[number], self.ids[number])
    }

    fn weight(&self) -> usize {
        size_of_val(&*self.slots) + (self.taken + 1) * size_of::<(Key, TermId)>()
    }

    fn get(&self, key: Key, hash: u64) -> Option<TermId> {
        let mut at = Early::home(hash);
        while self.slots[at] != 0 {
            let (known, id) = self.at(self.slots[at]);
            if known == key {
                return Some(id);
            }
            at = (at + 1) & (2 * NUMBERS - 1);
        }
        None
    }

    fn insert(&mut self, key: Key, hash: u64, id: TermId) {
        self.taken += 1;
        (self.keys[self.taken], self.ids[self.taken]) = (key, id);
        let mut at = Early::home(hash);
        while self.slots[at] != 0 {
            at = (at + 1) & (2 * NUMBERS - 1);
        }
        self.slots[at] = self.taken as u16;
    }
}

/// The other words: one place in memory holds all that a look-up needs.
struct Late {
    entries: Vec<Entry>,
    taken: usize,
}

/// A word and its id; a free entry has the key of a long word.
#[derive(Clone, Copy)]
struct Entry {
    key: Key,
    id: TermId,
}

impl Default for Entry {
    fn default() -> Entry {
        Entry { key: Key::default(), id: TermId::new(0, false) }
    }
}

impl Default for Late {
    fn default() -> Late {
        Late { entries: vec![Entry::default(); 1 << 10], taken: 0 }
    }
}

impl Late {
    /// From the upper half, for the lower bits are alike for words that share a slot of the early table.
    #[inline]
    fn home(&self, hash: u64) -> usize {
        (hash >> 24) as usize & (self.entries.len() - 1)
    }

    /// Where the key is, or where it would go.
    fn place(&self, key: Key, hash: u64) -> usize {
        let mut at = self.home(hash);
        while !self.entries[at].key.is_long() && self.entries[at].key != key {
            at = (at + 1) & (self.entries.len() - 1);
        }
        at
    }

    fn get(&self, key: Key, hash: u64) -> Option<TermId> {
        let entry = self.entries[self.place(key, hash)];
        (!entry.key.is_long()).then_some(entry.id)
    }

    fn insert(&mut self, key: Key, hash: u64, id: TermId) {
        let place = self.place(key, hash);
        self.entries[place] = Entry { key, id };
        self.taken += 1;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn capitals_are_folded_and_nothing_else() {
        for b in 1..=255u8 {
            let folded = small_letters(u64::from_le_bytes([b; 8])).to_le_bytes();
            assert_eq!(folded, [b.to_ascii_lowercase(); 8], "{b}");
        }
    }

    #[test]
    fn keys_do_not_depend_on_what_follows() {
        let key = |text: &str, end| Key::new(text.as_bytes(), Span::new(0, end));
        assert_eq!(key("minister", 8), key("minister of the interior", 8));
        assert!(key("counterrevolutionary", 20).is_long());
        assert!(!key("sixteenlettersxx", 16).is_long());
    }
}
