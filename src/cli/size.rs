//! Sizes as arguments: a number of bytes, or of kibibytes, mebibytes or gibibytes by a letter (`64K`, `512M`, `1.5G`). What a size
//! limits is the business of the option that asks for it.

use std::fmt;

/// A number of bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Size(pub(crate) u64);

/// Letters, and the power of two each stands for.
const UNITS: [(char, u32); 4] = [('T', 40), ('G', 30), ('M', 20), ('K', 10)];

impl fmt::Display for Size {
    /// In the largest unit that it is a whole number of.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match UNITS.iter().find(|(_, power)| self.0 > 0 && self.0.trailing_zeros() >= *power) {
            Some((letter, power)) => write!(f, "{}{letter}", self.0 >> power),
            None => write!(f, "{}", self.0),
        }
    }
}

/// Reads a size; `iB` or `B` may follow the letter, upper or lower case.
pub(crate) fn size(argument: &str) -> Result<Size, String> {
    read(argument).ok_or_else(|| "expected a size such as 64K, 512M or 2G".to_owned())
}

fn read(argument: &str) -> Option<Size> {
    let upper = argument.trim().to_ascii_uppercase();
    let bare = upper.strip_suffix("IB").filter(|bare| power_of(bare).is_some()).or(upper.strip_suffix('B')).unwrap_or(&upper);
    let power = power_of(bare);
    let number = if power.is_some() { &bare[..bare.len() - 1] } else { bare };
    if !number.starts_with(|c: char| c.is_ascii_digit()) || !number.bytes().all(|b| b.is_ascii_digit() || b == b'.' && power.is_some()) {
        return None;
    }
    let power = power.unwrap_or(0);
    match number.parse::<u64>() {
        Ok(whole) => whole.checked_mul(1 << power).map(Size),
        Err(_) => number
            .parse::<f64>()
            .ok()
            .map(|part| part * (1u64 << power) as f64)
            .filter(|bytes| *bytes < 9e18)
            .map(|bytes| Size(bytes as u64)),
    }
}

/// The power of two that the last letter stands for.
fn power_of(bare: &str) -> Option<u32> {
    UNITS.iter().find(|(letter, _)| bare.ends_with(*letter)).map(|(_, power)| *power)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_are_read_and_shown() {
        let cases = [
            ("0", 0, "0"),
            ("1000", 1000, "1000"),
            ("1024", 1024, "1K"),
            ("64k", 64 << 10, "64K"),
            ("512M", 512 << 20, "512M"),
            ("512MiB", 512 << 20, "512M"),
            ("512mb", 512 << 20, "512M"),
            ("1.5G", 3 << 29, "1536M"),
            ("2T", 2 << 40, "2T"),
            ("7B", 7, "7"),
        ];
        for (argument, bytes, shown) in cases {
            assert_eq!(size(argument), Ok(Size(bytes)), "{argument}");
            assert_eq!(Size(bytes).to_string(), shown);
        }
        for argument in ["", "M", "-1M", "1.5", "x", "1X", "1 M", "iB", "1iB", "99999999999T", ".5G", "1e3", "1..5M", "NaNM"] {
            assert!(size(argument).is_err(), "{argument}");
        }
    }
}
