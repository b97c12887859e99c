//! Which looks hold at a position. A set of looks has a number, so that positions stay small however many looks the rules
//! have. It finds no looks.

use std::sync::Arc;

use foldhash::HashMap;

/// The sets of looks met so far, as bits without zero words at the end; number 0 is the empty one.
#[derive(Debug)]
pub struct Seen {
    sets: Vec<Arc<[u64]>>,
    numbers: HashMap<Arc<[u64]>, u32>,
    /// What becomes of a set where a table matches: by set, table and number of the matches.
    joined: HashMap<(u32, u32, u32), u32>,
    /// Words of the sets.
    words: usize,
}

impl Default for Seen {
    fn default() -> Seen {
        let empty: Arc<[u64]> = Arc::default();
        Seen { sets: vec![empty.clone()], numbers: HashMap::from_iter([(empty, 0)]), joined: HashMap::default(), words: 0 }
    }
}

impl Seen {
    /// The looks of a set that a mask lets through.
    pub fn masked(&self, set: u32, mask: &[u64]) -> Box<[u64]> {
        let mut bits: Vec<u64> = self.sets[set as usize].iter().zip(mask).map(|(bits, mask)| bits & mask).collect();
        while bits.last() == Some(&0) {
            bits.pop();
        }
        bits.into()
    }

    /// The set with the looks added that the matches of a table are.
    pub fn join(&mut self, set: u32, table: u32, matches: u32, looks: &[u32]) -> u32 {
        if let Some(known) = self.joined.get(&(set, table, matches)) {
            return *known;
        }
        let mut bits = self.sets[set as usize].to_vec();
        looks.iter().for_each(|look| add(&mut bits, *look));
        let number = match self.numbers.get(bits.as_slice()) {
            Some(known) => *known,
            None => {
                let (number, bits): (u32, Arc<[u64]>) = (self.sets.len() as u32, bits.into());
                self.words += bits.len();
                self.sets.push(bits.clone());
                self.numbers.insert(bits, number);
                number
            }
        };
        self.joined.insert((set, table, matches), number);
        number
    }

    /// Numbers of matches mean something else from now on.
    pub fn forget_matches(&mut self) {
        self.joined.clear();
    }

    /// Whether there is too much of it.
    pub fn is_large(&self) -> bool {
        const MOST: usize = 1 << 17;
        self.joined.len() > MOST || self.words > 8 * MOST
    }
}

/// Adds a look to a set.
pub fn add(bits: &mut Vec<u64>, look: u32) {
    let word = look as usize / 64;
    if bits.len() <= word {
        bits.resize(word + 1, 0);
    }
    bits[word] |= 1 << (look % 64);
}

/// Whether a look is in a set.
pub fn has(bits: &[u64], look: u32) -> bool {
    bits.get(look as usize / 64).is_some_and(|word| word >> (look % 64) & 1 == 1)
}
