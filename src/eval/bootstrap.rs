//! Bootstrap intervals (B. Efron, "Bootstrap methods: another look at the jackknife", 1979): how far a mean over records would move
//! if other records of the same kind had been drawn. The draws are fixed by a seed and depend on the number of records alone, so two
//! calls see the same draws: the interval of a difference is that of the differences, record by record.

/// Times that records are drawn anew.
const RESAMPLES: usize = 1000;

/// A mean over records and the interval that holds 95 % of the means over drawn records, on the scale of the values.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Estimate {
    /// The mean over the records.
    pub mean: f64,
    /// 2.5 % of the drawn means are below.
    pub low: f64,
    /// 2.5 % of the drawn means are above.
    pub high: f64,
}

impl Estimate {
    /// Half the width of the interval.
    pub fn half(&self) -> f64 {
        (self.high - self.low) / 2.0
    }
}

/// Estimates of the mean of each column; a row is a record. No rows, no estimate but 0.
pub fn estimates<const N: usize>(rows: &[[f64; N]]) -> [Estimate; N] {
    if rows.is_empty() {
        return [Estimate::default(); N];
    }
    let mut draws = Draws(0x5eed);
    let mut drawn: Vec<[f64; N]> = (0..RESAMPLES).map(|_| mean((0..rows.len()).map(|_| &rows[draws.below(rows.len())]))).collect();
    let means = mean(rows.iter());
    std::array::from_fn(|column| {
        drawn.sort_by(|one, other| one[column].total_cmp(&other[column]));
        let beyond = RESAMPLES / 40;
        Estimate { mean: means[column], low: drawn[beyond][column], high: drawn[RESAMPLES - 1 - beyond][column] }
    })
}

/// The mean of each column, summed in order.
fn mean<'a, const N: usize>(rows: impl ExactSizeIterator<Item = &'a [f64; N]>) -> [f64; N] {
    let count = rows.len() as f64;
    let mut sums = [0.0; N];
    for row in rows {
        sums.iter_mut().zip(row).for_each(|(sum, value)| *sum += value);
    }
    sums.map(|sum| sum / count)
}

/// Numbers that look random, always the same ones: splitmix64 (G. L. Steele and others, 2014).
struct Draws(u64);

impl Draws {
    /// A number below `end`; the bias of a multiplication instead of a division is under one in 2^32.
    fn below(&mut self, end: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^= mixed >> 31;
        ((u128::from(mixed) * end as u128) >> 64) as usize
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_interval_is_that_of_the_normal_approximation() {
        // 0 to 99 have a standard deviation of 28.87, their mean one of 2.887: 95 % lie within 1.96 of those.
        let rows: Vec<[f64; 2]> = (0..100).map(|n| [f64::from(n), 7.0]).collect();
        let [spread, flat] = estimates(&rows);
        assert_eq!((spread.mean, flat), (49.5, Estimate { mean: 7.0, low: 7.0, high: 7.0 }));
        assert!((spread.half() - 5.66).abs() < 0.4, "{spread:?}");
        assert!(((spread.low + spread.high) / 2.0 - spread.mean).abs() < 0.6, "{spread:?}");
    }

    #[test]
    fn the_same_records_are_drawn_for_every_column_and_call() {
        let rows: Vec<[f64; 2]> = (0..40).map(|n| [f64::from(n * n % 17), f64::from(n * n % 17) + 3.0]).collect();
        let [one, other] = estimates(&rows);
        assert!((other.low - one.low - 3.0).abs() < 1e-9 && (other.high - one.high - 3.0).abs() < 1e-9);
        assert_eq!(estimates(&rows.iter().map(|row| [row[0]]).collect::<Vec<_>>()), [one]);
    }

    #[test]
    fn few_records_are_no_trouble() {
        assert_eq!(estimates::<1>(&[]), [Estimate::default()]);
        assert_eq!(estimates(&[[0.25]]), [Estimate { mean: 0.25, low: 0.25, high: 0.25 }]);
    }
}
