//! Sentences that say the same, wherever they stand in a batch: a sentence is the set of its long words, known by a few bytes of it (MinHash;
//! Broder, "On the resemblance and containment of documents", 1997), and by its numbers, which must be equal. How much two articles
//! share is the business of `text::sketch`.

use crate::text::sketch::{key, mixed};

/// Least values of a set of words, under so many orders of all words. One more byte is a hash of the numbers.
const LANES: usize = 15;
/// Lanes of two sentences that must be equal: about five words of six are in both.
const ALIKE: usize = 13;
/// Sentences with fewer long words say the same only if all words are the same, in order.
const FEW: usize = 6;
/// Lanes in a band; two sentences are compared if they are equal in one of the bands.
const BAND: usize = 4;

/// Factors of the orders, odd numbers that have nothing to do with one another.
const ORDERS: [u64; LANES] = {
    let mut orders = [0; LANES];
    let mut lane = 0;
    while lane < LANES {
        orders[lane] = mixed(lane as u64 + 1) | 1;
        lane += 1;
    }
    orders
};

/// By what sentences that say the same are known: a byte a lane, the first the lowest.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Twin(u128);

impl Twin {
    /// That of a text.
    pub fn of(text: &str) -> Twin {
        let lower = text.to_lowercase();
        let words: Vec<u64> = words(&lower).filter(|word| is_long(word)).map(key).collect();
        if words.len() < FEW {
            let all = self::words(&lower).map(key).fold(0, |sum, word| mixed(sum ^ word));
            return Twin(u128::from(mixed(all)) << 64 | u128::from(all));
        }
        let least = |order: &u64| words.iter().map(|word| (word.wrapping_mul(*order) >> 32) as u32).min().unwrap_or_default();
        let lanes = ORDERS.iter().rev().fold(0, |lanes, order| lanes << 8 | u128::from(least(order) as u8));
        let numbers = self::words(&lower).filter(|word| word.contains(|c: char| c.is_numeric()));
        let numbers = numbers.map(key).fold(0, |sum, key| mixed(sum ^ key));
        Twin(u128::from(numbers as u8) << (8 * LANES) | lanes)
    }

    fn says_the_same(self, other: Twin) -> bool {
        let differ = (self.0 ^ other.0).to_le_bytes();
        differ[LANES] == 0 && differ[..LANES].iter().filter(|lane| **lane == 0).count() >= ALIKE
    }

    fn band(self, band: usize) -> u32 {
        (self.0 >> (8 * BAND * band)) as u32
    }
}

/// Runs of letters and digits; of scripts without blanks, pairs of characters.
fn words(text: &str) -> impl Iterator<Item = &str> {
    let runs = text.split(|c: char| !c.is_alphanumeric()).filter(|run| !run.is_empty());
    runs.flat_map(|run| {
        let whole = run.chars().next().is_some_and(|c| !is_unspaced(c));
        let starts = run.char_indices().map(|(start, _)| start).filter(move |start| !whole || *start == 0);
        starts.map(move |start| {
            let pair = run[start..].char_indices().nth(2).map_or(run.len(), |(length, _)| start + length);
            &run[start..if whole { run.len() } else { pair }]
        })
    })
}

/// Whether a word is one that sentences differ by: the short ones are in all of them.
fn is_long(word: &str) -> bool {
    word.chars().nth(3).is_some() || word.starts_with(is_unspaced)
}

/// Letters of scripts that have no blanks between words.
fn is_unspaced(c: char) -> bool {
    matches!(c, '\u{e00}'..='\u{eff}' | '\u{1000}'..='\u{109f}' | '\u{1780}'..='\u{17ff}' | '\u{2e80}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{3ffff}')
}

/// For each of many, the index of the first that says the same.
pub(super) fn families(twins: &[Twin]) -> Vec<u32> {
    let mut families: Vec<u32> = (0..twins.len() as u32).collect();
    let mut order = families.clone();
    for band in 0..=LANES / BAND {
        // Equal ones stand side by side.
        order.sort_unstable_by_key(|&i| (twins[i as usize].band(band), twins[i as usize], i));
        for bucket in order.chunk_by(|&one, &other| twins[one as usize].band(band) == twins[other as usize].band(band)) {
            for pair in bucket.windows(2) {
                for earlier in [pair[0], bucket[0]] {
                    if twins[earlier as usize].says_the_same(twins[pair[1] as usize]) {
                        join(&mut families, earlier, pair[1]);
                    }
                }
            }
        }
    }
    (0..families.len() as u32).map(|i| first(&mut families, i)).collect()
}

fn join(families: &mut [u32], one: u32, other: u32) {
    let (one, other) = (first(families, one), first(families, other));
    families[one.max(other) as usize] = one.min(other);
}

/// The first of a family; the way to it is shortened.
fn first(families: &mut [u32], mut i: u32) -> u32 {
    while families[i as usize] != i {
        families[i as usize] = families[families[i as usize] as usize];
        i = families[i as usize];
    }
    i
}

#[cfg(test)]
mod tests {
    use super::*;

    fn same(one: &str, other: &str) -> bool {
        Twin::of(one).says_the_same(Twin::of(other))
    }

    #[test]
    fn what_says_the_same_is_known() {
        let text = "The ferry between Port Ellery and Skellan will run three times a day from November, the council said on Monday.";
        let cases = [
            (text, text, true),
            (text, "THE FERRY between Port Ellery and Skellan will run three times a day from November, the council said on Monday", true),
            (
                text,
                "The ferry between Port Ellery and Skellan will run three times a day from November, the council has said on Monday.",
                true,
            ),
            (text, "The council said on Monday that nobody would have to pay more for the ferry between the two towns.", false),
            ("Shares of the bank rose by 3 percent on Monday.", "Shares of the bank rose by 4 percent on Monday.", false),
            (
                "Nobody at the ferry had been told about the harbour before the meeting.",
                "Nobody at the school had been told about the bridge before the meeting.",
                false,
            ),
            ("He said no.", "He said no!", true),
            ("He said no.", "No, he said.", false),
            ("港湾局は月曜日に新しい船を三隻購入すると発表した。", "港湾局は月曜日に新しい船を三隻購入すると発表した", true),
            ("港湾局は月曜日に新しい船を三隻購入すると発表した。", "町の人々は橋の完成を喜んでいると市長が述べた。", false),
            ("", "", true),
        ];
        for (one, other, expected) in cases {
            assert_eq!(same(one, other), expected, "{one} / {other}");
        }
    }

    #[test]
    fn words_are_runs_or_pairs() {
        let found = |text| words(text).collect::<Vec<_>>();
        assert_eq!(found("The 2nd, of all."), ["The", "2nd", "of", "all"]);
        assert_eq!(found("港湾局 x"), ["港湾", "湾局", "局", "x"]);
    }

    #[test]
    fn families_are_named_by_their_first() {
        let texts =
            ["One two three four five six.", "Seven.", "One two three four five six!", "Seven.", "Eight.", "one two three four five six"];
        let twins: Vec<Twin> = texts.iter().map(|text| Twin::of(text)).collect();
        assert_eq!(families(&twins), [0, 1, 0, 1, 4, 0]);
        assert!(families(&[]).is_empty());
    }
}
