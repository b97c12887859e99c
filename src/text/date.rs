//! Dates that say when an article came: ISO 8601 as instants that can be compared, in UTC where they name an offset. Nothing
//! else is understood, and nothing is guessed. How a byline spells a date is the business of `structure`.

/// Seconds since 1970-01-01 at 00:00 of an ISO 8601 date (`2021-05-03`) or date and time (`2021-05-03T10:00:30+02:00`, seconds and
/// offset as they please, a blank for the `T`). A date alone is its first second; without an offset the time is UTC.
pub fn moment(date: &str) -> Option<i64> {
    let date = date.trim();
    let day = days(date.get(..10)?)?;
    match date[10..].strip_prefix(['T', 't', ' ']) {
        Some(time) => Some(day * 86_400 + seconds(time.trim_start())?),
        None => date[10..].is_empty().then_some(day * 86_400),
    }
}

/// The day of a date that [`moment`] understands, as it is written: `2021-05-03`.
pub fn day(date: &str) -> Option<&str> {
    moment(date).map(|_| &date.trim()[..10])
}

/// Digits as a number.
fn number(digits: &str) -> Option<i64> {
    let all = !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit());
    if all { digits.parse().ok() } else { None }
}

/// Days since 1970-01-01 of `2021-05-03`, by the Gregorian calendar: years begin in March, so that a leap day comes last.
fn days(date: &str) -> Option<i64> {
    let (year, rest) = date.split_once('-')?;
    let (month, day) = rest.split_once('-')?;
    if (year.len(), month.len(), day.len()) != (4, 2, 2) {
        return None;
    }
    let (year, month, day) = (number(year)?, number(month)?, number(day)?);
    if !(1..=12).contains(&month) || !(1..=31).contains(&day) {
        return None;
    }
    let year = if month <= 2 { year - 1 } else { year };
    let of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    Some(year * 365 + year.div_euclid(4) - year.div_euclid(100) + year.div_euclid(400) + of_year - 719_468)
}

/// Seconds since midnight UTC of `10:00`, `10:00:30.5Z`, `10:00+02:00`.
fn seconds(time: &str) -> Option<i64> {
    let end = time.find(['Z', 'z', '+', '-']).unwrap_or(time.len());
    let (clock, zone) = time.split_at(end);
    let mut parts = clock.trim_end().split(':');
    let (hour, minute) = (number(parts.next()?)?, number(parts.next()?)?);
    let second = parts.next().map_or(Some(0), |second| number(second.split(['.', ',']).next().unwrap_or("")))?;
    if parts.next().is_some() || hour > 24 || minute > 59 || second > 60 {
        return None;
    }
    Some(hour * 3600 + minute * 60 + second - offset(zone)?)
}

/// Seconds that a zone is ahead of UTC: ``, `Z`, `+02:00`, `-0330`, `+02`.
fn offset(zone: &str) -> Option<i64> {
    if zone.is_empty() || zone.eq_ignore_ascii_case("z") {
        return Some(0);
    }
    let (sign, digits) = (if zone.starts_with('-') { -1 } else { 1 }, zone[1..].replace(':', ""));
    let hours = number(digits.get(..2)?)?;
    let minutes = if digits.len() == 2 { 0 } else { number(&digits[2..]).filter(|m| *m < 60 && digits.len() == 4)? };
    Some(sign * (hours * 3600 + minutes * 60))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_and_times_become_instants() {
        for (date, expected) in [
            ("1970-01-01", 0),
            ("2000-03-01", 951_868_800),
            ("2024-02-29T12:00", 1_709_208_000),
            ("2021-05-03 10:00:30.25Z", 1_620_036_030),
            ("2021-05-03T10:00:30+02:00", 1_620_028_830),
            ("2021-05-03T00:30-0330", 1_620_014_400),
        ] {
            assert_eq!(moment(date), Some(expected), "{date}");
        }
    }

    #[test]
    fn nothing_is_guessed() {
        for date in ["", "3 May 2021", "2021-5-3", "2021-13-01", "2021-05-03Z", "2021-05-03T25:99", "2021-05-03T10", "20é1-05-03"] {
            assert_eq!(moment(date), None, "{date}");
        }
        assert_eq!(day(" 2021-05-03T10:00Z"), Some("2021-05-03"));
    }
}
