//! Points in time as text.

/// RFC 3339 in UTC, of Unix seconds. Days into dates as in "chrono-Compatible Low-Level Date Algorithms" by Howard Hinnant
/// (`civil_from_days`), for years after 1970.
pub fn rfc3339(seconds: u32) -> String {
    let (days, second) = (seconds / 86_400, seconds % 86_400);
    // Years begin in March there, so that a leap day is the last of its year.
    let days = days + 719_468;
    let (era, day) = (days / 146_097, days % 146_097);
    let year = (day - day / 1_460 + day / 36_524 - day / 146_096) / 365;
    let day = day - (365 * year + year / 4 - year / 100);
    let month = (5 * day + 2) / 153;
    let day = day - (153 * month + 2) / 5 + 1;
    let (month, next) = if month < 10 { (month + 3, 0) } else { (month - 9, 1) };
    let year = year + era * 400 + next;
    let (hour, minute, second) = (second / 3600, second / 60 % 60, second % 60);
    format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}Z")
}

/// How long something lasts, in two units at most, as kubectl shows ages.
pub fn age(seconds: u32) -> String {
    let (minutes, hours, days) = (seconds / 60, seconds / 3600, seconds / 86_400);
    let two = |much: u32, unit: &str, rest: u32, small: &str| match rest {
        0 => format!("{much}{unit}"),
        rest => format!("{much}{unit}{rest}{small}"),
    };
    match (minutes, hours, days) {
        (..2, ..) => format!("{seconds}s"),
        (..10, ..) => two(minutes, "m", seconds % 60, "s"),
        (_, ..3, _) => format!("{minutes}m"),
        (_, ..8, _) => two(hours, "h", minutes % 60, "m"),
        (_, ..48, _) => format!("{hours}h"),
        (_, _, ..8) => two(days, "d", hours % 24, "h"),
        (_, _, ..730) => format!("{days}d"),
        _ => two(days / 365, "y", days % 365, "d"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ages_are_as_kubectl_says_them() {
        let (minute, hour, day) = (60, 3600, 86_400);
        for (seconds, text) in [
            (0, "0s"),
            (119, "119s"),
            (2 * minute, "2m"),
            (9 * minute + 59, "9m59s"),
            (179 * minute, "179m"),
            (3 * hour + 20 * minute, "3h20m"),
            (47 * hour, "47h"),
            (2 * day, "2d"),
            (7 * day + 5 * hour, "7d5h"),
            (729 * day, "729d"),
            (800 * day, "2y70d"),
        ] {
            assert_eq!(age(seconds), text);
        }
    }

    #[test]
    fn seconds_are_the_dates_that_everybody_else_says() {
        for (seconds, text) in [
            (0, "1970-01-01T00:00:00Z"),
            (951_782_399, "2000-02-28T23:59:59Z"),
            (951_782_400, "2000-02-29T00:00:00Z"),
            (951_868_800, "2000-03-01T00:00:00Z"),
            (1_798_761_599, "2026-12-31T23:59:59Z"),
            (1_798_761_600, "2027-01-01T00:00:00Z"),
            (4_107_542_400, "2100-03-01T00:00:00Z"),
        ] {
            assert_eq!(rfc3339(seconds), text);
        }
    }
}
