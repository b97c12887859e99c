//! The weighted distance of two sentences, in halves of a word: two rows of the table, what both begin and end with left out, and given
//! up as soon as it is over what is still of interest. A plain table in the tests of `similarity` says the same.

use super::tokens::Token;

/// Room for the rows, kept from one comparison to the next.
#[derive(Debug, Default)]
pub(crate) struct Rows {
    row: Vec<u32>,
}

/// What it costs to make one of the other; `None` if that is over `most`.
pub(crate) fn distance(one: &[Token], other: &[Token], most: u32, rows: &mut Rows) -> Option<u32> {
    let (one, other) = trimmed(one, other);
    let row = &mut rows.row;
    row.clear();
    row.push(0);
    row.extend(other.iter().scan(0, |sum, token| {
        *sum += token.kind.weight();
        Some(*sum)
    }));
    for a in one {
        let mut diagonal = row[0];
        row[0] += a.kind.weight();
        let mut least = row[0];
        for (j, b) in other.iter().enumerate() {
            let both = diagonal + change(a, b);
            diagonal = row[j + 1];
            let alone = (diagonal + a.kind.weight()).min(row[j] + b.kind.weight());
            row[j + 1] = both.min(alone);
            least = least.min(row[j + 1]);
        }
        if least > most {
            return None;
        }
    }
    row.last().copied().filter(|apart| *apart <= most)
}

/// Both without what they begin and end with alike, which costs nothing in one of the best ways.
fn trimmed<'a>(one: &'a [Token], other: &'a [Token]) -> (&'a [Token], &'a [Token]) {
    let alike = |(a, b): &(&Token, &Token)| a.form == b.form;
    let start = one.iter().zip(other).take_while(alike).count();
    let (one, other) = (&one[start..], &other[start..]);
    let end = one.iter().rev().zip(other.iter().rev()).take_while(alike).count();
    (&one[..one.len() - end], &other[..other.len() - end])
}

/// What it costs to put one in the place of the other.
fn change(a: &Token, b: &Token) -> u32 {
    if a.form == b.form {
        0
    } else if a.group == b.group {
        u32::from(!a.kind.is_placeable())
    } else {
        a.kind.weight().max(b.kind.weight())
    }
}

/// Percent of two texts that are not equal, given their distance and the weight of the longer.
pub(crate) fn percent_of(apart: u32, longer: u32) -> u8 {
    let share = (100 * u64::from(longer.saturating_sub(apart))).checked_div(u64::from(longer)).unwrap_or(99);
    share.min(99) as u8
}

/// The greatest distance that is still so many percent.
pub(crate) fn most_of(percent: u8, longer: u32) -> u32 {
    longer.saturating_sub((u64::from(percent) * u64::from(longer)).div_ceil(100) as u32)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_greatest_distance_is_exact() {
        for longer in 1..200 {
            for percent in 1..100 {
                let most = most_of(percent, longer);
                assert!(percent_of(most, longer) >= percent && (most == longer || percent_of(most + 1, longer) < percent));
            }
        }
        assert_eq!(percent_of(0, 0), 99);
    }
}
