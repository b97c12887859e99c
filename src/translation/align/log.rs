//! The natural logarithm by its series, the same on every machine and quick enough for every bead that is looked at.

/// Of a positive number that is neither tiny nor infinite, to about seven digits.
pub(super) fn ln(x: f32) -> f32 {
    let (mantissa, exponent) = split(x);
    // ln m = 2 artanh((m - 1) / (m + 1)), with m near 1.
    let (m, exponent) = if mantissa > std::f32::consts::SQRT_2 { (mantissa / 2.0, exponent + 1) } else { (mantissa, exponent) };
    let s = (m - 1.0) / (m + 1.0);
    let square = s * s;
    let series = s * (2.0 + square * (2.0 / 3.0 + square * (2.0 / 5.0 + square * (2.0 / 7.0))));
    series + exponent as f32 * std::f32::consts::LN_2
}

/// A positive number as one from 1 to 2 and a power of two.
pub(super) fn split(x: f32) -> (f32, i32) {
    let bits = x.to_bits();
    (f32::from_bits(bits & 0x007f_ffff | 0x3f80_0000), (bits >> 23) as i32 - 127)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_the_logarithm() {
        for x in [1e-30f32, 0.3, 0.999, 1.0, 1.0001, 1.41, 1.42, 2.0, 7.5, 1e9, 3e37] {
            assert!((ln(x) - x.ln()).abs() <= 2e-6 * x.ln().abs().max(1.0), "{x}");
        }
        assert_eq!(ln(1.0), 0.0);
    }
}
